/* What is said in answer to a command: when, and beside what. */
#include "../lib/said.h"
#include <math.h>

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
    g_assert_cmpint(answer->frame, ==,
                    at + ack_frames(&live, OCCASION_ACK)); /* after the acknowledging sound */
    g_assert_cmpstr(answer->text, ==, "one, right side, repetition 1 of 2.");
    g_assert_null(role_in(&live, nth(&live, SPAN_HOLD, 0), ROLE_HALFWAY));
    g_assert_nonnull(role_in(&live, nth(&live, SPAN_HOLD, 0), ROLE_COUNTDOWN));
    live_finish(&live);
}

/* Each time is that of the frame on which its sentence begins. */
static void test_times_of_the_frame(void)
{
    struct live live;
    g_autoptr(GArray) said = said_new();
    live_init_with(&live, "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 50s\n[b]\nsay = Go.\nhold = 200s\n",
                   NULL);
    begin_hold(&live, 0, 9 * RATE + RATE / 4);
    const struct cue hold = *nth(&live, SPAN_HOLD, 0);
    steer(&live, COMMAND_WHERE, 20000);
    said_pull(&live, 6 * RATE, said);
    g_assert_cmpint(said_words(said, "a.")->position, <, hold.frame + 10 * RATE);
    const struct said *left = said_words(said, "40 seconds left."),
                      *all = said_words(said, "4 minutes to go.");
    int64_t end = hold.frame + hold.frames;
    g_assert_cmpint(ABS(end - left->position - 40 * RATE), <=, RATE / 2);
    g_assert_cmpint(all->position, >=, left->position + left->frames);
    g_assert_cmpuint(said_find(said, 0, "Halfway."), ==, G_MAXUINT);
    live_finish(&live);
}

/* Its words come late: then for a later frame, and as true. */
static void test_words_that_come_late(void)
{
    for (int late = 1; late < 40; late++) {
        struct live live;
        g_autoptr(GArray) said = said_new();
        live_init_with(&live, "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 50s\n", NULL);
        begin_hold(&live, 0, 5 * RATE);
        const struct cue hold = *nth(&live, SPAN_HOLD, 0);
        steer(&live, COMMAND_WHERE, 20000);
        live.made->late = true;
        session_lift_limit(live.session);
        said_pull(&live, late * 2000, said);
        live.made->late = false;
        said_pull(&live, 8 * RATE, said);
        guint i = 0;
        while (!strstr(said_at(said, i)->text ? said_at(said, i)->text : "", "seconds left.")) i++;
        int told = atoi(said_at(said, i)->text);
        int64_t left = hold.frame + hold.frames - said_at(said, i)->position;
        g_assert_cmpint(ABS(left - (int64_t)told * RATE), <=, RATE / 2);
        live_finish(&live);
    }
}

/* The index of the first word of an answer; what was heard up to it is checked by the caller. */
static guint answer_after(struct live *live, GArray *said, int64_t seconds)
{
    steer(live, COMMAND_WHERE, 20000);
    said_pull(live, (int)(seconds * RATE), said);
    return said_find(said, 0, "one, ");
}

static const char released[] = "[routine]\ntitle = T\n[one]\nreps = 2\nsides = right, left\n"
                               "[one.a]\nsay = Go.\nhold = 20s\nrelease = Come back. Rest.\n";

/* What cannot end before the countdown is said after the release: never between the end and it. It leaves out
 * what is over. */
static void test_answer_after_the_release(void)
{
    static const int64_t asked[] = {16 * RATE, 17 * RATE, 19 * RATE + RATE / 2, 20 * RATE,
                                    20 * RATE + RATE / 10};
    for (guint i = 0; i < G_N_ELEMENTS(asked); i++) {
        struct live live;
        g_autoptr(GArray) said = said_new();
        live_init_with(&live, released, NULL);
        begin_hold(&live, 0, asked[i]);
        guint answer = answer_after(&live, said, 12), release = said_find(said, 0, "Rest.");
        g_assert_cmpuint(release, <, answer);
        g_assert_cmpstr(said_at(said, answer)->text, ==, "one, right side, repetition 1 of 2.");
        g_assert_true(said_at(said, answer)->stands);
        const struct said *word = said_at(said, release);
        g_assert_cmpint(said_at(said, answer)->position, >=, word->position + word->frames);
        g_assert_cmpstr(said_at(said, answer + 1)->text, ==, "1 minute to go.");
        live_finish(&live);
    }
}

