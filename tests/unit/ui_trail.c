#include "ui/trail.h"

static const struct routine routine = {.n_steps = 4};

static void go(struct trail *trail, int step, unsigned jumps)
{
    trail_note(trail, &(struct status){
                          .routine = &routine, .place = {.step = step}, .jumps = jumps, .span = SPAN_GAP});
}

static void say(struct trail *trail, const char *text, enum role role, enum cue_type span)
{
    trail_note(trail,
               &(struct status){
                   .routine = &routine, .text = text, .role = role, .span = span, .speaking = text != NULL});
}

static void marks(const struct trail *trail, const char *expected)
{
    char found[5] = "";
    for (int i = 0; i < routine.n_steps; i++) found[i] = " x-"[trail_mark(trail, i)];
    g_assert_cmpstr(found, ==, expected);
}

static void test_played_through(void)
{
    struct trail trail = {0};
    for (int step = PLACE_HEAD; step < 4; step++) go(&trail, step, 0);
    marks(&trail, "xxx ");
    go(&trail, PLACE_CLOSING, 0);
    marks(&trail, "xxxx");
    g_assert_cmpint(trail_done(&trail), ==, 4);
    trail_finish(&trail);
}

/* Going back takes nothing away; what is skipped forward is not done. */
static void test_jumps(void)
{
    struct trail trail = {0};
    go(&trail, 0, 0);
    go(&trail, 1, 0);
    go(&trail, 0, 1);
    marks(&trail, "x   ");
    go(&trail, 3, 2);
    marks(&trail, "x-- ");
    go(&trail, 1, 3);
    go(&trail, 2, 3);
    marks(&trail, "xx- ");
    go(&trail, PLACE_CLOSING, 4);
    marks(&trail, "xx--");
    g_assert_cmpint(trail_done(&trail), ==, 2);
    trail_finish(&trail);
}

/* The steps before were done in the session that was interrupted. */
static void test_resumed(void)
{
    struct trail trail = {0};
    go(&trail, 2, 0);
    g_assert_cmpint(trail_done(&trail), ==, 2);
    go(&trail, 3, 0);
    g_assert_cmpint(trail_done(&trail), ==, 3);
    trail_finish(&trail);
}

static void test_sentence(void)
{
    struct trail trail = {0};
    say(&trail, "Sit.", ROLE_SETUP, SPAN_GAP);
    g_assert_cmpstr(trail.sentence, ==, "Sit.");
    g_assert_false(trail.over);
    say(&trail, NULL, ROLE_NONE, SPAN_PREPARE);
    g_assert_true(trail.over);
    say(&trail, "Halfway.", ROLE_HALFWAY, SPAN_HOLD);
    say(&trail, "Three.", ROLE_COUNTDOWN, SPAN_REST);
    g_assert_cmpstr(trail.sentence, ==, "Sit.");
    trail_finish(&trail);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/trail/played-through", test_played_through);
    g_test_add_func("/trail/jumps", test_jumps);
    g_test_add_func("/trail/resumed", test_resumed);
    g_test_add_func("/trail/sentence", test_sentence);
    return g_test_run();
}
