#include "../lib/live.h"

static const char text[] = "[routine]\ntitle = T\ncaution = Take care of yourself.\n"
                           "[one]\nsay = Go there and stay.\ncue = Again.\nhold = 20s\nsides = right, "
                           "left\nreps = 2\nrelease = Come back.\n"
                           "[two]\nsay = Breathe.\nhold = 4 breaths\n"
                           "[three]\nsay = Get ready.\nhold = ready\nrelease = Good.\n"
                           "[four]\nsay = Last.\nhold = 5s\n";

static void live_init(struct live *live, const char *const *sets)
{
    live_init_with(live, text, sets);
}

/* The whole of a session that nobody steers. `ready` has to be gone on from. */
static void play_whole(struct live *live, GRand *random)
{
    for (int stuck = 0; !session_over(live->session) && stuck < 3;) {
        struct status status;
        status_of(live, &status);
        if (status.state == STATUS_WAITING) {
            session_rewind(live->session, heard_frames(live));
            session_command(live->session, (struct order){.command = COMMAND_RESUME});
        }
        stuck = pull(live, g_rand_int_range(random, 1, 30000)) == 0 ? stuck + 1 : 0;
    }
    g_assert_true(session_over(live->session));
}

static GArray *rendered(struct made *made)
{
    const struct timeline *timeline = made_whole(made);
    struct mixer mixer = {&made->tones, mixer_gain(made->settings->sound.volume)};
    GArray *all = g_array_new(FALSE, FALSE, sizeof(int16_t));
    g_array_set_size(all, (guint)timeline_end(timeline) * 2);
    for (int64_t at = 0; at < timeline_end(timeline); at += 4096)
        mixer_mix(&mixer, timeline, at, (int)MIN(4096, timeline_end(timeline) - at),
                  &g_array_index(all, int16_t, at * 2));
    return all;
}

static void assert_same(const GArray *a, guint a_frame, const GArray *b, guint b_frame, guint frames)
{
    for (guint i = 0; i < frames * 2; i++)
        if (g_array_index(a, int16_t, a_frame * 2 + i) != g_array_index(b, int16_t, b_frame * 2 + i))
            g_error("differs after %u of %u frames", i / 2, frames);
}

static void test_live_equals_rendered(void)
{
    struct live live;
    live_init(&live, NULL);
    AUTO(made) made = made_new(text, NULL);
    g_autoptr(GArray) all = rendered(made);
    GRand *random = g_rand_new_with_seed(1);
    play_whole(&live, random);
    guint ready = (guint)(made_nth(planner_timeline(made->planner), SPAN_READY, 0)->frame + 8 * RATE);
    guint ack = (guint)made->tones.ack.frames;
    g_assert_cmpuint(live.heard->len, ==, all->len);
    assert_same(live.heard, 0, all, 0, ready);
    /* Going on is acknowledged by a sound over what comes next. */
    assert_same(live.heard, ready + ack, all, ready + ack, all->len / 2 - ready - ack);
    g_rand_free(random);
    live_finish(&live);
}

