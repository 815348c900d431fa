/* A microphone, through the sound program: open from input_new() to input_free().
 *
 * Main program, main thread, on the default main context. No call waits, also with a frozen sound server. */
#ifndef SOUND_INPUT_H
#define SOUND_INPUT_H

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

struct input;

/* All are called from the main loop, and may free the input. */
struct input_ops {
    /* Once; in frames a second. It may take another second until it hears something. */
    void (*opened)(void *data, int rate);
    /* Mono, borrowed, at most SOUND_FRAMES_MAX. `lost`: some before these have been lost on a busy machine.
     */
    void (*heard)(void *data, const int16_t *samples, int frames, bool lost);
    /* It could not be opened, or it is gone: nothing more comes. `why` is half a sentence, safe to be shown.
     */
    void (*failed)(void *data, const char *why);
};

struct input_options {
    const char *device;  /* "" is the default, or a name as PortAudio gives it; copied */
    const char *program; /* path of stretchvoice-sound */
    const struct input_ops *ops;
    void *data;
};

/* Begins to open it. NULL and one sentence in `error` if the sound program cannot be started. */
struct input *input_new(const struct input_options *options, GError **error);

/* Closes it at once; a client of JACK takes up to two seconds to take leave, while the caller goes on. NULL
 * is fine. */
void input_free(struct input *input);

/* The microphones that there are, as output_list() names outputs. */
GPtrArray *input_list(const char *program, int *fallback, GError **error);

#endif
