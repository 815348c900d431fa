/* Sound files, written: wav flac ogg opus mp3 through libsndfile, m4a and m4b by ffmpeg, and WAV on standard
 * output. Short ones are also read, in any format of libsndfile.
 *
 * A file takes its name only when every frame is on the disk and has been counted there (newfile.h); whatever
 * fails before leaves nothing. The message of every error is a whole line for the user. */
#ifndef FILE_SOUNDFILE_H
#define FILE_SOUNDFILE_H

#include "file/newfile.h"
#include "file/tags.h"

struct soundfile;

/* The extensions that soundfile_create() takes, NULL-terminated: "wav", "flac"... */
const char *const *soundfile_formats(void);

/* Whether the path has one of them, or is "-". */
bool soundfile_known(const char *path);

/* Whether soundfile_create() should be given the exact length: for standard output, whose header comes first,
 * and for a WAV that may exceed 4 GiB. `estimate` is in frames. */
bool soundfile_wants_length(const char *path, double estimate);

struct soundfile_options {
    int rate;              /* Hz */
    int64_t frames;        /* the exact length, or -1 */
    bool mono;             /* one channel, the mean of both */
    const double *quality; /* 0 to 10, of formats that lose something; NULL: good for speech */
    int kbps;              /* 32 to 320, of mp3 and opus; 0: as the quality needs it */
    /* NULL: none. Borrowed until soundfile_finish(), which wants the chapters to be complete. A pipe wants
     * that at its beginning. */
    const struct tags *tags;
};

/* "-" is WAV on standard output. A WAV that would exceed 4 GiB is refused at once (the message names flac),
 * and a pipe gets the right sizes in its header (0xFFFFFFFF for an unknown length, and then no tags). Opus is
 * resampled to 48,000 Hz. The options are copied. */
struct soundfile *soundfile_create(const char *path, const struct soundfile_options *options, GError **error);

/* While the reader of a pipe takes nothing, soundfile_write() calls this 20 times a second. It gives up with
 * G_IO_ERROR_CANCELLED if the answer is true. */
void soundfile_watch(struct soundfile *file, bool (*stop)(void *data), void *data);

/* The program, and Debian's package, that the path's format needs; NULL if it needs none. */
const char *soundfile_needs(const char *path);

/* Whether the path's format takes `kbps`. */
bool soundfile_has_bitrate(const char *path);

/* `stereo` has 2 × frames samples. G_IO_ERROR_BROKEN_PIPE if the reader of standard output has gone. */
bool soundfile_write(struct soundfile *file, const int16_t *stereo, int64_t frames, GError **error);

/* Flushes, adds the tags, syncs, reopens and counts the frames, then gives the file its name: or leaves that
 * to newfile_commit(), if `whole` is not NULL (of a pipe it gets NULL). Frees the handle either way; after a
 * failure nothing is left. */
bool soundfile_finish(struct soundfile *file, struct newfile **whole, GError **error);

/* Leaves nothing. NULL is fine. */
void soundfile_abort(struct soundfile *file);

/* Reads a sound file of at most so many seconds, of any rate, all channels folded to one by their mean: full
 * scale 1.0, *rate in Hz, no sample infinite. The caller frees the result. NULL: *problem says what is wrong,
 * in a few words, to be freed. */
float *soundfile_read(const char *path, int seconds, int *rate, int64_t *frames, char **problem);

#endif
