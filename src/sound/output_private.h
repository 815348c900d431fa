/* What src/sound/output.c (starting, losing, starting again) and output_look.c (looking at the ring, telling
 * what is seen) share. */
#ifndef SOUND_OUTPUT_PRIVATE_H
#define SOUND_OUTPUT_PRIVATE_H

#include "backend.h"
#include "sound/output.h"
#include "watchdog.h"

enum output_phase { OUTPUT_STARTING, OUTPUT_PLAYING, OUTPUT_MISSING, OUTPUT_RELEASED, OUTPUT_GIVEN_UP };

struct output {
    struct output_options options; /* its strings are our own */
    struct ring *ring;
    const struct backend *backend;
    struct backend_host host;
    void *handle; /* the backend's; NULL while there is none */
    enum output_phase phase;
    guint timer; /* playing: the next look; else when a start has failed, or is to be tried again */
    struct watchdog watchdog;
    gint64 lost_at; /* microseconds */
    guint retry_ms;
    bool flush_asked; /* and the answer not yet told */
    bool drain_told, rest_told;
    bool opening; /* let go, and being taken again */
    char *device, *problem;
    char *lost_device; /* what played before it was lost */
    bool doubted;      /* something else has come back since, and was started again */
    int latency, tail; /* frames */
    GQueue events;     /* enum output_event, to be told */
    guint teller;
};

/* --- output.c --- */

/* There is one timer: this replaces it. */
void output_set_timer(struct output *output, guint ms, GSourceFunc function);
/* What plays, or was to play, does not: as the phase is, gives up, starts again, or tries later. */
void output_fail(struct output *output, const char *why);

/* --- output_look.c --- */

/* From the main loop, one event at a time, nothing being touched after it: the listener may do what it likes,
 * and free the output too. */
void output_tell(struct output *output, enum output_event event);
void output_tell_flushed(struct output *output);
/* Looks at the ring now. */
void output_look_at_ring(struct output *output);
/* Looks at the ring and the watchdog when it is time to, and goes on with that. */
void output_look_later(struct output *output);

#endif
