/* The author's ranges and the settings' pace, brought to seconds, breaths and frames. Pure functions; frames
 * are at sound.rate. */
#ifndef PLAN_PACE_H
#define PLAN_PACE_H

#include "config/settings.h"
#include "config/voice.h"
#include "plan/cue.h"
#include "routine/left_out.h"
#include "routine/routine.h"

/* How hard a session is at the moment: begins as pace.level and pace.hold, and is what `easier` and `harder`
 * change. */
struct effort {
    int level; /* 0-100: of the holds, and with the next two added, of sets and of repetitions */
    int hold;  /* percent */
    /* Of a session that was made to last a given time (plan/fit.h); otherwise 0: */
    int sets, reps;   /* so far above the level, or below */
    int waits;        /* all waits but breaths are longer by so many parts of EFFORT_WHOLE */
    enum words words; /* no more are said than these, whatever pace.words is: WORDS_KNOWN, or WORDS_BRIEF */
};

enum { EFFORT_WHOLE = 10000 };

struct effort effort_from_settings(const struct settings *settings);

/* A hold in seconds at the level, scaled to whole seconds, halves up, at least 1; or in breaths or times, at
 * least 1. Nothing for `ready`. */
int effort_hold(struct effort effort, const struct hold *hold);

int effort_reps(struct effort effort, const struct step *step);
int effort_sets(struct effort effort, const struct step *step);

/* How often things are done in a step. */
struct step_counts {
    int sets, reps, sides; /* at least 1: each set has `reps` repetitions on each of `sides` sides */
    int64_t rounds;        /* repetitions in all */
    int64_t changes;       /* of side */
    int64_t repeats;       /* repetitions after the first of their side */
    int64_t rests;
};

/* Seconds. Shorter waits are over when they have been announced. */
enum { PACE_ANNOUNCED_S = 5 };

struct step_counts step_counts(const struct step *step, int sets, int reps);

static inline bool effort_equal(struct effort a, struct effort b)
{
    return a.level == b.level && a.hold == b.hold && a.sets == b.sets && a.reps == b.reps &&
           a.waits == b.waits && a.words == b.words;
}

/* One down or up: the level by 10; below level 0 the holds by 10 % of their length, down to 50 %, which
 * `harder` gives back first. False at the end of the way: then nothing has changed. `full` is pace.hold, the
 * length that is given back. */
bool effort_easier(struct effort *effort);
bool effort_harder(struct effort *effort, int full);

/* One breath, or one of a number of times, in its phases. */
struct rhythm {
    int n;                          /* of phases that last; 0: the move is held in seconds */
    enum cue_type cue[MOST_PHASES]; /* that leads each; N_CUE_TYPES: none, of a tempo without phases */
    /* When each begins, and when the round ends, in tenths of a millisecond: 40 % of any breath is whole. */
    int64_t begin[MOST_PHASES + 1];
    int rate, speed; /* frames a second, percent */
};

struct rhythm pace_rhythm(const struct settings *settings, const struct move *move);

/* The frame at which a phase of a round begins, both from 0, counted from the beginning of the hold; rounded
 * once, so that no error adds up. */
int64_t rhythm_frame(const struct rhythm *rhythm, int round, int phase);

/* A wait of so many frames, as long as the effort makes it. */
int64_t effort_wait(struct effort effort, int64_t frames);

/* A wait of so many milliseconds at 100 % speed. */
int64_t pace_frames(const struct settings *settings, int ms);

/* The time to get into position: the step's own, or pace.prepare, which is also how long a `ready` lasts. */
int64_t pace_prepare_frames(const struct settings *settings, const struct step *step);

/* The silence between a move's text and its hold: its own, or pace.settle. Before a `ready` hold, whose
 * phrase follows, it is pace.gap. */
int64_t pace_settle_frames(const struct settings *settings, const struct move *move);

/* The rest between sets: the step's own, or pace.rest where that is negative. */
int64_t pace_rest_frames(const struct settings *settings, int rest_ms);

/* A hold that was made longer or shorter while the session was under way; on both sides, so the side does not
 * count. */
struct stretch {
    struct place place;
    int by; /* seconds, breaths or times */
};

/* What a script is made from; all borrowed, none changed by it. */
struct script {
    const struct routine *routine;
    const struct settings *settings;
    const struct voice *voice;
    struct effort effort;        /* in force in this repetition; where there are two sides, in this set */
    struct effort coming;        /* from the next one on */
    const GArray *stretches;     /* struct stretch; may be NULL */
    const GByteArray *out;       /* the steps that are left out from now on; NULL: none */
    const GPtrArray *opening;    /* char *: sentences at the beginning of the session; may be NULL */
    enum words words;            /* never WORDS_AUTO; see script_words() */
    bool asks_rating, asks_hurt; /* after the closing, and at the beginning */
    bool caution_known, closing_known; /* only its last sentence is said */
    int rate;                          /* of speech, percent of the voice's: for estimates */
    int minutes;     /* that it lasts, of a session made to last a given time; 0: as estimated */
    int64_t silence; /* of such a session, before the closing: frames */
};

struct script script_of(const struct routine *routine, const struct settings *settings,
                        const struct voice *voice);

/* How much is said: less where the session is made to last a given time and has no time for more. */
enum words script_words(const struct script *script);

/* How much is said of the way into a step's position. A session that is brief only to be short still calls it
 * to mind, unless the step says that getting there takes less than PACE_ANNOUNCED_S. */
enum words script_setup_words(const struct script *script, const struct step *step);

/* Only the last sentence of the closing is said. */
bool script_closing_known(const struct script *script);

/* The same in all words. */
struct script script_in_full(const struct script *script);

/* The title of the routine that begins with a step, in a session of several; NULL if none does, or the
 * session begins with it. */
const char *script_part(const struct script *script, int step);

/* How many sets a step has for a session in set `set` of it, from 1: that one counts, even if the step has
 * become easier since. */
int script_sets(const struct script *script, const struct step *step, int set);

/* How many repetitions a step has on a side for a session in repetition `rep` of it, from 1: a coming effort
 * decides, but what has begun counts, and two sides get the same. */
int script_reps(const struct script *script, const struct step *step, int rep);

/* By how much the hold at a place has been made longer, in its unit; negative: shorter. */
int script_stretched(const struct script *script, struct place place);

/* The length of a hold in seconds, breaths or times: the author's, at this effort, stretched. */
int script_hold(const struct script *script, const struct move *move, struct place place);

#endif
