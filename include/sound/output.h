/* Where sound goes: a table of outputs (the PortAudio helper program, null, null:fast, fifo:PATH), all fed
 * from the ring, and the watchdog over them.
 *
 * Main program, main thread, on the default main context. No call waits: what happens is reported through
 * `event`. */
#ifndef SOUND_OUTPUT_H
#define SOUND_OUTPUT_H

#include "ipc/ring.h"
#include <gio/gio.h>

enum output_event {
    OUTPUT_STARTED, /* the device takes frames; output_device() names it */
    OUTPUT_NONE,    /* there is no such output: once, at the first start only. Not retried */
    /* Was playing, and is gone or does not answer; being retried. ring_reset() has been called:
     * ring_flushed() is true and returns the frame to go on with, which can be a little before what
     * ring_taken() said; nothing can be written. */
    OUTPUT_LOST,
    /* Plays again after OUTPUT_LOST, perhaps on another device; the ring is empty and can be written to. A
     * server that ends during the start is lost before OUTPUT_STARTED, which then comes right before
     * OUTPUT_BACK. */
    OUTPUT_BACK,
    OUTPUT_SINK,    /* the sound server says on which of its devices this plays from now on: output_sink() */
    OUTPUT_FLUSHED, /* ring_flushed() is true */
    OUTPUT_LOW,     /* the ring wants filling */
    OUTPUT_RESTED,  /* after ring_rest(): all has been taken */
    OUTPUT_DRAINED, /* after ring_end(): the last frame has been heard */
};

struct output;

struct output_options {
    /* "" default, "null", "null:fast", "fifo:PATH" or a name as PortAudio gives it. For tests, the null ones
     * can be made to fail after so many seconds of frames taken: "null:lost-after=1.5" is lost and back after
     * about a second, "moved-after" comes back under another name, "stuck-after" takes no more frames until
     * the watchdog has started it again, "carried-after" is moved to another device of its server; after
     * "null:fast" in the same way. */
    const char *device;
    const char *program; /* path of stretchvoice-sound */
    int rate;
    void (*event)(void *data, enum output_event event);
    void *data;
};

/* Starts it. NULL and `error` if there is no memory for the ring; what else goes wrong comes as an event from
 * the main loop. Copies what it needs. */
struct output *output_new(const struct output_options *options, GError **error);
void output_free(struct output *output); /* at once, also with a frozen sound server */

struct ring *output_ring(struct output *output);

/* Asks for a flush (ring_flush) and reports OUTPUT_FLUSHED as soon as it is answered: by what plays, or at
 * once if nothing does. Asked again before that, it is the same flush. */
void output_flush(struct output *output);

/* Lets the device go, in a long pause: nothing is lost, and nothing is reported. output_open() takes it
 * again, and OUTPUT_BACK follows (after OUTPUT_LOST, if it is not there any more); what is written before
 * that is lost. False if it plays on, since its silence is wanted, or does not play. */
bool output_release(struct output *output);
void output_open(struct output *output);

/* The name of what plays; NULL before OUTPUT_STARTED and while it is lost. */
const char *output_device(const struct output *output);
/* The device of the sound server that it plays on, if the server says it. */
struct output_sink {
    uint32_t id; /* enum sink_id (ipc/sound_packets.h), or a number that tells it from others */
    char *name;  /* what to call it; NULL with SINK_UNKNOWN */
    bool moved;  /* by the server, while it played; also if it has come back there after OUTPUT_LOST. Else
                    it has begun to play there: at first, after a rest, or after output_open() */
};

/* Borrowed, until the next turn of the main loop. */
const struct output_sink *output_sink(const struct output *output);
/* What was wrong, for OUTPUT_NONE and OUTPUT_LOST: one sentence, or NULL. */
const char *output_problem(const struct output *output);
/* Frames between the ring and the ear, as far as is known. */
int output_latency(const struct output *output);

/* The outputs that there are, names as PortAudio gives them (char *), the default one first; "null" and
 * "null:fast" last. `fallback` is the index of the default, or -1 if there is none. Starts the helper and
 * waits for it, 5 s at the most; NULL and `error` if it does not answer. */
GPtrArray *output_list(const char *program, int *fallback, GError **error);

#endif
