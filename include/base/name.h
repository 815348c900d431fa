/* How a user names a routine or a voice profile: by a name, which is looked for, or by a path. */
#ifndef BASE_NAME_H
#define BASE_NAME_H

#include <glib.h>
#include <stdbool.h>

/* Has a '/' or ends in ".ini". */
bool name_is_path(const char *name);

/* A path as it is from anywhere, where a relative one counts from `directory` (NULL: the one that we are in);
 * a name as it is. To be freed. */
char *name_from_anywhere(const char *name, const char *directory);

/* The name that a file goes by: without its directory and ".ini". To be freed. */
char *name_of(const char *path);

#endif
