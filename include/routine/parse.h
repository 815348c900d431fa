/* From an INI file to a routine. */
#ifndef ROUTINE_PARSE_H
#define ROUTINE_PARSE_H

#include "base/diag.h"
#include "base/ini.h"
#include "routine/routine.h"

/* NULL if there is any problem; all problems of the file go to `diags`, each once. Limits on the length of
 * holds and sessions depend on settings: see plan/length. */
struct routine *routine_read(const char *path, struct diags *diags);

/* The same from `size` bytes of memory; `path` is for messages and for the routine's name. */
struct routine *routine_from_text(const char *text, gsize size, const char *path, struct diags *diags);

/* routine_read(), but keeps what is right of a file with problems, to look for further ones. NULL if nothing
 * could be read. What is missing may be NULL, also the title; a hold that is wrong takes no time. */
struct routine *routine_salvage(const char *path, struct diags *diags);

/* routine_salvage() in two steps, to choose a voice in between. First the routine's language, "en" if it is
 * missing or wrong (which the second step reports); the caller frees it. Then the routine, which shares the
 * text of `ini`: call it once for an `ini`. */
char *routine_language(const struct ini *ini);
struct routine *routine_from_ini(const struct ini *ini, struct diags *diags);

#endif
