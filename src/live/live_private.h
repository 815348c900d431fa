/* What live.c (a session under way, its commands and its speech) and device.c (what the output reports, and a
 * device that is let go, lost or moved) share. Main thread. */
#ifndef LIVE_LIVE_PRIVATE_H
#define LIVE_LIVE_PRIVATE_H

#include "ear.h"
#include "feeder.h"
#include "history.h"
#include "listeners.h"
#include "live/live.h"
#include "live/others.h"
#include "sound/output.h"
#include "state.h"
#include "until.h"

enum { VOICE_SHOWN_MS = 500 }; /* it is shown that the session waits for a voice that takes longer */

struct live {
    const struct play_request *request;
    struct score score;
    struct diags *diags;
    struct output *output;
    struct feeder feeder;
    struct session *session; /* NULL before live_begin() */
    struct state state;
    struct today today;      /* after live_begin() */
    struct history *history; /* NULL: it is not kept */
    struct listeners *listeners;
    struct others *others;  /* NULL: other programs are left alone */
    struct ear *ear;        /* NULL: it does not listen */
    struct until *until;    /* NULL: there is no time at which it is to end */
    struct outline outline; /* for live_scene() */
    int64_t begun;          /* microseconds, monotonic */
    bool started, over;
    int left_step; /* where the last session was interrupted, if this is another; -1 */

    /* Commands. */
    GArray *commands; /* struct command, waiting for the flush */
    guint given;      /* so far */
    bool undone;      /* listeners are yet to hear that commands have been done */
    guint stop_timer, hurry_timer, done_timer;

    /* Sound. */
    char *device;                   /* that played last, */
    uint32_t sink;                  /* and which of its server's devices that was; SINK_UNKNOWN */
    bool carried;                   /* to another one of these; to be applied at the next flush */
    bool device_ready, voice_ready; /* the session does not begin before both are */
    bool waits_for_voice;           /* and says so, */
    bool voice_due;                 /* until the next flush */
    guint voice_timer;
    bool lost, released, opening; /* let go in a long rest, and being taken again */
    guint rest_timer, remind_timer;
    int64_t asleep; /* of asleep_since() */
    bool slept;     /* the machine has: to be paused because of it, at the next flush */
    uint32_t underruns;
    bool underrun_noted, missing_noted;
    unsigned late; /* times that the sound waited for words */
};

/* --- live.c --- */
/* Takes the error. Only the first call counts. */
void live_finish(struct live *live, GError *error);

void live_end_turn(struct live *live); /* makes one status for all listeners */
void live_refill(struct live *live);   /* the ring, as far as words are there */
void live_start(struct live *live);    /* if both the device and the voice are ready */

/* The flush has been answered: all that waits for it happens now, at the frame that was heard last, in the
 * order of its arrival. */
void live_apply_all(struct live *live);

void live_speech(void *live); /* there is more of it, or of music */
gboolean live_begin_voice_wait(gpointer live);

/* --- device.c --- */
void device_event(void *live, enum output_event event); /* of struct output */
void device_end_rest(struct live *live);                /* something is about to be heard: it stays */
void device_take(struct live *live);                    /* again, if it has been let go and is needed */
void device_follow_sink(struct live *live);             /* at a flush, after the server moved the stream */

#endif
