/* Where things are: settings, routines, voices, the helpers. Looks at the file system, changes nothing. What
 * is there is found, also if it cannot be read: the first of a name counts, and may have to be refused. */
#ifndef FILE_PATHS_H
#define FILE_PATHS_H

#include <glib.h>

/* The settings files that exist, in the order in which they are merged (char *). */
GPtrArray *paths_settings(void);

/* The directories of a kind ("routines", "voices") in the order in which they are searched (char *); some may
 * not exist. */
GPtrArray *paths_directories(const char *kind);

/* The file of a NAME: a path if it has a '/' or ends in ".ini", otherwise the first match in the directories,
 * or NULL. */
char *paths_find(const char *kind, const char *name);

/* All files of a kind, a name once, first match first, sorted by name (char *). */
GPtrArray *paths_list(const char *kind);

/* A helper program ("stretchvoice-speech"): beside this program, else where it was installed. */
char *paths_helper(const char *name);

#endif
