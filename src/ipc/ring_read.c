/* The reader's side: it feeds the device, from JACK's own thread if that is JACK. No allocation, no lock, no
 * system call. */
#include "ring_memory.h"

#include <string.h>

static uint32_t min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t queued(const struct ring *ring)
{
    uint64_t count = RING_LOAD(ring->header->head) - RING_LOAD(ring->header->tail);
    return count <= ring->capacity ? (uint32_t)count : 0;
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

static void take(struct ring *ring, int16_t *out, uint32_t frames)
{
    struct ring_header *header = ring->header;
    uint64_t tail = RING_LOAD(header->tail);
    uint32_t first = ring_piece(ring, tail, frames);
    memcpy(out, ring_at(ring, tail), (size_t)first * RING_FRAME_BYTES);
    memcpy(out + (size_t)first * RING_CHANNELS, ring->frames, (size_t)(frames - first) * RING_FRAME_BYTES);

    uint32_t fading = min(frames, ring->reader.fade_in);
    fade(out, fading, ring->fade - ring->reader.fade_in, +1, ring->fade);
    ring->reader.fade_in -= fading;

    RING_STORE(header->taken, RING_LOAD(header->taken) + frames);
    RING_STORE(header->tail, tail + frames); /* gives the room back: after the copy */
}

static uint32_t play(struct ring *ring, int16_t *out, uint32_t frames)
{
    uint32_t count = min(frames, queued(ring));
    take(ring, out, count);
    return count;
}

static void drop_and_answer(struct ring *ring, uint32_t asked)
{
    struct ring_header *header = ring->header;
    ring->reader.fade_in = ring_fade_in_after(ring, RING_LOAD(header->taken));
    RING_STORE(header->tail, RING_LOAD(header->head));
    RING_STORE(header->answered, asked);
}

/* The writer adds nothing until it has the answer: the fade's length stands. */
static uint32_t fade_out(struct ring *ring, uint32_t asked, int16_t *out, uint32_t frames)
{
    if (ring->reader.seen != asked) {
        ring->reader.seen = asked;
        ring->reader.fade_out = ring->reader.fade_whole = min(ring->fade, queued(ring));
    }
    uint32_t count = min(frames, ring->reader.fade_out);
    take(ring, out, count);
    fade(out, count, ring->reader.fade_out, -1, ring->reader.fade_whole);
    ring->reader.fade_out -= count;
    if (ring->reader.fade_out == 0) drop_and_answer(ring, asked);
    return count;
}

/* An underrun that lasts over several blocks counts once. */
static void count_underrun(struct ring *ring, uint32_t given, uint32_t missing)
{
    struct ring_header *header = ring->header;
    bool starved = missing > 0 && RING_LOAD(header->state) == STATE_PLAYING;
    if (starved && (given > 0 || !ring->reader.starved))
        RING_STORE(header->underruns, RING_LOAD(header->underruns) + 1);
    ring->reader.starved = starved;
}

/* The state is read before the counts, so that what was written before ring_end() is seen. */
static void count_silence(struct ring *ring, uint32_t given, uint32_t missing)
{
    struct ring_header *header = ring->header;
    bool drained = RING_LOAD(header->state) == STATE_ENDED &&
                   RING_LOAD(header->asked) == RING_LOAD(header->answered) && queued(ring) == 0;
    uint64_t before = given > 0 ? 0 : RING_LOAD(header->silence);
    RING_STORE(header->silence, drained ? before + missing : 0);
}

void ring_read(struct ring *ring, int16_t *out, uint32_t frames)
{
    struct ring_header *header = ring->header;
    uint32_t asked = RING_LOAD(header->asked);
    bool flush = asked != RING_LOAD(header->answered);
    uint32_t given = flush ? fade_out(ring, asked, out, frames) : play(ring, out, frames);
    uint32_t missing = frames - given;
    memset(out + (size_t)given * RING_CHANNELS, 0, (size_t)missing * RING_FRAME_BYTES);
    count_underrun(ring, given, missing);
    count_silence(ring, given, missing);
    RING_STORE(header->heartbeat, RING_LOAD(header->heartbeat) + 1);
}

bool ring_idle(const struct ring *ring)
{
    const struct ring_header *header = ring->header;
    return RING_LOAD(header->state) == STATE_RESTING &&
           RING_LOAD(header->asked) == RING_LOAD(header->answered) && queued(ring) == 0;
}
