/* A menu: what is said, how one is chosen, and that nothing of a session is said in it. */
#include "../lib/live.h"
#include "player/session_private.h"

static const char text[] = "[routine]\ntitle = Routines\nabout = 3 routines\n"
                           "[a]\ntitle = Alpha, 1 minute\nsay = -\nhold = ready\n"
                           "[b]\ntitle = Beta, 2 minutes\nsay = -\nhold = ready\n"
                           "[c]\ntitle = Gamma, 3 minutes\nsay = -\nhold = ready\n";

static const char question[] =
    "[routine]\ntitle = Alpha\n[a]\ntitle = Time for Alpha. 1 minute?\nsay = -\nhold = ready\n";

static void begin(struct live *live, enum routine_kind kind)
{
    *live = (struct live){.made = made_new(kind == ROUTINE_QUESTION ? question : text, NULL)};
    const struct made *made = live->made;
    made->routine->kind = kind;
    const struct session_parts parts = {made->planner, &made->script, &made->timing,
                                        &made->ops,    &made->tones,  NULL};
    live->session = session_new(&parts);
    live->heard = g_array_new(FALSE, FALSE, sizeof(int16_t));
}

static int step_of(struct live *live)
{
    struct status status;
    status_of(live, &status);
    return status.place.step;
}

static void assert_state(struct live *live, enum status_state state, int step)
{
    struct status status;
    status_of(live, &status);
    g_assert_cmpint(status.state, ==, state);
    g_assert_cmpint(status.place.step, ==, step);
}

/* The title's sentence is on the timeline. */
static const struct cue *title_of(struct live *live, const char *title)
{
    const struct timeline *timeline = planner_timeline(live->made->planner);
    for (guint i = made_count(timeline); i-- > 0;)
        if (g_strcmp0(made_cue(timeline, i)->text, title) == 0) return made_cue(timeline, i);
    g_test_message("no '%s'", title);
    g_test_fail();
    return NULL;
}

/* Pulls until the title of step `n` has been said for so many frames. */
static void hear(struct live *live, int n, int64_t frames)
{
    while (step_of(live) != n) g_assert_cmpint(pull(live, 1000), >, 0);
    pull(live, (int)frames);
    g_assert_cmpint(step_of(live), ==, n);
}

static void test_goes_through_all_and_waits(void)
{
    struct live live;
    begin(&live, ROUTINE_MENU);
    pull_all(&live);
    assert_state(&live, STATUS_WAITING, 2);
    const struct cue *alpha = title_of(&live, "Alpha, 1 minute."),
                     *beta = title_of(&live, "Beta, 2 minutes."),
                     *gamma = title_of(&live, "Gamma, 3 minutes.");
    g_assert_cmpint(title_of(&live, "3 routines.")->frame, <, alpha->frame);
    g_assert_cmpint(beta->frame - alpha->frame - alpha->frames, >=, 3 * RATE); /* time to choose */
    g_assert_cmpint(gamma->frame - beta->frame - beta->frames, >=, 3 * RATE);
    g_assert_null(made_nth(planner_timeline(live.made->planner), CUE_CHIME, 0));
    guint speech = 0;
    while (made_nth(planner_timeline(live.made->planner), CUE_SPEECH, speech)) speech++;
    g_assert_cmpuint(speech, ==, 4);
    g_assert_false(session_over(live.session));
    live_finish(&live);
}

/* It waits where it has been led, and goes round. */
static void test_next_and_previous(void)
{
    static const struct {
        enum command_id id;
        int step;
        const char *answer;
    } steps[] = {
        {COMMAND_NEXT, 1, "2 of 3. Beta, 2 minutes."},     {COMMAND_NEXT, 2, "3 of 3. Gamma, 3 minutes."},
        {COMMAND_NEXT, 0, "1 of 3. Alpha, 1 minute."},     {COMMAND_PREVIOUS, 2, "3 of 3. Gamma, 3 minutes."},
        {COMMAND_WHERE, 2, "3 of 3. Gamma, 3 minutes."},   {COMMAND_PREVIOUS, 1, "2 of 3. Beta, 2 minutes."},
        {COMMAND_PREVIOUS, 0, "1 of 3. Alpha, 1 minute."},
    };
    struct live live;
    begin(&live, ROUTINE_MENU);
    hear(&live, 0, 1000);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        steer(&live, steps[i].id, 500);
        g_autofree char *answer = session_take_answer(live.session);
        g_assert_cmpstr(answer, ==, steps[i].answer);
        pull_all(&live);
        assert_state(&live, STATUS_WAITING, steps[i].step);
        g_assert_cmpint(title_of(&live, strchr(steps[i].answer, '.') + 2)->place.step, ==, steps[i].step);
    }
    live_finish(&live);
}

static void go_from_the_head(enum command_id id, int step)
{
    struct live live;
    begin(&live, ROUTINE_MENU);
    pull(&live, RATE + 1000);
    g_assert_cmpint(step_of(&live), ==, PLACE_HEAD);
    steer(&live, id, 0);
    pull(&live, 5000);
    g_assert_cmpint(step_of(&live), ==, step);
    live_finish(&live);
}

static void test_before_the_first_title(void)
{
    go_from_the_head(COMMAND_NEXT, 0);
    go_from_the_head(COMMAND_PREVIOUS, 2);
    go_from_the_head(COMMAND_REPEAT, 0);
}

static void choose(enum command_id id, int heard, int64_t frames, int expected)
{
    struct live live;
    begin(&live, ROUTINE_MENU);
    hear(&live, heard, frames);
    steer(&live, id, 2000);
    g_assert_cmpint(session_chosen(live.session), ==, expected);
    g_assert_true(session_over(live.session));
    g_assert_cmpint(pull_all(&live), >=,
                    ack_frames(&live, OCCASION_ACK)); /* it is acknowledged, and that is all */
    g_assert_cmpint(pull_all(&live), ==, 0);
    live_finish(&live);
}

