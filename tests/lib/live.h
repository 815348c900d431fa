/* A session with made-up lengths of speech, played and steered by the test, and all that was heard of it. */
#ifndef TESTS_LIVE_H
#define TESTS_LIVE_H

#include "made.h"
#include "player/session.h"

#define RATE 48000

struct live {
    struct made *made;
    struct session *session;
    struct bed *bed; /* NULL: no music */
    GArray *heard;   /* int16_t, stereo */
    uint64_t let_go; /* frames heard before those */
};

/* `music` NULL: there is none. */
static inline void live_init_music(struct live *live, const char *routine, const char *const *sets,
                                   const struct bed_source *music)
{
    *live = (struct live){.made = made_new(routine, sets)};
    const struct made *made = live->made;
    if (music) live->bed = bed_new(made->settings, music);
    const struct session_parts parts = {made->planner, &made->script, &made->timing,
                                        &made->ops,    &made->tones,  live->bed};
    live->session = session_new(&parts);
    live->heard = g_array_new(FALSE, FALSE, sizeof(int16_t));
}

static inline void live_init_with(struct live *live, const char *routine, const char *const *sets)
{
    live_init_music(live, routine, sets, NULL);
}

static inline void live_finish(struct live *live)
{
    session_free(live->session);
    bed_free(live->bed);
    made_free(live->made);
    g_array_unref(live->heard);
}

static inline uint64_t heard_frames(const struct live *live)
{
    return live->let_go + live->heard->len / 2;
}

static inline int pull(struct live *live, int frames)
{
    g_autofree int16_t *block = g_new(int16_t, (gsize)frames * 2);
    int n = session_pull(live->session, block, frames);
    g_array_append_vals(live->heard, block, (guint)n * 2);
    return n;
}

/* A command is acknowledged when what is heard has faded in, and for so many frames in all. */
static inline int ack_frames(const struct live *live, enum occasion sound)
{
    return RATE * 5 / 1000 + (int)live->made->tones.tone[sound].frames;
}

/* Until nothing more comes. */
static inline int pull_all(struct live *live)
{
    int n, all = 0;
    while ((n = pull(live, 5000)) > 0) all += n;
    return all;
}

static inline void status_of(struct live *live, struct status *status)
{
    session_status(live->session, heard_frames(live), status);
}

static inline int64_t position(struct live *live)
{
    struct status status;
    status_of(live, &status);
    return status.frame;
}

/* As it is in the ring when sound is cut: pulled, and never heard. */
static inline void queue_in_vain(struct live *live, int frames)
{
    guint keep = live->heard->len;
    pull(live, frames);
    g_array_set_size(live->heard, keep);
    session_rewind(live->session, heard_frames(live));
}

/* As the player does it: what is queued but not heard is dropped. */
static inline void steer(struct live *live, enum command_id id, int queued)
{
    queue_in_vain(live, queued);
    session_command(live->session, (struct command){.id = id});
}

static inline void give(struct live *live, enum command_id id, double value)
{
    session_rewind(live->session, heard_frames(live));
    session_command(live->session,
                    (struct command){.id = id, .given = true, .value = value, .part = PART_STEP});
}

/* Pulls until the position is at `frame` of the timeline. */
static inline void play_to(struct live *live, int64_t frame)
{
    while (position(live) < frame) {
        int n = pull(live, (int)MIN(1000, frame - position(live)));
        g_assert_cmpint(n, >, 0);
    }
    g_assert_cmpint(position(live), ==, frame);
}

static inline const struct cue *nth(struct live *live, enum cue_type type, guint n)
{
    const struct cue *cue = made_nth(planner_timeline(live->made->planner), type, n);
    g_assert_nonnull(cue);
    return cue;
}

static inline int peak_of(const struct live *live, guint from, guint frames)
{
    int most = 0;
    for (guint i = from * 2; i < (from + frames) * 2; i++)
        most = MAX(most, ABS(g_array_index(live->heard, int16_t, i)));
    return most;
}

/* Plays to so many frames after the beginning of the n-th hold. */
static inline void begin_hold(struct live *live, guint n, int64_t into)
{
    pull(live, RATE);
    planner_run(live->made->planner, INT64_MAX);
    play_to(live, nth(live, SPAN_HOLD, n)->frame + into);
}

static inline void assert_pulled(struct live *live, double seconds)
{
    int frames = (int)(seconds * RATE);
    g_assert_cmpint(pull(live, frames), ==, frames);
}

/* Nothing but faint noise from `from` frames of a second on, and the clock stands. */
static inline void assert_wakes(struct live *live, guint from)
{
    int64_t at = position(live);
    guint frames = RATE - from;
    g_assert_cmpint(pull(live, (int)frames), ==, (int)frames);
    int most = peak_of(live, (guint)heard_frames(live) - frames, frames);
    g_assert_true(most > 0 && most < 10);
    g_assert_cmpint(position(live), ==, at);
}

static const char live_text[] = "[routine]\ntitle = T\ncaution = Take care of yourself.\n"
                                "[one]\nsay = Go there and stay.\ncue = Again.\nhold = 20s\nsides = right, "
                                "left\nreps = 2\nrelease = Come back.\n"
                                "[two]\nsay = Breathe.\nhold = 4 breaths\n"
                                "[three]\nsay = Get ready.\nhold = ready\nrelease = Good.\n"
                                "[four]\nsay = Last.\nhold = 5s\n";

static inline void live_init(struct live *live, const char *const *sets)
{
    live_init_with(live, live_text, sets);
}

/* The n-th phrase on a timeline, from `from` on. */
static inline const struct cue *phrase_from(struct live *live, int64_t from)
{
    const struct timeline *timeline = planner_timeline(live->made->planner);
    for (guint i = 0; i < made_count(timeline); i++)
        if (made_cue(timeline, i)->role == ROLE_PHRASE && made_cue(timeline, i)->frame >= from)
            return made_cue(timeline, i);
    return NULL;
}

static inline const struct cue *role_in(struct live *live, const struct cue *hold, enum role role)
{
    const struct timeline *timeline = planner_timeline(live->made->planner);
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        if (cue->role == role && cue->text && cue->frame >= hold->frame &&
            cue->frame < hold->frame + hold->frames)
            return cue;
    }
    return NULL;
}

static inline void assert_no_overlap(struct live *live)
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

#endif
