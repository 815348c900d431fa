/* A session in the daemon, and this process its screen. */
#ifndef APP_REMOTE_H
#define APP_REMOTE_H

#include "load.h"
#include "control/client.h"
#include "live/live.h"

/* What has the socket is a daemon, and not a session. */
bool remote_is_daemon(struct client *client);

/* Has the daemon play what is loaded, and shows it until it ends; or returns once it has started, with
 * --background. The exit code. No struct interrupt of the caller's is in force: until the session has begun
 * there is nothing to end cleanly. */
int remote_play(const struct options *options, struct loaded *loaded, const struct play_request *request,
                struct client *client);

/* For a subcommand that cannot do without the socket: one line, with what to do. EXIT_FAILED. */
int remote_refuse(const GError *error);

#endif
