/* The script of a routine that is not done: a menu to choose from, or a list to hear. */
#ifndef PLAN_MENU_H
#define PLAN_MENU_H

#include "plan/script.h"

/* The block's lines, as script_block(): first the routine's `about`, then the title of each step, and in a
 * menu time to choose it. No phrase of a session is said. */
void menu_block(const struct script *script, struct script_pos pos, GPtrArray *lines);

#endif
