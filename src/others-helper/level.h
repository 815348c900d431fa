/* How far a stream is lowered, and whether a level is one of ours. Pure arithmetic.
 *
 * Levels are PulseAudio's: the cube of a level is the gain, so 60 times its logarithm is in dB. */
#ifndef OTHERS_HELPER_LEVEL_H
#define OTHERS_HELPER_LEVEL_H

#include <math.h>
#include <stdint.h>

enum {
    LEVEL_FULL = 0x10000, /* 0 dB */
    LEVEL_STEPS = 10,
    LEVEL_DEPTH_DB = 12,
    LEVEL_ROUNDED = 2, /* a server may keep a level as another kind of number */
};

/* A level, lowered by so many steps. */
static inline uint32_t level_at(uint32_t level, int step)
{
    return (uint32_t)lround(level * pow(10, -(double)LEVEL_DEPTH_DB * step / LEVEL_STEPS / 60));
}

static inline int level_is(uint32_t a, uint32_t b)
{
    return a <= b + LEVEL_ROUNDED && b <= a + LEVEL_ROUNDED;
}

/* Steps of which a level may be one. */
struct steps {
    int least, most;
};

static const struct steps LEVEL_LOWERED = {1, LEVEL_STEPS};

/* By how many steps `now` is below `level`; -1 if by none of these: it is not a level of ours. */
static inline int level_step(uint32_t level, uint32_t now, struct steps steps)
{
    for (int step = steps.least; step <= steps.most; step++)
        if (level_is(now, level_at(level, step))) return step;
    return -1;
}

#endif
