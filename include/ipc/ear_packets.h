/* What the main program and stretchvoice-ear say to each other in packets (ipc/packets.h). The helper
 * inherits the ring as CHILD_EXTRA_FD, and only looks at it: what has been played is not to be heard. */
#ifndef IPC_EAR_PACKETS_H
#define IPC_EAR_PACKETS_H

enum {
    EAR_TEXT_MAX = 16 << 10, /* bytes */
    EAR_SAID_MAX = 512,      /* likewise, from the helper */
    EAR_WINDOW_S = 3,        /* so long a phrase is listened for */
    EAR_ALIVE_MS = 1000,
};

enum ear_packet {
    /* to the helper */
    EAR_USE,    /* first, and once: enum use_value; the microphone's name ("" is the default) in a line, and
                   lines    "NUMBER phrase" */
    EAR_LISTEN, /* for a phrase, now */
    /* from the helper */
    EAR_READY,   /* nothing; or what has to be said about the words */
    EAR_MISSING, /* what it cannot do without: half a sentence. Nothing more follows */
    EAR_OPENED,  /* the microphone: its name, and enum opened_value */
    EAR_ALIVE,   /* the microphone hears: once a second while it is open */
    EAR_FAILED,  /* why it cannot be opened, or is gone: half a sentence. It is closed */
    EAR_WOKEN,   /* the wake words have been heard: it listens for a phrase */
    EAR_HEARD,   /* a phrase: enum heard_value. It listens no longer */
    EAR_NOTHING, /* no phrase has come in time: likewise */
};

enum use_value {
    USE_WAKES
}; /* 1: the microphone stays open, for the wake words; 0: it is open for EAR_LISTEN */

enum opened_value { OPENED_CHOICE };

/* Why it is this microphone. */
enum choice_of { CHOICE_USUAL, CHOICE_OTHER, CHOICE_HEADSET }; /* not the headset's; or there is only that */

enum heard_value {
    HEARD_COMMAND, /* the number of the phrase */
    HEARD_OTHER,   /* that of the next best one; -1: there is none */
    HEARD_SURE,    /* 1, or 0: it may be the other one, or none */
};

#endif
