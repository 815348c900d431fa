/* Keys that say how long a move lasts. For src/routine only. */
#ifndef ROUTINE_HOLD_H
#define ROUTINE_HOLD_H

#include "base/key.h"

/* struct hold; and struct phases: of a breath, and of one of a number of times. The range of the two is that
 * of all phases together. */
extern const struct kind KIND_HOLD, KIND_BREATH, KIND_TEMPO;

#endif
