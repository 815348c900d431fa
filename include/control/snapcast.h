/* The control port of Snapcast's server: JSON-RPC, a message on each line. */
#ifndef CONTROL_SNAPCAST_H
#define CONTROL_SNAPCAST_H

#include "base/auto.h"
#include <gio/gio.h>

struct snapcast;

/* Connects, and blocks until that is done or its time is over. The address is one of digits: no name is
 * looked up. NULL with CONTROL_FAILED (socket.h). */
struct snapcast *snapcast_open(const char *address, guint port, guint seconds, GError **error);
void snapcast_free(struct snapcast *snapcast); /* NULL is fine */
AUTO_DEFINE(snapcast)

/* Asks for the server's status, and blocks until its response is there; to be freed. NULL with
 * CONTROL_FAILED. Before snapcast_listen(). */
char *snapcast_status(struct snapcast *snapcast, guint seconds, GError **error);

/* From now on each message is reported, from the default main context; NULL: the connection has ended, and it
 * is time for snapcast_free(). Once. */
void snapcast_listen(struct snapcast *snapcast, void (*message)(void *data, const char *json), void *data);

#endif
