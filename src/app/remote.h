/* A session in the daemon, and this process its screen. */
#ifndef APP_REMOTE_H
#define APP_REMOTE_H

#include "options.h"
#include "control/client.h"

/* Who has the socket is a daemon, and not a session. */
bool remote_is_daemon(struct client *client);

/* Has the daemon play what the options say, and shows it until it ends; or returns once it has started, with
 * --background. The exit code. */
int remote_play(const struct options *options, struct client *client);

#endif
