/* What the main program and stretchvoice-music say to each other in packets (ipc/packets.h). The helper
 * inherits the open file as CHILD_EXTRA_FD, and is started anew for each file. */
#ifndef IPC_MUSIC_PACKETS_H
#define IPC_MUSIC_PACKETS_H

#include <stdint.h>

enum {
    MUSIC_CHANNELS = 2,
    MUSIC_FRAMES_MAX = 24000, /* in a packet */
    MUSIC_TEXT_MAX = 300,     /* bytes */
    MUSIC_HOURS = 24,         /* of a longer file the rest is left out */
};

enum music_packet {
    /* to the helper: the first of these that it gets, and nothing else afterwards; the rate is that of what
     * it gives */
    MUSIC_MEASURE, /* once; enum music_value */
    MUSIC_PLAY,    /* so many frames; enum music_value */
    /* from the helper */
    MUSIC_WORKING,  /* it is still measuring */
    MUSIC_MEASURED, /* struct music_measure */
    MUSIC_FRAMES,   /* 16-bit stereo: as many frames as were asked for, or fewer at the end */
    MUSIC_BAD,      /* why the file cannot be played */
};

enum music_value {
    MUSIC_RATE,  /* Hz */
    MUSIC_COUNT, /* frames */
};

struct music_measure {
    double lufs;    /* integrated loudness after ITU-R BS.1770-4 (libebur128); -HUGE_VAL: silence */
    double peak;    /* of the samples; full scale is 1 */
    int64_t frames; /* that MUSIC_PLAY gives in all */
};

#endif
