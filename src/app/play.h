/* Playing a routine, for more than one subcommand. */
#ifndef APP_PLAY_H
#define APP_PLAY_H

#include "load.h"
#include "live/live.h"

/* The routine is played only if the user answers a question first, which is a session of its own. */
struct question {
    /* It is being asked. `words` is the question, and the session is there until over(). */
    void (*asked)(void *data, struct live *live, const char *words, const struct voice *voice);
    void (*over)(void *data);
    void *data;
    bool accepted; /* what came of it */
};

/* One session of them; without any, one is chosen in a menu. `question` may be NULL. The exit code. */
int play_routines(const struct options *options, struct names names, struct question *question);

#endif
