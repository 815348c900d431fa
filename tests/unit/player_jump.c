/* Jumps, repeats, and waiting until the user goes on. */
#include "../lib/live.h"

static void test_jumps(void)
{
    struct live live;
    struct status status;
    live_init(&live, NULL);
    pull(&live, 2 * RATE);
    steer(&live, COMMAND_NEXT, 10000);
    status_of(&live, &status);
    g_assert_cmpint(status.place.step, ==, 0);
    /* Twice in a row, before anything could be laid out. */
    live.made->late = true;
    steer(&live, COMMAND_NEXT, 0);
    steer(&live, COMMAND_NEXT, 0);
    live.made->late = false;
    pull(&live, RATE);
    status_of(&live, &status);
    g_assert_cmpint(status.place.step, ==, 2);
    /* In its first three seconds: the one before; later: this one again. */
    steer(&live, COMMAND_PREVIOUS, 10000);
    pull(&live, 4 * RATE);
    status_of(&live, &status);
    g_assert_cmpint(status.place.step, ==, 1);
    int64_t before = position(&live);
    steer(&live, COMMAND_PREVIOUS, 10000);
    status_of(&live, &status);
    g_assert_cmpint(status.place.step, ==, 1);
    g_assert_cmpint(position(&live), ==, before);
    for (int i = 0; i < 5; i++) steer(&live, COMMAND_NEXT, 100);
    status_of(&live, &status);
    g_assert_cmpint(status.place.step, ==, PLACE_CLOSING);
    g_assert_cmpuint(status.jumps, ==, 8); /* two led nowhere */
    steer(&live, COMMAND_PREVIOUS, 100);
    pull(&live, RATE);
    status_of(&live, &status);
    g_assert_cmpint(status.place.step, ==, 3);
    g_assert_cmpuint(status.jumps, ==, 9);
    live_finish(&live);
}

/* The first cue of a step. */
static int64_t begin_of_step(struct live *live, int step)
{
    const GArray *cues = timeline_cues(planner_timeline(live->made->planner));
    for (guint i = 0; i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->place.step == step && cue->type != SPAN_WAKE) return cue->frame;
    }
    g_assert_not_reached();
}

/* To the frame, though the status was not asked for since before the step began. */
static void test_previous_in_the_first_seconds(void)
{
    static const struct {
        int64_t after; /* frames */
        int step;
    } cases[] = {{3 * RATE - 1, 0}, {3 * RATE, 1}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct live live;
        struct status status;
        live_init(&live, NULL);
        planner_run(live.made->planner, INT64_MAX);
        int64_t begin = begin_of_step(&live, 1);
        play_to(&live, begin - RATE);
        pull(&live, (int)(RATE + cases[i].after));
        steer(&live, COMMAND_PREVIOUS, 0);
        status_of(&live, &status);
        g_assert_cmpint(status.place.step, ==, cases[i].step);
        live_finish(&live);
    }
}

static void test_jump_keeps_pause(void)
{
    struct live live;
    struct status status;
    live_init(&live, NULL);
    pull(&live, 2 * RATE);
    steer(&live, COMMAND_PAUSE, 500);
    steer(&live, COMMAND_NEXT, 0);
    while (pull(&live, 5000) > 0)
        ;
    status_of(&live, &status);
    g_assert_cmpint(status.state, ==, STATUS_PAUSED);
    g_assert_cmpint(status.place.step, ==, 0);
    live_finish(&live);
}

static void test_ready_waits(void)
{
    struct live live;
    struct status status;
    live_init(&live, NULL);
    pull(&live, RATE);
    for (int i = 0; i < 3; i++) steer(&live, COMMAND_NEXT, 100);
    while (pull(&live, 7000) > 0)
        ;
    status_of(&live, &status);
    g_assert_cmpint(status.state, ==, STATUS_WAITING);
    g_assert_true(session_resting(live.session));
    int64_t at = position(&live);
    steer(&live, COMMAND_NEXT, 0);
    pull(&live, 1000);
    status_of(&live, &status);
    g_assert_cmpuint(status.jumps, ==, 3); /* it goes on, and not elsewhere */
    g_assert_cmpint(status.state, ==, STATUS_PLAYING);
    g_assert_cmpint(status.place.step, ==, 2);
    g_assert_cmpint(status.frame, ==, at + 1000);
    live_finish(&live);
}

