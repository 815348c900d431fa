/* The author's ranges and the settings' pace, brought to seconds, breaths and frames. Pure functions; frames
 * are at sound.rate. */
#ifndef PLAN_PACE_H
#define PLAN_PACE_H

#include "config/settings.h"
#include "config/voice.h"
#include "plan/cue.h"
#include "routine/routine.h"

/* How hard a session is at the moment: begins as pace.level and pace.hold, and is what `easier` and `harder`
 * change. */
struct effort {
    int level; /* 0-100 */
    int hold;  /* percent */
};

struct effort effort_from_settings(const struct settings *settings);

/* A hold in seconds at the level, scaled to whole seconds, halves up, at least 1; or in breaths, at least 1.
 * Nothing for `ready`. */
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
    return a.level == b.level && a.hold == b.hold;
}

/* One down or up: the level by 10; below level 0 the holds by 10 % of their length, down to 50 %, which
 * `harder` gives back first. False at the end of the way: then nothing has changed. `full` is pace.hold, the
 * length that is given back. */
bool effort_easier(struct effort *effort);
bool effort_harder(struct effort *effort, int full);

/* So many breaths, rounded once to whole frames. */
int64_t pace_breath_frames(const struct settings *settings, int breaths);

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
    int by; /* seconds, or breaths */
};

/* What a script is made from; all borrowed, none changed by it. */
struct script {
    const struct routine *routine;
    const struct settings *settings;
    const struct voice *voice;
    struct effort effort;    /* in force in this set */
    struct effort coming;    /* from the next set or step on */
    const GArray *stretches; /* struct stretch; may be NULL */
};

struct script script_of(const struct routine *routine, const struct settings *settings,
                        const struct voice *voice);

/* How many sets a step has for a session in set `set` of it, from 1: that one counts, even if the step has
 * become easier since. */
int script_sets(const struct script *script, const struct step *step, int set);

/* By how much the hold at a place has been made longer, in its unit; negative: shorter. */
int script_stretched(const struct script *script, struct place place);

/* The length of a hold in seconds or breaths: the author's, at this effort, stretched. */
int script_hold(const struct script *script, const struct move *move, struct place place);

#endif
