/* Sound files, written: wav flac ogg opus mp3 through libsndfile, and WAV on standard output. Short ones are
 * also read, in any format of libsndfile.
 *
 * A file takes its name only when every frame is on the disk and has been counted there (newfile.h); whatever
 * fails before leaves nothing. The message of every error is a whole line for the user. */
#ifndef FILE_SOUNDFILE_H
#define FILE_SOUNDFILE_H

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

struct soundfile;

/* The extensions that soundfile_create() takes, NULL-terminated: "wav", "flac"... */
const char *const *soundfile_formats(void);

/* Whether the path has one of them, or is "-". */
bool soundfile_known(const char *path);

/* Whether soundfile_create() should be given the exact length: for standard output, whose header comes first,
 * and for a WAV that may exceed 4 GiB. `estimate` is in frames. */
bool soundfile_wants_length(const char *path, double estimate);

/* "-" is WAV on standard output. Stereo, 16 bits in, `rate` Hz. `frames` is the exact length, or -1: a WAV
 * that would exceed 4 GiB is refused at once (the message names flac), and a pipe gets the right sizes in its
 * header (0xFFFFFFFF for an unknown length). Opus is resampled to 48,000 Hz. */
struct soundfile *soundfile_create(const char *path, int rate, int64_t frames, GError **error);

/* While the reader of a pipe takes nothing, soundfile_write() calls this 20 times a second. It gives up with
 * G_IO_ERROR_CANCELLED if the answer is true. */
void soundfile_watch(struct soundfile *file, bool (*stop)(void *data), void *data);

/* `stereo` has 2 × frames samples. G_IO_ERROR_BROKEN_PIPE if the reader of standard output has gone. */
bool soundfile_write(struct soundfile *file, const int16_t *stereo, int64_t frames, GError **error);

/* Flushes, syncs, reopens and counts the frames, then gives the file its name. Frees the handle either way;
 * after a failure nothing is left. */
bool soundfile_finish(struct soundfile *file, GError **error);

/* Leaves nothing. NULL is fine. */
void soundfile_abort(struct soundfile *file);

/* Reads a sound file of at most so many seconds, of any rate, all channels folded to one by their mean: full
 * scale 1.0, *rate in Hz, no sample infinite. The caller frees the result. NULL: *problem says what is wrong,
 * in a few words, to be freed. */
float *soundfile_read(const char *path, int seconds, int *rate, int64_t *frames, char **problem);

#endif