/* A soft sound says from time to time that it waits: after faint noise, and it waits on. */
static void test_ready_reminds(void)
{
    struct live live;
    struct status status;
    live_init(&live, NULL);
    session_remind(live.session); /* it does not wait */
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    const struct cue *ready = nth(&live, SPAN_READY, 0);
    play_to(&live, ready->frame + ready->frames);
    g_assert_cmpint(pull(&live, RATE), ==, 0);
    for (int i = 0; i < 2; i++) {
        const struct tone *tone = &live.made->tones.tone[OCCASION_WAIT];
        session_remind(live.session);
        assert_wakes(&live, 0);
        guint from = (guint)heard_frames(&live);
        g_assert_cmpint(pull_all(&live), ==, (int)tone->frames);
        g_assert_cmpint(peak_of(&live, from, (guint)tone->frames), >, 500);
        status_of(&live, &status);
        g_assert_cmpint(status.state, ==, STATUS_WAITING);
        g_assert_cmpint(status.frame, ==, ready->frame + ready->frames);
        g_assert_true(session_resting(live.session));
    }
    live_finish(&live);
}

/* It still waits while it answers. */
static void test_ready_answers(void)
{
    struct live live;
    struct status status;
    live_init(&live, NULL);
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    const struct cue *ready = nth(&live, SPAN_READY, 0);
    play_to(&live, ready->frame + ready->frames);
    give(&live, COMMAND_WHERE, 0);
    pull(&live, RATE);
    session_status(live.session, heard_frames(&live) - RATE / 2, &status);
    g_assert_cmpint(status.state, ==, STATUS_WAITING);
    live_finish(&live);
}

/* The wait is a part of its own move, though what comes next begins on the same frame. */
static void test_ready_is_where_it_waits(void)
{
    static const char routine[] = "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = ready\nsides = right, left\n";
    struct live live;
    struct status status;
    live_init_with(&live, routine, NULL);
    planner_run(live.made->planner, INT64_MAX);
    const struct cue *ready = nth(&live, SPAN_READY, 0);
    play_to(&live, ready->frame + ready->frames);
    status_of(&live, &status);
    g_assert_cmpint(status.state, ==, STATUS_WAITING);
    g_assert_cmpint(status.place.side, ==, SIDE_RIGHT);
    g_assert_cmpint(status.restart.side, ==, SIDE_RIGHT);
    g_assert_cmpint(status.place.rep, ==, 1);
    give(&live, COMMAND_REPEAT, 0);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_READY, 1)->place.side, ==, SIDE_RIGHT);
    g_assert_cmpint(nth(&live, SPAN_READY, 2)->place.side, ==, SIDE_LEFT);
    live_finish(&live);
}

/* In the middle of it and where it waits, one can go elsewhere, and is not kept waiting there. */
static void test_ready_is_left(void)
{
    static const enum command_id commands[] = {COMMAND_PREVIOUS, COMMAND_REPEAT, COMMAND_NEXT};
    for (guint i = 0; i < 2 * G_N_ELEMENTS(commands); i++) {
        struct live live;
        struct status status;
        live_init(&live, NULL);
        pull(&live, RATE);
        planner_run(live.made->planner, INT64_MAX);
        const struct cue *ready = nth(&live, SPAN_READY, 0);
        play_to(&live, ready->frame + ready->frames - (i % 2) * RATE);
        steer(&live, commands[i / 2], 0);
        g_assert_cmpint(pull(&live, RATE), ==, RATE);
        status_of(&live, &status);
        g_assert_cmpint(status.state, ==, STATUS_PLAYING);
        live_finish(&live);
    }
}

