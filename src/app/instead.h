/* What `play` says where there is nothing to play on. */
#ifndef APP_INSTEAD_H
#define APP_INSTEAD_H

#include "options.h"
#include "routine/routine.h"

/* The command that renders the same session to a file, as a shell takes it: with every option that makes the
 * session what it is, and none that chooses the output. To be freed. */
char *instead_command(const struct options *options, const char *name, const struct routine *routine);

#endif
