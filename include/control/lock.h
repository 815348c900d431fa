/* One process at a time: a lock on a file, in which stands the id of the process that has it. */
#ifndef CONTROL_LOCK_H
#define CONTROL_LOCK_H

#include "control/place.h"
#include <sys/types.h>

/* Returns a descriptor: closing it lets go, and so does the end of the process, so a program that goes on in
 * a forked child takes it there. The file is made if need be, and stays: if it were removed, two could have
 * the lock. -1 with CONTROL_BUSY and the other's id in *holder (0: not known; may be NULL), or with
 * CONTROL_NO_PLACE. */
int lock_take(const char *path, pid_t *holder, GError **error);

/* The file to lock where there can be no socket: in $XDG_STATE_HOME/stretchvoice, which is made. The caller
 * frees it. */
char *lock_path(void);

#endif
