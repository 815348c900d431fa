/* What is said in answer to a command: when, and beside what. */
#include "../lib/live.h"

/* In a hold the clock runs on, and the answer takes the place of halfway. */
static void test_answer_in_a_hold(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, 9 * RATE);
    int64_t at = position(&live);
    g_assert_nonnull(role_in(&live, nth(&live, SPAN_HOLD, 0), ROLE_HALFWAY));
    steer(&live, COMMAND_WHERE, 20000);
    g_assert_cmpint(pull(&live, 1000), ==, 1000);
    g_assert_cmpint(position(&live), ==, at + 1000);
    const struct cue *answer = phrase_from(&live, at);
    g_assert_cmpint(answer->frame, ==, at + live.made->tones.ack.frames); /* after the acknowledging sound */
    g_assert_true(
        g_str_has_prefix(answer->text, "one, right side, repetition 1 of 2, 11 seconds left in the hold, "));
    g_assert_null(role_in(&live, nth(&live, SPAN_HOLD, 0), ROLE_HALFWAY));
    g_assert_nonnull(role_in(&live, nth(&live, SPAN_HOLD, 0), ROLE_COUNTDOWN));
    live_finish(&live);
}

/* What cannot end before the countdown is said after the end, while the position stands. */
static void test_answer_after_the_end(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, 16 * RATE);
    steer(&live, COMMAND_WHERE, 20000);
    pull(&live, 1000);
    const struct cue *end = nth(&live, CUE_END, 0);
    int64_t after = end->frame + end->frames;
    g_assert_null(phrase_from(&live, 0) && phrase_from(&live, 0)->frame < after ? phrase_from(&live, 0)
                                                                                : NULL);
    play_to(&live, after);
    for (int i = 0; i < 20; i++) {
        pull(&live, 4000);
        g_assert_cmpint(position(&live), ==, after);
    }
    live_finish(&live);
}

/* An utterance that is under way ends first. */
static void test_answer_in_an_utterance(void)
{
    struct live live;
    live_init(&live, NULL);
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    const struct cue *instruction = NULL;
    for (guint i = 0; !instruction; i++)
        if (nth(&live, CUE_SPEECH, i)->role == ROLE_INSTRUCTION) instruction = nth(&live, CUE_SPEECH, i);
    int64_t end = instruction->frame + instruction->frames;
    play_to(&live, instruction->frame + 3000);
    steer(&live, COMMAND_EASIER, 20000);
    play_to(&live, end);
    pull(&live, 5000);
    g_assert_cmpint(position(&live), ==, end);
    live_finish(&live);
}

/* What is asked while a hold is led in to is answered in it. */
static void test_answer_in_a_lead_in(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, 2 * RATE);
    give(&live, COMMAND_PAUSE, 0);
    give(&live, COMMAND_RESUME, 0);
    assert_pulled(&live, 0.5);
    int64_t at = position(&live);
    give(&live, COMMAND_WHERE, 0);
    assert_pulled(&live, 3.5); /* cue, gap and countdown take 3.72 s in all */
    g_assert_cmpint(position(&live), >, at);
    g_assert_cmpint(phrase_from(&live, at)->frame, <, at + RATE);
    live_finish(&live);
}

/* Of several answers in a hold, each waits for the one before; making it longer does not take any away. */
static void test_answers_in_a_hold(void)
{
    static const char *const said[] = {"one, ", "Easier.", "10 seconds longer."};
    struct live live;
    live_init(&live, (const char *const[]){"pace.level=10", NULL});
    begin_hold(&live, 0, 2 * RATE);
    int64_t at = position(&live);
    steer(&live, COMMAND_WHERE, 0);
    give(&live, COMMAND_EASIER, 0);
    pull(&live, 1000);
    give(&live, COMMAND_LONGER, 10);
    pull(&live, 1000);
    assert_no_overlap(&live);
    for (guint i = 0; i < G_N_ELEMENTS(said); i++) {
        const struct cue *answer = phrase_from(&live, at);
        g_assert_nonnull(answer);
        g_assert_true(g_str_has_prefix(answer->text, said[i]));
        at = answer->frame + 1;
    }
    live_finish(&live);
}

/* A hold does not end, nor is it counted down, before the answer in it has. */
static void test_shorter_than_an_answer(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, 4 * RATE);
    steer(&live, COMMAND_WHERE, 0);
    pull(&live, 10000);
    give(&live, COMMAND_SHORTER, 60);
    pull(&live, 1000);
    planner_run(live.made->planner, INT64_MAX);
    assert_no_overlap(&live);
    g_assert_nonnull(role_in(&live, nth(&live, SPAN_HOLD, 0), ROLE_COUNTDOWN));
    live_finish(&live);
}

