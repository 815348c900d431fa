/* Longer and shorter holds, easier and harder sessions, and going on with them in another process. */
#include "../lib/live.h"

static void test_longer(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, 5 * RATE);
    int64_t at = position(&live), begin = nth(&live, SPAN_HOLD, 0)->frame;
    steer(&live, COMMAND_LONGER, 30000);
    pull(&live, 2000);
    planner_run(live.made->planner, INT64_MAX);
    const struct cue *hold = nth(&live, SPAN_HOLD, 0);
    g_assert_cmpint(hold->frames, ==, 30 * RATE);
    g_assert_cmpint(nth(&live, CUE_END, 0)->frame, ==, begin + 30 * RATE);
    g_assert_cmpint(role_in(&live, hold, ROLE_COUNTDOWN)->frame, ==, begin + 27 * RATE);
    g_assert_cmpint(role_in(&live, hold, ROLE_HALFWAY)->frame, ==, begin + 15 * RATE);
    for (guint i = 0; i < 29; i++)
        g_assert_cmpint(nth(&live, CUE_TICK, i)->frame, ==, begin + (i + 1) * RATE);
    g_assert_cmpstr(phrase_from(&live, at)->text, ==, "10 seconds longer.");
    /* The second repetition is as it was, and so it is on the left; the first is longer there too. */
    g_assert_cmpint(nth(&live, SPAN_HOLD, 1)->frames, ==, 20 * RATE);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 2)->frames, ==, 30 * RATE);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 3)->frames, ==, 20 * RATE);
    live_finish(&live);
}

static void test_shorter(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, 14 * RATE + 10);
    steer(&live, COMMAND_SHORTER, 30000);
    pull(&live, 2000);
    /* Fifteen seconds have begun, three are counted down. */
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 18 * RATE);
    steer(&live, COMMAND_SHORTER, 30000);
    int64_t at = position(&live);
    pull(&live, 2000);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 18 * RATE);
    g_assert_cmpint(position(&live), ==, at + 2000);
    live_finish(&live);
}

static void test_longer_coming(void)
{
    struct live live;
    live_init(&live, NULL);
    pull(&live, RATE);
    steer(&live, COMMAND_LONGER, 1000);
    pull(&live, 100);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 30 * RATE);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 2)->frames, ==, 30 * RATE);
    live_finish(&live);
}

/* The hold of the step that was just jumped to, in the same instant. */
static void test_longer_after_a_jump(void)
{
    struct live live;
    live_init(&live, NULL);
    pull(&live, RATE);
    steer(&live, COMMAND_NEXT, 100);
    session_command(live.session, (struct command){.id = COMMAND_LONGER, .given = true, .value = 5});
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 25 * RATE);
    live_finish(&live);
}

/* No hold is longer than an hour, in breaths either. */
static void test_longest(void)
{
    for (int step = 0; step < 2; step++) {
        struct live live;
        live_init(&live, NULL);
        pull(&live, RATE);
        for (int i = 0; i <= step; i++) steer(&live, COMMAND_NEXT, 0);
        give(&live, COMMAND_LONGER, 3600);
        give(&live, COMMAND_LONGER, 3600);
        planner_run(live.made->planner, INT64_MAX);
        g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, INT64_C(3600) * RATE);
        live_finish(&live);
    }
}

/* A hold that has ended stays as it was, though its other side is the same hold. */
static void test_longer_in_the_end_sound(void)
{
    struct live live;
    live_init_with(&live, "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 20s\nsides = right, left\n", NULL);
    begin_hold(&live, 0, 20 * RATE + RATE / 10);
    give(&live, COMMAND_LONGER, 10);
    pull(&live, RATE / 10);
    planner_run(live.made->planner, INT64_MAX);
    const struct cue *end = nth(&live, CUE_END, 0), *side = end + 1;
    g_assert_cmpstr(side->text, ==, "Now the left side.");
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 20 * RATE);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 1)->frames, ==, 30 * RATE);
    g_assert_cmpint(nth(&live, CUE_TICK, 19)->frame, >, nth(&live, SPAN_HOLD, 1)->frame);
    g_assert_cmpint(side->frame, ==, end->frame + end->frames);
    live_finish(&live);
}

