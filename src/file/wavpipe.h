/* A WAV for standard output: 16-bit stereo with a header that says at once how long it will be, since a pipe
 * cannot be rewound. For src/file only. */
#ifndef FILE_WAVPIPE_H
#define FILE_WAVPIPE_H

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

enum { WAV_FRAME_BYTES = 4, WAV_HEADER_BYTES = 44 };

/* Whether so many frames fit into the 32 bits that a WAV has for its sizes. */
bool wav_fits(int64_t frames);

struct wavpipe;

/* `fd` stays open when this is freed. */
struct wavpipe *wavpipe_new(int fd);
void wavpipe_free(struct wavpipe *wav); /* NULL is fine */

/* See soundfile_watch(). */
void wavpipe_watch(struct wavpipe *wav, const int *stop);

/* The header. Frames -1: not known, and the sizes are 0xFFFFFFFF. */
bool wavpipe_begin(struct wavpipe *wav, int rate, int64_t frames, GError **error);

bool wavpipe_write(struct wavpipe *wav, const int16_t *stereo, int64_t frames, GError **error);

/* What has been written, header and all. */
int64_t wavpipe_bytes(const struct wavpipe *wav);

#endif
