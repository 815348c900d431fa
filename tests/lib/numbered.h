/* A signal in which every frame holds its number, to be sent through the ring. */
#ifndef TESTS_NUMBERED_H
#define TESTS_NUMBERED_H

#include "ipc/ring.h"

#include <glib.h>

enum { RATE = 48000, FADE = 240, BLOCK_MAX = 2000 };

static inline int16_t left_of(uint64_t number)
{
    return (int16_t)(number % 30000 + 1000);
}

static inline int16_t right_of(uint64_t number)
{
    return (int16_t) - (int16_t)(number / 30000 % 30000 + 1000);
}

static inline void write_from(struct ring *ring, uint64_t number, uint32_t frames)
{
    g_autofree int16_t *block = g_new(int16_t, 2 * (gsize)frames + 1);
    for (uint32_t i = 0; i < frames; i++) {
        block[2 * i] = left_of(number + i);
        block[2 * i + 1] = right_of(number + i);
    }
    g_assert_cmpuint(ring_write(ring, block, frames), ==, frames);
}

/* The smooth step of a fade: `part` of `whole`. */
static inline int16_t step(int16_t sample, int64_t part, int64_t whole)
{
    return (int16_t)(sample * part * part * (3 * whole - 2 * part) / (whole * whole * whole));
}

#endif
