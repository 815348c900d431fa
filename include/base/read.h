/* Files that a user named. */
#ifndef BASE_READ_H
#define BASE_READ_H

#include <glib.h>

/* All of a regular file, with a NUL after its `length` bytes; the caller frees it. Anything else (a FIFO, a
 * device, a directory) is refused at once, and so is a file of more than `limit` bytes: NULL, and `problem`
 * says why; to be freed. `length` is then 0 where nothing could be read. */
char *read_file(const char *path, gsize limit, gsize *length, char **problem);

/* What is wrong with a file of `size` bytes, where at least a byte over `limit` is there. To be freed. */
char *read_over_limit(gint64 size, gsize limit);

#endif
