/* Routines that the program writes for a person to go on with: their names, and their files, none of which is
 * ever written over. */
#ifndef APP_AUTHOR_H
#define APP_AUTHOR_H

#include <glib.h>
#include <stdbool.h>

/* Whether it is a name that a new routine may have: letters, digits, '-' and '_', at most 100. */
bool author_is_name(const char *name);

/* A name of a section, or of a routine, that is like `text`: small letters, digits and '-', at most 60;
 * `other` where nothing of it is left. To be freed. */
char *author_slug(const char *text, const char *other);

/* NAME.ini in the user's own directory of routines. To be freed. */
char *author_path(const char *name);

/* Writes a file that must not exist yet, and prints its path, and which routine of that name it comes before.
 * The user's own directory is made if it is missing, and no other. The message of an error is a whole line.
 */
bool author_write(const char *path, const char *text, GError **error);

#endif
