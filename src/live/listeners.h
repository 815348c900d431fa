/* Those who want to know what a session does: the screen, the socket, the bus. */
#ifndef LIVE_LISTENERS_H
#define LIVE_LISTENERS_H

#include "live/live.h"

struct listeners;

/* `quiet`: no notes and no news but of problems. */
struct listeners *listeners_new(bool quiet);
void listeners_free(struct listeners *listeners);
void listeners_add(struct listeners *listeners, const struct listener *listener);

/* --- each of these calls those that have the member of this name --- */
void listeners_started(const struct listeners *listeners);
void listeners_status(const struct listeners *listeners, const struct status *status);
void listeners_answer(const struct listeners *listeners, guint number, const char *words);
void listeners_done(const struct listeners *listeners);
void listeners_over(const struct listeners *listeners, const GError *error);

/* A note or news in the name of the program. */
void listeners_note(const struct listeners *listeners, const char *format, ...) G_GNUC_PRINTF(2, 3);
void listeners_news(const struct listeners *listeners, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* News that sound is lost, `now` in microseconds; `why` may be NULL. At most one line a minute, for a sound
 * program that crashes again and again. */
void listeners_loss(struct listeners *listeners, int64_t now, const char *why);

/* Notes of the problems found since the last call. */
void listeners_problems(const struct listeners *listeners, struct diags *diags);

/* The sentences that have begun since the last call, up to the position. After a pause, one may begin again.
 */
void listeners_sentences(struct listeners *listeners, const struct timeline *timeline, int64_t position);

#endif
