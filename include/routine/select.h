/* The steps of a session: some of a routine's, in another order, or those of several routines one after the
 * other. Pure functions. */
#ifndef ROUTINE_SELECT_H
#define ROUTINE_SELECT_H

#include "base/diag.h"
#include "routine/left_out.h"

/* What stands on the command line. Steps are named, as step_find() takes it, with commas between. */
struct selection {
    const char *from; /* the step to begin with; NULL: the first */
    const char *only; /* these, in this order; NULL: all */
    const char *skip; /* without these; NULL: none */
    bool shuffle;     /* in an order that follows from `seed`; a routine's steps stay together */
    uint32_t seed;
};

static inline bool selection_is_all(const struct selection *selection)
{
    return !selection->from && !selection->only && !selection->skip && !selection->shuffle;
}

/* Negative results of step_find(). */
enum { STEP_UNKNOWN = -1, STEP_AMBIGUOUS = -2 };

/* The step that a word means: its name; its title; its number among those that are heard (step_numbered());
 * or the beginning of one name or title. Upper case and lower case are the same. */
int step_find(const struct routine *routine, const GByteArray *out, const char *word);

/* What is wrong with a word for which step_find() found not one step, in one line, to be freed:
 * "no such step ('cobar'; did you mean 'cobra'? …)". */
char *step_problem(const struct routine *routine, const GByteArray *out, const char *word, int result);

/* One session of several files, at least one, with all of their steps: their titles are joined, each caution
 * comes once, and the last closing counts. Each step has a name of its own: a second "cobra" is "cobra-2".
 * Takes the array and the routines, which own the texts. */
struct routine *routine_join(GPtrArray *routines);

/* The numbers (int, from 0) of the steps that are wanted, at least one. NULL after a problem: then `diags`
 * has it. */
GArray *routine_select(const struct routine *routine, const struct selection *selection, struct diags *diags);

/* Keeps of a joined session these steps, in this order; each at most once. Of a file without a step that is
 * kept, title, caution and closing go too. */
void routine_keep(struct routine *routine, const GArray *steps);

/* A joined session has a step of this file. */
bool routine_has_of(const struct routine *routine, const struct routine *file);

/* The numbers of its steps among all of its files', as routine_keep() takes them. */
GArray *routine_kept(const struct routine *routine);

#endif
