/* Looking at the ring from a timer, and telling what is seen. */
#include "output_private.h"

enum {
    FLUSH_MS = 3,  /* between two looks while a flush is not answered */
    PLAY_MS = 300, /* while frames are played: the ring holds four times as much */
    IDLE_MS = 500, /* while there is nothing to look for but what may have been written unasked */
    LOW_MS = 200,  /* so much room makes it worth while to ask for frames */
};

/* --- telling --- */

/* The listener acts on how things are, not on how they were when the event was put into the queue. */
static bool is_stale(const struct output *output, enum output_event event)
{
    uint64_t unused;
    return (event == OUTPUT_FLUSHED && !ring_flushed(output->ring, &unused)) ||
           (event == OUTPUT_DRAINED && !ring_drained(output->ring, &unused)) ||
           (event == OUTPUT_RESTED && !ring_rested(output->ring)) ||
           (event == OUTPUT_LOW && !ring_wants(output->ring));
}

static gboolean tell_next(gpointer data)
{
    struct output *output = data;
    enum output_event event = GPOINTER_TO_UINT(g_queue_pop_head(&output->events));
    bool more = !g_queue_is_empty(&output->events);
    if (!more) output->teller = 0;
    if (!is_stale(output, event)) output->options.event(output->options.data, event);
    return more;
}

void output_tell(struct output *output, enum output_event event)
{
    g_queue_push_tail(&output->events, GUINT_TO_POINTER(event));
    if (output->teller == 0) output->teller = g_idle_add_full(G_PRIORITY_DEFAULT, tell_next, output, NULL);
}

void output_tell_flushed(struct output *output)
{
    if (output->flush_asked) output_tell(output, OUTPUT_FLUSHED);
    output->flush_asked = false;
}

/* --- looking --- */

static uint64_t in_ms(const struct output *output, uint64_t frames)
{
    return frames * 1000 / (uint64_t)output->options.rate;
}

/* True if the end was reached; *left is how much silence is missing until it has surely been heard. */
static bool is_at_end(const struct output *output, uint64_t *left)
{
    uint64_t silence, tail = (uint64_t)output->tail;
    bool drained = ring_drained(output->ring, &silence);
    *left = tail - MIN(silence, tail);
    return drained;
}

/* Something is waited for that only a living reader can give. */
static bool is_busy(const struct output *output)
{
    uint64_t unused;
    return ring_queued(output->ring) > 0 || !ring_flushed(output->ring, &unused) ||
           (is_at_end(output, &unused) && !output->drain_told);
}

static void look_for_end(struct output *output)
{
    uint64_t left;
    bool over = is_at_end(output, &left) && left == 0;
    if (over && !output->drain_told) output_tell(output, OUTPUT_DRAINED);
    output->drain_told = over;
}

static void look_for_rest(struct output *output)
{
    bool rested = ring_rested(output->ring);
    if (rested && !output->rest_told) output_tell(output, OUTPUT_RESTED);
    output->rest_told = rested;
}

static void look_for_room(struct output *output)
{
    bool asked = g_queue_find(&output->events, GUINT_TO_POINTER(OUTPUT_LOW)) != NULL;
    bool room = in_ms(output, ring_space(output->ring)) >= LOW_MS;
    if (room && !asked && ring_wants(output->ring)) output_tell(output, OUTPUT_LOW);
}

void output_look_at_ring(struct output *output)
{
    uint64_t unused;
    if (ring_flushed(output->ring, &unused)) output_tell_flushed(output);
    look_for_end(output);
    look_for_rest(output);
    look_for_room(output);
}

/* The end is looked for when it can have come. */
static guint until_next_look(const struct output *output)
{
    uint64_t left;
    if (output->flush_asked) return FLUSH_MS;
    if (ring_wants(output->ring)) return PLAY_MS;
    if (!is_busy(output)) return IDLE_MS;
    if (!is_at_end(output, &left)) left = ring_queued(output->ring);
    return (guint)MIN(PLAY_MS, FLUSH_MS + in_ms(output, left));
}

static gboolean on_look(gpointer data)
{
    struct output *output = data;
    uint32_t heartbeat = ring_heartbeat(output->ring);
    output->timer = 0;
    if (watchdog_late(&output->watchdog, heartbeat, is_busy(output), g_get_monotonic_time())) {
        output_fail(output, "the sound server does not answer");
    } else {
        output_look_at_ring(output);
        output_look_later(output);
    }
    return G_SOURCE_REMOVE;
}

void output_look_later(struct output *output)
{
    output_set_timer(output, until_next_look(output), on_look);
}
