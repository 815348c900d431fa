/* Steering in a rest: its clock is counted down aloud at its end, and quiet before. */
#include "../lib/live.h"

static const char routine[] =
    "[routine]\ntitle = T\n[a]\nsay = Go there and stay.\nhold = 20s\nsets = 2\nrest = 12s\n";

/* The `n`-th word of the countdown in the rest, from 0. */
static struct cue word(struct live *live, guint n)
{
    const struct timeline *timeline = planner_timeline(live->made->planner);
    int64_t rest = nth(live, SPAN_REST, 0)->frame;
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        if (cue->role == ROLE_COUNTDOWN && cue->frame >= rest && n-- == 0) return *cue;
    }
    g_assert_not_reached();
}

static void init(struct live *live)
{
    live_init_with(live, routine, NULL);
    pull(live, RATE);
    planner_run(live->made->planner, INT64_MAX);
}

static void assert_stands(struct live *live, int64_t at)
{
    assert_pulled(live, 0.2);
    g_assert_cmpint(position(live), ==, at);
}

/* Nothing is said for seconds yet: the answer does not wait for the countdown, the countdown waits for it. */
static void test_answer_before_the_countdown(void)
{
    struct live live;
    init(&live);
    int64_t at = nth(&live, SPAN_REST, 0)->frame + RATE;
    play_to(&live, at);
    give(&live, COMMAND_HARDER, 0);
    assert_stands(&live, at);
    live_finish(&live);
}

/* Only the word that is being said ends first. */
static void test_answer_in_the_countdown(void)
{
    struct live live;
    init(&live);
    struct cue three = word(&live, 0);
    play_to(&live, three.frame + 1000);
    give(&live, COMMAND_HARDER, 0);
    play_to(&live, three.frame + three.frames);
    assert_stands(&live, three.frame + three.frames);
    live_finish(&live);
}

/* The clock goes on from where it stood, though the word was cut. */
static void test_pause_in_the_countdown(void)
{
    struct live live;
    init(&live);
    int64_t at = word(&live, 0).frame + 1000;
    play_to(&live, at);
    steer(&live, COMMAND_PAUSE, 20000);
    pull_all(&live);
    steer(&live, COMMAND_RESUME, 0);
    g_assert_cmpint(position(&live), ==, at);
    assert_pulled(&live, 0.1);
    g_assert_cmpint(position(&live), ==, at + RATE / 10);
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rest/answer-before-the-countdown", test_answer_before_the_countdown);
    g_test_add_func("/rest/answer-in-the-countdown", test_answer_in_the_countdown);
    g_test_add_func("/rest/pause-in-the-countdown", test_pause_in_the_countdown);
    return g_test_run();
}
