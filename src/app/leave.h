/* Steps that are left out of a routine while it is not played. */
#ifndef APP_LEAVE_H
#define APP_LEAVE_H

#include "options.h"

/* `skip NAME STEP` and `unskip NAME STEP`: kept for the next time. The exit code. */
int leave_step(const struct options *options, const struct command *command);

#endif
