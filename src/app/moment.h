/* A time of day on the command line: the next time that the clock shows it. Pure. */
#ifndef APP_MOMENT_H
#define APP_MOMENT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { MOMENT_HOURS = 12 }; /* the farthest that is taken */

/* "7:45" or "19:45:30", after `now`, as real time in microseconds. 0 if it is not a time of day; negative if
 * it is farther away than that. */
int64_t moment_after(const char *text, GDateTime *now);

#endif
