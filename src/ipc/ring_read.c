/* The reader's side: what feeds the device, in JACK's thread where that is JACK. No allocation, no lock, no
 * system call. */
#include "ipc/ring.h"

#include "ring_memory.h"
#include <string.h>

/* A smooth step from nothing (part = 0) to the sample (part = whole), in whole numbers so that it is the same
 * everywhere. */
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

static void fade_in(struct ring *ring, int16_t *out, uint32_t frames)
{
    struct ring_header *header = ring->header;
    uint32_t count = ring_min(frames, header->fade_in);
    fade(out, count, ring->fade - header->fade_in, +1, ring->fade);
    header->fade_in -= count;
}

static void take(struct ring *ring, int16_t *out, uint32_t frames)
{
    struct ring_header *header = ring->header;
    uint64_t tail = RING_LOAD(header->tail);
    uint32_t first = ring_piece(ring, tail, frames);
    memcpy(out, ring_place(ring, tail), (size_t)first * RING_FRAME_BYTES);
    memcpy(out + (size_t)first * RING_CHANNELS, ring->frames, (size_t)(frames - first) * RING_FRAME_BYTES);
    fade_in(ring, out, frames);
    RING_STORE(header->taken, RING_LOAD(header->taken) + frames);
    RING_STORE(header->tail, tail + frames); /* gives the room back: after the copy */
}

static uint32_t play(struct ring *ring, int16_t *out, uint32_t frames)
{
    uint32_t count = ring_min(frames, ring_queued(ring));
    take(ring, out, count);
    return count;
}

/* The writer adds nothing until it has the answer: the fade's length stands. */
static void begin_fade_out(struct ring *ring, uint32_t asked)
{
    struct ring_header *header = ring->header;
    header->seen = asked;
    header->fade_whole = ring_min(ring->fade, ring_queued(ring));
    header->fade_out = header->fade_whole;
}

static void drop_and_answer(struct ring *ring, uint32_t asked)
{
    struct ring_header *header = ring->header;
    uint64_t taken = RING_LOAD(header->taken);
    header->fade_in = ring_fade_in_after(ring, taken);
    RING_STORE(header->base, taken);
    RING_STORE(header->tail, RING_LOAD(header->head));
    RING_STORE(header->answered, asked);
}

static uint32_t fade_out(struct ring *ring, uint32_t asked, int16_t *out, uint32_t frames)
{
    struct ring_header *header = ring->header;
    if (header->seen != asked) begin_fade_out(ring, asked);
    uint32_t count = ring_min(frames, header->fade_out);
    take(ring, out, count);
    fade(out, count, header->fade_out, -1, header->fade_whole);
    header->fade_out -= count;
    if (header->fade_out == 0) drop_and_answer(ring, asked);
    return count;
}

/* A gap that lasts over several blocks is one. */
static void count_gap(struct ring_header *header, uint32_t given, uint32_t missing)
{
    bool starved = missing > 0 && RING_LOAD(header->mood) == MOOD_PLAYING;
    if (starved && (given > 0 || !header->starved)) RING_STORE(header->gaps, RING_LOAD(header->gaps) + 1);
    header->starved = starved;
}

static void count_silence(struct ring *ring, uint32_t given, uint32_t missing)
{
    uint64_t before;
    bool drained = ring_drained(ring, &before);
    if (given > 0) before = 0;
    RING_STORE(ring->header->silence, drained ? before + missing : 0);
}

void ring_read(struct ring *ring, int16_t *out, uint32_t frames)
{
    struct ring_header *header = ring->header;
    uint32_t asked = RING_LOAD(header->asked);
    bool flush = asked != RING_LOAD(header->answered);
    uint32_t given = flush ? fade_out(ring, asked, out, frames) : play(ring, out, frames);
    uint32_t missing = frames - given;
    memset(out + (size_t)given * RING_CHANNELS, 0, (size_t)missing * RING_FRAME_BYTES);
    count_gap(header, given, missing);
    count_silence(ring, given, missing);
    RING_STORE(header->heartbeat, RING_LOAD(header->heartbeat) + 1);
}
