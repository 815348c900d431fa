/* One text, spoken by a child of its own: it may crash or hang, and what it leaves behind in the engine goes
 * with it, so that the samples of a text do not depend on what was said before. */
#ifndef SPEECH_HELPER_CHILD_H
#define SPEECH_HELPER_CHILD_H

#include "engine.h"
#include "sandbox.h"

struct mouth {
    const struct engine *engine;
    int rate;
    struct recording *recording; /* shared with the child */
    struct sandbox *sandbox;
    int asker; /* a descriptor: when its other end closes nobody wants an answer, and this process ends */
    int patience_ms;
};

/* Memory for PROTOCOL_SECONDS; false if there is none. */
bool mouth_open(struct mouth *mouth, const struct engine *engine, int rate);
void mouth_close(struct mouth *mouth);

/* What it said is in mouth->recording, until the next one; no more than there is room for. */
enum outcome mouth_say(struct mouth *mouth, const char *text);

#endif
