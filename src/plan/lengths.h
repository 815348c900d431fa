/* How long sentences are: known, or estimated. What plan/fit needs of it. For src/plan only. */
#ifndef PLAN_LENGTHS_H
#define PLAN_LENGTHS_H

#include "plan/fit.h"

/* Of clip_ops, with the lengths as its data: always finds something. */
bool lengths_find(void *lengths, const char *text, struct spoken *spoken);

/* What is looked up from now on belongs together; and to this line of the routine's file. */
void lengths_begin(struct lengths *lengths);
void lengths_at(struct lengths *lengths, int source);

/* How much of what has been looked up since is estimated, in frames. */
int64_t lengths_estimated(const struct lengths *lengths);

/* These are missed: lengths_missed() names them. And none is any more. */
void lengths_miss(struct lengths *lengths);
void lengths_forget_missed(struct lengths *lengths);

#endif
