/* Where sound goes: a table of outputs (the PortAudio helper program, null, null:fast), all fed from the ring, and the watchdog over them.
 *
 * Main program, main thread, on the default main context. No call waits: what happens is told through `event`. */
#ifndef SOUND_OUTPUT_H
#define SOUND_OUTPUT_H

#include "sound/ring.h"
#include <gio/gio.h>

enum output_event {
    OUTPUT_STARTED,   /* the device takes frames; output_device() names it */
    OUTPUT_NONE,      /* there is no such output: said once, at the first start only. Not retried */
    OUTPUT_LOST,      /* was playing, and is gone or does not answer; being retried */
    OUTPUT_BACK,      /* plays again after OUTPUT_LOST; ring_reset() has been called in between */
    OUTPUT_FLUSHED,   /* ring_flushed() is true */
    OUTPUT_LOW,       /* the ring wants filling */
    OUTPUT_DRAINED,   /* after ring_end(): the last frame has been heard */
};

struct output;

struct output_options {
    const char *device;  /* "" default, "null", "null:fast" or a name as PortAudio gives it */
    const char *program; /* path of stretchvoice-sound */
    int rate;
    void (*event)(void *data, enum output_event event);
    void *data;
};

/* Starts it. Never NULL; what goes wrong comes as an event from the main loop. Copies what it needs. */
struct output *output_new(const struct output_options *options);
void output_free(struct output *output); /* at once, also with a frozen sound server */

struct ring *output_ring(struct output *output);

/* Asks for a flush (ring_flush) and tells OUTPUT_FLUSHED as soon as it is answered. */
void output_flush(struct output *output);

/* The name of what plays; NULL before OUTPUT_STARTED and while it is lost. */
const char *output_device(const struct output *output);
/* What was wrong, for OUTPUT_NONE and OUTPUT_LOST: one sentence, or NULL. */
const char *output_problem(const struct output *output);
/* Frames between the ring and the ear, as far as is known. */
int output_latency(const struct output *output);

/* The outputs that there are, names as PortAudio gives them (char *), the default one first; "null" and "null:fast" last. `fallback` is the
 * index of the default, or -1 where only the null ones are. Starts the helper and waits for it, 5 s at the most. */
GPtrArray *output_list(const char *program, int *fallback, GError **error);

#endif
