/* Begin, coming, and what is asked twice. */
#include "../lib/said.h"

static const char routine[] = "[routine]\ntitle = T\ncaution = Take care. Go slowly.\n"
                              "[one]\ntitle = One\nsetup = Sit on the floor.\nsay = Go there. And "
                              "stay.\nhold = 20s\nreps = 2\nbetween = 10s\n"
                              "release = Come back.\n"
                              "[two]\ntitle = Two\nsay = Get ready.\nhold = ready\n"
                              "[three]\ntitle = Three\nsay = Stay.\nhold = 180s\n";

static void init(struct live *live)
{
    live_init_with(live, routine, NULL);
    pull(live, RATE);
}

static void begin(struct live *live)
{
    steer(live, COMMAND_BEGIN, 20000);
}

/* What sounds first behind the acknowledging sound. */
static struct said first_heard(struct live *live)
{
    g_autoptr(GArray) said = said_new();
    while (said->len == 0) g_assert_cmpint(said_pull(live, 400, said), >, 0);
    struct said first = *said_at(said, 0);
    first.text = NULL;
    return first;
}

/* Out of the words, however much of them has been spoken yet, and into the hold. */
static void test_out_of_the_words(void)
{
    for (int laid = 0; laid < 2; laid++) {
        struct live live;
        init(&live);
        steer(&live, COMMAND_NEXT, 0);
        pull(&live, RATE);
        if (laid) planner_run(live.made->planner, INT64_MAX);
        begin(&live);
        struct said first = first_heard(&live);
        g_assert_cmpint(first.type, ==, CUE_GO);
        g_assert_cmpint(first.place.rep, ==, 1);
        pull(&live, RATE);
        struct status status;
        status_of(&live, &status);
        g_assert_cmpfloat(status.hold, ==, 20);
        /* There is nothing to begin in it. */
        g_free(session_take_answer(live.session));
        begin(&live);
        g_autofree char *answer = session_take_answer(live.session);
        g_assert_cmpstr(answer, ==, "It has begun.");
        g_assert_cmpint(live.session->sound, ==, OCCASION_REFUSED);
        live_finish(&live);
    }
}

/* Also just behind a jump, where nothing of the step is on the timeline yet, and it is a step of one block.
 */
static void test_out_of_what_has_not_begun(void)
{
    for (int steps = 1; steps <= 3; steps += 2) {
        struct live live;
        init(&live);
        for (int i = 0; i < steps; i++) steer(&live, COMMAND_NEXT, 0);
        pull(&live, 100);
        begin(&live);
        struct said first = first_heard(&live);
        g_assert_cmpint(first.type, ==, CUE_GO);
        g_assert_cmpint(first.place.step, ==, steps - 1);
        live_finish(&live);
    }
}

/* Out of a wait, and on with what follows it. */
static void test_out_of_a_wait(void)
{
    static const enum cue_type spans[] = {SPAN_PREPARE, SPAN_REST, SPAN_READY};
    for (guint i = 0; i < G_N_ELEMENTS(spans); i++) {
        struct live live;
        init(&live);
        planner_run(live.made->planner, INT64_MAX);
        const struct cue *span = nth(&live, spans[i], 0);
        int64_t end = span->frame + span->frames;
        play_to(&live, span->frame + RATE);
        begin(&live);
        g_assert_cmpint(position(&live), ==, end);
        pull(&live, RATE);
        g_assert_cmpint(position(&live), >, end);
        struct status status;
        status_of(&live, &status);
        g_assert_cmpint(status.state, ==, STATUS_PLAYING);
        live_finish(&live);
    }
}

/* A pause ends with it; a hold goes on with its sound, and without words. */
static void test_out_of_a_pause(void)
{
    struct live live;
    init(&live);
    begin_hold(&live, 0, 5 * RATE);
    steer(&live, COMMAND_PAUSE, 0);
    pull_all(&live);
    int64_t at = position(&live);
    begin(&live);
    pull(&live, ack_frames(&live, OCCASION_ACK) + 10);
    g_assert_cmpint(position(&live), ==, at + 10);
    g_assert_cmpuint(live.session->go, ==, heard_frames(&live) - 10);
    live_finish(&live);
}

/* Behind the last hold of a step it leads to the next step. */
static void test_out_of_the_last_words(void)
{
    struct live live;
    struct status status;
    init(&live);
    planner_run(live.made->planner, INT64_MAX);
    const struct cue *end = nth(&live, CUE_END, 1);
    play_to(&live, end->frame + end->frames + RATE / 10);
    begin(&live);
    pull(&live, RATE);
    status_of(&live, &status);
    g_assert_cmpint(status.place.step, ==, 1);
    live_finish(&live);
}

static void ask(struct live *live, enum command_id id, int64_t seconds)
{
    session_set_time(live->session, seconds * G_USEC_PER_SEC, 0);
    steer(live, id, 0);
}

