#include "sound/output.h"
#include "ipc/ring_memory.h"
#include "ipc/sound_packets.h"

#include <string.h>

enum { RATE = 48000, BLOCK = 1000, LIMIT_S = 30 };

/* Writes a signal of `end` frames, and keeps the events. */
struct player {
    struct output *output;
    GString *events; /* a letter each */
    uint64_t next, end;
    bool resting;
    enum output_event until;
    bool reached, late;
};

static void fill(struct player *player)
{
    static const int16_t block[2 * BLOCK] = {1};
    struct ring *ring = output_ring(player->output);
    uint32_t written = 1;
    while (!player->resting && written > 0 && player->next < player->end) {
        written = ring_write(ring, block, (uint32_t)MIN(BLOCK, player->end - player->next));
        player->next += written;
    }
    if (player->resting)
        ring_rest(ring);
    else if (player->next == player->end)
        ring_end(ring);
}

/* The last frame has left what a device would hold. */
static void assert_silence(const struct player *player)
{
    uint64_t silence;
    g_assert_true(ring_drained(output_ring(player->output), &silence));
    g_assert_cmpuint(silence, >=, RATE / 100);
}

static void on_event(void *data, enum output_event event)
{
    static const char letters[] = {
        [OUTPUT_STARTED] = 'S', [OUTPUT_NONE] = 'N', [OUTPUT_LOST] = 'L',    [OUTPUT_BACK] = 'B',
        [OUTPUT_FLUSHED] = 'F', [OUTPUT_LOW] = 'w',  [OUTPUT_DRAINED] = 'D', [OUTPUT_SINK] = 'K'};
    struct player *player = data;
    if (event != OUTPUT_LOW) g_string_append_c(player->events, letters[event]);
    if (event == OUTPUT_LOST || event == OUTPUT_FLUSHED)
        g_assert_true(ring_flushed(output_ring(player->output), &player->next));
    if (event == OUTPUT_DRAINED) assert_silence(player);
    fill(player);
    player->reached |= event == player->until;
}

static gboolean on_limit(gpointer data)
{
    struct player *player = data;
    player->late = true;
    return G_SOURCE_CONTINUE;
}

static void wait_for(struct player *player, enum output_event event)
{
    guint limit = g_timeout_add_seconds(LIMIT_S, on_limit, player);
    player->until = event;
    player->reached = player->late = false;
    while (!player->reached && !player->late) g_main_context_iteration(NULL, TRUE);
    g_source_remove(limit);
    g_assert_true(player->reached);
}

static void wait_until_taken(struct player *player, uint64_t frames)
{
    while (ring_taken(output_ring(player->output)) < frames) g_main_context_iteration(NULL, TRUE);
}

static void wait_for_beats(struct player *player, uint32_t beats)
{
    uint32_t until = ring_heartbeat(output_ring(player->output)) + beats;
    while (ring_heartbeat(output_ring(player->output)) < until) g_main_context_iteration(NULL, TRUE);
}

static void start(struct player *player, const char *device, uint64_t end)
{
    *player = (struct player){.events = g_string_new(NULL), .end = end};
    player->output =
        output_new(&(struct output_options){device, "/nonexistent/program", RATE, on_event, player}, NULL);
    g_assert_cmpstr(player->events->str, ==, ""); /* from the main loop only */
    fill(player);
}

static void finish(struct player *player, const char *events)
{
    g_assert_cmpstr(player->events->str, ==, events);
    output_free(player->output);
    g_string_free(player->events, TRUE);
}

static void test_fast(void)
{
    struct player player;
    start(&player, "null:fast", 3600 * (uint64_t)RATE);
    wait_for(&player, OUTPUT_STARTED);
    g_assert_cmpstr(output_device(player.output), ==, "null:fast");
    wait_for(&player, OUTPUT_DRAINED);
    g_assert_cmpuint(ring_taken(output_ring(player.output)), ==, 3600 * (uint64_t)RATE);
    g_assert_cmpuint(ring_underruns(output_ring(player.output)), ==, 0);
    finish(&player, "SD");
}

/* A session of seconds must not take less than that; how much more depends on the machine. */
static void test_real_time(void)
{
    struct player player;
    gint64 begun = g_get_monotonic_time();
    start(&player, "null", RATE / 2);
    wait_for(&player, OUTPUT_DRAINED);
    g_assert_cmpint(g_get_monotonic_time() - begun, >=, G_USEC_PER_SEC / 2);
    wait_for_beats(&player, 10);
    finish(&player, "SD"); /* said once */
}

