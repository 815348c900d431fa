/* Finds programs that a voice profile names. Looks at files, starts nothing. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <glib.h>

/* The path of a program: in PATH, or, with a '/', counted from `directory`. NULL if there is none that can be
 * run. To be freed. */
char *program_find(const char *name, const char *directory);

/* The same for an output module of speech-dispatcher, which distributions put in directories of their own. */
char *program_find_module(const char *name, const char *directory);

/* Splits a command into the words that a shell would make of it; there is at least one. Returns what is wrong
 * with it, to be freed, or NULL. */
char *program_words(const char *command, char ***words);

/* "apt install flite": what to do to have a program or module, of the package that its profile names ("" if
 * it names none). NULL if that is not known. To be freed. */
char *program_install(const char *name, const char *package);

#endif
