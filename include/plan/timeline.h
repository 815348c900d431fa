/* The script with measured clips: cues and spans on whole frames at the output rate.
 *
 * Append-only: a line is laid out as soon as its clips are there, and what lies before timeline_final() never
 * changes again by itself. A command that changes what is to come removes the tail, and it is laid out again.
 * Lengths enter as data through clip_ops, so the timeline needs no speech and no sound card. */
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
    int64_t gap;      /* after an utterance; half of it between its sentences, unless these are actions: */
    int64_t sentence; /* between those of setup, say and release, and at least so much after them */
    int64_t wake;
    int64_t tick;              /* 0: off */
    int64_t tone[N_OCCASIONS]; /* length of each sound that is not speech; 0: there is none */
};

/* Fills in all but `tone`, which depends on the mixer. */
void timing_from_settings(struct timing *timing, const struct settings *settings);

struct timeline;

/* Both arguments are copied. */
struct timeline *timeline_new(const struct timing *timing, const struct clip_ops *ops);
void timeline_free(struct timeline *timeline);
AUTO_DEFINE(timeline)

const struct timing *timeline_timing(const struct timeline *timeline);

/* Adds a line at the end. False if a clip is missing; then nothing has changed. */
bool timeline_append(struct timeline *timeline, const struct line *line);

/* No more lines will come: all of it is final. */
void timeline_finish(struct timeline *timeline);

/* The frame at which the next line will begin. */
int64_t timeline_end(const struct timeline *timeline);

/* What lies before this frame does not change any more, unless one of the following three is called. */
int64_t timeline_final(const struct timeline *timeline);

/* A jump: removes what begins at `frame` or later, shortens what runs past it, and goes on from there. The
 * acknowledging sound has just been heard, so no wake is needed for the silence before. */
void timeline_cut(struct timeline *timeline, int64_t frame);

/* Removes the lines from the one that begins at `frame` on, as if they had not been laid out. */
void timeline_take_back(struct timeline *timeline, int64_t frame);

/* A change inside a hold: lays out the hold that began at `begin` and is under way at `now` again, as `line`
 * has it. What began before `now` stays; the rest is removed, to the end of the timeline. Halfway and seconds
 * left give way to announcements and to what is being said; halfway is not said twice. False if a clip is
 * missing; then nothing has changed. */
bool timeline_relay(struct timeline *timeline, int64_t begin, int64_t now, const struct line *line);

/* The hold that is under way at `now`, or NULL. Borrowed until the next change. */
const struct cue *timeline_hold(const struct timeline *timeline, int64_t now);

/* The frame at which all has been said that is being said at `now` or is announced in the hold under way; at
 * least `now`. */
int64_t timeline_spoken(const struct timeline *timeline, int64_t now);

/* The first frame from `frame` on at which no sound is under way; ticks do not count. */
int64_t timeline_quiet(const struct timeline *timeline, int64_t frame);

/* Ends at `frame` the words that are under way there. */
void timeline_hush(struct timeline *timeline, int64_t frame);

/* Frees what ended before `frame`. */
void timeline_forget(struct timeline *timeline, int64_t frame);

/* All cues and spans in order of frame, spans before cues on the same frame (struct cue). Borrowed, until the
 * next change. */
const GArray *timeline_cues(const struct timeline *timeline);

/* Index of the first cue that may still sound at `frame` or later. */
guint timeline_first(const struct timeline *timeline, int64_t frame);

#endif