static void test_longer_breaths(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 4, 2 * RATE);
    steer(&live, COMMAND_LONGER, 0);
    pull(&live, 100);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 4)->frames, ==, 6 * 5 * RATE);
    live_finish(&live);
}

/* What is over 90 s is said in minutes. */
static void test_longer_by_minutes(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, 2 * RATE);
    int64_t at = position(&live);
    give(&live, COMMAND_LONGER, 100);
    pull(&live, 100);
    g_assert_cmpstr(phrase_from(&live, at)->text, ==, "1 minute 40 longer.");
    live_finish(&live);
}

/* By two, whatever time is said; not to fewer than have begun. */
static void test_longer_times(void)
{
    struct live live;
    live_init_with(&live, "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 4 times\ntempo = 5s\n", NULL);
    begin_hold(&live, 0, 7 * RATE); /* in the second */
    int64_t at = position(&live);
    steer(&live, COMMAND_LONGER, 60);
    pull(&live, 100);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 6 * 5 * RATE);
    g_assert_cmpstr(phrase_from(&live, at)->text, ==, "2 more.");
    pull(&live, 4 * RATE);
    for (int i = 0; i < 3; i++) give(&live, COMMAND_SHORTER, 60);
    pull(&live, 100);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 3 * 5 * RATE);
    live_finish(&live);
}

static const char sets[] = "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 20-30s\nsets = 2-4\nreps = "
                           "1\n[b]\nsay = Stay.\nhold = 10-20s\n";

static void test_harder(void)
{
    struct live live;
    struct status status;
    live_init_with(&live, sets, NULL);
    begin_hold(&live, 0, RATE);
    for (int i = 0; i < 10; i++) {
        double length = status.length;
        steer(&live, COMMAND_HARDER, 100);
        pull(&live, 100);
        status_of(&live, &status);
        if (i > 0)
            g_assert_cmpfloat(status.length, >, length + 1); /* told at once, and before it is laid out */
        g_assert_cmpint(status.frames, ==, -1);
    }
    g_assert_cmpint(status.level, ==, 100);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 20 * RATE);
    for (guint i = 1; i < 4; i++) g_assert_cmpint(nth(&live, SPAN_HOLD, i)->frames, ==, 30 * RATE);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 4)->frames, ==, 20 * RATE);
    g_assert_null(made_nth(planner_timeline(live.made->planner), SPAN_HOLD, 5));
    live_finish(&live);
}

/* In the rest before a set that is there all the same: it is the second of two. */
static void test_easier_in_a_rest(void)
{
    static const char routine[] =
        "[routine]\ntitle = T\n[a]\nsay = Set {set} of {sets}.\nhold = 20s\nsets = 1-3\nrest = 12s\n";
    struct live live;
    struct status status;
    live_init_with(&live, routine, (const char *const[]){"pace.level=50", NULL});
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    play_to(&live, nth(&live, SPAN_REST, 0)->frame + RATE);
    for (int i = 0; i < 5; i++) steer(&live, COMMAND_EASIER, 0);
    status_of(&live, &status);
    g_assert_cmpint(status.place.set, ==, 2);
    g_assert_cmpint(status.sets, ==, 2);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_null(made_nth(planner_timeline(live.made->planner), SPAN_HOLD, 2));
    live_finish(&live);
}

/* In the last line of a set, behind which another one was to come: now there is none. */
static void test_easier_in_the_last_hold(void)
{
    static const char routine[] =
        "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 20s\nsets = 1-2\n[b]\nsay = Stay.\nhold = 9s\n";
    struct live live;
    live_init_with(&live, routine, (const char *const[]){"pace.level=50", NULL});
    begin_hold(&live, 0, RATE);
    for (int i = 0; i < 5; i++) steer(&live, COMMAND_EASIER, 100);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_null(made_nth(planner_timeline(live.made->planner), SPAN_REST, 0));
    g_assert_cmpint(nth(&live, SPAN_HOLD, 1)->frames, ==, 9 * RATE);
    live_finish(&live);
}