static void test_pause_in_hold(void)
{
    struct live live;
    live_init(&live, NULL);
    AUTO(made) made = made_new(text, NULL);
    g_autoptr(GArray) all = rendered(made);
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    int64_t hold = nth(&live, SPAN_HOLD, 0)->frame, at = hold + 7 * RATE + 123;
    play_to(&live, at);
    steer(&live, COMMAND_PAUSE, 40000);
    g_assert_cmpint(position(&live), ==, at);
    /* Silence, the acknowledging sound, "Paused." and its gap, and nothing more. */
    guint paused = (guint)heard_frames(&live), ack = (guint)made->tones.ack.frames, quiet = RATE * 6 / 100;
    g_assert_cmpint(pull(&live, 100000), ==,
                    (int)(quiet + ack + strlen("Paused.") * RATE / 50 + RATE * 6 / 10));
    g_assert_cmpint(peak_of(&live, paused, quiet), ==, 0);
    g_assert_cmpint(peak_of(&live, paused + quiet, ack), >, 100);
    g_assert_cmpint(pull(&live, 100000), ==, 0);
    struct status status;
    status_of(&live, &status);
    g_assert_cmpint(status.state, ==, STATUS_PAUSED);

    steer(&live, COMMAND_TOGGLE, 0);
    guint begin = (guint)heard_frames(&live);
    /* The cue, a gap and three seconds of countdown are said while the position stands. */
    int64_t cue = (int64_t)strlen("Again.") * RATE / 50, lead = cue + RATE * 6 / 10 + 3 * RATE;
    for (int64_t done = 0; done < lead;) {
        done += pull(&live, (int)MIN(5000, lead - done));
        g_assert_cmpint(position(&live), ==, at);
    }
    pull(&live, 3 * RATE);
    assert_same(live.heard, begin + (guint)lead, all, (guint)at, 3 * RATE);
    live_finish(&live);
}

static void test_pause_at_the_end_of_a_hold(void)
{
    struct live live;
    live_init(&live, NULL);
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    int64_t at = nth(&live, SPAN_HOLD, 0)->frame + 18 * RATE;
    play_to(&live, at);
    steer(&live, COMMAND_PAUSE, 1000);
    steer(&live, COMMAND_RESUME, 0);
    pull(&live, RATE / 10);
    g_assert_cmpint(position(&live), ==, at + RATE / 10);
    live_finish(&live);
}

static void test_pause_in_an_utterance(void)
{
    struct live live;
    live_init(&live, NULL);
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    const struct cue *caution = NULL;
    for (guint i = 0; !caution; i++)
        if (nth(&live, CUE_SPEECH, i)->role == ROLE_CAUTION) caution = nth(&live, CUE_SPEECH, i);
    int64_t begin = caution->frame;
    play_to(&live, begin + 5000);
    steer(&live, COMMAND_TOGGLE, 20000);
    g_assert_cmpint(position(&live), ==, begin + 5000);
    steer(&live, COMMAND_TOGGLE, 0);
    g_assert_cmpint(position(&live), ==, begin);
    live_finish(&live);
}

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

/* To the frame, though nobody had a look since before the step began. */
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
    order(&live, COMMAND_WHERE, 0);
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
    order(&live, COMMAND_REPEAT, 0);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_READY, 1)->place.side, ==, SIDE_RIGHT);
    g_assert_cmpint(nth(&live, SPAN_READY, 2)->place.side, ==, SIDE_LEFT);
    live_finish(&live);
}

/* In the middle of it and where it waits, one can go elsewhere, and is not kept waiting there. */
static void test_ready_is_left(void)
{
    static const enum command commands[] = {COMMAND_PREVIOUS, COMMAND_REPEAT, COMMAND_NEXT};
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
    pull(&live, 1000);
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
    pull(&live, 1000);
    status_of(&live, &status);
    g_assert_cmpint(status.place.rep, ==, 2);
    g_assert_cmpint(status.place.side, ==, SIDE_LEFT);
    live_finish(&live);
}

static int peak(const struct live *live, guint from)
{
    return peak_of(live, from, live->heard->len / 2 - from);
}

static void test_volume(void)
{
    struct live live;
    struct status status;
    live_init(&live, NULL);
    pull(&live, 3 * RATE / 2);
    int before = peak(&live, RATE);
    for (int i = 0; i < 3; i++) steer(&live, COMMAND_QUIETER, 100);
    status_of(&live, &status);
    g_assert_cmpfloat(status.volume, ==, -6);
    guint from = (guint)heard_frames(&live);
    pull(&live, RATE / 4);
    g_assert_cmpint(peak(&live, from + (guint)live.made->tones.ack.frames), <=,
                    (int)(before * mixer_gain(-6)) + 1);
    for (int i = 0; i < 9; i++) steer(&live, COMMAND_LOUDER, 100);
    status_of(&live, &status);
    g_assert_cmpfloat(status.volume, ==, 0);
    live_finish(&live);
}

