/* The reader's side: it feeds the device, from JACK's own thread if that is JACK. No allocation, no lock, no
 * system call. */
#include "ring_memory.h"

#include <string.h>

static uint32_t min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* A smooth step from nothing (part = 0) to the sample (part = whole), in whole numbers, so that it is the
 * same on every machine. */
static int16_t faded(int16_t sample, int64_t part, int64_t whole)
{
    return (int16_t)(sample * part * part * (3 * whole - 2 * part) / (whole * whole * whole));
}

static void fade(int16_t *out, uint32_t frames, int64_t part, int step, int64_t whole)
{
    for (uint32_t i = 0; i < frames; i++, part += step) {
        out[2 * i] = faded(out[2 * i], part, whole);
        out[2 * i + 1] = faded(out[2 * i + 1], part, whole);
    }
}

/* Returns how many there were. */
static uint32_t take(struct ring *ring, int16_t *out, uint32_t frames)
{
    struct ring_header *header = ring->header;
    uint64_t tail = RING_LOAD(header->tail);
    uint32_t count = min(frames, ring_queued(ring)), first = ring_piece(ring, tail, count);
    memcpy(out, ring_at(ring, tail), (size_t)first * RING_FRAME_BYTES);
    memcpy(out + (size_t)first * RING_CHANNELS, ring->frames, (size_t)(count - first) * RING_FRAME_BYTES);

    uint32_t fading = min(count, ring->reader.fade_in);
    fade(out, fading, ring->fade - ring->reader.fade_in, +1, ring->fade);
    ring->reader.fade_in -= fading;

    RING_STORE(header->taken, RING_LOAD(header->taken) + count);
    RING_STORE(header->tail, tail + count); /* gives the room back: after the copy */
    return count;
}

/* The writer adds nothing until it has the answer: the fade's length stands. */
static uint32_t fade_out(struct ring *ring, uint32_t asked, int16_t *out, uint32_t frames)
{
    struct ring_header *header = ring->header;
    if (ring->reader.seen != asked) {
        ring->reader.seen = asked;
        ring->reader.fade_out = ring->reader.fade_whole = min(ring->fade, ring_queued(ring));
    }
    uint32_t count = take(ring, out, min(frames, ring->reader.fade_out));
    fade(out, count, ring->reader.fade_out, -1, ring->reader.fade_whole);
    ring->reader.fade_out -= count;
    if (ring->reader.fade_out > 0) return count;
    ring->reader.fade_in = ring_fade_in_after(ring, RING_LOAD(header->taken));
    RING_STORE(header->tail, RING_LOAD(header->head));
    RING_STORE(header->answered, asked);
    return count;
}

void ring_read(struct ring *ring, int16_t *out, uint32_t frames)
{
    struct ring_header *header = ring->header;
    uint32_t asked = RING_LOAD(header->asked);
    bool flush = asked != RING_LOAD(header->answered);
    uint32_t given = flush ? fade_out(ring, asked, out, frames) : take(ring, out, frames);
    uint32_t missing = frames - given;
    memset(out + (size_t)given * RING_CHANNELS, 0, (size_t)missing * RING_FRAME_BYTES);

    /* An underrun that lasts over several blocks counts once. */
    bool starved = missing > 0 && RING_LOAD(header->state) == STATE_PLAYING;
    if (starved && (given > 0 || !ring->reader.starved))
        RING_STORE(header->underruns, RING_LOAD(header->underruns) + 1);
    ring->reader.starved = starved;

    uint64_t silence;
    bool drained = ring_drained(ring, &silence);
    RING_STORE(header->silence, !drained ? 0 : given > 0 ? missing : silence + missing);
    RING_STORE(header->heartbeat, RING_LOAD(header->heartbeat) + 1);
}
