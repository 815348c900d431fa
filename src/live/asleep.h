/* Whether the machine has slept. */
#ifndef LIVE_ASLEEP_H
#define LIVE_ASLEEP_H

#include <stdbool.h>
#include <stdint.h>

/* True if it has slept for over two seconds since the last call with this number, which is kept for the next
 * one. The first call means nothing. */
bool asleep_since(int64_t *last);

#endif
