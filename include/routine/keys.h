/* The tables of keys of a routine's sections, from which come its reader, the guide and the site. Their
 * meanings are Markdown. */
#ifndef ROUTINE_KEYS_H
#define ROUTINE_KEYS_H

#include "base/key.h"

/* Of [routine], into a struct routine; of a step, which also has those of its one move, into a struct step;
 * and of [step.move] into a struct move. Each ends with a row without a name. */
extern const struct key ROUTINE_KEYS[], STEP_KEYS[], MOVE_KEYS[];

#endif
