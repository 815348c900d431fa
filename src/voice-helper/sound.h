/* Sound that a program has made: any file that libsndfile reads, folded to 16-bit mono. */
#ifndef VOICE_HELPER_SOUND_H
#define VOICE_HELPER_SOUND_H

#include "ipc/speech_packets.h"
#include <glib.h>
#include <stdbool.h>

struct sound {
    GArray *samples; /* int16_t, mono */
    int rate;        /* Hz */
    char *mark;      /* of the file that it was read from; NULL: it has none */
};

void sound_init(struct sound *sound);
void sound_finish(struct sound *sound);

/* Adds what a file of `size` bytes holds. False, and *why to be freed, if it is no sound, not all of it can
 * be read, or its rate is out of range. No more than a sample over SPEECH_SECONDS is taken. */
bool sound_decode(struct sound *sound, const void *data, gsize size, char **why);

/* OUTCOME_SPOKEN, or what is wrong: silent or too long. */
enum outcome sound_judge(const struct sound *sound);

/* Writes it as FLAC, with a mark, its comment; `path` is a new file. */
bool sound_write(const struct sound *sound, const char *path, const char *mark);

#endif
