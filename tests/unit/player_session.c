#include "../lib/live.h"
#include <math.h>

/* The whole of a session without a command. `ready` has to be gone on from. */
static void play_whole(struct live *live, GRand *random)
{
    for (int stuck = 0; !session_over(live->session) && stuck < 3;) {
        struct status status;
        status_of(live, &status);
        if (status.state == STATUS_WAITING) {
            session_rewind(live->session, heard_frames(live));
            session_command(live->session, (struct command){.id = COMMAND_RESUME});
        }
        stuck = pull(live, g_rand_int_range(random, 1, 30000)) == 0 ? stuck + 1 : 0;
    }
    g_assert_true(session_over(live->session));
}

static GArray *rendered(struct made *made)
{
    const struct timeline *timeline = made_whole(made);
    struct mixer mixer = {
        .tones = &made->tones, .gain = mixer_gain(made->settings->sound.volume), .sides = true};
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
    AUTO(made) made = made_new(live_text, NULL);
    g_autoptr(GArray) all = rendered(made);
    GRand *random = g_rand_new_with_seed(1);
    play_whole(&live, random);
    guint ready = (guint)(made_nth(planner_timeline(made->planner), SPAN_READY, 0)->frame + 8 * RATE);
    guint ack = (guint)ack_frames(&live, OCCASION_GOING_ON);
    g_assert_cmpuint(live.heard->len, ==, all->len);
    assert_same(live.heard, 0, all, 0, ready);
    /* Going on is acknowledged by a sound over what comes next. */
    assert_same(live.heard, ready + ack, all, ready + ack, all->len / 2 - ready - ack);
    g_rand_free(random);
    live_finish(&live);
}

/* What cannot be steered does not wait where it could not be gone on from. */
static void test_unattended(void)
{
    struct live live;
    live_init(&live, NULL);
    AUTO(made) made = made_new(live_text, NULL);
    g_autoptr(GArray) all = rendered(made);
    session_unattended(live.session);
    pull_all(&live);
    g_assert_true(session_over(live.session));
    g_assert_cmpuint(live.heard->len, ==, all->len);
    assert_same(live.heard, 0, all, 0, all->len / 2);
    live_finish(&live);
}

static void test_pause_in_hold(void)
{
    struct live live;
    live_init(&live, NULL);
    AUTO(made) made = made_new(live_text, NULL);
    g_autoptr(GArray) all = rendered(made);
    pull(&live, RATE);
    planner_run(live.made->planner, INT64_MAX);
    int64_t hold = nth(&live, SPAN_HOLD, 0)->frame, at = hold + 7 * RATE + 123;
    play_to(&live, at);
    steer(&live, COMMAND_PAUSE, 40000);
    g_assert_cmpint(position(&live), ==, at);
    /* Silence, the acknowledging sound, "Paused." and its gap, and nothing more. */
    guint paused = (guint)heard_frames(&live), ack = (guint)made->tones.tone[OCCASION_PAUSED].frames,
          quiet = RATE * 6 / 100;
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
    /* Side, cue, what is left, and a countdown are said while the position stands; then it sounds go. */
    static const char *const said[] = {"Right side.", "Again.", "13 seconds left.", "Going on in"};
    int64_t lead = ack_frames(&live, OCCASION_GOING_ON) + 3 * RATE;
    for (guint i = 0; i < G_N_ELEMENTS(said); i++)
        lead += (int64_t)strlen(said[i]) * RATE / 50 + RATE * 6 / 10;
    for (int64_t done = 0; done < lead;) {
        g_assert_cmpint(position(&live), ==, at);
        done += pull(&live, (int)MIN(5000, lead - done));
    }
    for (guint i = 0; i < G_N_ELEMENTS(said); i++)
        g_assert_true(g_hash_table_contains(live.made->asked, said[i]));
    pull(&live, 3 * RATE);
    const struct tone *go = &made->tones.tone[OCCASION_GO];
    for (int i = 0; i < go->frames; i++) {
        /* of the left ear, but it is the right side's */
        double sample =
            g_array_index(all, int16_t, 2 * (at + i)) + go->samples[i] * go->aside * 32768 * 0.4729;
        g_assert_cmpfloat(fabs(g_array_index(live.heard, int16_t, 2 * (begin + lead + i)) - sample), <=, 1);
    }
    assert_same(live.heard, begin + (guint)(lead + go->frames), all, (guint)(at + go->frames), 2 * RATE);
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
    pull_all(&live);
    steer(&live, COMMAND_TOGGLE, 0);
    g_assert_cmpint(position(&live), ==, begin);
    pull(&live, ack_frames(&live, OCCASION_GOING_ON)); /* its first word is heard alone */
    g_assert_cmpint(position(&live), ==, begin);
    pull(&live, 100);
    g_assert_cmpint(position(&live), ==, begin + 100);
    play_to(&live, begin + 5000);
    session_lost(live.session, true);
    session_lost(live.session, false); /* at its beginning now */
    session_pause(live.session, PHRASE_OTHER_DEVICE);
    pull_all(&live);
    steer(&live, COMMAND_TOGGLE, 0);
    pull(&live, ack_frames(&live, OCCASION_GOING_ON));
    g_assert_cmpint(position(&live), ==, begin);
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
    g_assert_cmpfloat(status.volume, ==, -9);
    guint from = (guint)heard_frames(&live);
    pull(&live, RATE / 4);
    g_assert_cmpint(peak(&live, from + (guint)ack_frames(&live, OCCASION_ACK)), <=,
                    (int)(before * mixer_gain(-9)) + 1);
    for (int i = 0; i < 9; i++) steer(&live, COMMAND_LOUDER, 100);
    status_of(&live, &status);
    g_assert_cmpfloat(status.volume, ==, 0);
    live_finish(&live);
}

