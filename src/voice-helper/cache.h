/* Clips that are kept: FLAC files at the engine's own rate, before loudness. The name of one is a hash of all
 * that its samples depend on. Several programs may use the directory at once: a file appears whole, by
 * rename, and may go at any time. */
#ifndef VOICE_HELPER_CACHE_H
#define VOICE_HELPER_CACHE_H

#include "sound.h"

/* Begins the name of a file that is not finished; the number of its program follows. */
#define CACHE_PREFIX ".stretchvoice-"

struct cache {
    char *directory;
    int64_t limit; /* bytes of all files; 0: nothing is kept */
    char *voice;   /* what the voice's samples depend on, as text */
};

/* Removes files that programs which have ended left unfinished in the directory. */
void cache_tidy(const char *directory);

/* Also tidies its directory. `paths` (char *) are the files
 * that the voice depends on: their size and time of change count. Without a directory nothing is kept. */
void cache_init(struct cache *cache, const struct program_parameters *voice, const GPtrArray *paths);

/* False if it is not there, or not whole; then it is removed. */
bool cache_find(const struct cache *cache, const char *text, struct sound *sound);

/* Removes what was used least recently as far as there is no room. False if it cannot be written; what is
 * larger than half of the limit is not kept, which is no failure. */
bool cache_keep(const struct cache *cache, const char *text, const struct sound *sound);

#endif
