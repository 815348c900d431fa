/* The files of one routine in several languages say the same with other words. */
#ifndef ROUTINE_COMPARE_H
#define ROUTINE_COMPARE_H

#include "base/diag.h"
#include "base/ini.h"
#include "routine/routine.h"

/* One file of a routine; both are without problems. */
struct version {
    const struct routine *routine;
    const struct ini *ini;
};

/* Reports each difference at its line in `here`, with the line in `there`: parts of the body and level
 * hint, steps and moves and their order, sides, sets, reps and holds. */
void routine_compare(const struct version *here, const struct version *there, struct diags *diags);

#endif