static void test_flush(const char *device, uint64_t frames)
{
    struct player player;
    start(&player, device, G_MAXUINT64);
    wait_until_taken(&player, frames);
    player.resting = true;
    output_flush(player.output);
    output_flush(player.output); /* the same one */
    wait_for(&player, OUTPUT_FLUSHED);
    uint64_t heard = player.next;
    g_assert_cmpuint(heard, >=, frames);
    g_assert_cmpuint(ring_queued(output_ring(player.output)), ==, 0);

    output_flush(player.output); /* nothing plays: answered all the same */
    wait_for(&player, OUTPUT_FLUSHED);
    g_assert_cmpuint(player.next, ==, heard);
    player.resting = false;
    player.end = heard + 2 * RATE / 10;
    fill(&player);
    wait_for(&player, OUTPUT_DRAINED);
    g_assert_cmpuint(ring_taken(output_ring(player.output)), ==, player.end);
    finish(&player, "SFFD");
}

static void test_flush_real_time(void)
{
    test_flush("null", RATE / 10);
}

static void test_flush_fast(void)
{
    test_flush("null:fast", 10 * RATE);
}

/* Asked again when the answer is there and has not been reported yet: that event would come too early for the
 * second. */
static void test_flush_between(void)
{
    struct player player;
    uint64_t heard;
    start(&player, "null", G_MAXUINT64);
    wait_until_taken(&player, RATE / 10);
    output_flush(player.output);
    while (!ring_flushed(output_ring(player.output), &heard)) g_main_context_iteration(NULL, TRUE);
    g_assert_cmpstr(player.events->str, ==, "S");
    output_flush(player.output);
    wait_for(&player, OUTPUT_FLUSHED);
    finish(&player, "SF");
}

static void test_lost(void)
{
    struct player player;
    start(&player, "null:fast:lost-after=5", 20 * RATE);
    wait_for(&player, OUTPUT_LOST);
    g_assert_null(output_device(player.output));
    g_assert_cmpstr(output_problem(player.output), ==, "the output is gone");
    g_assert_cmpuint(player.next, >=, 5 * RATE);
    g_assert_cmpuint(player.next, <, 6 * RATE);
    uint64_t lost = player.next;

    output_flush(player.output); /* nothing plays: answered at once */
    wait_for(&player, OUTPUT_FLUSHED);
    g_assert_cmpuint(player.next, ==, lost);
    g_assert_cmpuint(ring_queued(output_ring(player.output)), ==, 0);
    wait_for(&player, OUTPUT_BACK);
    g_assert_cmpstr(output_device(player.output), ==, "null:fast");
    g_assert_null(output_problem(player.output));
    wait_for(&player, OUTPUT_DRAINED);
    g_assert_cmpuint(ring_taken(output_ring(player.output)), ==, 20 * RATE);
    finish(&player, "SLFBD");
}

static void test_moved(void)
{
    struct player player;
    start(&player, "null:fast:moved-after=1", 2 * RATE);
    wait_for(&player, OUTPUT_BACK);
    g_assert_cmpstr(output_device(player.output), ==, "null, another");
    wait_for(&player, OUTPUT_DRAINED);
    finish(&player, "SLBD");
}

/* Plays on, on another device of its server. */
static void test_carried(void)
{
    struct player player;
    start(&player, "null:fast:carried-after=1", 2 * RATE);
    wait_for(&player, OUTPUT_SINK);
    const struct output_sink first = *output_sink(player.output);
    g_assert_cmpuint(first.id, >, SINK_NONE);
    g_assert_false(first.moved);
    wait_for(&player, OUTPUT_SINK);
    const struct output_sink *second = output_sink(player.output);
    g_assert_cmpuint(ring_taken(output_ring(player.output)), >=, RATE);
    g_assert_cmpuint(second->id, !=, first.id);
    g_assert_cmpstr(second->name, ==, "another");
    g_assert_true(second->moved);
    wait_for(&player, OUTPUT_DRAINED);
    finish(&player, "SKKD");
}

static void test_released(void)
{
    struct player player;
    start(&player, "null", G_MAXUINT64);
    wait_until_taken(&player, RATE / 10);
    player.resting = true;
    output_flush(player.output);
    wait_for(&player, OUTPUT_FLUSHED);
    uint64_t heard = player.next;
    uint32_t beats = ring_heartbeat(output_ring(player.output));

    output_release(player.output);
    g_assert_cmpuint(ring_space(output_ring(player.output)), ==, 0);
    output_flush(player.output);
    wait_for(&player, OUTPUT_FLUSHED);
    g_assert_cmpuint(player.next, ==, heard);
    g_assert_cmpuint(ring_heartbeat(output_ring(player.output)), <=, beats);

    player.resting = false;
    player.end = heard + RATE / 10;
    output_open(player.output);
    wait_for(&player, OUTPUT_DRAINED);
    g_assert_cmpuint(ring_taken(output_ring(player.output)), ==, player.end);
    finish(&player, "SFFBD");
}

