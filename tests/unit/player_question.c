/* Questions: how it was, and whether it hurt. Next and previous answer, silence too. */
#include "../lib/said.h"

static const char routine[] = "[routine]\ntitle = T\nclosing = That was it.\n"
                              "[a]\ntitle = A\nsay = Go.\nhold = 5s\n[b]\ntitle = B\nsay = Go.\nhold = 5s\n";

static void init(struct live *live, bool hurt, bool rating)
{
    *live = (struct live){.made = made_new(routine, (const char *const[]){"pace.level=30", NULL})};
    struct made *made = live->made;
    planner_free(made->planner);
    made->script.asks_hurt = hurt;
    made->script.asks_rating = rating;
    made->planner = planner_new(&made->script, &made->timing, &made->ops, 8);
    const struct session_parts parts = {made->planner, &made->script, &made->timing,
                                        &made->ops,    &made->tones,  NULL};
    live->session = session_new(&parts);
    live->heard = g_array_new(FALSE, FALSE, sizeof(int16_t));
}

/* Until the question is being asked; its answer may be waited for already. */
static void play_to_question(struct live *live, bool waiting)
{
    struct status status;
    do {
        g_assert_cmpint(pull(live, 1000), >, 0);
        status_of(live, &status);
    } while (!status.asks || (waiting && status.span != SPAN_ANSWER));
}

/* All that is said from here on. */
static char *rest_of(struct live *live)
{
    g_autoptr(GArray) said = said_new();
    GString *all = g_string_new(NULL);
    while (said_pull(live, 2000, said) > 0) continue;
    for (guint i = 0; i < said->len; i++)
        if (said_at(said, i)->text)
            g_string_append_printf(all, "%s%s", all->len ? " " : "", said_at(said, i)->text);
    return g_string_free(all, FALSE);
}

static void expect_rating(enum command_id id, bool waiting, enum rating rating, const char *words)
{
    struct live live;
    init(&live, false, true);
    play_to_question(&live, waiting);
    g_assert_cmpint(session_rating(live.session), ==, RATING_NONE);
    if (id != COMMAND_NONE) give(&live, id, 0);
    g_autofree char *said = rest_of(&live), *answer = session_take_answer(live.session);
    g_assert_cmpstr(said, ==, words);
    if (id != COMMAND_NONE) g_assert_cmpstr(answer, ==, words);
    g_assert_true(session_over(live.session));
    g_assert_cmpint(session_rating(live.session), ==, rating);
    live_finish(&live);
}

static void test_rating(void)
{
    expect_rating(COMMAND_NEXT, true, RATING_EASY, "Too easy: noted.");
    expect_rating(COMMAND_NEXT, false, RATING_EASY, "Too easy: noted.");
    expect_rating(COMMAND_AHEAD, true, RATING_EASY, "Too easy: noted.");
    expect_rating(COMMAND_PREVIOUS, true, RATING_HARD, "Too hard: noted.");
    expect_rating(COMMAND_BACK, false, RATING_HARD, "Too hard: noted.");
    expect_rating(COMMAND_BEGIN, true, RATING_RIGHT, "Just right: noted.");
    expect_rating(COMMAND_NONE, true, RATING_RIGHT, "Just right: noted.");
}

/* It is asked behind the closing, and the answer is waited for 8 s. */
static void test_asked(void)
{
    struct live live;
    init(&live, false, true);
    g_autofree char *said = rest_of(&live);
    g_assert_true(g_str_has_suffix(said,
                                   "That was it. How was that? Next, if it was too easy. Previous, if it was "
                                   "too hard. Nothing, if it was right. Just right: noted."));
    g_assert_cmpint(nth(&live, SPAN_ANSWER, 0)->frames, ==, 8 * RATE);
    live_finish(&live);
}

static void test_not_answered(void)
{
    struct live live;
    init(&live, false, true);
    play_to_question(&live, true);
    give(&live, COMMAND_STOP, 0);
    pull_all(&live);
    g_assert_cmpint(session_rating(live.session), ==, RATING_NONE);
    live_finish(&live);
    init(&live, false, false);
    g_autofree char *said = rest_of(&live);
    g_assert_true(g_str_has_suffix(said, "That was it."));
    g_assert_cmpint(session_rating(live.session), ==, RATING_NONE);
    live_finish(&live);
}

/* A pause in the question is no answer, and ends with one. */
static void test_paused(void)
{
    struct live live;
    init(&live, false, true);
    play_to_question(&live, true);
    give(&live, COMMAND_PAUSE, 0);
    pull_all(&live);
    g_assert_false(session_over(live.session));
    give(&live, COMMAND_NEXT, 0);
    pull_all(&live);
    g_assert_true(session_over(live.session));
    g_assert_cmpint(session_rating(live.session), ==, RATING_EASY);
    live_finish(&live);
}

static void expect_hurt(enum command_id id, bool hurts, int level, const char *words)
{
    struct live live;
    struct status status;
    init(&live, true, false);
    play_to_question(&live, true);
    if (id != COMMAND_NONE) give(&live, id, 0);
    g_autofree char *said = rest_of(&live);
    g_autofree char *begin = g_strndup(said, strlen(words));
    g_assert_cmpstr(begin, ==, words);
    g_assert_cmpint(session_hurts(live.session), ==, hurts);
    status_of(&live, &status);
    g_assert_cmpint(status.level, ==, level);
    live_finish(&live);
}

static void test_hurt(void)
{
    expect_hurt(COMMAND_NEXT, true, 20,
                "Then it is easier today: level 20. 1 of 2. A. 8 seconds to get there. Go.");
    expect_hurt(COMMAND_PREVIOUS, false, 30, "Good to hear. 1 of 2. A. 8 seconds to get there. Go.");
    expect_hurt(COMMAND_NONE, false, 30, "1 of 2. A. 8 seconds to get there. Go.");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/question/rating", test_rating);
    g_test_add_func("/question/asked", test_asked);
    g_test_add_func("/question/not-answered", test_not_answered);
    g_test_add_func("/question/paused", test_paused);
    g_test_add_func("/question/hurt", test_hurt);
    return g_test_run();
}