/* Once it is counted down, there is no room between the words. */
static void test_answer_in_a_countdown(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, 19 * RATE + RATE / 4);
    steer(&live, COMMAND_HARDER, 0);
    int64_t at = position(&live);
    pull(&live, 1000);
    g_assert_null(phrase_from(&live, at) && phrase_from(&live, at)->frame < at + RATE ? phrase_from(&live, at)
                                                                                      : NULL);
    live_finish(&live);
}

/* What is to be said after the end waits for it, and the clock with it, when it has been moved. */
static void test_answer_after_an_end_that_moves(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, 16 * RATE);
    steer(&live, COMMAND_WHERE, 0);
    pull(&live, 1000);
    give(&live, COMMAND_LONGER, 20);
    pull(&live, 1000);
    const struct cue *end = nth(&live, CUE_END, 0);
    int64_t after = end->frame + end->frames;
    for (int64_t at = position(&live); at < after; at += 1000) {
        g_assert_cmpint(position(&live), ==, at);
        pull(&live, (int)MIN(1000, after - at));
    }
    pull(&live, 5000);
    g_assert_cmpint(position(&live), ==, after);
    live_finish(&live);
}

/* Nothing that was asked for is lost: a pause has time for it. */
static void test_answer_that_waits_is_said_in_a_pause(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, RATE);
    steer(&live, COMMAND_PAUSE, 0);
    int alone = pull_all(&live);
    live_finish(&live);

    live_init(&live, NULL);
    begin_hold(&live, 0, 16 * RATE);
    steer(&live, COMMAND_WHERE, 0); /* would end in the countdown: it waits for the hold's end */
    pull(&live, 1000);
    int64_t at = position(&live);
    steer(&live, COMMAND_PAUSE, 0);
    g_assert_cmpint(pull_all(&live), >, alone + RATE / 2);
    g_assert_cmpint(position(&live), ==, at);
    live_finish(&live);
}

/* The cue that leads in to a hold tells the seconds that it has now. */
static void test_lead_in_tells_the_truth(void)
{
    static const char routine[] = "[routine]\ntitle = T\n[a]\nsay = Go.\ncue = Stay {seconds}.\nhold = 20s\n";
    struct live live;
    live_init_with(&live, routine, NULL);
    begin_hold(&live, 0, RATE);
    give(&live, COMMAND_LONGER, 30);
    pull(&live, RATE);
    steer(&live, COMMAND_PAUSE, 0);
    pull_all(&live);
    steer(&live, COMMAND_RESUME, 0);
    g_assert_true(g_hash_table_contains(live.made->asked, "Stay 50."));
    live_finish(&live);
}

/* Of two answers, the second neither cuts the first nor is lost: it takes as long again. */
static void test_answers_in_a_pause(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, RATE);
    int64_t at = position(&live);
    steer(&live, COMMAND_PAUSE, 30000);
    pull_all(&live);
    give(&live, COMMAND_WHERE, 0);
    int one = pull_all(&live);
    g_assert_cmpint(one, >, RATE);
    give(&live, COMMAND_WHERE, 0);
    pull(&live, RATE / 2);
    give(&live, COMMAND_WHERE, 0);
    g_assert_cmpint(RATE / 2 + pull_all(&live), ==, 2 * one);
    g_assert_cmpint(position(&live), ==, at);
    live_finish(&live);
}

static void assert_answered(struct live *live, enum command_id id, double value, const char *words)
{
    give(live, id, value);
    g_autofree char *answer = session_take_answer(live->session);
    g_assert_cmpstr(answer, ==, words);
    g_assert_null(session_take_answer(live->session));
}

/* Also where nothing is said: a level is heard. */
static void test_answers_can_be_read(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, RATE);
    assert_answered(&live, COMMAND_LONGER, 10, "10 seconds longer.");
    assert_answered(&live, COMMAND_VOLUME, -6, "Volume -6 dB.");
    assert_answered(&live, COMMAND_VOLUME, -6, NULL);
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/answer/answer-in-a-hold", test_answer_in_a_hold);
    g_test_add_func("/answer/answer-after-the-end", test_answer_after_the_end);
    g_test_add_func("/answer/answer-in-an-utterance", test_answer_in_an_utterance);
    g_test_add_func("/answer/answers-in-a-hold", test_answers_in_a_hold);
    g_test_add_func("/answer/answer-in-a-lead-in", test_answer_in_a_lead_in);
    g_test_add_func("/answer/answer-in-a-countdown", test_answer_in_a_countdown);
    g_test_add_func("/answer/answer-after-an-end-that-moves", test_answer_after_an_end_that_moves);
    g_test_add_func("/answer/shorter-than-an-answer", test_shorter_than_an_answer);
    g_test_add_func("/answer/answer-that-waits-is-said-in-a-pause",
                    test_answer_that_waits_is_said_in_a_pause);
    g_test_add_func("/answer/lead-in-tells-the-truth", test_lead_in_tells_the_truth);
    g_test_add_func("/answer/answers-in-a-pause", test_answers_in_a_pause);
    g_test_add_func("/answer/answers-can-be-read", test_answers_can_be_read);
    return g_test_run();
}
