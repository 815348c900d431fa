/* The ring between the main program and whatever plays: one page of header and about a second of frames, in a
 * memfd.
 *
 * One writer (main program) and one reader (what feeds the device, or the null output). Neither locks,
 * allocates or calls the system; the header's fields are C11 atomics, each written by one side. Frames are
 * 16-bit stereo. All counts run from 0 and never wrap.
 *
 * The reader may be another program, and may have gone wrong: the writer bounds every count of the reader's,
 * and ring_intact() says whether they are possible at all. Each side has a struct ring of its own, unless
 * both are in the main thread.
 *
 * Flush: the writer asks (ring_flush); the reader fades out over 5 ms what it is playing, drops the rest,
 * answers with the number of frames that were heard (fade included), and plays silence. The writer then
 * applies its change at that frame and fills the ring again, which fades in over 5 ms. At the very beginning
 * of a session, and at its end, there is no fade. */
#ifndef IPC_RING_H
#define IPC_RING_H

#include <stdbool.h>
#include <stdint.h>

enum {
    RING_CHANNELS = 2,
    RING_FADE_MS = 5,
};

struct ring;

/* Writer's side: makes it. Capacity is rounded up to a power of two frames. NULL and errno if memory cannot
 * be had. */
struct ring *ring_new(int rate, uint32_t frames);
/* Reader's side: maps what was inherited, and owns the descriptor from then on. NULL and errno (the
 * descriptor stays the caller's); the header is checked. */
struct ring *ring_open(int fd);
void ring_free(struct ring *ring);    /* unmaps; closes the descriptor; NULL is fine */
int ring_fd(const struct ring *ring); /* for a reader to inherit; another one after ring_reset */
int ring_rate(const struct ring *ring);

/* --- writer --- */

/* False if the reader's counts are impossible: what it does is not to be trusted any more, and only
 * ring_reset() helps. Until then the other functions return numbers that are possible, and nothing can be
 * written. */
bool ring_intact(const struct ring *ring);

/* Calls `wake` when a reader that may have found nothing to do (see ring_rested) has something to do again:
 * frames, a flush, or the end. From within the call that writes it. */
void ring_set_waker(struct ring *ring, void (*wake)(void *data), void *data);

/* Room for so many frames. 0 while a flush is not answered, and between ring_reset and ring_attach. */
uint32_t ring_space(const struct ring *ring);
/* Writes up to ring_space() frames, returns how many. */
uint32_t ring_write(struct ring *ring, const int16_t *stereo, uint32_t frames);
/* Frames written and not yet taken. */
uint32_t ring_queued(const struct ring *ring);

/* Asks for a flush. Asked again before the answer, it is the same flush. Undoes ring_end() and ring_rest().
 */
void ring_flush(struct ring *ring);
/* True once the flush is answered (also if none was asked): *heard is then the count of frames, from the
 * ring's beginning, that were taken to be heard; dropped frames are not among them. What is written next has
 * that number. */
bool ring_flushed(const struct ring *ring, uint64_t *heard);

/* Frames taken so far, dropped ones not counted: the number of the next frame that the reader will take. */
uint64_t ring_taken(const struct ring *ring);

/* Nothing more comes: when the ring is empty that is the end, and no underrun. Undone by ring_write. */
void ring_end(struct ring *ring);
/* Paused or waiting: an empty ring is no underrun. Undone by ring_write. */
void ring_rest(struct ring *ring);
/* True if frames can be written and are expected: there is room, and it has not been ended or rested. */
bool ring_wants(const struct ring *ring);

/* Grows with every call of the reader, whether it had anything to play or not: the watchdog's pulse. */
uint32_t ring_heartbeat(const struct ring *ring);
/* How often the reader found too little though more was to come. */
uint32_t ring_underruns(const struct ring *ring);

/* For a reader that is dead, or dying and will never answer. The last `unheard` frames that it took are taken
 * back: they had not left the device. So ring_taken() goes back by as much, but never to before the last
 * flush or reset, where a change may have been applied. What is queued is dropped, a flush that was asked is
 * answered, and the memory is left to the old reader: the next one inherits the new ring_fd(). Until
 * ring_attach nothing can be written, and a flush is answered at once. */
void ring_reset(struct ring *ring, uint32_t unheard);
/* How often ring_reset() has been called: the memory is another one then. */
uint32_t ring_resets(const struct ring *ring);
/* After ring_reset: a new reader plays. What is written now is heard, and fades in as after a flush. */
void ring_attach(struct ring *ring);

/* --- reader --- */

/* Fills `out` with exactly `frames` stereo frames, filled up with silence. */
void ring_read(struct ring *ring, int16_t *out, uint32_t frames);

/* --- either --- */

/* True if the ring rests, all has been taken and no flush waits: nothing is to be read until the writer's
 * waker says so. */
bool ring_rested(const struct ring *ring);

/* True once ring_end() was called and all has been taken; *silence is how many frames of silence have been
 * given since. */
bool ring_drained(const struct ring *ring, uint64_t *silence);

#endif
