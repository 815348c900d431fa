/* What is wrong with a routine that only shows when all of it has been read. */
#ifndef ROUTINE_CHECK_H
#define ROUTINE_CHECK_H

#include "base/diag.h"
#include "config/settings.h"
#include "routine/routine.h"

/* Every field of every text has a meaning where it stands, and every brace its partner. A hold or sides that
 * could not be read (a range that ends at 0; one side) make no second problem. */
void routine_check_texts(const struct routine *routine, struct diags *diags);

/* Holds and spans at the high end of every range, speech not counted, must stay within ROUTINE_SESSION_S
 * under these settings; a problem is reported at the routine's line 1. */
void routine_check_length(const struct routine *routine, const struct settings *settings,
                          struct diags *diags);

#endif