/* A reader that has gone wrong is lost, and started again. */
static void test_impossible_counts(void)
{
    struct player player;
    start(&player, "null", G_MAXUINT64);
    wait_until_taken(&player, RATE);
    output_ring(player.output)->header->tail = UINT64_MAX / 2;
    wait_for(&player, OUTPUT_LOST);
    g_assert_cmpstr(output_problem(player.output), ==, "the sound program went wrong");
    g_assert_cmpuint(player.next, <=, 3 * RATE);
    wait_for(&player, OUTPUT_BACK);
    wait_until_taken(&player, player.next + RATE / 10);
    finish(&player, "SLB");
}

/* The watchdog answers the flush that nothing else will. */
static void test_stuck(void)
{
    struct player player;
    start(&player, "null:stuck-after=0.7", 10 * RATE);
    wait_until_taken(&player, 7 * RATE / 10);
    player.resting = true;
    output_flush(player.output);
    wait_for(&player, OUTPUT_LOST);
    g_assert_cmpstr(output_problem(player.output), ==, "the sound server does not answer");
    wait_for(&player, OUTPUT_BACK);
    finish(&player, "SLFB");
}

static void test_unknown(const char *device)
{
    struct player player;
    start(&player, device, RATE);
    output_flush(player.output);
    wait_for(&player, OUTPUT_NONE);
    g_assert_nonnull(output_problem(player.output));
    wait_for(&player, OUTPUT_FLUSHED);
    output_flush(player.output);
    wait_for(&player, OUTPUT_FLUSHED);
    finish(&player, "NFF");
}

static void test_unknown_null(void)
{
    test_unknown("null:loud");
}

static void test_no_program(void)
{
    test_unknown("");
}

/* The listener may free the output, in any event. */
struct leaver {
    struct output *output;
    enum output_event at;
};

static void on_leave(void *data, enum output_event event)
{
    struct leaver *leaver = data;
    if (event == OUTPUT_LOST) output_flush(leaver->output);
    if (event != leaver->at) return;
    output_free(leaver->output);
    leaver->output = NULL;
}

static void leave_at(const char *device, enum output_event event)
{
    struct leaver leaver = {.at = event};
    static const int16_t frames[2 * RATE / 5];
    leaver.output =
        output_new(&(struct output_options){device, "/nonexistent/program", RATE, on_leave, &leaver}, NULL);
    ring_write(output_ring(leaver.output), frames, RATE / 5);
    ring_end(output_ring(leaver.output));
    while (leaver.output) g_main_context_iteration(NULL, TRUE);
    while (g_main_context_iteration(NULL, FALSE)) continue;
}

static void test_freed_by_listener(void)
{
    leave_at("null", OUTPUT_STARTED);
    leave_at("null:fast", OUTPUT_STARTED);
    leave_at("null:unknown", OUTPUT_NONE);
    leave_at("", OUTPUT_NONE);
    leave_at("null:lost-after=0.1", OUTPUT_LOST);
    leave_at("null:lost-after=0.1", OUTPUT_FLUSHED);
    leave_at("null:fast", OUTPUT_DRAINED);
    output_free(NULL);
}

/* As fast as it goes, but behind everything else. */
static gboolean count_turns(gpointer data)
{
    ++*(int *)data;
    return G_SOURCE_CONTINUE;
}

static void test_fast_comes_last(void)
{
    struct player player;
    int turns = 0;
    start(&player, "null:fast", G_MAXUINT64);
    wait_until_taken(&player, RATE);
    guint idle = g_idle_add(count_turns, &turns);
    while (turns < 1000) g_main_context_iteration(NULL, TRUE);
    g_source_remove(idle);
    finish(&player, "S");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/output-null/fast", test_fast);
    g_test_add_func("/output-null/real-time", test_real_time);
    g_test_add_func("/output-null/flush-real-time", test_flush_real_time);
    g_test_add_func("/output-null/flush-fast", test_flush_fast);
    g_test_add_func("/output-null/flush-between", test_flush_between);
    g_test_add_func("/output-null/lost", test_lost);
    g_test_add_func("/output-null/moved", test_moved);
    g_test_add_func("/output-null/carried", test_carried);
    g_test_add_func("/output-null/released", test_released);
    g_test_add_func("/output-null/impossible-counts", test_impossible_counts);
    g_test_add_func("/output-null/stuck", test_stuck);
    g_test_add_func("/output-null/unknown-null", test_unknown_null);
    g_test_add_func("/output-null/no-program", test_no_program);
    g_test_add_func("/output-null/freed-by-listener", test_freed_by_listener);
    g_test_add_func("/output-null/fast-comes-last", test_fast_comes_last);
    return g_test_run();
}
