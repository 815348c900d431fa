/* A kind of output: something that takes frames from the ring. Main program, main thread,
 * default main context. */
#ifndef SOUND_BACKEND_H
#define SOUND_BACKEND_H

#include "ipc/ring.h"
#include <glib.h>

enum backend_news {
    BACKEND_STARTED, /* takes frames; text: the name of what plays */
    BACKEND_REFUSED, /* does not start; text: why */
    BACKEND_STOPPED, /* took frames, or its server was there, and no longer is; text: why */
    BACKEND_SINK,    /* the sound server plays it on a device of its own; text: its name */
    BACKEND_READ,    /* took frames just now, in the main loop: the ring may want a look */
};

struct backend_report {
    enum backend_news news;
    const char *text;
    int latency;   /* of BACKEND_STARTED: frames between the ring and the ear */
    bool counted;  /* of BACKEND_STOPPED: exactly `latency` of the frames that it took are lost */
    int tail;      /* of BACKEND_STARTED: frames of silence until the last frame has surely been heard */
    uint32_t sink; /* of BACKEND_SINK: enum sink_id, or the number of the device */
    bool moved;    /* of BACKEND_SINK: it began to play on another one */
};

/* Outlives the backend. */
struct backend_host {
    struct ring *ring;
    char *device;  /* as the user wrote it */
    char *program; /* path of stretchvoice-sound */
    guint attempt; /* 0 is the first start */
    /* Kept for the backend from one start to the next; all zero at first. */
    struct {
        bool had_server; /* the sound server answered when it was last used */
        guint skipped;   /* starts in vain that were saved since */
    } memory;
    /* From the main loop only. The backend may be stopped in it: nothing of it is touched afterwards. */
    void (*report)(void *data, const struct backend_report *report);
    void *data;
};

struct backend {
    /* Begins to start, and reports what became of it. Never NULL. */
    void *(*start)(struct backend_host *host);
    /* Microseconds that it has waited for a processor until now, ever; NULL: it does not wait. */
    int64_t (*waited)(const void *backend);
    /* The ring was idle and no longer is: a backend that sleeps meanwhile must take frames again. */
    void (*wake)(void *backend);
    /* At once. Afterwards nothing is reported; but a process that is dying may read for a moment, hence
     * ring_reset. */
    void (*stop)(void *backend);
    bool stays; /* it is not let go in a long pause: its silence is wanted too */
};

enum { DEVICE_LEAVE_MS = 2000 }; /* for a sound program to take leave of its server */

/* Why a device ("output", "microphone") of that name is refused. `nearest` is suggested instead, unless NULL.
 * The caller frees it. */
char *device_no_such(const char *what, const char *name, const char *nearest);

extern const struct backend backend_null, backend_fifo, backend_helper;

#endif
