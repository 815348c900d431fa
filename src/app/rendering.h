/* What render writes: how the files are encoded, and what they say about themselves. */
#ifndef APP_RENDERING_H
#define APP_RENDERING_H

#include "options.h"
#include "file/soundfile.h"
#include "routine/routine.h"

/* The options of render, read. */
struct encoding {
    bool moves; /* chapters */
    bool mono;
    bool has_quality;
    double quality;
    int kbps; /* 0: not given */
};

/* EXIT_USAGE, and a line on standard error, if one of them is wrong. */
int encoding_read(struct encoding *encoding, const struct options *options);

/* For soundfile_create(); borrows the encoding and the tags. */
struct soundfile_options encoding_options(const struct encoding *encoding, int rate, const struct tags *tags);

/* The texts of tags. */
struct labels {
    char *title, *artist, *album, *comment, *date, *language;
};

void labels_init(struct labels *labels, const struct routine *routine);
void labels_finish(struct labels *labels);

/* Borrowed from the labels; without chapters. */
struct tags labels_tags(const struct labels *labels);

/* The moment that files are dated with: that of SOURCE_DATE_EPOCH, in UTC, if it is set, else now. */
GDateTime *labels_moment(void);

#endif
