/* Names and paths: of routines and voice profiles, of the user's directories, on a command line. */
#ifndef BASE_NAME_H
#define BASE_NAME_H

#include <glib.h>
#include <stdbool.h>

/* Whether a user's name of a routine or voice profile is a path (it has a '/' or ends in ".ini"), or a name
 * to look for. */
bool name_is_path(const char *name);

/* Absolute form of a path, relative to `directory` (NULL: the current one); other names unchanged. The caller
 * frees it. */
char *name_from_anywhere(const char *name, const char *directory);

/* The base name of a path without ".ini". The caller frees it. */
char *name_of(const char *path);

/* Whether it has the form of a language tag: "en", "pt-br". Empty counts. */
bool name_is_language(const char *tag);

/* The user's directories for this program, as the XDG base directory specification has them, such as
 * "$XDG_CONFIG_HOME/stretchvoice". It need not exist. The caller frees it. */
enum directory { DIRECTORY_CONFIG, DIRECTORY_DATA, DIRECTORY_STATE };
char *directory_path(enum directory directory);

/* Appends a word to a line as a shell would read it, after a space if the line is not empty. Plain words are
 * not quoted. */
void words_append(GString *line, const char *word);

/* All words of a NULL-terminated list. The caller frees it. */
char *words_join(const char *const *words);

#endif
