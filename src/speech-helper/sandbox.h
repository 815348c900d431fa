/* The sandbox of a child that speaks: it may compute, read the engine's data, and end. Any other system call
 * kills it.
 *
 * A kernel that lacks a part of this makes the sandbox weaker; the crash of a child does no harm either way.
 * Under the address sanitizer, which needs more system calls, there is no sandbox. */
#ifndef SPEECH_HELPER_SANDBOX_H
#define SPEECH_HELPER_SANDBOX_H

#include <stdbool.h>

enum { SANDBOX_CPU_S = 10, SANDBOX_MEMORY_MIB = 256 };

struct sandbox;

/* Confines the calling process for good: no new privileges, no core files, no files but those below
 * `directory`, for reading (NULL: none at all). Prepares what its children need, and lives as long as the
 * process. NULL if there can be no sandbox. */
struct sandbox *sandbox_new(const char *directory);

/* In the child. From here on it may use memory, the clock, descriptor 2, read below the directory, and exit.
 * NULL is fine. */
void sandbox_enter(const struct sandbox *sandbox);

#endif
