/* A session under way: routine, speech, device and player put together, steered from the main context. It has
 * no screen and no socket; who has one listens, and gives orders. `play` has one host, the daemon one at a
 * time. */
#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H

#include "app/prepare.h"
#include "player/session.h"
#include "sound/output.h"

struct host;

struct host_ops {
    void (*started)(void *data);     /* the device takes frames */
    void (*changed)(void *data);     /* it may be somewhere else now */
    void (*carried_out)(void *data); /* all orders so far have been */
    /* Something to tell the user, one line; NULL: it has just been written to `messages`. */
    void (*note)(void *data, const char *text);
    void (*over)(void *data, int code); /* it has ended; free it now or later */
};

struct host_options {
    const struct options *options; /* borrowed, and must live as long */
    const char *name;              /* of the routine */
    FILE *messages;                /* for problems of files */
    bool resume;                   /* go on where the last session of this routine was interrupted */
    struct host_ops ops;
    void *data;
};

/* Starts it. EXIT_DONE: it is under way, and `ops` tell the rest from the main loop. Otherwise the problem
 * has been printed, and *host is NULL. */
int host_new(const struct host_options *options, struct host **host);
void host_free(struct host *host); /* at once; NULL is fine */

/* Done at the frame that was heard last, and acknowledged there. */
void host_command(struct host *host, struct command command);

/* Ends it as a signal would: at once, and so that it can be resumed. */
void host_interrupt(struct host *host);

void host_status(struct host *host, struct status *status);
const char *host_device(const struct host *host); /* NULL while there is none */
const struct prepared *host_prepared(const struct host *host);

#endif
