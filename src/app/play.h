/* Playing a routine, for more than one subcommand. */
#ifndef APP_PLAY_H
#define APP_PLAY_H

#include "load.h"
#include "question.h"

/* One session of them; without any, one is chosen in a menu. `question` may be NULL. The exit code. */
int play_routines(const struct options *options, struct names names, struct question *question);

#endif
