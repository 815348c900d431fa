/* What "where" says: the place, the time that is left, and more if it is asked twice. */
#include "../lib/said.h"
#include <stdlib.h>

static const char routine[] = "[routine]\ntitle = T\n"
                              "[cobra]\ntitle = Cobra\nsetup = Lie down.\nsay = Rise.\nhold = 110s\nsides = "
                              "right, left\nsets = 2\nreps = 2\nrest = 30s\n"
                              "[breath]\ntitle = Breath\nsay = Breathe.\nhold = 6 breaths\n"
                              "[wait]\ntitle = Wait\nsay = Rest.\nhold = ready\n";

static const char rested[] = "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 5s\nsets = 2\nrest = 30s\n";

static void init(struct live *live)
{
    live_init_with(live, routine, NULL);
    pull(live, RATE);
    planner_run(live->made->planner, INT64_MAX);
}

static void go_to(struct live *live, int step)
{
    for (int i = 0; i <= step; i++) steer(live, COMMAND_NEXT, 0);
    planner_run(live->made->planner, INT64_MAX);
}

/* Asks, and compares the first sentences of what is said. */
static void assert_where(struct live *live, const char *const *sentences)
{
    g_autoptr(GArray) said = said_new();
    give(live, COMMAND_WHERE, 0);
    said_pull(live, 6 * RATE, said);
    guint i = 0;
    for (guint at = 0; sentences[i] && at < said->len; at++)
        if (said_at(said, at)->role == ROLE_PHRASE)
            g_assert_cmpstr(said_at(said, at)->text, ==, sentences[i++]);
    if (sentences[i]) g_error("not said: %s", sentences[i]);
}

static void test_hold(void)
{
    struct live live;
    init(&live);
    play_to(&live, nth(&live, SPAN_HOLD, 0)->frame + 5 * RATE);
    assert_where(&live, (const char *const[]){"Cobra, right side, set 1 of 2, repetition 1 of 2.",
                                              "1 minute 44 left.", "17 minutes to go.", NULL});
    live_finish(&live);
}

static void test_paused(void)
{
    struct live live;
    init(&live);
    play_to(&live, nth(&live, SPAN_HOLD, 0)->frame + 90 * RATE);
    give(&live, COMMAND_PAUSE, 0);
    pull_all(&live);
    assert_where(&live, (const char *const[]){"Paused.", "Cobra, right side, set 1 of 2, repetition 1 of 2.",
                                              "20 seconds left.", "15 minutes to go.", NULL});
    live_finish(&live);
}

static void test_breaths(void)
{
    struct live live;
    init(&live);
    go_to(&live, 1);
    play_to(&live, nth(&live, SPAN_HOLD, 0)->frame + RATE);
    assert_where(&live,
                 (const char *const[]){"Breath.", "6 breaths left.", "Less than a minute to go.", NULL});
    live_finish(&live);
}

/* Whenever it is asked for, it is said soon: the words that guide a breath give way, or end first. */
static void test_among_breaths(void)
{
    for (int tenth = 0; tenth < 50; tenth += 3) {
        struct live live;
        g_autoptr(GArray) said = said_new();
        init(&live);
        go_to(&live, 1);
        play_to(&live, nth(&live, SPAN_HOLD, 0)->frame + tenth * RATE / 10);
        give(&live, COMMAND_WHERE, 0);
        said_pull(&live, 10 * RATE, said);
        guint spoken = 0;
        uint64_t busy = 0;
        for (guint i = 0; i < said->len; i++) {
            const struct said *word = said_at(said, i);
            if (!word->text) continue;
            g_assert_cmpuint(word->out, >=, busy);
            busy = word->out + (uint64_t)word->frames;
            spoken += word->role == ROLE_PHRASE;
        }
        g_assert_cmpuint(spoken, ==, 3);
        assert_no_overlap(&live);
        live_finish(&live);
    }
}

