/* One sentence at a time, spoken by a voice or played from its recording, on the output of the settings. For
 * what is no session. */
#ifndef APP_SAYING_H
#define APP_SAYING_H

#include "live/score.h"
#include "sound/output.h"

struct saying {
    const struct settings *settings;
    struct diags *diags;
    struct score score;
    char *text; /* that is to be heard; NULL: nothing is said */
    struct clip *clip;
    int64_t played; /* frames of the clip that the ring has */
    struct output *output;
    void (*failed)(void *data, const char *line); /* once for each line of what goes wrong */
    void *data;
};

/* Settings and voice are borrowed, and must live as long. False, after a call of `failed`, if no speech
 * program can be started; saying_finish() is due all the same. */
bool saying_init(struct saying *saying, const struct settings *settings, const struct voice *voice,
                 void (*failed)(void *data, const char *line), void *data);
void saying_finish(struct saying *saying); /* one that is all zero is fine */

/* Says it as soon as it can be said, instead of what was said before. */
void saying_say(struct saying *saying, const char *text);

/* Is silent at once. */
void saying_stop(struct saying *saying);

#endif
