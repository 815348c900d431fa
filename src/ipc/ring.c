/* The writer's side. */
#include "ipc/ring.h"

#include "ring_memory.h"
#include <string.h>

uint32_t ring_space(const struct ring *ring)
{
    return ring->detached || ring_flushing(ring) ? 0 : ring->capacity - ring_queued(ring);
}

static void put(struct ring *ring, const int16_t *stereo, uint32_t frames)
{
    uint64_t head = RING_LOAD(ring->header->head);
    uint32_t first = ring_piece(ring, head, frames);
    memcpy(ring_place(ring, head), stereo, (size_t)first * RING_FRAME_BYTES);
    memcpy(ring->frames, stereo + (size_t)first * RING_CHANNELS, (size_t)(frames - first) * RING_FRAME_BYTES);
    RING_STORE(ring->header->head, head + frames);
}

uint32_t ring_write(struct ring *ring, const int16_t *stereo, uint32_t frames)
{
    uint32_t count = ring_min(frames, ring_space(ring));
    if (count == 0) return 0;
    put(ring, stereo, count);
    /* After the frames: to be playing without any would be an underrun. */
    RING_STORE(ring->header->mood, MOOD_PLAYING);
    return count;
}

void ring_flush(struct ring *ring)
{
    if (ring->detached || ring_flushing(ring)) return;
    RING_STORE(ring->header->mood, MOOD_FRESH);
    RING_STORE(ring->header->asked, RING_LOAD(ring->header->asked) + 1);
}

bool ring_flushed(const struct ring *ring, uint64_t *heard)
{
    bool answered = !ring_flushing(ring);
    if (answered) *heard = ring_taken(ring);
    return answered;
}

uint64_t ring_taken(const struct ring *ring)
{
    return RING_LOAD(ring->header->taken);
}

void ring_end(struct ring *ring)
{
    RING_STORE(ring->header->mood, MOOD_ENDED);
}

void ring_rest(struct ring *ring)
{
    RING_STORE(ring->header->mood, MOOD_RESTING);
}

bool ring_rested(const struct ring *ring)
{
    bool rests = RING_LOAD(ring->header->mood) == MOOD_RESTING;
    return rests && !ring_flushing(ring) && ring_queued(ring) == 0;
}

bool ring_wants(const struct ring *ring)
{
    uint32_t mood = RING_LOAD(ring->header->mood);
    return (mood == MOOD_FRESH || mood == MOOD_PLAYING) && ring_space(ring) > 0;
}

uint32_t ring_heartbeat(const struct ring *ring)
{
    return RING_LOAD(ring->header->heartbeat);
}

uint32_t ring_underruns(const struct ring *ring)
{
    return RING_LOAD(ring->header->gaps);
}

/* A reader that was killed may still run for a moment; it keeps the old memory to itself. Where no new memory
 * can be had, the two share it for that moment. */
static void renew_memory(struct ring *ring)
{
    struct ring fresh = {0};
    if (!ring_memory_make(&fresh, ring->header->rate, ring->capacity)) return;
    ring_memory_drop(ring);
    *ring = fresh;
}

/* The base before what was taken: the reader may still be moving both, in the other order. */
static uint64_t heard_of(const struct ring *ring, uint32_t unheard)
{
    uint64_t base = RING_LOAD(ring->header->base);
    uint64_t taken = RING_LOAD(ring->header->taken);
    return taken - base < unheard ? base : taken - unheard;
}

void ring_reset(struct ring *ring, uint32_t unheard)
{
    uint64_t heard = heard_of(ring, unheard);
    uint32_t gaps = RING_LOAD(ring->header->gaps);

    renew_memory(ring);
    struct ring_header *header = ring->header;
    header->fade_in = ring_fade_in_after(ring, heard);
    header->starved = false;
    RING_STORE(header->gaps, gaps);
    RING_STORE(header->base, heard);
    RING_STORE(header->taken, heard);
    RING_STORE(header->silence, 0);
    RING_STORE(header->tail, RING_LOAD(header->head));
    RING_STORE(header->answered, RING_LOAD(header->asked));
    RING_STORE(header->mood, MOOD_FRESH);
    ring->detached = true;
}

void ring_attach(struct ring *ring)
{
    ring->detached = false;
}
