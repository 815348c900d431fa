/* The sounds of a breath, and of a movement's parts: `in` rises in pitch and level over the whole of its
 * time, `out` falls, `keep` is a quiet steady tone, each with a soft noise of breath under it. Every frame
 * follows from its number and the sound's length alone. */
#ifndef MIX_BREATH_H
#define MIX_BREATH_H

#include "plan/cue.h"

struct breath {
    int rate;     /* Hz */
    float height; /* of the tone at its loudest, full scale 1.0 */
    float *noise; /* of height 1, BREATH_NOISE samples that follow each other in a ring */
};

enum { BREATH_NOISE = 1 << 16 };

/* `dbfs` is the peak of the cues: a breath lasts, and is as loud as they are at a lower one. */
void breath_init(struct breath *breath, int rate, double dbfs);
void breath_finish(struct breath *breath);

/* Adds the frames from `from` on, of a sound of `length` frames, to `sum`, full scale `scale`. `occasion` is
 * OCCASION_IN, OCCASION_OUT or OCCASION_KEEP. */
void breath_add(const struct breath *breath, enum occasion occasion, int64_t length, int64_t from,
                int64_t frames, float scale, float *sum);

#endif
