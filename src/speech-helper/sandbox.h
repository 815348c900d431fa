/* The walls around a child that speaks: it computes, perhaps reads the engine's data, and ends. Whatever else
 * it tries kills it.
 *
 * What the kernel does not offer is gone without: the crash of a child is survived either way. Under the
 * address sanitizer, which needs more, there are no walls. */
#ifndef SPEECH_HELPER_SANDBOX_H
#define SPEECH_HELPER_SANDBOX_H

#include <stdbool.h>

enum { SANDBOX_CPU_S = 10, SANDBOX_MEMORY_MIB = 256 };

struct sandbox;

/* Closes the calling process in for good (no new privileges, no core files, of all files only those below
 * `directory`, for reading; NULL is none at all) and prepares what its children will need. NULL if there can
 * be no walls at all. */
struct sandbox *sandbox_new(const char *directory);
void sandbox_free(struct sandbox *sandbox);

/* In the child: from here on nothing but memory, the clock, messages on descriptor 2, reading below the
 * directory, and the end. NULL is fine. */
void sandbox_enter(const struct sandbox *sandbox);

#endif