static void test_repeat(void)
{
    struct live live;
    struct status status;
    live_init(&live, NULL);
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    int64_t at = nth(&live, SPAN_HOLD, 1)->frame + 6 * RATE;
    play_to(&live, at);
    steer(&live, COMMAND_REPEAT, 9000);
    pull(&live, ack_frames(&live, OCCASION_ACK) + 1000); /* the words come when its sound is over */
    status_of(&live, &status);
    g_assert_cmpstr(status.text, ==, "Go there and stay.");
    g_assert_cmpint(status.place.rep, ==, 2);
    planner_run(live.made->planner, INT64_MAX);
    const struct timeline *timeline = planner_timeline(live.made->planner);
    const struct cue *hold = NULL;
    for (guint i = 0; i < made_count(timeline) && !hold; i++)
        if (made_cue(timeline, i)->type == SPAN_HOLD && made_cue(timeline, i)->frame > at)
            hold = made_cue(timeline, i);
    g_assert_cmpint(hold->frames, ==, 20 * RATE);
    live_finish(&live);
}

/* At a step's release, the move that came before it is said again, not the whole step. */
static void test_repeat_in_the_release(void)
{
    struct live live;
    struct status status;
    live_init(&live, NULL);
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    const struct cue *end = nth(&live, CUE_END, 3);
    play_to(&live, end->frame + end->frames + 100);
    status_of(&live, &status);
    g_assert_cmpint(status.place.rep, ==, 0);
    g_assert_cmpint(status.restart.rep, ==, 2);
    steer(&live, COMMAND_REPEAT, 0);
    pull(&live, ack_frames(&live, OCCASION_ACK) + 1000);
    status_of(&live, &status);
    g_assert_cmpint(status.place.rep, ==, 2);
    g_assert_cmpint(status.place.side, ==, SIDE_LEFT);
    live_finish(&live);
}

/* Where a jump has led there is nothing yet that could be made anew; what is behind is over. */
static void test_another_command_after_a_jump(void)
{
    static const char routine[] =
        "[routine]\ntitle = T\n[a]\nreps = 3\n[a.x]\nsay = X.\nhold = 20s\n[a.y]\nsay = Y.\nhold = 20s\n"
        "[b]\nsay = B.\nhold = 20-30s\n";
    static const enum command_id commands[] = {COMMAND_HARDER, COMMAND_EASIER, COMMAND_LONGER,
                                               COMMAND_SHORTER};
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(commands); i++) {
        struct live live;
        struct status status;
        live_init_with(&live, routine, NULL);
        begin_hold(&live, 0, RATE);
        steer(&live, i % 2 ? COMMAND_REPEAT : COMMAND_NEXT, 1000);
        session_command(live.session, (struct command){.id = commands[i / 2]});
        pull(&live, 100);
        status_of(&live, &status);
        g_assert_cmpint(status.place.step, ==, i % 2 ? 0 : 1);
        planner_run(live.made->planner, INT64_MAX);
        /* The hold that was cut; repeated: all six of them again. */
        g_assert_nonnull(made_nth(planner_timeline(live.made->planner), SPAN_HOLD, i % 2 ? 7 : 1));
        g_assert_null(made_nth(planner_timeline(live.made->planner), SPAN_HOLD, i % 2 ? 8 : 2));
        live_finish(&live);
    }
}

static void give_step(struct live *live, enum command_id id, int step, int days)
{
    session_rewind(live->session, heard_frames(live));
    session_set_time(live->session, 1, G_GINT64_CONSTANT(1796169600) * G_USEC_PER_SEC);
    session_command(live->session, (struct command){.id = id, .given = true, .step = step, .days = days});
}

static int step_of(struct live *live)
{
    struct status status;
    status_of(live, &status);
    return status.place.step;
}

static void give_count(struct live *live, enum command_id id, int count)
{
    session_rewind(live->session, heard_frames(live));
    session_command(live->session,
                    (struct command){.id = id, .given = true, .part = PART_STEP, .count = count});
    pull(live, RATE);
}