/* Where a step has its release only, after that. */
static void test_answer_after_the_release_of_the_step(void)
{
    struct live live;
    g_autoptr(GArray) said = said_new();
    live_init_with(
        &live,
        "[routine]\ntitle = T\n[one]\nrelease = Off.\n[one.a]\nsay = A.\nhold = 9s\nrelease = Let go. "
        "Lie down.\n",
        NULL);
    begin_hold(&live, 0, 7 * RATE);
    answer_after(&live, said, 12);
    g_assert_cmpuint(said_find(said, 0, "Off."), ==, said_find(said, 0, "one.") - 1);
    live_finish(&live);
}

/* Two answers of a kind that have not begun are one, and that is the present one. */
static void test_where_takes_the_place_of_where(void)
{
    struct live live;
    g_autoptr(GArray) said = said_new();
    live_init_with(&live, released, NULL);
    begin_hold(&live, 0, 16 * RATE);
    steer(&live, COMMAND_WHERE, 20000);
    pull(&live, 1000);
    guint first = answer_after(&live, said, 16);
    g_assert_cmpuint(said_find(said, first + 1, "one, "), ==, G_MAXUINT);
    live_finish(&live);
}

static const char long_instruction[] = "[routine]\ntitle = T\n[a]\nsay = One goes first. Stay there for "
                                       "{seconds} seconds. Then breathe for {seconds} "
                                       "seconds.\nhold = 20s\n[b]\nsay = B.\nhold = 9s\n";

/* Plays to the middle of a sentence. */
static void play_into(struct live *live, const char *words)
{
    const struct timeline *timeline = planner_timeline(live->made->planner);
    pull(live, RATE);
    planner_run(live->made->planner, INT64_MAX);
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        if (!cue->text || !g_str_has_prefix(cue->text, words)) continue;
        play_to(live, cue->frame + cue->frames / 2);
        return;
    }
    g_assert_not_reached();
}

/* The sentence under way ends, the answer is said, and the next sentence says what holds now. */
static void test_answer_between_sentences(void)
{
    static const char *const expected[] = {"10 seconds longer.", "Stay there for 30 seconds.",
                                           "Then breathe for 30 seconds.", NULL};
    struct live live;
    g_autoptr(GArray) said = said_new();
    live_init_with(&live, long_instruction, NULL);
    play_into(&live, "One goes");
    int64_t before = position(&live);
    give(&live, COMMAND_LONGER, 10);
    said_until(&live, CUE_GO, said);
    for (guint i = 0; expected[i]; i++) g_assert_cmpstr(said_at(said, i)->text, ==, expected[i]);
    g_assert_cmpuint(said->len, ==, 4);
    g_assert_cmpint(said_at(said, 0)->position - before, ==, (int64_t)strlen("One goes first.") * RATE / 100);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 30 * RATE);
    live_finish(&live);
}

/* Also in the gap behind the first sentence and in the second, and more than once. */
static void test_longer_in_later_sentences(void)
{
    struct live live;
    g_autoptr(GArray) said = said_new();
    live_init_with(&live, long_instruction, NULL);
    play_into(&live, "Stay there");
    give(&live, COMMAND_LONGER, 10);
    said_pull(&live, RATE / 10, said);
    give(&live, COMMAND_LONGER, 10);
    said_until(&live, CUE_GO, said);
    g_assert_cmpstr(said_at(said, 0)->text, ==, "10 seconds longer.");
    g_assert_cmpstr(said_at(said, 1)->text, ==, "10 seconds longer.");
    g_assert_cmpstr(said_at(said, 2)->text, ==, "Then breathe for 40 seconds.");
    g_assert_cmpuint(said->len, ==, 4);
    live_finish(&live);
}

/* Halfway is said once. */
static void test_halfway_is_not_said_twice(void)
{
    struct live live;
    g_autoptr(GArray) said = said_new();
    live_init_with(&live, "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 30s\n", NULL);
    begin_hold(&live, 0, RATE);
    said_pull(&live, 15 * RATE, said);
    give(&live, COMMAND_LONGER, 20);
    said_until(&live, CUE_END, said);
    guint first = said_find(said, 0, "Halfway.");
    g_assert_cmpuint(first, <, said->len);
    g_assert_cmpuint(said_find(said, first + 1, "Halfway."), ==, G_MAXUINT);
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
    assert_pulled(&live, 6.6); /* the lead-in takes 6.9 s in all */
    g_assert_cmpint(position(&live), >, at);
    g_assert_cmpint(phrase_from(&live, at)->frame, <, at + RATE);
    live_finish(&live);
}

