/* Unix sockets by their path, and who is at the other end. No call waits. */
#ifndef CONTROL_ADDRESS_H
#define CONTROL_ADDRESS_H

#include <stdbool.h>
#include <sys/types.h>

enum { ADDRESS_LIMIT = 107 }; /* bytes of a path; the kernel takes one more, which then has no end */

/* A socket that listens at `path`, of mode 0600 from its first moment; -1 with errno. */
int address_listen(const char *path);

/* A connection to who listens there; -1 with errno: ENOENT and ECONNREFUSED if nobody does, EAGAIN if nobody
 * takes it. */
int address_connect(const char *path);

/* The process at the other end of a connection is the same user's. Its id goes to *pid, which may be NULL. */
bool address_is_own(int fd, pid_t *pid);

#endif
