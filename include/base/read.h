/* What comes from outside: a file read whole, or only opened; a text cut into lines that are safe to handle
 * as C strings. */
#ifndef BASE_READ_H
#define BASE_READ_H

#include <dirent.h>
#include <glib.h>

/* All of a regular file, with a NUL after its `length` bytes; the caller frees it. Anything else (a FIFO, a
 * device, a directory) is refused at once, and so is a file of more than `limit` bytes: then the result is
 * NULL, `*problem` says why (the caller frees it), and `*length` is 0 unless the file was too large. */
char *read_file(const char *path, gsize limit, gsize *length, char **problem);

/* Opens a regular file to be read; the caller closes it. Anything else is refused in the same way: then the
 * result is -1, and `*problem` says why (the caller frees it). */
int open_regular(const char *path, gint64 *size, char **problem);

/* The caller closes it. NULL without a problem if there is none, or NULL and why it cannot be read (the
 * caller frees it). */
DIR *open_directory(const char *path, char **problem);

/* What is wrong with a text of `size` bytes, more than `limit`. The caller frees it. */
char *too_large(gint64 size, gsize limit);

struct lines {
    char *next, *end; /* what is still to be cut; *end is writable */
    int number;       /* of the last line, from 1 */
    const char *bad;  /* what was wrong with its bytes ("a NUL byte"), or NULL */
};

/* The next line without its LF or CRLF, cut in place; NULL at the end. It is valid UTF-8 without control
 * characters but tabs: other bytes have been replaced by '?', and `bad` is set. */
char *lines_next(struct lines *lines);

#endif
