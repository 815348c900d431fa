/* Starting an output, looking at the ring while it plays, and starting it again when it is lost. */
#include "sound/output.h"

#include "backend.h"
#include "base/diag.h"
#include "ipc/sound_packets.h"
#include "watchdog.h"
#include <errno.h>
#include <string.h>

enum {
    START_MS = 5000,  /* a start that takes longer is one on a frozen server */
    RETRY_MS = 300,   /* between two starts */
    MOST_SHOWN = 300, /* bytes of a problem, */
    NAME_SHOWN = 200, /* and of a name in it */
    FLUSH_MS = 3,     /* between two looks while a flush is not answered */
    PLAY_MS = 300,    /* while frames are played: the ring holds four times as much, */
    SILENT_MS = 100,  /* or none is taken */
    LOW_MS = 200,     /* so much room makes it worthwhile to ask for frames */
};

enum output_phase { OUTPUT_STARTING, OUTPUT_PLAYING, OUTPUT_MISSING, OUTPUT_RELEASED, OUTPUT_GIVEN_UP };

struct output {
    struct ring *ring;
    const struct backend *backend;
    struct backend_host host;
    void *handle; /* the backend's; NULL while there is none */
    enum output_phase phase;
    guint timer; /* playing: the next look; else when a start has failed, or is to be tried again */

    struct {
        char *device; /* NULL: nothing plays */
        struct output_sink sink;
        bool is_back; /* after OUTPUT_LOST, and the sink is not known yet */
        int latency, tail;
        bool begun; /* OUTPUT_STARTED has been reported */
        struct watchdog watchdog;
    } playing;

    struct {
        char *device;     /* that played before it was lost */
        bool seen_other;  /* another device has come back since, and was started again */
        bool is_reported; /* OUTPUT_LOST; not if it was only let go */
    } lost;
    char *problem;

    /* What the listener waits for, and what it has been notified of. */
    bool flush_asked, drain_notified, rest_notified;
    void (*event)(void *data, enum output_event event);
    void *data;
    GQueue events; /* enum output_event, to be dispatched */
    guint dispatcher;
};

static void look_later(struct output *output);

/* --- notifying: from the main loop, one event at a time. The listener may free the output in it. --- */

/* The listener acts on how things are, not on how they were when the event was put into the queue. */
static bool is_stale(const struct output *output, enum output_event event)
{
    uint64_t unused;
    return (event == OUTPUT_FLUSHED && !ring_flushed(output->ring, &unused)) ||
           (event == OUTPUT_DRAINED && !ring_drained(output->ring, &unused)) ||
           (event == OUTPUT_RESTED && !ring_rested(output->ring)) ||
           (event == OUTPUT_SINK && output->playing.sink.id == SINK_UNKNOWN) ||
           (event == OUTPUT_LOW && !ring_wants(output->ring));
}

static gboolean dispatch(gpointer data)
{
    struct output *output = data;
    enum output_event event = GPOINTER_TO_UINT(g_queue_pop_head(&output->events));
    bool more = !g_queue_is_empty(&output->events);
    if (!more) output->dispatcher = 0;
    if (!is_stale(output, event)) output->event(output->data, event);
    return more;
}

static void notify(struct output *output, enum output_event event)
{
    g_queue_push_tail(&output->events, GUINT_TO_POINTER(event));
    if (output->dispatcher == 0)
        output->dispatcher = g_idle_add_full(G_PRIORITY_DEFAULT, dispatch, output, NULL);
}

static void notify_flushed(struct output *output)
{
    if (output->flush_asked) notify(output, OUTPUT_FLUSHED);
    output->flush_asked = false;
}

/* --- starting and stopping --- */

static void set_timer(struct output *output, guint ms, GSourceFunc function)
{
    g_clear_handle_id(&output->timer, g_source_remove);
    if (function) output->timer = g_timeout_add(ms, function, output);
}

static void stop(struct output *output)
{
    set_timer(output, 0, NULL);
    if (output->handle) output->backend->stop(output->handle);
    output->handle = NULL;
}

static void fail(struct output *output, const char *why, bool was_there);

static gboolean on_no_start(gpointer data)
{
    struct output *output = data;
    output->timer = 0;
    fail(output, "the sound server does not answer", false);
    return G_SOURCE_REMOVE;
}

/* The process that was stopped before may still be dying, in the middle of its own start: it gets no part of
 * the new one's memory. */
static void start(struct output *output)
{
    if (output->phase == OUTPUT_MISSING) ring_reset(output->ring, 0);
    set_timer(output, START_MS, on_no_start);
    output->handle = output->backend->start(&output->host);
    output->host.attempt++;
}

static int64_t waited(const struct output *output)
{
    return output->backend->waited ? output->backend->waited(output->handle) : 0;
}

static void watch(struct output *output)
{
    watchdog_start(&output->playing.watchdog, ring_heartbeat(output->ring), waited(output),
                   g_get_monotonic_time());
}