/* Without two sides, a new level counts from the next repetition on: its length, and how many there are. */
static void test_harder_in_a_repetition(void)
{
    static const char routine[] = "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 20-30s\nreps = 2-4\n";
    struct live live;
    struct status status;
    live_init_with(&live, routine, NULL);
    begin_hold(&live, 0, RATE);
    for (int i = 0; i < 10; i++) steer(&live, COMMAND_HARDER, 100);
    status_of(&live, &status);
    g_assert_cmpint(status.reps, ==, 4);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 20 * RATE);
    for (guint i = 1; i < 4; i++) g_assert_cmpint(nth(&live, SPAN_HOLD, i)->frames, ==, 30 * RATE);
    g_assert_null(made_nth(planner_timeline(live.made->planner), SPAN_HOLD, 4));
    live_finish(&live);
}

/* And fewer: what has begun is done. */
static void test_easier_in_a_repetition(void)
{
    static const char routine[] = "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 20-30s\nreps = 1-4\nbetween "
                                  "= 6s\n[b]\nsay = B.\nhold = 9s\n";
    struct live live;
    live_init_with(&live, routine, (const char *const[]){"pace.level=100", NULL});
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    play_to(&live, nth(&live, SPAN_REST, 0)->frame + RATE); /* the second has begun with its rest */
    for (int i = 0; i < 10; i++) steer(&live, COMMAND_EASIER, 0);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 30 * RATE);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 1)->frames, ==, 20 * RATE);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 2)->frames, ==, 9 * RATE);
    live_finish(&live);
}

/* Two sides get the same. */
static void test_harder_between_two_sides(void)
{
    static const char routine[] =
        "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 20-30s\nreps = 2-4\nsides = left, right\n";
    struct live live;
    live_init_with(&live, routine, NULL);
    begin_hold(&live, 0, RATE);
    for (int i = 0; i < 10; i++) steer(&live, COMMAND_HARDER, 100);
    planner_run(live.made->planner, INT64_MAX);
    for (guint i = 0; i < 4; i++) g_assert_cmpint(nth(&live, SPAN_HOLD, i)->frames, ==, 20 * RATE);
    g_assert_null(made_nth(planner_timeline(live.made->planner), SPAN_HOLD, 4));
    live_finish(&live);
}

/* When the end of the step has begun, none comes any more. */
static void test_harder_in_the_release(void)
{
    static const char routine[] =
        "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 20s\nreps = 1-4\nsets = 1-2\nrelease = "
        "Come down. Rest.\nafter = 7s\n[b]\nsay = B.\nhold = 9-18s\n";
    static const enum cue_type types[] = {CUE_END, CUE_CHIME, SPAN_REST};
    static const guint nth_of[] = {0, 1, 0}; /* the release begins with the first */
    for (gsize n = 0; n < G_N_ELEMENTS(types); n++) {
        struct live live;
        live_init_with(&live, routine, NULL);
        pull(&live, RATE);
        planner_run(live.made->planner, INT64_MAX);
        play_to(&live, nth(&live, types[n], nth_of[n])->frame + RATE * 7 / 10);
        for (int i = 0; i < 10; i++) steer(&live, COMMAND_HARDER, 0);
        planner_run(live.made->planner, INT64_MAX);
        g_assert_cmpint(nth(&live, SPAN_HOLD, 1)->frames, ==, 18 * RATE);
        g_assert_null(made_nth(planner_timeline(live.made->planner), SPAN_HOLD, 2));
        live_finish(&live);
    }
}

/* What is said again keeps its level; where a jump leads has the new one, also when it is said again at once.
 */
static void test_harder_and_repeat(void)
{
    struct live live;
    live_init_with(&live, sets, NULL);
    begin_hold(&live, 0, RATE);
    for (int i = 0; i < 10; i++) steer(&live, COMMAND_HARDER, 100);
    give(&live, COMMAND_REPEAT, 0);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 1)->frames, ==, 20 * RATE);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 2)->frames, ==, 30 * RATE);
    give(&live, COMMAND_NEXT, 0);
    give(&live, COMMAND_REPEAT, 0);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 1)->frames, ==, 20 * RATE);
    live_finish(&live);
}

