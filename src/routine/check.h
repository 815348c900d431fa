/* What is wrong with a routine that only shows when all of it has been read. */
#ifndef ROUTINE_CHECK_H
#define ROUTINE_CHECK_H

#include "base/diag.h"
#include "routine/routine.h"

/* Every field of every text has a meaning where it stands, and every brace its partner. A hold or sides that
 * could not be read (a range that ends at 0; one side) make no second problem. */
void routine_check_texts(const struct routine *routine, struct diags *diags);

/* The same for one step or move, which need not be among the routine's. */
void routine_check_step(const struct routine *routine, const struct step *step, struct diags *diags);
void routine_check_move(const struct routine *routine, const struct step *step, const struct move *move,
                        struct diags *diags);

#endif
