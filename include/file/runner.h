/* Another program that makes a file: run to its end, with descriptors instead of paths and texts. */
#ifndef FILE_RUNNER_H
#define FILE_RUNNER_H

#include <gio/gio.h>
#include <stdbool.h>

enum { RUNNER_FD = 3, RUNNER_FDS = 3 };

struct runner {
    const char *const *words; /* the program, in PATH or a path, and its arguments; NULL-terminated */
    int fds[RUNNER_FDS];      /* become RUNNER_FD and those behind it; stay the caller's */
    int n;
    bool (*stop)(void *data); /* asked 20 times a second: true ends the program; may be NULL */
    void *data;
};

/* False if it cannot be started or fails, with its own words as the message, or if it was stopped:
 * G_IO_ERROR_CANCELLED. It ends when this program does. */
bool runner_run(const struct runner *runner, GError **error);

/* A file in memory with this text, read from its beginning; -1 and errno if there is none. */
int runner_memory(const char *text);

#endif