static void test_stop(void)
{
    struct live live;
    struct status status;
    live_init(&live, NULL);
    pull(&live, 3 * RATE);
    steer(&live, COMMAND_STOP, 1000);
    g_assert_true(session_over(live.session));
    /* It is acknowledged, and that is all. */
    guint ack = (guint)live.made->tones.ack.frames;
    g_assert_cmpint(pull(&live, RATE), ==, (int)ack);
    g_assert_cmpint(peak_of(&live, (guint)heard_frames(&live) - ack, ack), >, 100);
    g_assert_cmpint(pull(&live, 1000), ==, 0);
    status_of(&live, &status);
    g_assert_cmpint(status.state, ==, STATUS_OVER);
    live_finish(&live);
}

static void test_lost(void)
{
    struct live live;
    struct status status;
    live_init(&live, NULL);
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    int64_t at = nth(&live, SPAN_HOLD, 0)->frame + 5 * RATE;
    play_to(&live, at);
    session_rewind(live.session, heard_frames(&live));
    session_lost(live.session, true);
    g_assert_cmpint(pull(&live, 1000), ==, 0);
    status_of(&live, &status);
    g_assert_cmpint(status.state, ==, STATUS_LOST);
    session_lost(live.session, false);
    /* Faint noise first, then on from the very frame. */
    pull(&live, RATE);
    g_assert_cmpint(position(&live), ==, at);
    pull(&live, RATE);
    g_assert_cmpint(position(&live), ==, at + RATE);
    live_finish(&live);
}

/* The n-th phrase on a timeline, from `from` on. */
static const struct cue *phrase_from(struct live *live, int64_t from)
{
    const struct timeline *timeline = planner_timeline(live->made->planner);
    for (guint i = 0; i < made_count(timeline); i++)
        if (made_cue(timeline, i)->role == ROLE_PHRASE && made_cue(timeline, i)->frame >= from)
            return made_cue(timeline, i);
    return NULL;
}

static const struct cue *role_in(struct live *live, const struct cue *hold, enum role role)
{
    const struct timeline *timeline = planner_timeline(live->made->planner);
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        if (cue->role == role && cue->frame >= hold->frame && cue->frame < hold->frame + hold->frames)
            return cue;
    }
    return NULL;
}

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
    session_command(live.session, (struct order){.command = COMMAND_LONGER, .given = true, .value = 5});
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 25 * RATE);
    live_finish(&live);
}

/* Where a jump has led there is nothing yet that could be made anew; what is behind is over. */
static void test_another_command_after_a_jump(void)
{
    static const char routine[] = "[routine]\ntitle = T\n[a]\nreps = 3\n[a.x]\nsay = X.\nhold = 20s\n[a.y]\nsay = Y.\nhold = 20s\n"
                                  "[b]\nsay = B.\nhold = 20-30s\n";
    static const enum command commands[] = {COMMAND_HARDER, COMMAND_EASIER, COMMAND_LONGER, COMMAND_SHORTER};
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(commands); i++) {
        struct live live;
        struct status status;
        live_init_with(&live, routine, NULL);
        begin_hold(&live, 0, RATE);
        steer(&live, i % 2 ? COMMAND_REPEAT : COMMAND_NEXT, 1000);
        session_command(live.session, (struct order){.command = commands[i / 2]});
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

/* No hold is longer than an hour, in breaths either. */
static void test_longest(void)
{
    for (int step = 0; step < 2; step++) {
        struct live live;
        live_init(&live, NULL);
        pull(&live, RATE);
        for (int i = 0; i <= step; i++) steer(&live, COMMAND_NEXT, 0);
        order(&live, COMMAND_LONGER, 3600);
        order(&live, COMMAND_LONGER, 3600);
        planner_run(live.made->planner, INT64_MAX);
        g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, INT64_C(3600) * RATE);
        live_finish(&live);
    }
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

/* A device that was let go in a pause is woken before the first word, whatever that is; and only once. */
static void test_wakes_before_an_answer(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, RATE);
    steer(&live, COMMAND_PAUSE, 0);
    while (pull(&live, 5000) > 0) continue;
    session_asleep(live.session);
    guint ack = (guint)live.made->tones.ack.frames;
    order(&live, COMMAND_QUIETER, 0); /* needs no words */
    g_assert_cmpint(pull(&live, RATE), ==, (int)ack);
    order(&live, COMMAND_WHERE, 0);
    pull(&live, (int)ack);
    assert_wakes(&live, ack);
    assert_pulled(&live, 1);
    g_assert_cmpint(peak_of(&live, (guint)heard_frames(&live) - RATE, RATE), >, 100);
    while (pull(&live, 5000) > 0) continue;
    order(&live, COMMAND_RESUME, 0);
    assert_pulled(&live, 0.1);
    g_assert_cmpint(peak_of(&live, (guint)heard_frames(&live) - 1000, 1000), >, 100);
    live_finish(&live);
}

