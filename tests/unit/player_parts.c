/* Going on and back by sentences, repetitions, sides, sets and steps. */
#include "../lib/said.h"

static const char routine[] = "[routine]\ntitle = T\n"
                              "[one]\ntitle = One\nsetup = Sit. Breathe.\nsay = Go {side}. Stay there "
                              "now.\ncue = Again {side}.\nhold = 20s\n"
                              "sides = right, left\nreps = 2\nsets = 2\nrest = 20s\nrelease = Come back.\n"
                              "[two]\ntitle = Two\nsay = Rest.\nhold = 20s\n";

static void give_part(struct live *live, enum command_id id, enum part part)
{
    session_rewind(live->session, heard_frames(live));
    session_command(live->session, (struct command){.id = id, .given = true, .part = part});
}

static void expect(struct live *live, int set, enum side side, int rep)
{
    struct status status;
    planner_run(live->made->planner, INT64_MAX);
    pull(live, RATE);
    status_of(live, &status);
    g_assert_cmpint(status.place.step, ==, 0);
    g_assert_cmpint(status.place.set, ==, set);
    g_assert_cmpint(status.place.side, ==, side);
    g_assert_true(status.place.rep == rep || status.place.rep == 0);
}

static void begin(struct live *live)
{
    live_init_with(live, routine, NULL);
    begin_hold(live, 0, 5 * RATE);
}

/* Each part leads to its next one, and from the last one to the next step. */
static void test_next(void)
{
    struct live live;
    begin(&live);
    give_part(&live, COMMAND_NEXT, PART_REP);
    expect(&live, 1, SIDE_RIGHT, 2);
    give_part(&live, COMMAND_NEXT, PART_REP);
    expect(&live, 1, SIDE_LEFT, 1);
    give_part(&live, COMMAND_NEXT, PART_SIDE);
    expect(&live, 2, SIDE_RIGHT, 1);
    give_part(&live, COMMAND_NEXT, PART_SIDE);
    expect(&live, 2, SIDE_LEFT, 1);
    give_part(&live, COMMAND_NEXT, PART_SET);
    pull(&live, RATE);
    struct status status;
    status_of(&live, &status);
    g_assert_cmpint(status.place.step, ==, 1);
    live_finish(&live);
}

/* To the beginning of the part, and in its first seconds to the one before. */
static void test_previous(void)
{
    struct live live;
    begin(&live);
    give_part(&live, COMMAND_NEXT, PART_SET);
    expect(&live, 2, SIDE_RIGHT, 1);
    give_part(&live, COMMAND_NEXT, PART_SIDE);
    expect(&live, 2, SIDE_LEFT, 1);
    pull(&live, 4 * RATE);
    give_part(&live, COMMAND_PREVIOUS, PART_SIDE);
    expect(&live, 2, SIDE_LEFT, 1);
    give_part(&live, COMMAND_PREVIOUS, PART_SIDE);
    expect(&live, 2, SIDE_RIGHT, 1);
    give_part(&live, COMMAND_PREVIOUS, PART_REP);
    expect(&live, 1, SIDE_LEFT, 2);
    pull(&live, 4 * RATE);
    give_part(&live, COMMAND_PREVIOUS, PART_SET);
    expect(&live, 1, SIDE_RIGHT, 1);
    live_finish(&live);
}

/* A set says that it is one, without the rest before it; the step's title and setup are not said again. */
static void test_what_is_said(void)
{
    struct live live;
    begin(&live);
    g_autoptr(GArray) said = said_new();
    give_part(&live, COMMAND_NEXT, PART_SET);
    said_pull(&live, 3 * RATE, said);
    g_assert_cmpstr(said_at(said, 0)->text, ==, "Set 2 of 2.");
    g_assert_cmpstr(said_at(said, 1)->text, ==, "Right side.");
    g_array_set_size(said, 0);
    give_part(&live, COMMAND_PREVIOUS, PART_SET);
    said_pull(&live, 3 * RATE, said);
    g_assert_cmpstr(said_at(said, 0)->text, ==, "Set 1 of 2.");
    g_assert_cmpstr(said_at(said, 1)->text, ==, "Go right.");
    give_part(&live, COMMAND_PAUSE, 0);
    pull_all(&live);
    g_free(session_take_answer(live.session));
    give_part(&live, COMMAND_NEXT, PART_REP);
    g_autofree char *answer = session_take_answer(live.session);
    g_assert_cmpstr(answer, ==, "One, right side, set 1 of 2, repetition 2 of 2. Paused.");
    live_finish(&live);
}

