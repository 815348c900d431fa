/* What the rooms of a host share: host.c (from its beginning to its end), host_orders.c (what is asked for,
 * and when it has been carried out) and host_sound.c (what is heard, and what the output tells of it). */
#ifndef LIVE_HOST_PRIVATE_H
#define LIVE_HOST_PRIVATE_H

#include "live/live.h"
#include "state.h"
#include "sleep.h"

struct host {
    struct host_options options;
    struct prepared prepared;
    struct output *output;
    struct session *session; /* NULL until it can begin */
    struct memory memory;    /* of the session, on disk */
    int64_t begun;           /* microseconds, monotonic */
    bool over;

    /* Orders. */
    GArray *commands; /* struct command, waiting for the flush */
    bool untold;      /* carried out, which is yet to be told */
    guint stop_timer, hurry_timer, tell_timer;

    /* Sound. */
    char *device;                   /* that played last */
    bool device_ready, voice_ready; /* nothing is heard, and nothing told, before both are */
    bool lost;
    bool released, opening; /* the device was let go in a long rest, and is being taken again */
    guint rest_timer;
    struct sleep_watch sleep;
    bool slept;    /* to be paused because of it, at the next flush */
    uint32_t gaps; /* so far */
    bool words_late, gap_told;
};

/* --- host.c --- */
void host_finish(struct host *host, int code); /* tells that it is over; what comes later changes nothing */
/* What is good to know; with --quiet it is not told. */
void host_note(struct host *host, const char *format, ...) G_GNUC_PRINTF(2, 3);
void host_changed(struct host *host);

/* --- host_orders.c --- */
/* If the flush has been answered: all that waits for it. */
void host_carry_out(struct host *host);
/* After each refill: tells that all orders have been carried out, once what they ask for is laid out; and
 * sees to it that words are not waited for too long. */
void host_tell_carried_out(struct host *host);

/* --- host_sound.c --- */
void host_on_output(void *data, enum output_event event);
void host_refill(struct host *host);
void host_begin_playing(struct host *host); /* if both the device and the voice are ready */
void host_end_rest(struct host *host);

#endif