static void test_easier(void)
{
    struct live live;
    live_init_with(&live, sets, (const char *const[]){"pace.level=10", NULL});
    begin_hold(&live, 0, RATE);
    for (int i = 0; i < 3; i++) steer(&live, COMMAND_EASIER, 100);
    pull(&live, 100);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 21 * RATE);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 1)->frames, ==, 16 * RATE); /* 20 s, 80 % */
    steer(&live, COMMAND_HARDER, 100);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 1)->frames, ==, 18 * RATE);
    for (int i = 0; i < 9; i++) steer(&live, COMMAND_EASIER, 100);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 1)->frames, ==, 10 * RATE);
    live_finish(&live);
}

static void expect_effort(struct live *live, enum command_id id, const char *words)
{
    g_free(session_take_answer(live->session));
    give(live, id, 0);
    g_autofree char *answer = session_take_answer(live->session);
    g_assert_cmpstr(answer, ==, words);
}

/* The answer says from when on; never between two sides. */
static void test_effort_says_when(void)
{
    static const char text[] =
        "[routine]\ntitle = T\n[reps]\nsetup = Sit.\nsay = A.\nhold = 20-30s\nreps = 2\n"
        "[sides]\nsay = B.\nhold = 20-30s\nreps = 2\nsets = 2\nsides = right, left\n"
        "[last]\nsay = C.\nhold = 20-30s\n";
    static const struct {
        guint hold;
        const char *words;
    } cases[] = {{0, "Harder, from the next repetition."}, {1, "Harder, from the next exercise."},
                 {2, "Harder, from the next set."},        {4, "Harder, from the next set."},
                 {6, "Harder, from the next exercise."},   {10, "Harder."}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct live live;
        live_init_with(&live, text, NULL);
        begin_hold(&live, cases[i].hold, RATE);
        expect_effort(&live, COMMAND_HARDER, cases[i].words);
        live_finish(&live);
    }
    struct live live;
    live_init_with(&live, text, NULL);
    pull(&live, 2 * RATE);
    expect_effort(&live, COMMAND_HARDER, "Harder, from the next exercise.");
    steer(&live, COMMAND_NEXT, 0);
    expect_effort(&live, COMMAND_EASIER, "Easier, from this exercise.");
    pull(&live, 3 * RATE / 2);
    expect_effort(&live, COMMAND_HARDER, "Harder, from the second repetition.");
    live_finish(&live);
}

static void test_easiest(void)
{
    struct live live;
    live_init_with(&live, sets, NULL);
    begin_hold(&live, 0, RATE);
    for (int i = 0; i < 5; i++) expect_effort(&live, COMMAND_EASIER, "Easier, from the next set.");
    expect_effort(&live, COMMAND_EASIER, "This is the easiest.");
    live_finish(&live);
}

/* Frames in which the position stands at the beginning, while the place is announced. */
static int told_before(struct place place)
{
    struct live live;
    live_init(&live, NULL);
    struct effort effort = effort_from_settings(live.made->settings);
    session_resume_at(live.session, &(struct bookmark){place, effort, effort, 0, 0, NULL});
    int frames = 0;
    while (position(&live) == 0 && frames < 60 * RATE) frames += pull(&live, 1000);
    live_finish(&live);
    return frames;
}

/* On the side that it was, with the time to get there. */
static void test_resumed(void)
{
    struct place right = {.step = 0, .set = 1, .rep = 1, .move = -1, .side = SIDE_RIGHT}, none = right;
    none.side = SIDE_NONE;
    int prepare = 8 * RATE, side = (int)strlen("Right side.") * RATE / 50;
    g_assert_cmpint(told_before(none), >, prepare + RATE / 2);
    g_assert_cmpint(told_before(right), >, told_before(none) + side);
    g_assert_cmpint(told_before((struct place){.step = 1, .move = -1}), <, RATE * 2);
}

/* In the middle of a set, a level that is to come is still to come. */
static void test_resumed_with_a_level_to_come(void)
{
    struct live live;
    live_init_with(&live, sets, NULL);
    struct effort now = effort_from_settings(live.made->settings), coming = {.level = 50, .hold = 100};
    struct place place = {.step = 0, .set = 1, .rep = 1, .move = -1};
    session_resume_at(live.session, &(struct bookmark){place, now, coming, 0, 0, NULL});
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 20 * RATE);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 1)->frames, ==, 25 * RATE);
    live_finish(&live);
}

