/* Reads the history, and removes from it. Each returns false after an error. */
#ifndef HISTORY_QUERY_H
#define HISTORY_QUERY_H

#include "history/record.h"

/* All sessions, or the last `most` of them (0: all), in the order of their beginning. The session is
 * borrowed.
 */
bool history_sessions(struct store *store, int most,
                      void (*each)(void *data, const struct history_session *session), void *data,
                      GError **error);

/* The steps of a session, in the order of the routine; likewise. */
bool history_steps(struct store *store, int64_t session,
                   void (*each)(void *data, const struct history_step *step), void *data, GError **error);

/* What was practised on each day that has a session, from a day on. A day is that of the place where the
 * session began, counted from 1970-01-01. */
bool history_days(struct store *store, int64_t first,
                  void (*each)(void *data, int64_t day, int sessions, int64_t seconds), void *data,
                  GError **error);

/* When a routine was last begun, alone or with others ("hips+morning"), in seconds since 1970, and the zone.
 * False if never, or after an error. */
bool history_last(struct store *store, const char *routine, int64_t *begun, int *zone);

/* Rates the last session; without pain (PAIN_NONE) and note (NULL), what it has of them stays. It is given to
 * `each`, if there is one. */
bool history_rate(struct store *store, const char *rating, int pain, const char *note,
                  void (*each)(void *data, const struct history_session *session), void *data,
                  GError **error);

/* Removes a session, or those of the days before `day`, so that nothing of them stays in the file. The number
 * of sessions, or -1 after an error. */
int history_forget(struct store *store, int64_t id, GError **error);
int history_forget_before(struct store *store, int64_t day, GError **error);

#endif
