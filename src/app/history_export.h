/* The whole history for other programs, on standard output. */
#ifndef APP_HISTORY_EXPORT_H
#define APP_HISTORY_EXPORT_H

#include "history/query.h"

enum export_format { EXPORT_JSON, EXPORT_CSV, EXPORT_JRNL, EXPORT_ICS, N_EXPORT_FORMATS };

/* NULL: there is no history yet, and what is printed holds no session. */
bool history_export(struct store *store, enum export_format format, GError **error);

/* "2026-11-30T21:51:00+01:00", the local time of a zone, which is seconds ahead of UTC. To be freed. */
char *history_time(int64_t seconds, int zone);

#endif
