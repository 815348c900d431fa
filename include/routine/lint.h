/* What is allowed in a routine and probably wrong: one warning for each. Pure. */
#ifndef ROUTINE_LINT_H
#define ROUTINE_LINT_H

#include "base/diag.h"
#include "base/ini.h"
#include "base/sentence.h"
#include "routine/routine.h"

/* What the rules need to know of the voice that reads the routine. */
struct lint_voice {
    const char *right, *left; /* its words for the sides; NULL if it speaks another language */
    int rate;                 /* words a minute */
    double sentence_s;        /* silence between two sentences */
    struct sentence_rules sentences;
};

/* `routine` was read from `ini`. If `diags` has problems of it, only its texts are looked at: what a mistake
 * leaves out would be warned of. */
void routine_lint(const struct routine *routine, const struct ini *ini, const struct lint_voice *voice,
                  struct diags *diags);

#endif
