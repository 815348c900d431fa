#include "../lib/live.h"
#include <math.h>

/* Two steps, of which the second waits for the listener. */
static const char ROUTINE[] = "[routine]\ntitle = Music\n[lean]\nsay = Lean.\nhold = 20s\n"
                              "[stay]\nsetup = Sit.\nprepare = ready\nsay = Stay.\nhold = 20s\n";
static const char *const SETS[] = {"sound.wake=1s", "count.tick=off", "music.fade=1s", NULL};

enum { STEP = 200 };

/* Each frame of the music holds its number, in steps that are heard at full level. */
static int read_music(void *data, int64_t frame, int frames, float *stereo)
{
    *(int64_t *)data = frame;
    for (int i = 0; i < frames; i++)
        stereo[2 * i] = stereo[2 * i + 1] = (float)((frame + i) % 100) * STEP / 32768;
    return frames;
}

struct heard {
    struct live live;
    int64_t read; /* frame of the music that was read last */
};

static void begin(struct heard *heard)
{
    heard->read = 0;
    live_init_music(&heard->live, ROUTINE, SETS, &(struct bed_source){&heard->read, read_music});
}

static int last(const struct live *live)
{
    return g_array_index(live->heard, int16_t, live->heard->len - 1);
}

/* Frames from which no music is heard any more, at most `most`; the position stands. */
static int pull_to_silence(struct live *live, int most)
{
    int pulled = 0, n;
    while (pulled < most && (n = pull(live, STEP)) > 0) pulled += n;
    return pulled;
}

/* Where nobody steers, it is what a file would hold. */
static void test_as_rendered(void)
{
    struct heard played, file;
    begin(&played);
    begin(&file);
    session_unattended(played.live.session);
    pull_all(&played.live);
    const struct timeline *timeline = made_whole(file.live.made);
    const int64_t frames = timeline_end(timeline);
    const struct mixer mixer = {.tones = &file.live.made->tones, .gain = 1, .no_noise = true};
    g_autofree int16_t *out = g_new0(int16_t, 2 * frames);
    struct bed_outlook outlook = {.wish = BED_PLAYS};
    for (int64_t at = 0; at < frames;) {
        bed_look(timeline, at, true, &outlook);
        const int n = bed_next(file.live.bed, &outlook, (int)(frames - at), true);
        mixer_mix(&mixer, timeline, at, n, out + 2 * at);
        bed_mix(file.live.bed, out + 2 * at, n, 1);
        at += n;
    }
    g_assert_cmpmem(played.live.heard->data, played.live.heard->len * 2, out, 4 * frames);
    live_finish(&played.live);
    live_finish(&file.live);
}

/* It fades out in the time of a fade, and the device may rest then. It goes on with the next frame. */
static void test_pause(void)
{
    struct heard heard;
    begin(&heard);
    struct live *live = &heard.live;
    pull(live, 5 * RATE);
    steer(live, COMMAND_PAUSE, RATE);
    g_assert_false(session_resting(live->session));
    const int64_t before = position(live);
    const int pulled = pull_to_silence(live, 10 * RATE);
    g_assert_cmpint(pulled, >=, RATE);
    g_assert_cmpint(pulled, <, 3 * RATE);
    g_assert_true(session_resting(live->session));
    g_assert_cmpint(position(live), ==, before);
    const int64_t stood = heard.read;
    steer(live, COMMAND_RESUME, 0);
    pull(live, 3 * RATE);
    g_assert_cmpint(heard.read, >, stood);
    g_assert_cmpint(heard.read - stood, <=, 3 * RATE + STEP);
    live_finish(live);
}

/* What was pulled and not heard is not lost, whatever the command; a jump does not move the music. */
static void test_jump(void)
{
    struct heard heard;
    begin(&heard);
    struct live *live = &heard.live;
    pull(live, 5 * RATE);
    steer(live, COMMAND_NEXT, RATE);
    pull(live, STEP);
    g_assert_cmpint(heard.read, >=, 5 * RATE);
    g_assert_cmpint(heard.read, <, 5 * RATE + STEP);
    live_finish(live);
}

/* While the session waits for the listener, the music plays on. */
static void test_waits(void)
{
    struct heard heard;
    struct status status;
    begin(&heard);
    struct live *live = &heard.live;
    do g_assert_cmpint(pull(live, STEP), ==, STEP);
    while ((status_of(live, &status), status.state != STATUS_WAITING));
    const int64_t before = position(live);
    pull(live, 60 * RATE);
    g_assert_cmpint(pull(live, RATE), ==, RATE);
    g_assert_cmpint(position(live), ==, before);
    g_assert_false(session_resting(live->session));
    steer(live, COMMAND_RESUME, STEP);
    pull(live, 2 * RATE);
    g_assert_cmpint(position(live), >, before);
    live_finish(live);
}

/* After a stop it is over within a second or two, and ends in silence. */
static void test_stop(void)
{
    struct heard heard;
    begin(&heard);
    struct live *live = &heard.live;
    pull(live, 9 * RATE);
    steer(live, COMMAND_STOP, STEP);
    g_assert_cmpint(pull_to_silence(live, 10 * RATE), <, 5 * RATE);
    g_assert_true(session_over(live->session));
    g_assert_cmpint(ABS(last(live)), <, STEP);
    live_finish(live);
}

/* An answer lowers the music as all words do. */
static void test_answer(void)
{
    struct heard heard;
    begin(&heard);
    struct live *live = &heard.live;
    planner_run(live->made->planner, 30 * RATE);
    play_to(live, nth(live, CUE_GO, 0)->frame + 6 * RATE); /* nothing is said there */
    g_assert_cmpint(peak_of(live, (guint)heard_frames(live) - 1000, 1000), ==, 99 * STEP);
    steer(live, COMMAND_LONGER, RATE);
    const int64_t asked = position(live);
    pull(live, RATE / 10);
    const struct timeline *timeline = planner_timeline(live->made->planner);
    const struct cue *words = NULL;
    for (guint i = 0; !words; i++) {
        const struct cue *cue = made_cue(timeline, i);
        if (cue->role == ROLE_PHRASE && cue->frame > asked) words = cue;
    }
    const int64_t end = words->frame + words->frames;
    play_to(live, end + RATE / 10);
    const int lowered = peak_of(live, (guint)heard_frames(live) - 1000, 1000);
    g_assert_cmpfloat(fabs(lowered - 99 * STEP * pow(10, -12 / 20.0)), <, 3);
    live_finish(live);
}

/* A voice that is late holds up the music's knowledge of what comes, not the words that are there. */
static void test_late_voice(void)
{
    struct heard heard;
    begin(&heard);
    struct live *live = &heard.live;
    pull(live, STEP);
    live->made->late = true;
    pull_all(live);
    g_assert_true(session_lacks_music(live->session));
    const int64_t patient = position(live);
    session_hurry(live->session);
    while (pull(live, STEP) > 0) session_hurry(live->session);
    g_assert_cmpint(position(live), >=, patient);
    g_assert_cmpint(position(live), ==, timeline_final(planner_timeline(live->made->planner)));
    live->made->late = false;
    g_assert_cmpint(pull(live, STEP), ==, STEP);
    live_finish(live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/music/as-rendered", test_as_rendered);
    g_test_add_func("/music/pause", test_pause);
    g_test_add_func("/music/jump", test_jump);
    g_test_add_func("/music/waits", test_waits);
    g_test_add_func("/music/stop", test_stop);
    g_test_add_func("/music/answer", test_answer);
    g_test_add_func("/music/late-voice", test_late_voice);
    return g_test_run();
}
