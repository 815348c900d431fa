/* A file that takes its name only when it is whole: written beside the place it is for, then renamed. For
 * src/file only. */
#ifndef FILE_TEMPFILE_H
#define FILE_TEMPFILE_H

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

struct tempfile;

/* Refuses, before anything is written, a place that cannot be taken: a directory, a device, a file that may
 * not be written. A symbolic link's target is what is replaced. */
struct tempfile *tempfile_new(const char *path, GError **error);

/* Open for reading and writing; the tempfile keeps it. */
int tempfile_fd(const struct tempfile *temp);

/* How far it reaches. */
int64_t tempfile_bytes(const struct tempfile *temp);

/* Lets the disk begin with what has been written, so that little is left for tempfile_sync(). */
void tempfile_write_out(struct tempfile *temp);

/* Brings all of it to the disk. */
bool tempfile_sync(struct tempfile *temp, GError **error);

/* Gives it its name. Frees the handle either way; after a failure nothing is left. */
bool tempfile_commit(struct tempfile *temp, GError **error);

/* Nothing is left. NULL is fine. */
void tempfile_discard(struct tempfile *temp);

#endif