/* However low the volume is: what answers a command is heard, in a hold as in a pause, and nothing else is.
 */
static void test_answers_are_heard(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, 2 * RATE);
    give(&live, COMMAND_VOLUME, -60);
    pull(&live, RATE);
    guint from = (guint)heard_frames(&live);
    pull(&live, RATE);
    g_assert_cmpint(peak_of(&live, from, RATE), <, 10); /* a tick */
    give(&live, COMMAND_QUIETER, 0);
    from = (guint)heard_frames(&live);
    guint ack = (guint)ack_frames(&live, OCCASION_REFUSED);
    pull(&live, RATE);
    g_assert_cmpint(peak_of(&live, from, ack), >, 80);
    g_assert_cmpint(peak_of(&live, from + ack, RATE / 4), >, 150);
    steer(&live, COMMAND_PAUSE, 0);
    from = (guint)heard_frames(&live);
    g_assert_cmpint(pull_all(&live), >, 0);
    g_assert_cmpint(peak_of(&live, from + (guint)ack_frames(&live, OCCASION_PAUSED), RATE / 4), >, 150);
    live_finish(&live);
}

/* Pulled is not heard: the player of the ring says what was. */
static void test_end(void)
{
    struct live live;
    struct status status;
    live_init(&live, NULL);
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    play_whole(&live, random);
    status_of(&live, &status);
    g_assert_cmpint(status.state, ==, STATUS_PLAYING);
    session_end(live.session);
    status_of(&live, &status);
    g_assert_cmpint(status.state, ==, STATUS_OVER);
    live_finish(&live);
}

static void test_stop(void)
{
    struct live live;
    struct status status;
    live_init(&live, NULL);
    pull(&live, 3 * RATE);
    steer(&live, COMMAND_STOP, 1000);
    status_of(&live, &status);
    g_assert_cmpint(status.state, ==, STATUS_OVER);
    /* It is acknowledged and said, and that is all. */
    int ack = ack_frames(&live, OCCASION_STOPPED), words = (int)strlen("Stopped.") * RATE / 50;
    g_assert_false(session_over(live.session));
    g_assert_cmpint(pull_all(&live), ==, ack + words + RATE * 6 / 10);
    guint from = (guint)heard_frames(&live) - (guint)(ack + words + RATE * 6 / 10);
    /* Whole from its first sample, behind the 5 ms in which sound fades in. */
    const struct tone *tone = &live.made->tones.tone[OCCASION_STOPPED];
    for (int i = 0; i < ack; i++) {
        long sample = i < RATE / 200 ? 0 : lrintf(tone->samples[i - RATE / 200] * 32768);
        g_assert_cmpint(g_array_index(live.heard, int16_t, 2 * (from + (guint)i)), ==, sample);
    }
    g_assert_cmpint(peak_of(&live, from + (guint)ack, (guint)words), >, 1000);
    g_assert_true(session_over(live.session));
    steer(&live, COMMAND_WHERE, 0);
    g_assert_cmpint(pull(&live, 1000), ==, 0);
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
    /* Faint noise first, then a lead-in, then on from the very frame. */
    assert_wakes(&live, 0);
    while (position(&live) == at) assert_pulled(&live, 0.01);
    g_assert_true(g_hash_table_contains(live.made->asked, "15 seconds left."));
    g_assert_true(g_hash_table_contains(live.made->asked, "Going on in"));
    live_finish(&live);
}

