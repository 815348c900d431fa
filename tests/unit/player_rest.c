/* Steering in a rest: its end is announced, and it is quiet before. */
#include "../lib/said.h"

static const char routine[] =
    "[routine]\ntitle = T\n[a]\nsay = Go there and stay.\nhold = 20s\nsets = 2\nrest = 12s\n";

/* "Set 2 of 2 in 5 seconds." */
static struct cue last_words(struct live *live)
{
    const struct cue *words = role_in(live, nth(live, SPAN_REST, 0), ROLE_REST);
    g_assert_nonnull(words);
    return *words;
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

/* Nothing is said for seconds yet: the answer does not wait for the announcement, which waits for it. */
static void test_answer_before_the_announcement(void)
{
    struct live live;
    init(&live);
    int64_t at = nth(&live, SPAN_REST, 0)->frame + 2 * RATE;
    play_to(&live, at);
    give(&live, COMMAND_HARDER, 0);
    assert_stands(&live, at);
    live_finish(&live);
}

/* What is being said ends first. */
static void test_answer_in_the_announcement(void)
{
    struct live live;
    init(&live);
    struct cue words = last_words(&live);
    play_to(&live, words.frame + 1000);
    give(&live, COMMAND_HARDER, 0);
    play_to(&live, words.frame + words.frames);
    assert_stands(&live, words.frame + words.frames);
    live_finish(&live);
}

/* It is said how long the rest still lasts; then the clock goes on from where it stood, though words were
 * cut, and nothing of them is heard again. */
static void test_pause_in_the_announcement(void)
{
    struct live live;
    init(&live);
    int64_t at = last_words(&live).frame + 1000;
    play_to(&live, at);
    steer(&live, COMMAND_PAUSE, 20000);
    pull_all(&live);
    steer(&live, COMMAND_RESUME, 0);
    g_autoptr(GArray) said = said_new();
    while (position(&live) == at) said_pull(&live, 400, said);
    g_assert_cmpuint(said->len, ==, 1);
    g_assert_true(g_str_has_suffix(said_at(said, 0)->text, " of rest left."));
    guint from = (guint)heard_frames(&live);
    assert_pulled(&live, 0.1);
    g_assert_cmpint(peak_of(&live, from, RATE / 10), <, 10);
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rest/answer-before-the-announcement", test_answer_before_the_announcement);
    g_test_add_func("/rest/answer-in-the-announcement", test_answer_in_the_announcement);
    g_test_add_func("/rest/pause-in-the-announcement", test_pause_in_the_announcement);
    return g_test_run();
}