/* Once: the instruction. Twice within ten seconds: how to get into position, and time for it. */
static void test_repeat_twice(void)
{
    struct live live;
    init(&live);
    begin_hold(&live, 0, 5 * RATE);
    for (int i = 0; i < 4; i++) {
        g_autoptr(GArray) said = said_new();
        ask(&live, COMMAND_REPEAT, 100 + (i == 3 ? 30 : 5 * i));
        said_pull(&live, RATE, said);
        g_assert_cmpstr(said_at(said, 0)->text, ==, i == 1 ? "Sit on the floor." : "Go there.");
    }
    live_finish(&live);
}

/* A step that is led back to is not the next one. */
static void test_previous_is_not_next(void)
{
    struct live live;
    init(&live);
    for (int i = 0; i < 3; i++) steer(&live, COMMAND_NEXT, 0);
    pull(&live, 8 * RATE);
    g_autoptr(GArray) said = said_new();
    steer(&live, COMMAND_PREVIOUS, 0);
    said_pull(&live, 2 * RATE, said);
    g_assert_cmpuint(said_find(said, 0, "3 of 3."), ==, 0);
    g_assert_cmpuint(said_find(said, 0, "Three."), ==, 1);
    live_finish(&live);
}

static void expect_coming(struct live *live, const char *words)
{
    g_free(session_take_answer(live->session));
    give(live, COMMAND_COMING, 0);
    g_autofree char *answer = session_take_answer(live->session);
    g_assert_cmpstr(answer, ==, words);
}

/* The next step and when, whether it has been laid out or not. */
static void test_coming(void)
{
    for (int laid = 0; laid < 2; laid++) {
        struct live live;
        init(&live);
        steer(&live, COMMAND_NEXT, 0);
        pull(&live, RATE);
        if (laid) planner_run(live.made->planner, INT64_MAX);
        expect_coming(&live, "Next: Two, in 1 minute.");
        for (int i = 0; i < 2; i++) steer(&live, COMMAND_NEXT, 0);
        pull(&live, RATE);
        if (laid) planner_run(live.made->planner, INT64_MAX);
        expect_coming(&live, "Next: The end, in 3 minutes.");
        steer(&live, COMMAND_NEXT, 0);
        expect_coming(&live, "You are at the end.");
        live_finish(&live);
    }
}

/* What has not been said is spoken at the new rate: the rest of the words, the answer, and the prompts of the
 * hold under way. What is being said ends as it began. */
static void test_faster(void)
{
    struct live live;
    init(&live);
    planner_run(live.made->planner, INT64_MAX);
    const struct cue *minutes = nth(&live, CUE_SPEECH, 1);
    g_autoptr(GArray) said = said_new();
    play_to(&live, minutes->frame + 100);
    int64_t end = minutes->frame + minutes->frames;
    give(&live, COMMAND_FASTER, 0);
    said_pull(&live, 3 * RATE, said);
    g_assert_cmpint(said_at(said, 0)->position, ==, end);
    g_assert_cmpstr(said_at(said, 0)->text, ==, "Faster.");
    g_assert_cmpstr(said_at(said, 1)->text, ==, "Take care.");
    for (guint i = 0; i < 2; i++)
        g_assert_cmpint(said_at(said, i)->frames, ==,
                        (int64_t)strlen(said_at(said, i)->text) * RATE * 2 / 110);
    live_finish(&live);
    init(&live);
    begin_hold(&live, 0, 2 * RATE);
    for (int i = 0; i < 3; i++) give(&live, COMMAND_SLOWER, 0);
    pull(&live, RATE);
    const struct cue *three = role_in(&live, nth(&live, SPAN_HOLD, 0), ROLE_COUNTDOWN);
    g_assert_cmpint(three->frames, ==, (int64_t)strlen("Three.") * RATE * 2 / 70);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 20 * RATE);
    live_finish(&live);
}

/* Within bounds, which are said. */
static void test_fastest(void)
{
    struct live live;
    init(&live);
    for (int i = 0; i < 10; i++) give(&live, COMMAND_FASTER, 0);
    g_free(session_take_answer(live.session));
    give(&live, COMMAND_FASTER, 0);
    g_autofree char *answer = session_take_answer(live.session);
    g_assert_cmpstr(answer, ==, "Already the fastest.");
    g_assert_cmpint(live.made->percent, ==, 200);
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/begin/out-of-the-words", test_out_of_the_words);
    g_test_add_func("/begin/out-of-what-has-not-begun", test_out_of_what_has_not_begun);
    g_test_add_func("/begin/out-of-a-wait", test_out_of_a_wait);
    g_test_add_func("/begin/out-of-a-pause", test_out_of_a_pause);
    g_test_add_func("/begin/out-of-the-last-words", test_out_of_the_last_words);
    g_test_add_func("/begin/repeat-twice", test_repeat_twice);
    g_test_add_func("/begin/previous-is-not-next", test_previous_is_not_next);
    g_test_add_func("/begin/coming", test_coming);
    g_test_add_func("/begin/faster", test_faster);
    g_test_add_func("/begin/fastest", test_fastest);
    return g_test_run();
}
