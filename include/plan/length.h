/* How long a session can become. */
#ifndef PLAN_LENGTH_H
#define PLAN_LENGTH_H

#include "base/diag.h"
#include "config/settings.h"
#include "routine/routine.h"

/* Holds and spans at the high end of every range, speech not counted, must stay within ROUTINE_SESSION_S under these settings; a problem is
 * reported at the routine's line 1. */
void plan_check_length(const struct routine *routine, const struct settings *settings, struct diags *diags);

#endif
