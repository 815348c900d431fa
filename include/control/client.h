/* The control socket, from the other side: one command and its answer, or a conversation.
 *
 * Main thread. client_open(), client_ask() and client_await_end() run the default main context until they are
 * done or their time is over; they are not to be called from inside an event of the same client. */
#ifndef CONTROL_CLIENT_H
#define CONTROL_CLIENT_H

#include "control/socket.h"
#include "control/protocol.h"

struct client;

/* Connects to the session at `path` (NULL: the usual place), which must be the same user's, and reads its
 * greeting. NULL with CONTROL_NO_SESSION if nobody listens there, with CONTROL_NO_SOCKET if nobody can, or
 * with CONTROL_FAILED. */
struct client *client_open(const char *path, int timeout_ms, GError **error);
void client_free(struct client *client); /* ends the connection at once; NULL is fine */
AUTO_DEFINE(client)

/* --- one command --- */

struct response_field {
    char *key, *value;
};

struct response {
    GArray *fields; /* struct response_field */
    int code;       /* of the error, 0 for OK */
    char *message;  /* of the error, or NULL */
};

/* Says a command and waits for the whole answer; NULL with CONTROL_FAILED, after which the client is only
 * good for client_free(). Only before the client has subscribed, or lines that were not asked for would get
 * into the answer. */
struct response *client_ask(struct client *client, const char *const *words, int timeout_ms, GError **error);
void response_free(struct response *answer);
AUTO_DEFINE(response)

const char *response_value(const struct response *answer,
                           const char *key); /* NULL if there is no such field */

/* Waits until the session's program has let go of the socket. False if it has not in time. */
bool client_await_end(struct client *client, int timeout_ms);

/* --- a conversation --- */

struct client_ops {
    /* A line of an answer, or one that was subscribed to; borrowed. May call anything, client_free() too. */
    void (*line)(void *data, const struct response_line *line);
    /* The connection has ended. Nothing else comes: time for client_free(). */
    void (*closed)(void *data);
};

/* From now on each line is told; none that came after the last answer is lost. `ops` is borrowed. */
void client_listen(struct client *client, const struct client_ops *ops, void *data);

/* Says a command without waiting for its answer; false if it cannot be said in a line (protocol_command). */
bool client_send(struct client *client, const char *const *words);

#endif
