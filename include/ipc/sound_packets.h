/* What the main program and stretchvoice-sound say to each other in packets (ipc/packets.h). The helper
 * inherits the ring as CHILD_EXTRA_FD if it is to play. Payloads are texts, but for SOUND_FRAMES. */
#ifndef IPC_SOUND_PACKETS_H
#define IPC_SOUND_PACKETS_H

enum {
    SOUND_TEXT_MAX = 4096,  /* bytes */
    SOUND_FRAMES_MAX = 2048 /* in a SOUND_FRAMES; they take as many bytes */
};

enum sound_packet {
    /* to the helper: one of these, once */
    SOUND_PLAY,   /* the output's name, "" is the default */
    SOUND_RECORD, /* the microphone's name, "" is the default */
    SOUND_LIST,   /* enum list_value */
    /* to a helper that plays */
    SOUND_WAKE, /* the ring was idle and no longer is */
    /* from the helper */
    SOUND_STARTED,   /* the output's name, and enum started_value */
    SOUND_RECORDING, /* the microphone is open: its name, and enum recording_value */
    SOUND_FRAMES,    /* what has been recorded: 16-bit mono, and enum frames_value */
    SOUND_REFUSED,   /* why it cannot play or record */
    SOUND_UNKNOWN,   /* there is no device of that name; the nearest one, or "" */
    SOUND_SINK, /* the server plays it on this device of its own, and enum sink_value: at first, and after a
                   move */
    SOUND_STOPPED, /* the stream has ended */
    SOUND_DEVICE,  /* a name */
    SOUND_DEFAULT, /* the name of the default device */
    SOUND_LISTED,  /* that was the last name */
};

enum list_value { LIST_INPUTS }; /* 1: the microphones; 0: the outputs */

enum recording_value {
    RECORDING_RATE,   /* frames a second */
    RECORDING_LEAVES, /* as STARTED_LEAVES */
};

enum frames_value { FRAMES_LOST }; /* 1: some before these have been lost */

enum started_value {
    STARTED_LATENCY, /* frames between the ring and the ear */
    STARTED_TAIL,    /* frames of silence to give until the last frame has surely been heard */
    STARTED_LEAVES,  /* 1: when the connection ends, it takes leave of its server, and ends then */
};

enum sink_value {
    SINK_ID,    /* enum sink_id, or a number that tells the device from others, in each helper program */
    SINK_MOVED, /* 1: the server has moved the stream there; 0: it has begun there */
};

enum sink_id {
    SINK_UNKNOWN, /* not sent: the server says nothing */
    SINK_NONE,    /* the server has no device that can be heard */
};

#endif
