/* A directory for new files. It is made if it is not there, and goes again if no file gets a name in it. */
#ifndef FILE_NEWDIR_H
#define FILE_NEWDIR_H

#include <gio/gio.h>

struct newdir;

/* Its own directory must exist. The message of an error is a whole line for the user. */
struct newdir *newdir_create(const char *path, GError **error);

/* Removes the directory if it was made here and is empty. NULL is fine. */
void newdir_free(struct newdir *directory);

#endif
