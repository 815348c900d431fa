/* Where the control socket is, and whether it may be there. */
#ifndef CONTROL_SOCKET_H
#define CONTROL_SOCKET_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

#define CONTROL_ERROR (control_error_quark())
GQuark control_error_quark(void);

enum control_error {
    CONTROL_NO_SOCKET,  /* there can be no socket: the message says why */
    CONTROL_BUSY,       /* another process has it */
    CONTROL_NO_SESSION, /* nobody listens there */
    CONTROL_FAILED,     /* somebody does, and something went wrong */
};

/* The socket's path, to be freed: $XDG_RUNTIME_DIR/stretchvoice/control, or the one that the user has `named`
 * (NULL: none). Both directories of the first must be the user's own and private, and the second of them is
 * made if `make` says so. The directory of a named one must be there and the user's own, with nobody else
 * writing in it. NULL with CONTROL_NO_SOCKET; or with CONTROL_NO_SESSION if the directory is not there and
 * was not to be made. */
char *socket_path(const char *named, bool make, GError **error);

/* CONTROL_NO_SOCKET, "path: why". Always false. */
bool socket_refuse(GError **error, const char *path, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* --- one process at a time: a lock on a file, which holds the id of the process that has it --- */

/* Returns a descriptor: closing it lets go, and so does the end of the process, so a program that goes on in
 * a forked child takes it there. The file is made if need be, and stays: if it were removed, two could have
 * the lock. -1 with CONTROL_BUSY and the other's id in *holder (0: not known; may be NULL), or with
 * CONTROL_NO_SOCKET. */
int lock_take(const char *path, pid_t *holder, GError **error);

/* The file to lock where there can be no socket: in $XDG_STATE_HOME/stretchvoice, which is made. The caller
 * frees it. */
char *lock_path(void);

#endif
