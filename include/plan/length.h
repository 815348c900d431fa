/* How long a session can become. */
#ifndef PLAN_LENGTH_H
#define PLAN_LENGTH_H

#include "base/diag.h"
#include "config/settings.h"
#include "routine/routine.h"

/* Holds, rests, changes of side and waits at the high end of every range must stay within ROUTINE_SESSION_S
 * under these settings; a problem is reported at the routine's line 1. Speech, and what lies around it
 * (getting ready, gaps), is not counted: eight seconds to get ready in each of 10,000 steps are most of a day
 * by themselves, and that many steps are allowed. */
void plan_check_length(const struct routine *routine, const struct settings *settings, struct diags *diags);

#endif
