/* The files of the music, in the order in which they are played. */
#ifndef MUSIC_TRACKS_H
#define MUSIC_TRACKS_H

#include <glib.h>
#include <stdint.h>

enum { TRACKS_MOST = 10000 };

/* The entries (char *) of a directory in order of their names, without hidden ones; or `path` itself. May be
 * empty. To be unreffed. */
GPtrArray *tracks_list(const char *path);

/* Another order, always the same for a seed. */
void tracks_shuffle(GPtrArray *tracks, uint32_t seed);

#endif
