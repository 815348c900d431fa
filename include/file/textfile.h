/* A text that takes its file's name only when it is whole, in the same way and with the same words as a sound
 * file. */
#ifndef FILE_TEXTFILE_H
#define FILE_TEXTFILE_H

#include <gio/gio.h>
#include <stdbool.h>

struct textfile;

/* Refuses at once a place that cannot be taken. */
struct textfile *textfile_create(const char *path, GError **error);

/* Writes all of it and gives it its name. Frees the handle either way; after a failure nothing is left. */
bool textfile_finish(struct textfile *file, const char *text, GError **error);

/* Gives up: nothing is left. NULL is fine. */
void textfile_abort(struct textfile *file);

#endif
