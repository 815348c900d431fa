/* A sound file, decoded to 16-bit stereo at another rate. */
#ifndef MUSIC_HELPER_DECODER_H
#define MUSIC_HELPER_DECODER_H

#include <stdint.h>

struct decoder;

/* Reads from the descriptor, which stays open. NULL, and a few words in *why, if that is no sound file that
 * can be played. */
struct decoder *decoder_new(int fd, int rate, const char **why);
void decoder_free(struct decoder *decoder); /* NULL is fine */

/* Gives `frames` frames, or fewer at the end, and where the file is damaged. */
int64_t decoder_read(struct decoder *decoder, int16_t *stereo, int64_t frames);

#endif
