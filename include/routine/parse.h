/* From an INI file to a routine. */
#ifndef ROUTINE_PARSE_H
#define ROUTINE_PARSE_H

#include "base/diag.h"
#include "base/ini.h"
#include "routine/routine.h"

/* NULL if there is a single problem; all problems of the file are in `diags`, none twice, those that
 * routine/check finds among them. How long holds and sessions may be depends on settings: see
 * plan/length. */
struct routine *routine_read(const char *path, struct diags *diags);

/* The same from `size` bytes of memory; `path` is for messages and for the routine's name. */
struct routine *routine_from_text(const char *text, gsize size, const char *path, struct diags *diags);

/* routine_read(), but what is right of a file with problems is given: for who looks for further problems.
 * NULL if it could not be read at all. What is missing may be NULL, also the title; a hold that is wrong
 * takes no time. */
struct routine *routine_salvage(const char *path, struct diags *diags);

/* routine_salvage() in two steps, for who wants to know in between which voice suits the routine. First its
 * language, "en" where none is named, or a wrong one, which the second step reports; the caller frees it.
 * Then the routine, which takes the text of `ini` over: names and values of that are the routine's from then
 * on. */
char *routine_language(const struct ini *ini);
struct routine *routine_from_ini(struct ini *ini, struct diags *diags);

#endif
