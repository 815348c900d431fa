/* What is said inside a hold or a rest, if the layout finds room for it. For src/plan only. */
#ifndef PLAN_PROMPT_H
#define PLAN_PROMPT_H

#include "plan/script.h"

/* Adds a text of one sentence, which is taken. As line_prompt(). */
struct prompt *prompt_add(struct line *line, enum role role, int64_t offset, char *text);

/* "Three", "two", "one" before the line's end, if `from` is 3. */
void prompt_countdown(struct line *line, const struct script *script, int from);

/* "Halfway", in a hold that lasts at least count.halfway. */
void prompt_halfway(struct line *line, const struct script *script, int64_t offset);

/* All prompts of a hold of so many seconds; of one in breaths; and of one in times, with their numbers. */
void prompt_hold(struct line *line, const struct script *script, int seconds);
void prompt_breaths(struct line *line, const struct script *script);
void prompt_times(struct line *line, const struct script *script);

#endif
