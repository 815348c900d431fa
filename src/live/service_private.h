/* What service.c (the socket and the bus, for whatever session there is) and hosting.c (sessions inside the
 * daemon) share. */
#ifndef LIVE_SERVICE_PRIVATE_H
#define LIVE_SERVICE_PRIVATE_H

#include "live/service.h"

/* Subscriptions to lines "status: {…}", at every change and as often as a screen wants it, and to "media:
 * {…}", at every change. */
enum { CHANNEL_CHANGES = 1, CHANNEL_SCREEN = 2, CHANNEL_MEDIA = 3 };

/* --- service.c --- */
/* Screens hear that the session is over, and what has ended it; NULL: nothing has. */
void service_publish_over(struct service *service, const GError *error);

/* To a client that wants to play: a session is running. */
void service_refuse_second(struct reply *reply);

/* --- hosting.c --- */
struct hosting *hosting_new(struct service *service);
void hosting_free(struct hosting *hosting); /* NULL is fine */
void hosting_part(struct hosting *hosting, struct reply *reply, const char *const *words);
void hosting_play(struct hosting *hosting, struct reply *reply, const char *const *words);
void hosting_closed(struct hosting *hosting, struct peer *peer);
void hosting_tidy(struct hosting *hosting); /* frees a session that is over */

#endif
