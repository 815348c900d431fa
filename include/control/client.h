/* The control socket, from the client's side: one command and its response, or a conversation.
 *
 * client_open(), client_ask() and client_await_end() block until they are done or their time is over. After
 * client_listen() everything else comes from the default main context. */
#ifndef CONTROL_CLIENT_H
#define CONTROL_CLIENT_H

#include "control/socket.h"
#include "control/protocol.h"

struct client;

/* Connects to the session at `path` (NULL: the usual path), which must be the same user's, and reads its
 * greeting. NULL with CONTROL_NO_SESSION if no process listens there, with CONTROL_NO_SOCKET if none can, or
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

/* Sends a command and waits for the whole response; NULL with CONTROL_FAILED, after which the client is only
 * good for client_free(). Only before client_listen() and before the client has subscribed, or lines that it
 * did not ask for would get into the response. */
struct response *client_ask(struct client *client, const char *const *words, int timeout_ms, GError **error);
void response_free(struct response *response);
AUTO_DEFINE(response)

const char *response_value(const struct response *response,
                           const char *key); /* NULL if there is no such field */

/* Waits until the session's program has closed the connection. False if it has not in time. */
bool client_await_end(struct client *client, int timeout_ms);

/* --- a conversation --- */

struct client_ops {
    /* A line of a response or of a subscription; borrowed. May call anything, client_free() too. */
    void (*line)(void *data, const struct response_line *line);
    /* The connection has ended, and nothing else comes: call client_free(). */
    void (*closed)(void *data);
};

/* From now on each line is reported, from the first after the last response. `ops` is borrowed. Once. */
void client_listen(struct client *client, const struct client_ops *ops, void *data);

/* Sends a command without waiting for its response; false if it does not fit into a line (protocol_command).
 */
bool client_send(struct client *client, const char *const *words);

#endif
