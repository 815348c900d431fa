/* One file that is measured, or played. */
#ifndef MUSIC_DECK_H
#define MUSIC_DECK_H

#include "ipc/music_packets.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct deck;

struct deck_options {
    const char *path, *program;
    const char *cache; /* directory, or NULL */
    int rate;
    void (*measured)(void *data, struct deck *deck); /* from the main loop; deck_measure() has it now */
    /* `frames` were decoded, at most as many as were asked for; fewer: the file ends too early. */
    void (*decoded)(void *data, struct deck *deck, const int16_t *stereo, int frames);
    /* It cannot be played, or not any further. May free the deck, as the others may. */
    void (*failed)(void *data, struct deck *deck, const char *why);
    void *data;
};

/* Opens the file, and begins to measure it if that has not been done. NULL, and why, to be freed, if it
 * cannot be opened. */
struct deck *deck_new(const struct deck_options *options, char **why);
void deck_free(struct deck *deck); /* NULL is fine */

/* NULL while it is being measured. */
const struct music_measure *deck_measure(const struct deck *deck);

/* Asks for the next frames, 1 to MUSIC_FRAMES_MAX; one answer at a time. After it has been measured. */
void deck_ask(struct deck *deck, int frames);
bool deck_is_asked(const struct deck *deck);

#endif