/* Also where it waited to be gone on from; */
static void test_wakes_after_ready(void)
{
    struct live live;
    live_init(&live, NULL);
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    const struct cue *ready = nth(&live, SPAN_READY, 0);
    play_to(&live, ready->frame + ready->frames);
    session_asleep(live.session);
    order(&live, COMMAND_RESUME, 0);
    guint ack = (guint)live.made->tones.ack.frames;
    pull(&live, (int)ack);
    assert_wakes(&live, ack);
    int64_t at = position(&live);
    pull(&live, 1000);
    g_assert_cmpint(position(&live), ==, at + 1000);
    live_finish(&live);
}

/* and where sound comes back and is not gone on with. */
static void test_wakes_before_it_says_why(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, RATE);
    session_lost(live.session, true);
    session_lost(live.session, false);
    session_hold_back(live.session, PHRASE_OTHER_DEVICE);
    guint ack = (guint)live.made->tones.ack.frames + RATE * 6 / 100;
    pull(&live, (int)ack);
    assert_wakes(&live, ack);
    live_finish(&live);
}

/* What leads in to a hold is not lost with the sound. */
static void test_gone_on_while_lost(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, RATE);
    int64_t at = position(&live);
    order(&live, COMMAND_PAUSE, 0);
    session_lost(live.session, true);
    order(&live, COMMAND_RESUME, 0);
    session_lost(live.session, false);
    assert_pulled(&live, 4);
    g_assert_cmpint(position(&live), ==, at);
    assert_pulled(&live, 2);
    g_assert_cmpint(position(&live), >, at);
    live_finish(&live);
}

/* What is asked while a hold is led in to is answered in it. */
static void test_answer_in_a_lead_in(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, 2 * RATE);
    order(&live, COMMAND_PAUSE, 0);
    order(&live, COMMAND_RESUME, 0);
    assert_pulled(&live, 0.5);
    int64_t at = position(&live);
    order(&live, COMMAND_WHERE, 0);
    assert_pulled(&live, 3.5); /* cue, gap and countdown take 3.72 s in all */
    g_assert_cmpint(position(&live), >, at);
    g_assert_cmpint(phrase_from(&live, at)->frame, <, at + RATE);
    live_finish(&live);
}

/* What is said again keeps its level; where a jump leads has the new one, also when it is said again at once.
 */
static void test_harder_and_repeat(void)
{
    struct live live;
    live_init_with(&live, sets, NULL);
    begin_hold(&live, 0, RATE);
    for (int i = 0; i < 10; i++) steer(&live, COMMAND_HARDER, 100);
    order(&live, COMMAND_REPEAT, 0);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 1)->frames, ==, 20 * RATE);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 2)->frames, ==, 30 * RATE);
    order(&live, COMMAND_NEXT, 0);
    order(&live, COMMAND_REPEAT, 0);
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

