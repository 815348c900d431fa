/* What the main program and stretchvoice-sound say to each other in packets (ipc/packets.h). The helper
 * inherits the ring as CHILD_EXTRA_FD if it is to play. Payloads are texts. */
#ifndef IPC_SOUND_PACKETS_H
#define IPC_SOUND_PACKETS_H

enum { SOUND_TEXT_MAX = 4096 }; /* bytes */

enum sound_packet {
    /* to the helper: one of these, once */
    SOUND_PLAY, /* the output's name, "" is the default */
    SOUND_LIST,
    /* to a helper that plays */
    SOUND_WAKE, /* the ring was idle and no longer is */
    /* from the helper */
    SOUND_STARTED, /* the output's name, and enum started_value */
    SOUND_REFUSED, /* why it cannot play */
    SOUND_UNKNOWN, /* there is no output of that name; the nearest one, or "" */
    SOUND_STOPPED, /* the stream has ended */
    SOUND_OUTPUT,  /* a name */
    SOUND_DEFAULT, /* the name of the default output */
    SOUND_LISTED,  /* that was the last name */
};

enum started_value {
    STARTED_LATENCY, /* frames between the ring and the ear */
    STARTED_TAIL,    /* frames of silence to give until the last frame has surely been heard */
    STARTED_LEAVES,  /* 1: when the connection ends, it takes leave of its server, and ends then */
};

#endif
