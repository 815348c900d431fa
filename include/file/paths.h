/* Where settings, routines, voices and helpers lie. Reads directories, changes nothing. A file that cannot be
 * read is found, too: the first one of a name counts, and its reader reports it. */
#ifndef FILE_PATHS_H
#define FILE_PATHS_H

#include "base/diag.h"
#include <glib.h>

/* The settings files that exist, in the order in which they are merged (char *). */
GPtrArray *paths_settings(void);

/* The directories of a kind ("routines", "voices") in the order in which they are searched (char *); some may
 * not exist. */
GPtrArray *paths_directories(const char *kind);

/* The file of a NAME: a path if it has a '/' or ends in ".ini", otherwise the first match in the directories,
 * or NULL. If there is no such file, one whose name differs only in how its accents are composed counts. */
char *paths_find(const char *kind, const char *name);

/* The first of several names (NULL-terminated, none of them a path) in the first directory that has any. */
char *paths_find_any(const char *kind, const char *const *names);

/* The same for a name that is no path, among what was installed or lies in the source tree. */
char *paths_find_shipped(const char *kind, const char *name);

/* All files of a kind, sorted by name (char *); of files with the same name, the first match. A directory
 * that cannot be read is a problem for `diags`, which may be NULL. */
GPtrArray *paths_list(const char *kind, struct diags *diags);

/* The directory of the clips that are kept. To be freed. */
char *paths_clips(void);

/* The directory in which the loudness of music is kept. To be freed. */
char *paths_loudness(void);

/* The path of a helper program ("stretchvoice-speech"): in this program's directory, else where it was
 * installed. */
char *paths_helper(const char *name);

#endif
