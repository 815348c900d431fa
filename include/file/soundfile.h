/* Sound files, written: wav flac ogg opus mp3 through libsndfile, WAV to a pipe by ourselves.
 *
 * A file is written beside its final name and takes it only when every frame is on the disk and has been
 * counted there; whatever fails before leaves nothing under that name and nothing beside it. */
#ifndef FILE_SOUNDFILE_H
#define FILE_SOUNDFILE_H

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

struct soundfile;

/* The endings that soundfile_create takes, NULL-terminated, for messages: "wav", "flac"... */
const char *const *soundfile_formats(void);

/* True if the path's ending is one of them, or the path is "-". */
bool soundfile_known(const char *path);

/* "-" is WAV on standard output. Stereo, 16 bits in. `frames` is the exact length, if it is known, else -1: a
 * WAV that would exceed 4 GiB is refused at once (the message names flac), and a WAV pipe gets honest sizes
 * in its header (0xFFFFFFFF where not known). Opus is resampled to 48,000 from 44,100. */
struct soundfile *soundfile_create(const char *path, int rate, int64_t frames, GError **error);

/* While a pipe's reader takes nothing, soundfile_write() runs the default main context. It gives up with
 * G_IO_ERROR_CANCELLED as soon as *stop is not 0: a signal that came meanwhile. Borrowed until the handle is
 * freed. */
void soundfile_watch(struct soundfile *file, const int *stop);

/* `stereo` has 2 × frames samples. Error G_IO_ERROR_BROKEN_PIPE if standard output's reader has gone. */
bool soundfile_write(struct soundfile *file, const int16_t *stereo, int64_t frames, GError **error);

/* Flushes, syncs, reopens and counts the frames, then renames. Frees the handle either way; after a failure
 * nothing is left. */
bool soundfile_finish(struct soundfile *file, GError **error);

/* Gives up: nothing is left. NULL is fine. */
void soundfile_abort(struct soundfile *file);

#endif
