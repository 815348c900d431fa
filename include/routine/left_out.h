/* The steps that a session leaves out, a byte for each step of the routine: not 0, and it is left out. NULL:
 * none is. The others are counted as they are heard: a step's number is its place among them. */
#ifndef ROUTINE_LEFT_OUT_H
#define ROUTINE_LEFT_OUT_H

#include "routine/routine.h"

static inline bool left_out(const GByteArray *out, int step)
{
    return out && step >= 0 && (guint)step < out->len && out->data[step];
}

/* How many steps a session has, and which number the step has among them, from 1. */
int steps_heard(const struct routine *routine, const GByteArray *out);
int step_number(const GByteArray *out, int step);

/* The step of a number; -1: there is none. */
int step_numbered(const struct routine *routine, const GByteArray *out, int number);

/* The next step that is heard, n_steps behind the last one; and the one before, -1 before the first one.
 * `step` may be -1, n_steps, or one that is left out. */
int step_after(const struct routine *routine, const GByteArray *out, int step);
int step_before(const GByteArray *out, int step);

#endif
