/* How much of a step there is to do, as one phrase. For src/plan only. */
#ifndef PLAN_DOSE_H
#define PLAN_DOSE_H

#include "plan/script.h"

/* "Both sides, 3 times, 20 seconds each." NULL if there is nothing to say: one hold in seconds, without
 * sides. The caller frees it. */
char *dose_of(const struct script *script, const struct step *step, const struct step_counts *counts);

#endif
