/* What the ring's writer and reader share: the header's fields and where the frames lie. For
 * src/sound/ring*.c only. */
#ifndef IPC_RING_MEMORY_H
#define IPC_RING_MEMORY_H

#include "ipc/ring.h"

#include <stdalign.h>
#include <stdatomic.h>

enum {
    RING_FRAME_BYTES = RING_CHANNELS * sizeof(int16_t),
    CACHE_LINE = 64,
};

/* What the writer says of frames that are not there. */
enum ring_mood { MOOD_FRESH, MOOD_PLAYING, MOOD_RESTING, MOOD_ENDED };

/* One side's fields lie in cache lines of their own, so that writing them does not slow down the other. */
struct ring_header {
    /* Fixed while running. */
    uint32_t magic;
    uint32_t rate;
    uint32_t capacity; /* frames, a power of two */

    /* The writer's. */
    alignas(CACHE_LINE) _Atomic uint64_t head; /* frames ever put in */
    _Atomic uint32_t asked;                    /* flushes */
    _Atomic uint32_t mood;

    /* The reader's. */
    alignas(CACHE_LINE) _Atomic uint64_t tail; /* frames ever taken out, dropped ones too */
    _Atomic uint64_t taken;                    /* frames taken to be heard */
    _Atomic uint64_t base;                     /* what was taken at the last flush */
    _Atomic uint64_t silence;                  /* frames given since the end was reached */
    _Atomic uint32_t answered;                 /* flushes */
    _Atomic uint32_t heartbeat;
    _Atomic uint32_t gaps;

    /* The reader's alone, until ring_reset. */
    uint32_t seen;       /* the flush that is being faded out */
    uint32_t fade_out;   /* frames left of it */
    uint32_t fade_whole; /* its length */
    uint32_t fade_in;    /* frames left of the fade-in */
    bool starved;        /* the last block ended in a gap */
};

struct ring {
    struct ring_header *header;
    int16_t *frames;
    uint32_t capacity; /* a copy: what bounds an access is not taken from shared memory */
    uint32_t fade;
    int fd;
    bool detached; /* the writer's: reset, and no new reader yet */
};

/* Who finds a count grown must also find the frames and fields that were written before it: all stores
 * release, all loads acquire. On the machines that this is for it costs nothing. */
#define RING_LOAD(field) atomic_load_explicit(&(field), memory_order_acquire)
#define RING_STORE(field, value) atomic_store_explicit(&(field), (value), memory_order_release)

/* New, empty memory for `ring`; false and errno if there is none. */
bool ring_memory_make(struct ring *ring, uint32_t rate, uint32_t capacity);
void ring_memory_drop(struct ring *ring);

/* A flush is not answered yet. */
bool ring_flushing(const struct ring *ring);

/* How many of `frames` from `index` on lie in one piece, and where. */
uint32_t ring_piece(const struct ring *ring, uint64_t index, uint32_t frames);
int16_t *ring_place(const struct ring *ring, uint64_t index);

/* How long the fade-in is where `taken` frames have been heard. */
uint32_t ring_fade_in_after(const struct ring *ring, uint64_t taken);

static inline uint32_t ring_min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

#endif