/* While one gets into position, and rests: how long that still lasts. */
static void test_spans(void)
{
    struct live live;
    init(&live);
    play_to(&live, nth(&live, SPAN_PREPARE, 0)->frame + RATE);
    assert_where(&live, (const char *const[]){"Cobra.", "7 seconds to get there.", NULL});
    live_finish(&live);
    live_init_with(&live, rested, NULL);
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    play_to(&live, nth(&live, SPAN_REST, 0)->frame + 5 * RATE + RATE / 4);
    assert_where(&live, (const char *const[]){"a, set 2 of 2.", "25 seconds of rest left.", NULL});
    live_finish(&live);
}

/* That it waits, and for what. */
static void test_ready(void)
{
    struct live live;
    init(&live);
    go_to(&live, 2);
    const struct cue *ready = nth(&live, SPAN_READY, 0);
    play_to(&live, ready->frame + ready->frames);
    assert_where(&live, (const char *const[]){"Wait.", "Waiting until you press play.",
                                              "Less than a minute to go.", NULL});
    live_finish(&live);
}

static void ask_at(struct live *live, int64_t seconds)
{
    const int64_t noon = INT64_C(1780000000) * G_USEC_PER_SEC;
    session_set_time(live->session, seconds * G_USEC_PER_SEC, noon + seconds * G_USEC_PER_SEC);
}

/* Within ten seconds: the routine, when it ends, and the level; then it is the place again. */
static void test_twice(void)
{
    struct live live;
    init(&live);
    play_to(&live, nth(&live, SPAN_HOLD, 0)->frame + 20 * RATE);
    ask_at(&live, 100);
    assert_where(&live, (const char *const[]){"Cobra, right side, set 1 of 2, repetition 1 of 2.", NULL});
    ask_at(&live, 110);
    struct status status;
    status_of(&live, &status);
    g_autoptr(GDateTime) end =
        g_date_time_new_from_unix_local(1780000110 + (gint64)(status.length - status.position));
    g_autofree char *until = g_date_time_format(end, "Until %H:%M.");
    assert_where(&live, (const char *const[]){"T.", until, "Level 0.", NULL});
    ask_at(&live, 112);
    assert_where(&live, (const char *const[]){"Cobra, right side, set 1 of 2, repetition 1 of 2.", NULL});
    ask_at(&live, 123);
    assert_where(&live, (const char *const[]){"Cobra, right side, set 1 of 2, repetition 1 of 2.", NULL});
    live_finish(&live);
}

/* At another place it is the place that is asked for. */
static void test_twice_with_a_jump_between(void)
{
    struct live live;
    init(&live);
    play_to(&live, nth(&live, SPAN_HOLD, 0)->frame + 20 * RATE);
    ask_at(&live, 100);
    assert_where(&live, (const char *const[]){"Cobra, right side, set 1 of 2, repetition 1 of 2.", NULL});
    give(&live, COMMAND_PREVIOUS, 0);
    ask_at(&live, 105);
    assert_where(&live, (const char *const[]){"Cobra.", NULL});
    live_finish(&live);
}

/* Before the first has begun, the second takes its place: the question has not been answered yet. */
static void test_twice_before_it_is_said(void)
{
    struct live live;
    init(&live);
    play_to(&live, nth(&live, SPAN_HOLD, 0)->frame + 109 * RATE);
    ask_at(&live, 100);
    give(&live, COMMAND_WHERE, 0);
    pull(&live, RATE / 10);
    ask_at(&live, 101);
    assert_where(&live, (const char *const[]){"Cobra, right side, set 1 of 2, repetition 2 of 2.", NULL});
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/where/hold", test_hold);
    g_test_add_func("/where/paused", test_paused);
    g_test_add_func("/where/breaths", test_breaths);
    g_test_add_func("/where/among-breaths", test_among_breaths);
    g_test_add_func("/where/spans", test_spans);
    g_test_add_func("/where/ready", test_ready);
    g_test_add_func("/where/twice", test_twice);
    g_test_add_func("/where/twice-with-a-jump-between", test_twice_with_a_jump_between);
    g_test_add_func("/where/twice-before-it-is-said", test_twice_before_it_is_said);
    return g_test_run();
}
