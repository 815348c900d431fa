/* Progress on standard error: a bar if that is a terminal that can draw one, else one line for each tenth if
 * that is wanted. */
#ifndef UI_PROGRESS_H
#define UI_PROGRESS_H

#include <stdbool.h>

struct progress;

/* `total` is an estimate, in seconds of sound. `plain`: lines, on a terminal or not. NULL if nothing is to be
 * shown. */
struct progress *progress_new(bool quiet, bool plain, double total);

/* `done` is in seconds of sound. Drawn at most ten times a second. NULL is fine. */
void progress_show(struct progress *progress, double done);

/* Takes the bar away. NULL is fine. */
void progress_free(struct progress *progress);

/* What a bar looks like that has `columns` columns at most; to be freed. */
char *progress_line(double part, double done, int columns);

#endif
