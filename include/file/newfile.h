/* A file that takes its name only when it is whole: written beside the place it is for, then renamed.
*/
#ifndef FILE_NEWFILE_H
#define FILE_NEWFILE_H

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

struct newfile;

/* Refuses, before anything is written, a place that cannot be taken: a directory, a device, a file that may
 * not be written. A symbolic link's target is what is replaced. */
struct newfile *newfile_new(const char *path, GError **error);

/* Open for reading and writing; the newfile keeps it. */
int newfile_fd(const struct newfile *temp);

/* How far it reaches. */
int64_t newfile_bytes(const struct newfile *temp);

/* Lets the disk begin with what has been written, so that little is left for newfile_sync(). */
void newfile_write_out(struct newfile *temp);

/* Brings all of it to the disk. */
bool newfile_sync(struct newfile *temp, GError **error);

/* Gives it its name. Frees the handle either way; after a failure nothing is left. */
bool newfile_commit(struct newfile *temp, GError **error);

/* Nothing is left. NULL is fine. */
void newfile_discard(struct newfile *temp);

#endif
