/* The music of a session: a file, or the files of a directory one after the other and then anew, each at the
 * same loudness, with crossfades. Each file is decoded by a helper program of its own, and measured by one
 * before, the first time it is played. A file that cannot be played is left out; where none can, there is
 * silence.
 *
 * Main thread, default main context. Nothing waits but music_wait(). */
#ifndef MUSIC_MUSIC_H
#define MUSIC_MUSIC_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct music_options {
    const char *path; /* of a file or a directory */
    bool shuffle;     /* in an order that follows from `seed` */
    uint32_t seed;
    int rate;            /* Hz, of what is given */
    double level;        /* LUFS */
    int64_t fade;        /* frames, from one file to the next */
    const char *program; /* the helper's path */
    const char *cache;   /* directory of what has been measured; NULL: measured each time */
    /* A file cannot be played, or not to its end: once a file. Also the directory, if that is the matter. */
    void (*failed)(void *data, const char *path, const char *why);
    /* music_is_measuring(): this file. */
    void (*measuring)(void *data, const char *path);
    void (*arrived)(void *data); /* there is more to read */
    void *data;
};

struct music;

/* Texts are copied. */
struct music *music_new(const struct music_options *options);
void music_free(struct music *music); /* NULL is fine */

/* As bed_source.read. What lies more than MUSIC_BEHIND_S before what was read last is gone, and silent. */
int music_read(struct music *music, int64_t frame, int frames, float *stereo);

enum { MUSIC_BEHIND_S = 4 };

/* Enough has been decoded to begin, or nothing ever will be. */
bool music_is_ready(const struct music *music);

/* The file that it begins with is being measured for the first time, which may take seconds. */
bool music_is_measuring(const struct music *music);

/* No file can be played: there will be nothing but silence. */
bool music_is_silent(const struct music *music);

/* Waits until there is more to read, or so long. */
void music_wait(struct music *music, guint ms);

#endif
