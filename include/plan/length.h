/* How long a session can become. */
#ifndef PLAN_LENGTH_H
#define PLAN_LENGTH_H

#include "base/diag.h"
#include "config/settings.h"
#include "routine/routine.h"

/* At the high end of every range and under these settings, no hold may last longer than ROUTINE_HOLD_S, which
 * is reported at its line, and holds, rests, changes of side and waits together not longer than
 * ROUTINE_SESSION_S, which is reported at the routine's line 1. Speech, and what lies around it (getting
 * ready, gaps), is not counted: eight seconds to get ready in each of 10,000 steps are most of a day by
 * themselves, and that many steps are allowed. */
void plan_check_length(const struct routine *routine, const struct settings *settings, struct diags *diags);

#endif