static void assert_no_overlap(struct live *live)
{
    int64_t spoken = 0;
    const struct timeline *timeline = planner_timeline(live->made->planner);
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        if (!cue->text) continue;
        g_assert_cmpint(cue->frame, >=, spoken);
        spoken = cue->frame + cue->frames;
    }
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
    order(&live, COMMAND_EASIER, 0);
    pull(&live, 1000);
    order(&live, COMMAND_LONGER, 10);
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
    begin_hold(&live, 0, 2 * RATE);
    steer(&live, COMMAND_WHERE, 0);
    pull(&live, 10000);
    order(&live, COMMAND_SHORTER, 60);
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
    order(&live, COMMAND_LONGER, 20);
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
    order(&live, COMMAND_LONGER, 30);
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
    order(&live, COMMAND_WHERE, 0);
    int one = pull_all(&live);
    g_assert_cmpint(one, >, RATE);
    order(&live, COMMAND_WHERE, 0);
    pull(&live, RATE / 2);
    order(&live, COMMAND_WHERE, 0);
    g_assert_cmpint(RATE / 2 + pull_all(&live), ==, 2 * one);
    g_assert_cmpint(position(&live), ==, at);
    live_finish(&live);
}

/* Frames in which the position stands at the beginning, while it is told where one is. */
static int told_before(struct place place)
{
    struct live live;
    live_init(&live, NULL);
    struct effort effort = effort_from_settings(live.made->settings);
    session_resume_at(live.session, &(struct session_point){place, effort, effort, 0, 0});
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
    struct effort now = effort_from_settings(live.made->settings), coming = {50, 100};
    struct place place = {.step = 0, .set = 1, .rep = 1, .move = -1};
    session_resume_at(live.session, &(struct session_point){place, now, coming, 0, 0});
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
    struct session_point point;
    live_init(&live, NULL);
    begin_hold(&live, 0, RATE);
    order(&live, COMMAND_LONGER, 7);
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    play_to(&live, nth(&live, SPAN_CHANGE, 0)->frame + 5 * RATE + RATE / 10); /* "Left side." */
    status_of(&live, &status);
    g_assert_cmpint(status.place.rep, ==, 0);
    session_point(live.session, &status, &point);
    live_finish(&live);

    live_init(&live, NULL);
    session_resume_at(live.session, &point);
    planner_run(live.made->planner, INT64_MAX);
    g_assert_cmpint(nth(&live, SPAN_HOLD, 0)->frames, ==, 27 * RATE);
    live_finish(&live);
}

/* Whatever is done to it: the position never leaves the timeline, and speech on the timeline never overlaps.
 */
