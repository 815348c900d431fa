/* A question to the user, before a routine is played: a session of its own, here or in a daemon. */
#ifndef APP_QUESTION_H
#define APP_QUESTION_H

#include "view.h"

struct question {
    /* It is being asked. `words` is the question; the view is there until over(), and view_give() answers:
     * with COMMAND_RESUME it is accepted, with COMMAND_STOP not. */
    void (*asked)(void *data, const struct view *view, const char *words);
    void (*over)(void *data);
    void *data;
    bool accepted; /* what came of it */
};

#endif
