/* What the main program and stretchvoice-history say to each other in packets (ipc/packets.h). The helper
 * writes one session, and ends when the connection does and all is written. */
#ifndef IPC_HISTORY_PACKETS_H
#define IPC_HISTORY_PACKETS_H

enum {
    HISTORY_PATH_MAX = 4096,
    HISTORY_RECORD_MAX = 1 << 20, /* bytes */
    HISTORY_SENTENCE_MAX = 4096,
};

enum history_packet {
    /* to the helper */
    HISTORY_OPEN,      /* the database's path; first, and once */
    HISTORY_RECORD,    /* as record_pack() has it: to be written at once */
    HISTORY_LEAVE_OUT, /* as leaving_pack() has it; likewise */
    /* from the helper */
    HISTORY_SAY,   /* a sentence for the user: each comes once */
    HISTORY_TAKEN, /* a record is on the disk, or cannot be written */
};

#endif
