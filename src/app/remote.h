/* A session in another process, and this process its screen. */
#ifndef APP_REMOTE_H
#define APP_REMOTE_H

#include "load.h"
#include "question.h"
#include "control/client.h"
#include "live/live.h"

/* The process that has the socket is a daemon, not a session. */
bool remote_is_daemon(struct client *client);

/* Its session is only a question, which gives way. */
bool remote_asks(struct client *client);

/* Lets the daemon ask a question, which is the routine of `request` with this source. The exit code; the
 * connection is of no more use. */
int remote_ask(const struct options *options, struct loaded *loaded, const struct play_request *request,
               const GString *source, struct client *client, struct question *question);

/* Lets the daemon play what is loaded, and shows it until it ends; with --background, returns once it has
 * started. The exit code. The caller has finished its struct interrupt: until the session has begun, a signal
 * ends the program at once. */
int remote_play(const struct options *options, struct loaded *loaded, const struct play_request *request,
                struct client *client);

/* For a subcommand that needs a session, and cannot reach one: prints one line. EXIT_NO_SESSION, or
 * EXIT_FAILED where there may be one. */
int remote_no_session(const struct options *options, const GError *error);

/* For a subcommand that needs the socket: prints one line, with what to do. EXIT_FAILED. */
int remote_refuse(const GError *error);

#endif