/* Over the end and the beginning, one gets there and no further. */
static void test_counts(void)
{
    struct live live;
    live_init(&live, NULL);
    pull(&live, 2 * RATE);
    give_count(&live, COMMAND_NEXT, 2);
    g_assert_cmpint(step_of(&live), ==, 1);
    give_count(&live, COMMAND_NEXT, 2);
    g_assert_cmpint(step_of(&live), ==, 3);
    give_count(&live, COMMAND_PREVIOUS, 2);
    g_assert_cmpint(step_of(&live), ==, 1);
    give_count(&live, COMMAND_PREVIOUS, 100);
    g_assert_cmpint(step_of(&live), ==, 0);
    give_count(&live, COMMAND_NEXT, 100);
    g_assert_cmpint(step_of(&live), ==, PLACE_CLOSING);
    live_finish(&live);
}

/* One that is left out is passed over; one goes there all the same, and then it is back. */
static void test_left_out(void)
{
    struct live live;
    struct leaving leaving;
    live_init(&live, NULL);
    pull(&live, 2 * RATE);
    give_step(&live, COMMAND_SKIP, 1, 0);
    g_assert_true(session_take_leaving(live.session, &leaving));
    g_assert_cmpint(leaving.step, ==, 1);
    g_assert_true(leaving.out);
    g_assert_cmpint(leaving.until, ==, 0);
    g_assert_false(session_take_leaving(live.session, &leaving));
    steer(&live, COMMAND_NEXT, 0);
    pull(&live, RATE);
    steer(&live, COMMAND_NEXT, 0);
    pull(&live, RATE);
    g_assert_cmpint(step_of(&live), ==, 2);
    give_step(&live, COMMAND_GOTO, 1, 0);
    pull(&live, RATE);
    g_assert_cmpint(step_of(&live), ==, 1);
    /* The key: the present step, for today. */
    steer(&live, COMMAND_SKIP, 0);
    pull(&live, 5 * RATE);
    g_assert_cmpint(step_of(&live), ==, 2);
    g_assert_true(session_take_leaving(live.session, &leaving));
    g_assert_cmpint(leaving.step, ==, 1);
    g_assert_cmpint(leaving.until, >, 0);
    give_step(&live, COMMAND_UNSKIP, 1, 0);
    g_assert_true(session_take_leaving(live.session, &leaving));
    g_assert_false(leaving.out);
    live_finish(&live);
}

/* Outside of the steps there is nothing to leave out. */
static void test_nothing_to_leave_out(void)
{
    struct live live;
    struct leaving leaving;
    live_init(&live, NULL);
    pull(&live, 2 * RATE);
    steer(&live, COMMAND_SKIP, 0);
    g_assert_false(session_take_leaving(live.session, &leaving));
    g_autofree char *answer = session_take_answer(live.session);
    g_assert_cmpstr(answer, ==, "No exercise here.");
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/jump/jumps", test_jumps);
    g_test_add_func("/jump/previous-in-the-first-seconds", test_previous_in_the_first_seconds);
    g_test_add_func("/jump/jump-keeps-pause", test_jump_keeps_pause);
    g_test_add_func("/jump/ready-waits", test_ready_waits);
    g_test_add_func("/jump/ready-reminds", test_ready_reminds);
    g_test_add_func("/jump/ready-answers", test_ready_answers);
    g_test_add_func("/jump/ready-is-where-it-waits", test_ready_is_where_it_waits);
    g_test_add_func("/jump/ready-is-left", test_ready_is_left);
    g_test_add_func("/jump/repeat", test_repeat);
    g_test_add_func("/jump/repeat-in-the-release", test_repeat_in_the_release);
    g_test_add_func("/jump/another-command-after-a-jump", test_another_command_after_a_jump);
    g_test_add_func("/jump/counts", test_counts);
    g_test_add_func("/jump/left-out", test_left_out);
    g_test_add_func("/jump/nothing-to-leave-out", test_nothing_to_leave_out);
    return g_test_run();
}
