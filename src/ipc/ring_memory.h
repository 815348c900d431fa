/* The memory that the ring's writer and reader share, for ring.c and ring_read.c only. */
#ifndef IPC_RING_MEMORY_H
#define IPC_RING_MEMORY_H

#include "ipc/ring.h"

#include <stdalign.h>
#include <stdatomic.h>

enum {
    RING_FRAME_BYTES = RING_CHANNELS * sizeof(int16_t),
    CACHE_LINE = 64,
    RING_HEADER_BYTES = 4096,
};

/* What an empty ring means. */
enum ring_state { STATE_FRESH, STATE_PLAYING, STATE_RESTING, STATE_ENDED };

/* Each side's fields lie in cache lines of their own, so that writing them does not slow down the other side.
 */
struct ring_header {
    /* Fixed while running. */
    uint32_t magic;
    uint32_t rate;
    uint32_t capacity; /* frames, a power of two */

    /* Written by the writer. */
    alignas(CACHE_LINE) _Atomic uint64_t head; /* frames ever put in */
    _Atomic uint32_t asked;                    /* flushes */
    _Atomic uint32_t state;

    /* Written by the reader. */
    alignas(CACHE_LINE) _Atomic uint64_t tail; /* frames ever taken out, dropped ones too */
    _Atomic uint64_t taken;                    /* frames taken to be heard */
    _Atomic uint64_t silence;                  /* frames given since the end was reached */
    _Atomic uint32_t answered;                 /* flushes */
    _Atomic uint32_t heartbeat;
    _Atomic uint32_t underruns;
};

/* The other program may write anything into the header. So whatever bounds an access to memory is a copy of
 * our own, and the writer never reads its own fields back. */
struct ring {
    struct ring_header *header;
    int16_t *frames;
    uint32_t capacity, rate, fade; /* fade: frames */
    int fd;

    struct {
        bool is_ours; /* ring_new() made this ring */
        bool detached;
        uint32_t resets;
        uint64_t head;
        uint32_t asked, state;
        bool flushed;                     /* nothing has been written since a flush was asked */
        uint64_t first_head, first_taken; /* before the first frame after the last flush */
        void (*wake)(void *data);
        void *data;
    } writer;

    struct {
        uint32_t seen;       /* the flush that is being faded out */
        uint32_t fade_out;   /* frames left of it */
        uint32_t fade_whole; /* its length */
        uint32_t fade_in;    /* frames left of the fade-in */
        bool starved;        /* the last block ended in an underrun */
    } reader;
};

/* A side that sees a count grow must also see the frames and fields written before it: all stores release,
 * all loads acquire. This costs nothing on x86 and little on ARM. */
#define RING_LOAD(field) atomic_load_explicit(&(field), memory_order_acquire)
#define RING_STORE(field, value) atomic_store_explicit(&(field), (value), memory_order_release)

/* How many of `frames` from `index` on lie in one piece. */
static inline uint32_t ring_piece(const struct ring *ring, uint64_t index, uint32_t frames)
{
    uint32_t left = ring->capacity - (uint32_t)(index % ring->capacity);
    return frames < left ? frames : left;
}

static inline int16_t *ring_at(const struct ring *ring, uint64_t index)
{
    return ring->frames + index % ring->capacity * RING_CHANNELS;
}

/* The length of the fade-in after `taken` frames: the beginning of a session does not fade in. */
static inline uint32_t ring_fade_in_after(const struct ring *ring, uint64_t taken)
{
    return taken > 0 ? ring->fade : 0;
}

#endif
