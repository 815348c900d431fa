/* A file that takes its name only when it is whole. What was there before is replaced in one step: the new
 * file has its mode, and a symbolic link still leads to it. Until then the file has no name where the file
 * system can do that, so that nothing is left of it even after SIGKILL; elsewhere it is hidden in the same
 * directory.
 *
 * The message of every error is a whole line for the user: which file, what went wrong, how many bytes were
 * written before that, what to do. */
#ifndef FILE_NEWFILE_H
#define FILE_NEWFILE_H

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

struct newfile;

/* Refuses at once a path that cannot be written: a directory, a device, a file without write permission. */
struct newfile *newfile_create(const char *path, GError **error);

/* Whether newfile_create() would succeed now: for what is written long after. Leaves nothing. */
bool newfile_check(const char *path, GError **error);

/* Open for reading and writing; the newfile keeps it. */
int newfile_fd(const struct newfile *file);

bool newfile_write(struct newfile *file, const char *bytes, gsize size, GError **error);

/* Starts writing to the disk, so that little is left for newfile_commit(). */
void newfile_write_out(struct newfile *file);

bool newfile_sync(struct newfile *file, GError **error);

/* Gives the file its name. Call newfile_sync() before. Frees the handle either way; after a failure nothing
 * is left. */
bool newfile_commit(struct newfile *file, GError **error);

/* Leaves nothing. NULL is fine. */
void newfile_discard(struct newfile *file);

/* Sets an error of this form; `code` is a GIOErrorEnum, `what` says what happened to the file. Returns false.
 */
bool newfile_fail(const struct newfile *file, GError **error, int code, const char *what);

/* The same for what has no newfile; `bytes` -1: nothing was begun. */
bool newfile_fail_name(GError **error, int code, const char *name, int64_t bytes, const char *what);

#endif
