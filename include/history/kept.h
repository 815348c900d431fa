/* What is kept of a routine between its sessions: read for the next one, and written with it. Names are those
 * of routines, without the language. Each returns false after an error. */
#ifndef HISTORY_KEPT_H
#define HISTORY_KEPT_H

#include "history/progress.h"
#include "history/store.h"

enum { KEPT_RECENT = 50 }; /* sessions that a level looks back at, at most */

/* What was kept, or progress_none(). */
bool kept_read(struct store *store, const char *routine, struct progress *kept, GError **error);

/* Fills what the history knows: recent, last and days, from now and zone. `recent` has room for KEPT_RECENT.
 */
bool kept_facts(struct store *store, const char *routine, const struct progress *kept,
                struct progress_facts *facts, struct practised *recent, GError **error);

/* The names of routines that have been practised, or have something kept, sorted. */
bool kept_routines(struct store *store, void (*each)(void *data, const char *routine), void *data,
                   GError **error);

bool kept_write(struct store *store, const char *routine, const struct progress *kept, GError **error);

/* Sets a level of its own. */
bool kept_set_level(struct store *store, const char *routine, int level, GError **error);

#endif
