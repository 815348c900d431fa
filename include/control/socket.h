/* The control socket: its path, its lock, listening and connecting. No call waits.
 *
 * Only the same user's processes may use it: its directory is private, its mode is 0600 from the first
 * moment, and the uid of the other end is checked. */
#ifndef CONTROL_SOCKET_H
#define CONTROL_SOCKET_H

#include "base/auto.h"
#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

#define CONTROL_ERROR (control_error_quark())
GQuark control_error_quark(void);

enum control_error {
    CONTROL_NO_SOCKET,  /* there can be no socket: the message says why */
    CONTROL_BUSY,       /* another process has it */
    CONTROL_NO_SESSION, /* no process listens there */
    CONTROL_FAILED,     /* something went wrong: one may listen there */
};

/* The socket's path, to be freed: $XDG_RUNTIME_DIR/stretchvoice/control, or the one that the user has `named`
 * (NULL: none). Both directories of the first must be the user's own and private; the second is created if
 * `make` is true. The directory of a named path must exist, belong to the user and be writable by no other.
 * NULL with CONTROL_NO_SOCKET, with CONTROL_FAILED if the system cannot open a directory now, or with
 * CONTROL_NO_SESSION if the directory does not exist and `make` is false. */
char *socket_path(const char *named, bool make, GError **error);

/* A non-blocking connection to `path`; -1 with errno: ENOENT and ECONNREFUSED if no process listens, EAGAIN
 * if the listener does not accept. */
int socket_connect(const char *path);

/* Whether the process at the other end is the same user's. Its id goes to *pid, which may be NULL. */
bool socket_is_own(int fd, pid_t *pid);

/* --- one process at a time: a lock on a file, which holds the id of the process that has it --- */

/* Returns a descriptor: the lock is released when it is closed in the process and in the children that
 * inherit it. The file is created if need be, and stays: if it were removed, two processes could have the
 * lock. -1 with CONTROL_BUSY and the other's id in *holder (0: not known; may be NULL), or with
 * CONTROL_NO_SOCKET. */
int lock_take(const char *path, pid_t *holder, GError **error);

/* The file to lock where there can be no socket: in $XDG_STATE_HOME/stretchvoice, which is created. The
 * caller frees it. */
char *lock_path(void);

/* --- listening --- */

struct listener;

/* Takes the lock PATH.lock, removes a dead process's socket, and listens. NULL with CONTROL_BUSY and the
 * other's id in *holder (0: not known; may be NULL), or with CONTROL_NO_SOCKET: then nothing of it is left. A
 * file that is not a socket, and a socket with a listener, are never removed. */
struct listener *listener_new(const char *path, pid_t *holder, GError **error);

/* Removes the socket, if it is still this one, and then releases the lock. */
void listener_free(struct listener *listener);
AUTO_DEFINE(listener)

int listener_fd(const struct listener *listener);

/* NULL while clients find this socket at its path; otherwise what became of it, static. */
const char *listener_problem(const struct listener *listener);

#endif
