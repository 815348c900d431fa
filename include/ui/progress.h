/* A progress bar on standard error, if that is a terminal. */
#ifndef UI_PROGRESS_H
#define UI_PROGRESS_H

#include <stdbool.h>

struct progress;

/* `total` is an estimate, in seconds of sound. NULL where nothing is to be drawn. */
struct progress *progress_new(bool quiet, double total);

/* Drawn at most ten times a second. NULL is fine. */
void progress_show(struct progress *progress, double done);

/* Takes the bar away. NULL is fine. */
void progress_free(struct progress *progress);

#endif