static void play(struct output *output, const struct backend_report *report)
{
    bool was_missing = output->phase == OUTPUT_MISSING;
    output->phase = OUTPUT_PLAYING;
    output->rest_notified = false;
    output->playing.is_back = was_missing && output->lost.is_reported;
    output->playing.latency = report->latency;
    output->playing.tail = report->tail;
    g_free(output->playing.device);
    output->playing.device = g_strdup(report->text);
    g_clear_pointer(&output->problem, g_free);
    ring_attach(output->ring);
    watch(output);
    if (!output->playing.begun) notify(output, OUTPUT_STARTED);
    if (was_missing) notify(output, OUTPUT_BACK);
    output->playing.begun = true;
    look_later(output);
}

/* A server that is just starting may not show all its outputs yet. The listener may stop the session if
 * another device comes back: so that has to happen twice. */
static void begin(struct output *output, const struct backend_report *report)
{
    bool other = output->lost.device && strcmp(report->text, output->lost.device) != 0;
    if (output->phase != OUTPUT_MISSING || !other || output->lost.seen_other) {
        play(output, report);
        return;
    }
    output->lost.seen_other = true;
    stop(output);
    start(output);
}

/* --- failing --- */

static void set_sink(struct output *output, uint32_t id, const char *name, bool moved)
{
    g_free(output->playing.sink.name);
    output->playing.sink = (struct output_sink){id, g_strdup(name), moved};
}

static void miss(struct output *output, bool reported)
{
    output->phase = OUTPUT_MISSING;
    g_free(output->lost.device);
    output->lost.device = g_steal_pointer(&output->playing.device);
    output->lost.seen_other = false;
    output->lost.is_reported = reported;
    set_sink(output, SINK_UNKNOWN, NULL, false);
}

static gboolean on_retry(gpointer data)
{
    struct output *output = data;
    output->timer = 0;
    start(output);
    return G_SOURCE_REMOVE;
}

/* Depending on the phase: starts again, gives up, or tries later. */
static void fail(struct output *output, const char *why, bool was_there)
{
    char *problem = diag_shown(why, MOST_SHOWN); /* first: the text may be the backend's */
    g_free(output->problem);
    output->problem = problem;
    stop(output);
    if (output->phase == OUTPUT_PLAYING || (output->phase == OUTPUT_STARTING && was_there)) {
        miss(output, true);
        /* What the device had not played yet is heard again when it is back. */
        ring_reset(output->ring, (uint32_t)output->playing.latency);
        notify(output, OUTPUT_LOST);
        notify_flushed(output);
        start(output);
    } else if (output->phase == OUTPUT_STARTING) {
        output->phase = OUTPUT_GIVEN_UP;
        ring_reset(output->ring, 0);
        notify(output, OUTPUT_NONE);
        notify_flushed(output);
    } else if (output->phase == OUTPUT_MISSING) {
        /* A device that was let go may not be there when it is taken again. */
        if (!output->lost.is_reported) notify(output, OUTPUT_LOST);
        output->lost.is_reported = true;
        set_timer(output, RETRY_MS, on_retry);
    }
}

/* --- looking at the ring --- */

static uint64_t in_ms(const struct output *output, uint64_t frames)
{
    return frames * 1000 / (uint64_t)ring_rate(output->ring);
}

/* True if the end was reached; *left is how much silence is missing until it has surely been heard. */
static bool is_at_end(const struct output *output, uint64_t *left)
{
    uint64_t silence, tail = (uint64_t)output->playing.tail;
    bool drained = ring_drained(output->ring, &silence);
    *left = tail - MIN(silence, tail);
    return drained;
}

/* Waits for something that only a living reader can give. */
static bool is_busy(const struct output *output)
{
    uint64_t unused;
    return ring_queued(output->ring) > 0 || !ring_flushed(output->ring, &unused) ||
           (is_at_end(output, &unused) && !output->drain_notified);
}

static void look_at_ring(struct output *output)
{
    uint64_t left;
    if (ring_flushed(output->ring, &left)) notify_flushed(output);

    bool over = is_at_end(output, &left) && left == 0;
    if (over && !output->drain_notified) notify(output, OUTPUT_DRAINED);
    output->drain_notified = over;

    bool rested = ring_rested(output->ring);
    if (rested && !output->rest_notified) notify(output, OUTPUT_RESTED);
    output->rest_notified = rested;

    bool asked = g_queue_find(&output->events, GUINT_TO_POINTER(OUTPUT_LOW)) != NULL;
    bool room = in_ms(output, ring_space(output->ring)) >= LOW_MS;
    if (room && !asked && ring_wants(output->ring)) notify(output, OUTPUT_LOW);
}

static gboolean on_look(gpointer data)
{
    struct output *output = data;
    struct ring *ring = output->ring;
    output->timer = 0;
    if (!ring_intact(ring)) {
        fail(output, "the sound program went wrong", false);
    } else if (watchdog_late(&output->playing.watchdog, ring_heartbeat(ring), waited(output), is_busy(output),
                             g_get_monotonic_time())) {
        fail(output, "the sound server does not answer", false);
    } else {
        look_at_ring(output);
        look_later(output);
    }
    return G_SOURCE_REMOVE;
}

