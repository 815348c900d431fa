/* One text, spoken by a child process of its own: it may crash or hang, and what it leaves behind in the
 * engine goes with it, so that the samples of a text do not depend on what was said before. */
#ifndef SPEECH_HELPER_CHILD_H
#define SPEECH_HELPER_CHILD_H

#include "engine.h"
#include "ipc/sandbox.h"

struct speech_child {
    const struct engine *engine;
    int rate;
    struct recording *recording; /* shared with the child */
    struct sandbox *sandbox;
    int parent; /* a descriptor: when its other end closes, this process ends */
    int patience_ms;
};

/* Reserves memory for SPEECH_SECONDS of samples; false if there is none, or the rate is out of range. */
bool speech_child_init(struct speech_child *child, const struct engine *engine, int rate);

/* The samples are in child->recording until the next call; never more than there is room for. Ends this
 * process if the system gives it no child: the main program starts another one, and gives up after a few. */
enum outcome speech_child_say(struct speech_child *child, const char *text);

#endif
