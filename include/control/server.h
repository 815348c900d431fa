/* The control socket, from the session's side: clients send commands, which are passed on and answered now or
 * later, and get lines once they have subscribed. On the default main context; no call waits, and a client
 * can harm only itself.
 *
 * Other users are refused. A line of over CONTROL_LINE bytes, or one that is not text or not finished in
 * time, gets an error, and its client is dropped. A client that has over 64 KiB to read when more is sent is
 * dropped without a word. */
#ifndef CONTROL_SERVER_H
#define CONTROL_SERVER_H

#include "base/auto.h"
#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

enum { SERVER_CLIENTS = 16, SERVER_UNREAD = 64 << 10 };

struct server;
struct peer;  /* a connected client: valid until ops->closed has returned, or the server is freed */
struct reply; /* the answer to one command */

/* None of these is called from inside a function of this header. */
struct server_ops {
    /* A command: at least one word, borrowed. The reply must be ended once, at any time, by reply_ok() or
     * reply_error(). Until then the client's next commands wait: replies come in the order of the commands.
     */
    void (*command)(void *data, struct reply *reply, const char *const *words);
    /* A client has gone. May be NULL. */
    void (*closed)(void *data, struct peer *peer);
    /* For the user to know, once each: another user has tried to connect (lost is false), or clients do not
     * find the socket any more (lost is true). May be NULL. */
    void (*trouble)(void *data, bool lost, const char *problem);
};

struct server_options {
    const char *path; /* of the socket; NULL: the usual one */
    const struct server_ops *ops;
    void *data;
    int line_ms;  /* for a line to be finished; 0: 5 s */
    int guard_ms; /* between looks at the socket's path; 0: 60 s */
};

/* NULL with CONTROL_BUSY and the other's id in *holder (0: not known; may be NULL), or CONTROL_NO_SOCKET
 * (socket.h). */
struct server *server_new(const struct server_options *options, pid_t *holder, GError **error);

/* Removes the socket if it is still its own, and releases the lock: from now on another session can begin.
 * Connected clients stay, so that they can be answered. NULL is fine. */
void server_close(struct server *server);

/* Closes it, and only then ends the connections: a client that sees the end can start a session. Open replies
 * may be ended later. NULL is fine. */
void server_free(struct server *server);
AUTO_DEFINE(server)

/* --- replies: any number of fields, then one of reply_ok() and reply_error(), which free it --- */
void reply_field(struct reply *reply, const char *key, const char *format, ...) G_GNUC_PRINTF(3, 4);
void reply_ok(struct reply *reply);
void reply_error(struct reply *reply, int code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The client; NULL once it has gone. */
struct peer *reply_peer(const struct reply *reply);

/* --- lines of a subscription, "key: value" --- */

/* A client has one channel; the numbers are the caller's, 0 is none. */
void peer_subscribe(struct peer *peer, int channel);
int peer_channel(const struct peer *peer);
void peer_send(struct peer *peer, const char *key, const char *value);
void peer_end(struct peer *peer); /* ends the connection as soon as all is sent; ops->closed follows */

void server_publish(struct server *server, int channel, const char *key, const char *value);
bool server_has(const struct server *server, int channel); /* a client has subscribed to it */

#endif