/* A sentence that was cut off with the sound begins again, and so does what was said in between. */
static void test_lost_in_words(void)
{
    struct live live;
    live_init(&live, NULL);
    planner_run(live.made->planner, INT64_MAX);
    const struct cue *first = nth(&live, CUE_SPEECH, 1);
    play_to(&live, first->frame + 100);
    int64_t begin = first->frame;
    session_lost(live.session, true);
    session_lost(live.session, false);
    g_assert_cmpint(position(&live), ==, begin);
    live_finish(&live);
    live_init(&live, NULL);
    begin_hold(&live, 0, RATE);
    steer(&live, COMMAND_PAUSE, 0);
    pull_all(&live);
    steer(&live, COMMAND_RESUME, 0);
    pull(&live, RATE);
    session_lost(live.session, true);
    session_lost(live.session, false);
    int64_t at = position(&live);
    int frames = 0;
    while (position(&live) == at) frames += pull(&live, 1000);
    g_assert_cmpint(frames, >, 6 * RATE); /* all of the lead-in */
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
    session_device_idle(live.session);
    guint ack = (guint)ack_frames(&live, OCCASION_ACK);
    give(&live, COMMAND_QUIETER, 0); /* needs no words */
    g_assert_cmpint(pull(&live, RATE), ==, (int)ack);
    give(&live, COMMAND_WHERE, 0);
    pull(&live, (int)ack);
    assert_wakes(&live, ack);
    assert_pulled(&live, 1);
    g_assert_cmpint(peak_of(&live, (guint)heard_frames(&live) - RATE, RATE), >, 100);
    while (pull(&live, 5000) > 0) continue;
    give(&live, COMMAND_RESUME, 0);
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
    session_device_idle(live.session);
    give(&live, COMMAND_RESUME, 0);
    guint ack = (guint)ack_frames(&live, OCCASION_GOING_ON);
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
    session_pause(live.session, PHRASE_OTHER_DEVICE);
    guint ack = (guint)live.made->tones.tone[OCCASION_PAUSED].frames + RATE * 6 / 100;
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
    give(&live, COMMAND_PAUSE, 0);
    session_lost(live.session, true);
    give(&live, COMMAND_RESUME, 0);
    session_lost(live.session, false);
    assert_pulled(&live, 6);
    g_assert_cmpint(position(&live), ==, at);
    assert_pulled(&live, 3);
    g_assert_cmpint(position(&live), >, at);
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
        enum command_id id = (enum command_id)g_rand_int_range(random, 1, N_COMMANDS);
        if (id == COMMAND_STOP) continue;
        if (id == COMMAND_NEXT && g_rand_boolean(random)) id = COMMAND_PREVIOUS;
        steer(&live, id, g_rand_int_range(random, 0, 30000));
        if (g_rand_boolean(random)) give(&live, COMMAND_WHERE, 0);
        assert_no_overlap(&live);
        live.let_go = heard_frames(&live);
        g_array_set_size(live.heard, 0);
        if (g_rand_boolean(random)) session_forget(live.session, heard_frames(&live));
    }
    live.made->late = false;
    g_rand_free(random);
    live_finish(&live);
}

static const char long_text[] =
    "[routine]\ntitle = T\n[one]\nsay = Go.\nhold = 1m\nreps = 4\nrelease = Back.\n"
    "[two]\nsay = Stay.\nhold = 20s\n";

