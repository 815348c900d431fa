/* The author's ranges and the settings' pace, brought to seconds, breaths and frames. Pure functions; frames are at sound.rate. */
#ifndef PLAN_PACE_H
#define PLAN_PACE_H

#include "config/settings.h"
#include "routine/routine.h"

/* A hold in seconds at pace.level, scaled by pace.hold to whole seconds, halves up, at least 1. */
int pace_hold_seconds(const struct settings *settings, const struct hold *hold);

/* A hold in breaths at pace.level; at least 1. */
int pace_breaths(const struct settings *settings, const struct hold *hold);

/* So many breaths, rounded once to whole frames. */
int64_t pace_breath_frames(const struct settings *settings, int breaths);

/* A wait of so many milliseconds at 100 % speed. */
int64_t pace_frames(const struct settings *settings, int ms);

/* The rest between sets: the step's own, or pace.rest where that is negative. */
int64_t pace_rest_frames(const struct settings *settings, int rest_ms);

#endif