static void test_random_commands(void)
{
    struct live live;
    live_init(&live, NULL);
    GRand *random = g_rand_new_with_seed(42);
    for (int i = 0; i < 3000; i++) {
        live.made->late = g_rand_int_range(random, 0, 4) == 0;
        pull(&live, g_rand_int_range(random, 1, 40000));
        struct status status;
        status_of(&live, &status);
        const struct timeline *timeline = planner_timeline(live.made->planner);
        g_assert_cmpint(status.frame, >=, 0);
        g_assert_cmpint(status.frame, <=, timeline_end(timeline));
        enum command command = (enum command)g_rand_int_range(random, 1, N_COMMANDS);
        if (command == COMMAND_STOP) continue;
        if (command == COMMAND_NEXT && g_rand_boolean(random)) command = COMMAND_PREVIOUS;
        steer(&live, command, g_rand_int_range(random, 0, 30000));
        if (g_rand_boolean(random)) order(&live, COMMAND_WHERE, 0);
        assert_no_overlap(&live);
        live.let_go = heard_frames(&live);
        g_array_set_size(live.heard, 0);
    }
    live.made->late = false;
    g_rand_free(random);
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/session/live-equals-rendered", test_live_equals_rendered);
    g_test_add_func("/session/pause-in-hold", test_pause_in_hold);
    g_test_add_func("/session/pause-at-the-end-of-a-hold", test_pause_at_the_end_of_a_hold);
    g_test_add_func("/session/pause-in-an-utterance", test_pause_in_an_utterance);
    g_test_add_func("/session/jumps", test_jumps);
    g_test_add_func("/session/previous-in-the-first-seconds", test_previous_in_the_first_seconds);
    g_test_add_func("/session/jump-keeps-pause", test_jump_keeps_pause);
    g_test_add_func("/session/ready-waits", test_ready_waits);
    g_test_add_func("/session/ready-answers", test_ready_answers);
    g_test_add_func("/session/ready-is-where-it-waits", test_ready_is_where_it_waits);
    g_test_add_func("/session/ready-is-left", test_ready_is_left);
    g_test_add_func("/session/repeat", test_repeat);
    g_test_add_func("/session/repeat-in-the-release", test_repeat_in_the_release);
    g_test_add_func("/session/volume", test_volume);
    g_test_add_func("/session/stop", test_stop);
    g_test_add_func("/session/lost", test_lost);
    g_test_add_func("/session/wakes-before-an-answer", test_wakes_before_an_answer);
    g_test_add_func("/session/wakes-after-ready", test_wakes_after_ready);
    g_test_add_func("/session/wakes-before-it-says-why", test_wakes_before_it_says_why);
    g_test_add_func("/session/gone-on-while-lost", test_gone_on_while_lost);
    g_test_add_func("/session/answer-in-a-hold", test_answer_in_a_hold);
    g_test_add_func("/session/answer-after-the-end", test_answer_after_the_end);
    g_test_add_func("/session/answer-in-an-utterance", test_answer_in_an_utterance);
    g_test_add_func("/session/answers-in-a-hold", test_answers_in_a_hold);
    g_test_add_func("/session/answer-in-a-lead-in", test_answer_in_a_lead_in);
    g_test_add_func("/session/answer-in-a-countdown", test_answer_in_a_countdown);
    g_test_add_func("/session/answer-after-an-end-that-moves", test_answer_after_an_end_that_moves);
    g_test_add_func("/session/shorter-than-an-answer", test_shorter_than_an_answer);
    g_test_add_func("/session/answer-that-waits-is-said-in-a-pause",
                    test_answer_that_waits_is_said_in_a_pause);
    g_test_add_func("/session/lead-in-tells-the-truth", test_lead_in_tells_the_truth);
    g_test_add_func("/session/answers-in-a-pause", test_answers_in_a_pause);
    g_test_add_func("/session/longer", test_longer);
    g_test_add_func("/session/shorter", test_shorter);
    g_test_add_func("/session/longer-coming", test_longer_coming);
    g_test_add_func("/session/longer-after-a-jump", test_longer_after_a_jump);
    g_test_add_func("/session/another-command-after-a-jump", test_another_command_after_a_jump);
    g_test_add_func("/session/longest", test_longest);
    g_test_add_func("/session/longer-breaths", test_longer_breaths);
    g_test_add_func("/session/harder", test_harder);
    g_test_add_func("/session/harder-and-repeat", test_harder_and_repeat);
    g_test_add_func("/session/easier", test_easier);
    g_test_add_func("/session/easier-in-a-rest", test_easier_in_a_rest);
    g_test_add_func("/session/easier-in-the-last-hold", test_easier_in_the_last_hold);
    g_test_add_func("/session/resumed", test_resumed);
    g_test_add_func("/session/resumed-with-a-level-to-come", test_resumed_with_a_level_to_come);
    g_test_add_func("/session/resumed-before-a-hold", test_resumed_before_a_hold);
    g_test_add_func("/session/random-commands", test_random_commands);
    return g_test_run();
}