/* Also where it was interrupted before the hold: what has been made longer on one side is so on the other. */
static void test_resumed_before_a_hold(void)
{
    struct live live;
    struct status status;
    struct bookmark point;
    live_init(&live, NULL);
    begin_hold(&live, 0, RATE);
    give(&live, COMMAND_LONGER, 7);
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    play_to(&live, nth(&live, SPAN_CHANGE, 0)->frame + RATE);
    status_of(&live, &status);
    g_assert_cmpint(status.place.rep, ==, 0);
    session_bookmark(live.session, &status, &point);
    live_finish(&live);

    live_init(&live, NULL);
    session_resume_at(live.session, &point);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 27 * RATE);
    live_finish(&live);
}

/* There are repetitions now, and so there would have been a dose: the hold that is under way goes on. */
static void test_harder_where_there_was_no_dose(void)
{
    struct live live;
    live_init_with(
        &live,
        "[routine]\ntitle = T\n[a]\ntitle = A\nreps = 1-4\nafter = 10s\nsay = Hold on.\nhold = 35s\n"
        "[b]\ntitle = B\nsay = B.\nhold = 5s\n",
        (const char *const[]){"pace.level=0", NULL});
    begin_hold(&live, 0, 1 * RATE);
    for (int i = 0; i < 5; i++) steer(&live, COMMAND_HARDER, 0);
    pull(&live, 2000);
    planner_run(live.made->planner, INT64_MAX);
    const struct cue *hold = nth(&live, SPAN_HOLD, 0), *next = nth(&live, SPAN_HOLD, 1);
    g_assert_cmpint(hold->frames, ==, 35 * RATE);
    g_assert_nonnull(role_in(&live, hold, ROLE_HALFWAY));
    g_assert_null(role_in(&live, hold, ROLE_INSTRUCTION));
    g_assert_null(role_in(&live, hold, ROLE_DOSE));
    g_assert_cmpint(next->place.rep, ==, 2);
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/effort/longer", test_longer);
    g_test_add_func("/effort/shorter", test_shorter);
    g_test_add_func("/effort/longer-coming", test_longer_coming);
    g_test_add_func("/effort/longer-after-a-jump", test_longer_after_a_jump);
    g_test_add_func("/effort/longest", test_longest);
    g_test_add_func("/effort/longer-in-the-end-sound", test_longer_in_the_end_sound);
    g_test_add_func("/effort/longer-breaths", test_longer_breaths);
    g_test_add_func("/effort/longer-by-minutes", test_longer_by_minutes);
    g_test_add_func("/effort/longer-times", test_longer_times);
    g_test_add_func("/effort/harder", test_harder);
    g_test_add_func("/effort/harder-in-a-repetition", test_harder_in_a_repetition);
    g_test_add_func("/effort/easier-in-a-repetition", test_easier_in_a_repetition);
    g_test_add_func("/effort/harder-between-two-sides", test_harder_between_two_sides);
    g_test_add_func("/effort/harder-in-the-release", test_harder_in_the_release);
    g_test_add_func("/effort/harder-and-repeat", test_harder_and_repeat);
    g_test_add_func("/effort/harder-where-there-was-no-dose", test_harder_where_there_was_no_dose);
    g_test_add_func("/effort/easier", test_easier);
    g_test_add_func("/effort/easier-in-a-rest", test_easier_in_a_rest);
    g_test_add_func("/effort/easier-in-the-last-hold", test_easier_in_the_last_hold);
    g_test_add_func("/effort/says-when", test_effort_says_when);
    g_test_add_func("/effort/easiest", test_easiest);
    g_test_add_func("/effort/resumed", test_resumed);
    g_test_add_func("/effort/resumed-with-a-level-to-come", test_resumed_with_a_level_to_come);
    g_test_add_func("/effort/resumed-before-a-hold", test_resumed_before_a_hold);
    return g_test_run();
}
