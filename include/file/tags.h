/* What a sound file says about itself beside the sound. Plain data; each format has its own way to write it.
 * Texts are UTF-8 without control characters. */
#ifndef FILE_TAGS_H
#define FILE_TAGS_H

#include <glib.h>

struct tags {
    const char *title, *artist, *album, *genre, *comment; /* NULL: none */
    const char *date;                                     /* "2026-11-30" */
    const char *language;                                 /* a tag: "en", "pt-br" */
    int track, tracks;                                    /* 3 of 12; 0: it is the only file */
    const GArray *chapters; /* struct chapter, in order, with sound.rate's frames; NULL: none */
};

#endif
