/* From the session into the ring. Words do not wait for music: where some is missing, it is waited for while
 * enough is queued, and a moment longer. */
#ifndef LIVE_FEEDER_H
#define LIVE_FEEDER_H

#include "ipc/ring.h"
#include "player/session.h"

struct feeder {
    struct session *session;
    struct ring *ring;
    bool unhurried;            /* the output has no clock: music can always be waited for */
    void (*again)(void *data); /* from the main loop: feeder_fill() is due */
    void *data;
    bool words_late; /* the ring could not be filled, because words are missing */
    bool hurries;
    unsigned timer;
};

void feeder_fill(struct feeder *feeder);
void feeder_finish(struct feeder *feeder);

#endif
