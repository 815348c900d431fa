/* From an INI file to a routine. */
#ifndef ROUTINE_PARSE_H
#define ROUTINE_PARSE_H

#include "base/diag.h"
#include "routine/routine.h"

/* NULL if there is a single problem; all problems of the file are in `diags`, none twice, those that
 * routine/check finds among them. How long holds and sessions may be depends on settings: see
 * plan/length. */
struct routine *routine_read(const char *path, struct diags *diags);

/* The same, but what is right of a file with problems is given: for who looks for further problems. NULL if
 * it could not be read at all. What is missing may be NULL, also the title; a hold that is wrong takes no
 * time. */
struct routine *routine_salvage(const char *path, struct diags *diags);

#endif