static void assert_same_status(const struct status *a, const struct status *b)
{
    g_assert_cmpint(a->state, ==, b->state);
    g_assert_cmpint(a->frame, ==, b->frame);
    g_assert_cmpint(a->frames, ==, b->frames);
    g_assert_cmpint(a->step_frame, ==, b->step_frame);
    g_assert_cmpint(a->place.step, ==, b->place.step);
    g_assert_cmpint(a->place.rep, ==, b->place.rep);
    g_assert_cmpint(a->restart.rep, ==, b->restart.rep);
    g_assert_cmpfloat(a->length, ==, b->length);
    g_assert_cmpstr(a->text, ==, b->text);
}

/* However often, and for whatever frame: the past is still there, and the next status is the same. */
static void test_status_changes_nothing(void)
{
    struct live live;
    struct status first, again;
    live_init_with(&live, long_text, NULL);
    while (pull(&live, 5000) > 0) {
        guint cues = made_count(planner_timeline(live.made->planner));
        status_of(&live, &first);
        for (uint64_t heard = 0; heard < heard_frames(&live); heard += 1 + heard_frames(&live) / 4)
            session_status(live.session, heard, &again);
        session_status(live.session, heard_frames(&live) + RATE, &again);
        status_of(&live, &again);
        assert_same_status(&first, &again);
        g_assert_cmpuint(made_count(planner_timeline(live.made->planner)), ==, cues);
    }
    session_status(live.session, 30 * RATE, &again);
    g_assert_cmpint(again.frame, ==, 30 * RATE); /* nothing of it was forgotten */
    live_finish(&live);
}

/* What is forgotten takes no memory, and the status is as if it were remembered. */
static void test_forget(void)
{
    struct live live, other;
    struct status status, remembered;
    live_init_with(&live, long_text, NULL);
    live_init_with(&other, long_text, NULL);
    const struct timeline *timeline = planner_timeline(live.made->planner);
    while (pull(&live, 5000) > 0) {
        pull(&other, 5000);
        status_of(&live, &status);
        status_of(&other, &remembered);
        assert_same_status(&status, &remembered);
        session_forget(live.session, heard_frames(&live));
        status_of(&live, &status);
        assert_same_status(&status, &remembered);
        g_assert_cmpuint(made_count(timeline), <, 400);
    }
    g_assert_cmpuint(made_count(timeline), <, made_count(planner_timeline(other.made->planner)));
    live_finish(&live);
    live_finish(&other);
}

/* Noise that was never heard is heard from where the sound goes on, for as long as it takes, and no longer.
 */
static void test_wakes_with_frames_unheard(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, RATE);
    int64_t at = position(&live);
    guint keep = live.heard->len;
    pull(&live, 1000);
    session_device_idle(live.session);
    pull(&live, 1000);
    g_array_set_size(live.heard, keep);
    session_rewind(live.session, heard_frames(&live));
    assert_wakes(&live, 0);
    g_assert_cmpint(position(&live), ==, at);
    pull(&live, 1000);
    g_assert_cmpint(position(&live), ==, at + 1000);
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/session/live-equals-rendered", test_live_equals_rendered);
    g_test_add_func("/session/unattended", test_unattended);
    g_test_add_func("/session/pause-in-hold", test_pause_in_hold);
    g_test_add_func("/session/pause-at-the-end-of-a-hold", test_pause_at_the_end_of_a_hold);
    g_test_add_func("/session/pause-in-an-utterance", test_pause_in_an_utterance);
    g_test_add_func("/session/volume", test_volume);
    g_test_add_func("/session/answers-are-heard", test_answers_are_heard);
    g_test_add_func("/session/end", test_end);
    g_test_add_func("/session/stop", test_stop);
    g_test_add_func("/session/lost", test_lost);
    g_test_add_func("/session/lost-in-words", test_lost_in_words);
    g_test_add_func("/session/wakes-before-an-answer", test_wakes_before_an_answer);
    g_test_add_func("/session/wakes-after-ready", test_wakes_after_ready);
    g_test_add_func("/session/wakes-before-it-says-why", test_wakes_before_it_says_why);
    g_test_add_func("/session/gone-on-while-lost", test_gone_on_while_lost);
    g_test_add_func("/session/random-commands", test_random_commands);
    g_test_add_func("/session/status-changes-nothing", test_status_changes_nothing);
    g_test_add_func("/session/forget", test_forget);
    g_test_add_func("/session/wakes-with-frames-unheard", test_wakes_with_frames_unheard);
    return g_test_run();
}
