/* What soundfile.c reads for soundread.c. */
#ifndef FILE_SOUNDREAD_H
#define FILE_SOUNDREAD_H

#include <glib.h>

/* Appends the sound in the file (float), all channels folded to one by their mean, and no more than a piece
 * over `seconds`; *rate in Hz. NULL, or what is wrong, which is static. May turn for ever in a damaged file.
 */
const char *soundfile_decode(int fd, int seconds, int *rate, GArray *mono);

#endif