static void test_choosing(void)
{
    choose(COMMAND_TOGGLE, 0, RATE, 0);
    choose(COMMAND_RESUME, 1, RATE, 1);
    choose(COMMAND_TOGGLE, 2, 2 * RATE, 2);
    choose(COMMAND_TOGGLE, 1, RATE / 10, 0); /* too soon to have been meant for this one */
    choose(COMMAND_TOGGLE, 0, RATE / 10, 0);
}

/* A title that was asked for is meant, however soon. */
static void test_choosing_what_was_led_to(void)
{
    struct live live;
    begin(&live, ROUTINE_MENU);
    hear(&live, 0, RATE);
    steer(&live, COMMAND_NEXT, 0);
    pull(&live, 1000);
    steer(&live, COMMAND_TOGGLE, 0);
    g_assert_cmpint(session_chosen(live.session), ==, 1);
    live_finish(&live);
}

/* Nothing has been said that could be meant: the first title comes at once. */
static void test_play_before_the_first_title(void)
{
    struct live live;
    begin(&live, ROUTINE_MENU);
    pull(&live, RATE + 1000);
    steer(&live, COMMAND_TOGGLE, 0);
    g_assert_cmpint(session_chosen(live.session), ==, -1);
    pull(&live, 5000);
    assert_state(&live, STATUS_PLAYING, 0);
    live_finish(&live);
}

/* A chime, the question as it stands, and time for an answer. */
static void test_question(void)
{
    struct live live;
    begin(&live, ROUTINE_QUESTION);
    pull_all(&live);
    assert_state(&live, STATUS_WAITING, 0);
    const struct timeline *timeline = planner_timeline(live.made->planner);
    const struct cue *chime = made_nth(timeline, CUE_CHIME, 0), *first = title_of(&live, "Time for Alpha."),
                     *second = title_of(&live, "1 minute?");
    g_assert_cmpint(chime->frame + chime->frames, <=, first->frame);
    g_assert_cmpint(first->frame, <, second->frame);
    g_assert_null(made_nth(timeline, CUE_SPEECH, 2));
    steer(&live, COMMAND_NEXT, 0);
    g_autofree char *answer = session_take_answer(live.session);
    g_assert_cmpstr(answer, ==, "1 of 1. Time for Alpha. 1 minute?");
    pull_all(&live);
    steer(&live, COMMAND_TOGGLE, 0);
    g_assert_cmpint(session_chosen(live.session), ==, 0);
    live_finish(&live);
}

/* A hand may be quicker than the words. */
static void test_question_answered_early(void)
{
    struct live live;
    begin(&live, ROUTINE_QUESTION);
    pull(&live, 1000);
    steer(&live, COMMAND_RESUME, 0);
    g_assert_cmpint(session_chosen(live.session), ==, 0);
    live_finish(&live);
}

static void test_pause_and_stop(void)
{
    struct live live;
    begin(&live, ROUTINE_MENU);
    hear(&live, 1, RATE);
    steer(&live, COMMAND_PAUSE, 0);
    pull_all(&live);
    assert_state(&live, STATUS_PAUSED, 1);
    steer(&live, COMMAND_TOGGLE, 0);
    g_assert_cmpint(session_chosen(live.session), ==, 1);
    live_finish(&live);
    begin(&live, ROUTINE_MENU);
    hear(&live, 1, RATE);
    steer(&live, COMMAND_STOP, 0);
    pull_all(&live);
    g_assert_true(session_over(live.session));
    g_assert_cmpint(session_chosen(live.session), ==, -1);
    live_finish(&live);
}

static void test_what_has_no_meaning_in_it(void)
{
    struct live live;
    begin(&live, ROUTINE_MENU);
    hear(&live, 1, RATE);
    static const enum command_id ids[] = {COMMAND_COMING, COMMAND_EASIER,  COMMAND_HARDER, COMMAND_WIDER,
                                          COMMAND_LONGER, COMMAND_SHORTER, COMMAND_FINER};
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        steer(&live, ids[i], 0);
        g_autofree char *answer = session_take_answer(live.session);
        g_assert_cmpstr(answer, ==, "Not in the menu.");
        g_assert_cmpint(live.session->sound, ==, OCCASION_REFUSED);
    }
    live_finish(&live);
}

static void test_list(void)
{
    struct live live;
    begin(&live, ROUTINE_LIST);
    pull_all(&live);
    g_assert_true(session_over(live.session));
    g_assert_cmpint(session_chosen(live.session), ==, -1);
    const struct cue *alpha = title_of(&live, "Alpha, 1 minute."),
                     *beta = title_of(&live, "Beta, 2 minutes.");
    g_assert_cmpint(beta->frame - alpha->frame - alpha->frames, <, RATE);
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/menu/goes-through-all-and-waits", test_goes_through_all_and_waits);
    g_test_add_func("/menu/next-and-previous", test_next_and_previous);
    g_test_add_func("/menu/before-the-first-title", test_before_the_first_title);
    g_test_add_func("/menu/choosing", test_choosing);
    g_test_add_func("/menu/choosing-what-was-led-to", test_choosing_what_was_led_to);
    g_test_add_func("/menu/play-before-the-first-title", test_play_before_the_first_title);
    g_test_add_func("/menu/pause-and-stop", test_pause_and_stop);
    g_test_add_func("/menu/what-has-no-meaning-in-it", test_what_has_no_meaning_in_it);
    g_test_add_func("/menu/question", test_question);
    g_test_add_func("/menu/question-answered-early", test_question_answered_early);
    g_test_add_func("/menu/list", test_list);
    return g_test_run();
}
