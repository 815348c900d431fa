/* The state that announce.c, session.c and steer.c share. */
#ifndef PLAYER_SESSION_PRIVATE_H
#define PLAYER_SESSION_PRIVATE_H

#include "player/session.h"

/* Words that are said while the position stands, on a timeline of their own. */
struct announcement {
    struct timeline *timeline; /* NULL: there is none */
    int64_t position;          /* of the session, where they are said */
    GPtrArray *lines;
    guint laid; /* so many of the lines are on the timeline */
    int64_t at; /* next frame of the timeline to be pulled */
};

/* What was pulled from frame `out` on: it came from frame `frame` of `source`. The position was `position`
 * and moved with the timeline only. */
enum source { SOURCE_SILENCE, SOURCE_TIMELINE, SOURCE_ANNOUNCEMENT };

struct segment {
    uint64_t out;
    enum source source;
    int64_t frame, position;
};

/* What has to be known of a step when its beginning is no longer on the timeline. */
struct step_note {
    int step;
    int64_t begin;         /* frame */
    struct place last_rep; /* the last place in a repetition of it; a step of PLACE_HEAD: none */
};

/* What a position means in the routine. */
struct spot {
    struct place place;
    struct place restart; /* where a repeat begins: after a step's last move, that is this move */
    struct step_note step;
};

/* No acknowledging sound is due. */
#define SESSION_NO_ACK UINT64_MAX

struct session {
    struct session_parts parts;
    struct mixer mixer;
    double volume; /* dB */

    int64_t position; /* next frame of the timeline to be pulled */
    struct announcement announcement;
    GString *answer; /* to the commands so far, for those who read: session_take_answer() */
    bool paused, lost, stopped;
    uint64_t pull_limit; /* no frame from this one on is pulled while words for a command are missing; 0: no
                            limit */
    bool device_idle;    /* faint noise wakes the device before the next sound */
    uint64_t wake_until; /* faint noise up to this frame */
    bool unattended;     /* no `ready` span is waited in */
    int64_t released;    /* end of the `ready` span that the user left; -1: none */

    uint64_t out;     /* number of the next frame to be pulled */
    uint64_t ack;     /* frame at which the acknowledging sound begins, or SESSION_NO_ACK */
    GArray *segments; /* struct segment, oldest first */

    struct step_note noted; /* at the last session_forget() or jump */
    unsigned jumps;
};

static inline struct timeline *session_timeline(const struct session *session)
{
    return planner_timeline(session->parts.planner);
}

/* --- announce.c --- */
/* Says lines (struct line, taken) while the position stands at `position`, the present one or one ahead;
 * after what is said there already. */
void announce_at(struct session *session, int64_t position, GPtrArray *lines);
void announcement_end(struct session *session);
bool announcement_done(const struct session *session);
int announcement_pull(struct session *session, int16_t *out, int frames);

/* Lays out what commands changed in the hold under way, as far as its words have been spoken. */
void announcements_lay_out(struct session *session);

/* Takes the lines that wait to be said, in the hold under way or behind it, and ends what is being said
 * between. */
GPtrArray *announcements_take_waiting(struct session *session);

/* An answer that is read, not heard: nothing is said. */
void answer_written(struct session *session, const char *text);

/* These are said, and can be read too. */
void answer_phrase(struct session *session, enum phrase phrase);
void answer_count(struct session *session, enum phrase phrase, int n); /* {n}; with its singular */
void answer_where(struct session *session);
void answer_landed(struct session *session, int step);            /* written only, unless it is paused */
void answer_resumed(struct session *session, struct place place); /* and leaves time to get into position */

/* --- session.c --- */
/* What has begun at a position, or where a jump leads. */
struct spot session_spot(const struct session *session, int64_t position);

/* The position is where a `ready` hold waits to be left, also in a pause. */
bool session_at_ready(const struct session *session);

#endif