/* Looks again when there can be something to see. A ring at rest needs no look: see on_wake(). */
static void look_later(struct output *output)
{
    uint64_t left;
    guint most = output->playing.watchdog.silent > 0 ? SILENT_MS : PLAY_MS;
    if (output->flush_asked)
        set_timer(output, FLUSH_MS, on_look);
    else if (ring_wants(output->ring) || !ring_intact(output->ring))
        set_timer(output, most, on_look);
    else if (is_busy(output)) {
        if (!is_at_end(output, &left)) left = ring_queued(output->ring);
        set_timer(output, (guint)MIN(most, FLUSH_MS + in_ms(output, left)), on_look);
    } else
        set_timer(output, 0, NULL);
}

/* A device that has rested is started again, and may be as slow as at its first start. */
static void on_wake(void *data)
{
    struct output *output = data;
    if (output->phase != OUTPUT_PLAYING) return;
    if (output->timer == 0) {
        watch(output);
        look_later(output);
    }
    output->backend->wake(output->handle);
}

static void settle(struct output *output, const struct backend_report *report)
{
    set_sink(output, report->sink, report->text, report->moved || output->playing.is_back);
    output->playing.is_back = false;
    notify(output, OUTPUT_SINK);
}

static void on_report(void *data, const struct backend_report *report)
{
    struct output *output = data;
    switch (report->news) {
    case BACKEND_STARTED: begin(output, report); break;
    case BACKEND_REFUSED: fail(output, report->text, false); break;
    case BACKEND_STOPPED:
        if (report->counted) output->playing.latency = report->latency;
        fail(output, report->text, true);
        break;
    case BACKEND_SINK: settle(output, report); break;
    case BACKEND_READ: look_at_ring(output); break;
    }
}

char *device_no_such(const char *what, const char *name, const char *nearest)
{
    bool output = strcmp(what, "output") == 0;
    g_autofree char *shown = diag_shown(name, NAME_SHOWN),
                    *hint = nearest ? g_strdup_printf("did you mean '%s'? ", nearest) : NULL;
    return g_strdup_printf("there is no %s named '%s'; %s'stretchvoice devices%s' lists them", what, shown,
                           hint ? hint : "", output ? "" : " --inputs");
}

/* --- the public side --- */

/* Anything else is a device of PortAudio's. */
static const struct {
    const char *name; /* alone, or before a ':' */
    const struct backend *backend;
} outputs[] = {{"null", &backend_null}, {"fifo", &backend_fifo}};

static const struct backend *find_backend(const char *device)
{
    for (gsize i = 0; i < G_N_ELEMENTS(outputs); i++) {
        gsize n = strlen(outputs[i].name);
        bool named = strncmp(device, outputs[i].name, n) == 0;
        if (named && (device[n] == ':' || device[n] == '\0')) return outputs[i].backend;
    }
    return &backend_helper;
}

struct output *output_new(const struct output_options *options, GError **error)
{
    struct ring *ring = ring_new(options->rate, (uint32_t)options->rate);
    if (!ring) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "there is no memory for the sound (%s)",
                    g_strerror(errno));
        return NULL;
    }
    struct output *output = g_new0(struct output, 1);
    output->ring = ring;
    output->event = options->event;
    output->data = options->data;
    output->backend = find_backend(options->device);
    output->host = (struct backend_host){
        .ring = ring,
        .device = g_strdup(options->device),
        .program = g_strdup(options->program),
        .report = on_report,
        .data = output,
    };
    g_queue_init(&output->events);
    ring_set_waker(ring, on_wake, output);
    start(output);
    return output;
}

void output_free(struct output *output)
{
    if (!output) return;
    stop(output);
    g_clear_handle_id(&output->dispatcher, g_source_remove);
    g_queue_clear(&output->events);
    ring_free(output->ring);
    g_free(output->host.device);
    g_free(output->host.program);
    g_free(output->playing.device);
    g_free(output->playing.sink.name);
    g_free(output->lost.device);
    g_free(output->problem);
    g_free(output);
}

void output_flush(struct output *output)
{
    if (output->flush_asked) return; /* the same flush; the look at it must not be put off again and again */
    output->flush_asked = true;
    ring_flush(output->ring);
    if (output->phase == OUTPUT_PLAYING)
        look_later(output);
    else if (output->phase != OUTPUT_STARTING)
        notify_flushed(output); /* nothing plays that could answer: see ring_reset() */
}

bool output_release(struct output *output)
{
    if (output->phase != OUTPUT_PLAYING || output->backend->stays) return false;
    stop(output);
    output->phase = OUTPUT_RELEASED;
    ring_reset(output->ring, 0);
    notify_flushed(output);
    return true;
}

void output_open(struct output *output)
{
    if (output->phase != OUTPUT_RELEASED) return;
    miss(output, false);
    start(output);
}

struct ring *output_ring(struct output *output)
{
    return output->ring;
}

const char *output_device(const struct output *output)
{
    return output->playing.device;
}

const struct output_sink *output_sink(const struct output *output)
{
    return &output->playing.sink;
}

const char *output_problem(const struct output *output)
{
    return output->problem;
}

int output_latency(const struct output *output)
{
    return output->playing.latency;
}
