/* What is right in a routine: the keys of its sections, and the fields of its texts. */
#ifndef ROUTINE_RULES_H
#define ROUTINE_RULES_H

#include "base/key.h"
#include "routine/routine.h"

/* For struct routine, struct step (with its own move) and struct move. Texts are pieces of the file, not
 * copies. A value that cannot be read leaves a default behind that makes no second problem: a hold that ends
 * at 0, or one side. */
extern const struct key ROUTINE_KEYS[], STEP_KEYS[], MOVE_KEYS[];

/* One side, in place of sides that cannot be read. */
extern const struct sides SUPPOSED_SIDES;

/* Checks that every field of every text is defined where it is used, and that every brace has its partner.
 * Values that failed to parse are skipped, so that each error is reported once. */
void routine_check_texts(const struct routine *routine, struct diags *diags);

/* The same for one step or move, which need not be among the routine's. */
void routine_check_step(const struct routine *routine, const struct step *step, struct diags *diags);
void routine_check_move(const struct routine *routine, const struct step *step, const struct move *move,
                        struct diags *diags);

#endif
