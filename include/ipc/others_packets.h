/* What the main program and stretchvoice-others say to each other in packets (ipc/packets.h). Only OTHERS_SAY
 * has a payload. Times are in milliseconds from when the packet is sent. */
#ifndef IPC_OTHERS_PACKETS_H
#define IPC_OTHERS_PACKETS_H

enum others_packet {
    /* to the helper: one of these, once. The first two are undone when the connection ends */
    OTHERS_LOWER,
    OTHERS_PAUSE,
    OTHERS_RESTORE, /* undo what a session has left behind, and end */
    OTHERS_LOOK,    /* for a call */
    /* to a helper that lowers */
    OTHERS_DOWN, /* enum down_value; replaces what was sent before */
    OTHERS_UP,   /* at once, and no words are known */
    /* from the helper */
    OTHERS_SAY,      /* a sentence for the user */
    OTHERS_RESTORED, /* enum restored_value */
    OTHERS_CALL, /* the first value: 1 if another program plays or records a call, 0 if not, or not known */
};

enum { OTHERS_SENTENCE_MAX = 16384 /* bytes; it may have paths in it */ };

enum down_value {
    DOWN_IN,  /* the way down begins; not negative */
    DOWN_FOR, /* and after this time the way up; not negative */
};

enum restored_value {
    RESTORED_RESULT, /* enum restored_result */
    RESTORED_STREAMS,
    RESTORED_PLAYERS,
};

enum restored_result {
    RESTORED_ALL,
    RESTORED_LATER,     /* a session is running, which does it when it ends */
    RESTORED_NO_SERVER, /* the sound server or the message bus does not answer */
    RESTORED_UNUSABLE,  /* what was changed cannot be read; a sentence says why */
};

#endif