/* From the middle of one to the beginning of the next; then into the hold, and out of it. */
static void test_sentences(void)
{
    for (int laid = 0; laid < 2; laid++) {
        static const char *const forward[] = {"Sit.", "Breathe.", "8 seconds to get there.", "Right side."};
        struct live live;
        live_init_with(&live, routine, NULL);
        pull(&live, RATE);
        if (laid) planner_run(live.made->planner, INT64_MAX);
        give_part(&live, COMMAND_NEXT, PART_STEP);
        g_autoptr(GArray) said = said_new();
        while (said_find(said, 0, "Both sides") == G_MAXUINT) said_pull(&live, 400, said);
        for (guint i = 0; i < G_N_ELEMENTS(forward); i++) {
            give_part(&live, COMMAND_NEXT, PART_SENTENCE);
            g_array_set_size(said, 0);
            while (said->len == 0) said_pull(&live, 400, said);
            g_assert_cmpstr(said_at(said, 0)->text, ==, forward[i]);
        }
        for (int i = 0; i < 3; i++) give_part(&live, COMMAND_NEXT, PART_SENTENCE);
        g_array_set_size(said, 0);
        said_until(&live, CUE_GO, said);
        if (said->len != 1) said_print(said);
        g_assert_cmpuint(said->len, ==, 1);
        said_pull(&live, RATE, said);
        give_part(&live, COMMAND_NEXT, PART_SENTENCE); /* the count of the second repetition */
        g_array_set_size(said, 0);
        while (said->len == 0) said_pull(&live, 400, said);
        g_assert_cmpint(said_at(said, 0)->role, ==, ROLE_COUNT);
        live_finish(&live);
    }
}

static void test_previous_sentence(void)
{
    static const char *const back[] = {"Stay there now.", "Go right."};
    struct live live;
    live_init_with(&live, routine, NULL);
    begin_hold(&live, 0, RATE);
    for (guint i = 0; i < G_N_ELEMENTS(back); i++) {
        g_autoptr(GArray) said = said_new();
        give_part(&live, COMMAND_PREVIOUS, PART_SENTENCE);
        while (said->len == 0) said_pull(&live, 400, said);
        g_assert_cmpstr(said_at(said, 0)->text, ==, back[i]);
    }
    live_finish(&live);
}

static void expect_answer(struct live *live, enum command_id id, const char *words)
{
    g_free(session_take_answer(live->session));
    give(live, id, 0);
    g_autofree char *answer = session_take_answer(live->session);
    g_assert_cmpstr(answer, ==, words);
}

/* The arrow keys: up and down choose the part, left and right go by it. */
static void test_chosen(void)
{
    struct live live;
    begin(&live);
    expect_answer(&live, COMMAND_WIDER, "By exercise.");
    expect_answer(&live, COMMAND_FINER, "By set.");
    expect_answer(&live, COMMAND_FINER, "By side.");
    give(&live, COMMAND_AHEAD, 0);
    expect(&live, 1, SIDE_LEFT, 1);
    expect_answer(&live, COMMAND_FINER, "By repetition.");
    give(&live, COMMAND_AHEAD, 0);
    expect(&live, 1, SIDE_LEFT, 2);
    expect_answer(&live, COMMAND_FINER, "By sentence.");
    expect_answer(&live, COMMAND_FINER, "By sentence.");
    g_assert_cmpint(live.session->sound, ==, OCCASION_REFUSED);
    for (int i = 0; i < 3; i++) give(&live, COMMAND_WIDER, 0);
    give(&live, COMMAND_BACK, 0);
    expect(&live, 1, SIDE_RIGHT, 1);
    live_finish(&live);
}

/* Both sides get the same, however one goes between them. */
static void test_both_sides(void)
{
    struct live live;
    begin(&live);
    give(&live, COMMAND_LONGER, 7);
    pull(&live, RATE);
    give_part(&live, COMMAND_NEXT, PART_SIDE);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 1)->place.side, ==, SIDE_LEFT);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 1)->frames, ==, 27 * RATE);
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parts/next", test_next);
    g_test_add_func("/parts/previous", test_previous);
    g_test_add_func("/parts/what-is-said", test_what_is_said);
    g_test_add_func("/parts/sentences", test_sentences);
    g_test_add_func("/parts/previous-sentence", test_previous_sentence);
    g_test_add_func("/parts/chosen", test_chosen);
    g_test_add_func("/parts/both-sides", test_both_sides);
    return g_test_run();
}