/* Of several answers in a hold, each waits for the one before; making it longer does not take any away. */
static void test_answers_in_a_hold(void)
{
    struct live live;
    g_autoptr(GArray) said = said_new();
    live_init_with(&live, released, (const char *const[]){"pace.level=10", NULL});
    begin_hold(&live, 0, 2 * RATE);
    steer(&live, COMMAND_WHERE, 0);
    give(&live, COMMAND_EASIER, 0);
    said_pull(&live, 1000, said);
    give(&live, COMMAND_LONGER, 10);
    said_until(&live, CUE_END, said);
    assert_no_overlap(&live);
    guint where = said_find(said, 0, "one, "), easier = said_find(said, where, "Easier."),
          longer = said_find(said, easier, "10 seconds longer.");
    g_assert_cmpuint(longer, <, said->len);
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

/* A hold that is made longer has room for what was to come after its release, with the times that it has now.
 */
static void test_answer_finds_room_again(void)
{
    struct live live;
    g_autoptr(GArray) said = said_new();
    live_init(&live, NULL);
    begin_hold(&live, 0, 16 * RATE);
    steer(&live, COMMAND_WHERE, 0);
    pull(&live, 1000);
    give(&live, COMMAND_LONGER, 20);
    said_pull(&live, 10 * RATE, said);
    const struct cue *hold = nth(&live, SPAN_HOLD, 0);
    guint left = said_find(said, 0, "23 seconds left.");
    g_assert_cmpuint(left, <, said_find(said, 0, "20 seconds longer."));
    int64_t frames = hold->frame + hold->frames - said_at(said, left)->position;
    g_assert_cmpint(ABS(frames - 23 * RATE), <=, RATE / 2);
    live_finish(&live);
}

/* What is left of an answer when the hold is made longer tells the time that is left then. */
static void test_longer_in_an_answer(void)
{
    struct live live;
    g_autoptr(GArray) said = said_new();
    live_init(&live, NULL);
    begin_hold(&live, 0, 4 * RATE);
    steer(&live, COMMAND_WHERE, 0);
    said_pull(&live, RATE / 2, said);
    give(&live, COMMAND_LONGER, 20);
    said_pull(&live, 8 * RATE, said);
    const struct cue *hold = nth(&live, SPAN_HOLD, 0);
    const struct said *left = said_words(said, "3");
    g_assert_true(g_str_has_suffix(left->text, " seconds left."));
    int64_t frames = hold->frame + hold->frames - left->position;
    g_assert_cmpint(ABS(frames - (int64_t)atoi(left->text) * RATE), <=, RATE / 2);
    guint first = said_find(said, 0, "one, ");
    g_assert_cmpuint(first, <, said->len);
    g_assert_cmpuint(said_find(said, first + 1, "one, "), ==, G_MAXUINT);
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

/* A hold that is changed while it is led in to is led in to anew; a time that is not known yet is not told.
 */
static void test_shorter_in_a_lead_in(void)
{
    for (int late = 0; late <= 1; late++) {
        struct live live;
        g_autoptr(GArray) said = said_new();
        live_init_with(&live, "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 20s\n", NULL);
        begin_hold(&live, 0, RATE);
        steer(&live, COMMAND_PAUSE, 0);
        pull_all(&live);
        steer(&live, COMMAND_RESUME, 0);
        pull(&live, RATE / 2);
        live.made->late = late;
        give(&live, COMMAND_SHORTER, 5);
        said_pull(&live, RATE / 10, said);
        live.made->late = false;
        said_until(&live, CUE_TICK, said);
        g_assert_cmpuint(said_find(said, 0, "19 seconds left."), ==, G_MAXUINT);
        g_assert_cmpint(said_find(said, 0, "14 seconds left.") == G_MAXUINT, ==, late);
        said_words(said, "Going on in");
        live_finish(&live);
    }
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
    pull(&live, RATE / 4);
    give(&live, COMMAND_WHERE, 0);
    /* Only the first comes after its acknowledging sound: that of the second is over by then. */
    g_assert_cmpint(RATE / 4 + pull_all(&live), ==, 2 * one - ack_frames(&live, OCCASION_ACK));
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
    assert_answered(&live, COMMAND_VOLUME, -6, "Volume -6 dB.");
    assert_answered(&live, COMMAND_REPEAT, 0, NULL);
    assert_answered(&live, COMMAND_PAUSE, 0, "Paused.");
    live_finish(&live);
}

static void assert_here(struct live *live, const char *words)
{
    g_autofree char *here = session_here(live->session, position(live));
    g_assert_cmpstr(here, ==, words);
}

/* For those who ask for something that has no answer. */
static void test_where_it_is_can_be_read(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, RATE);
    assert_here(&live, "one, right side, repetition 1 of 2. 19 seconds left.");
    give(&live, COMMAND_PAUSE, 0);
    assert_here(&live, "Paused. one, right side, repetition 1 of 2. 19 seconds left.");
    live_finish(&live);
}

/* Each of the short sounds is whole in what is heard, from its first sample, behind the 5 ms in which sound
 * fades in. A pause comes behind a moment of silence. */
static void test_acknowledged_in_whole(void)
{
    static const struct {
        enum command_id id;
        enum occasion sound;
    } commands[] = {{COMMAND_LONGER, OCCASION_ACK},
                    {COMMAND_LOUDER, OCCASION_REFUSED},
                    {COMMAND_PAUSE, OCCASION_PAUSED},
                    {COMMAND_RESUME, OCCASION_GOING_ON},
                    {COMMAND_STOP, OCCASION_STOPPED}};
    struct live live;
    live_init_with(&live, "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 100s\n",
                   (const char *const[]){"count.tick=off", "count.announce=off", "count.halfway=off",
                                         "sound.wake=0s", NULL});
    begin_hold(&live, 0, 5 * RATE);
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        const struct tone *tone = &live.made->tones.tone[commands[i].sound];
        give(&live, commands[i].id, 10);
        guint from = (guint)heard_frames(&live) + RATE * (commands[i].id == COMMAND_PAUSE ? 60 : 5) / 1000;
        pull(&live, 2 * RATE);
        for (guint n = 0; n < tone->frames; n++)
            g_assert_cmpint(g_array_index(live.heard, int16_t, 2 * (from + n)), ==,
                            lrintf(tone->samples[n] * 32768));
        if (commands[i].id == COMMAND_RESUME) pull(&live, 8 * RATE);
    }
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/answer/answer-in-a-hold", test_answer_in_a_hold);
    g_test_add_func("/answer/where-it-is-can-be-read", test_where_it_is_can_be_read);
    g_test_add_func("/answer/acknowledged-in-whole", test_acknowledged_in_whole);
    g_test_add_func("/answer/times-of-the-frame", test_times_of_the_frame);
    g_test_add_func("/answer/words-that-come-late", test_words_that_come_late);
    g_test_add_func("/answer/answer-after-the-release", test_answer_after_the_release);
    g_test_add_func("/answer/answer-after-the-release-of-the-step",
                    test_answer_after_the_release_of_the_step);
    g_test_add_func("/answer/where-takes-the-place-of-where", test_where_takes_the_place_of_where);
    g_test_add_func("/answer/answer-between-sentences", test_answer_between_sentences);
    g_test_add_func("/answer/longer-in-later-sentences", test_longer_in_later_sentences);
    g_test_add_func("/answer/halfway-is-not-said-twice", test_halfway_is_not_said_twice);
    g_test_add_func("/answer/answer-in-an-utterance", test_answer_in_an_utterance);
    g_test_add_func("/answer/answers-in-a-hold", test_answers_in_a_hold);
    g_test_add_func("/answer/answer-in-a-lead-in", test_answer_in_a_lead_in);
    g_test_add_func("/answer/answer-in-a-countdown", test_answer_in_a_countdown);
    g_test_add_func("/answer/answer-finds-room-again", test_answer_finds_room_again);
    g_test_add_func("/answer/longer-in-an-answer", test_longer_in_an_answer);
    g_test_add_func("/answer/shorter-than-an-answer", test_shorter_than_an_answer);
    g_test_add_func("/answer/answer-that-waits-is-said-in-a-pause",
                    test_answer_that_waits_is_said_in_a_pause);
    g_test_add_func("/answer/lead-in-tells-the-truth", test_lead_in_tells_the_truth);
    g_test_add_func("/answer/shorter-in-a-lead-in", test_shorter_in_a_lead_in);
    g_test_add_func("/answer/answers-in-a-pause", test_answers_in_a_pause);
    g_test_add_func("/answer/answers-can-be-read", test_answers_can_be_read);
    return g_test_run();
}
