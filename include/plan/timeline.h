/* The script with measured clips: cues and spans on whole frames at the output rate.
 *
 * Append-only: a line is laid out as soon as its clips are there, and what lies before timeline_final() never
 * moves again. A change in what is to come cuts the tail and lays it out anew. Lengths enter as data through
 * clip_ops, so it needs no speech and no sound card. */
#ifndef PLAN_TIMELINE_H
#define PLAN_TIMELINE_H

#include "base/auto.h"
#include "plan/cue.h"
#include "plan/script.h"

/* Seconds of silence in which headphones do not yet fall asleep (rule 11). */
enum { TIMELINE_SILENCE_S = 4 };

/* What the layout needs to know of a spoken sentence. */
struct spoken {
    int64_t frames;
    bool chime;        /* it cannot be said: a chime of `frames` takes its place */
    struct clip *clip; /* handed back to drop() when the cue goes; may be NULL */
};

struct clip_ops {
    void *data;
    /* False if the sentence has not been spoken yet. */
    bool (*find)(void *data, const char *text, struct spoken *spoken);
    void (*drop)(void *data, struct clip *clip); /* may be NULL */
};

/* The figures of settings that the layout needs, in frames. */
struct timing {
    int rate;
    int64_t gap; /* after an utterance; half of it between its sentences */
    int64_t wake;
    int64_t tick;              /* 0: off */
    int breath_ms, speed;      /* one breath is breath_ms at speed percent */
    int64_t tone[N_CUE_TYPES]; /* length of each cue that is no speech */
};

/* Fills in all but `tone`, which is the mixer's to say. */
void timing_from_settings(struct timing *timing, const struct settings *settings);

struct timeline;

/* Both arguments are copied. */
struct timeline *timeline_new(const struct timing *timing, const struct clip_ops *ops);
void timeline_free(struct timeline *timeline);
AUTO_DEFINE(timeline)

/* False if a clip is not there yet; then nothing has changed. */
bool timeline_append(struct timeline *timeline, const struct line *line);

/* Nothing more will come: all of it is final. */
void timeline_finish(struct timeline *timeline);

/* Where the next line will begin; and the frame before which nothing can change any more. */
int64_t timeline_end(const struct timeline *timeline);
int64_t timeline_final(const struct timeline *timeline);

/* Takes away what begins at `frame` or later, shortens what runs over it, and goes on from there: a jump.
 * Whoever jumps is heard, so the silence before does not count. */
void timeline_cut(struct timeline *timeline, int64_t frame);

/* Takes back what begins at `frame` or later, as if it had not been laid out. */
void timeline_take_back(struct timeline *timeline, int64_t frame);

/* Lays a hold out again that began at `begin` and is under way at `now`, as `line` has it: what has begun
 * stays, what lies after `now` is taken back, up to the end of the timeline. Announcements without a place
 * get one, after what is being said and not before `earliest`, before the countdown, in the place of halfway
 * and seconds left; see struct prompt. False if a clip is not there yet; then nothing has changed. */
bool timeline_relay(struct timeline *timeline, int64_t begin, int64_t now, int64_t earliest,
                    const struct line *line);

/* The hold that is under way at `now`, NULL if there is none. Borrowed, until the next change. */
const struct cue *timeline_hold(const struct timeline *timeline, int64_t now);

/* When what is being said at `now` ends, and all that is announced in the hold under way; `now` if there is
 * nothing. */
int64_t timeline_spoken(const struct timeline *timeline, int64_t now);

/* Lets go of what ended before `frame`; it can no longer be looked at. */
void timeline_forget(struct timeline *timeline, int64_t frame);

/* All cues and spans in order of frame, spans before cues on the same frame (struct cue). Borrowed, until the
 * next change. */
const GArray *timeline_cues(const struct timeline *timeline);

/* Index of the first cue that may still sound at `frame` or later. */
guint timeline_first(const struct timeline *timeline, int64_t frame);

#endif
