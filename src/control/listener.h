/* The socket that one process of a user listens on: taken, watched, given back. */
#ifndef CONTROL_LISTENER_H
#define CONTROL_LISTENER_H

#include "base/auto.h"
#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

struct listener;

/* Takes the lock PATH.lock, puts a dead process's socket aside, and listens. NULL with CONTROL_BUSY and the
 * other's id in *holder (0: not known; may be NULL), or with CONTROL_NO_SOCKET. What is no socket, or is
 * listened on, is never removed. */
struct listener *listener_new(const char *path, pid_t *holder, GError **error);

/* Removes the socket, if it is still this one, and then lets go of the lock. */
void listener_free(struct listener *listener);
AUTO_DEFINE(listener)

int listener_fd(const struct listener *listener);

/* NULL while clients that look for the socket find this one; else what has become of it, static. */
const char *listener_problem(const struct listener *listener);

#endif
