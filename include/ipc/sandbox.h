/* The sandbox of a child that runs the code of others on data of others: it may compute, do the little that
 * its work needs, and end. Any other system call kills it.
 *
 * A kernel that lacks a part of this makes the sandbox weaker; the crash of a child does no harm either way.
 * Under the address sanitizer, which needs more system calls, there is no sandbox. For helper programs. */
#ifndef IPC_SANDBOX_H
#define IPC_SANDBOX_H

#include <stdbool.h>

enum { SANDBOX_MEMORY_MIB = 256 }; /* beside what it has already */

struct sandbox;

struct sandbox_rights {
    const char *directory; /* files below it can be opened and read; NULL: none at all */
    bool talks;            /* can read what it has open, and send and receive on its sockets */
};

/* Confines the calling process for good: no new privileges, no core files, no files but those below
 * `directory`, for reading. Prepares what its children need, and lives as long as the process. NULL if there
 * can be no sandbox. */
struct sandbox *sandbox_new(const struct sandbox_rights *rights);

/* In the child, or in the same process. From here on it may use memory, the clock, descriptor 2, its rights,
 * and exit; it is killed after so many seconds on a processor. A sandbox that is NULL is fine. */
void sandbox_enter(const struct sandbox *sandbox, int cpu_s);

#endif
