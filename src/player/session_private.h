/* What the files of src/player share. */
#ifndef PLAYER_SESSION_PRIVATE_H
#define PLAYER_SESSION_PRIVATE_H

#include "player/session.h"

/* Said while the position stands: a little timeline of its own. */
struct announcement {
    struct timeline *timeline; /* NULL: there is none */
    int64_t position;          /* where it is said */
    GPtrArray *lines;
    guint laid; /* lines that are on the timeline */
    int64_t at; /* next frame */
};

/* From frame `out` on, what was pulled came from `source` at `frame`, while the position was at `position`
 * (and moved, or stood). */
enum source { SOURCE_SILENCE, SOURCE_TIMELINE, SOURCE_ANNOUNCEMENT };

struct segment {
    uint64_t out;
    enum source source;
    int64_t frame, position;
};

/* What is remembered of a step when the timeline no longer shows it. */
struct step_note {
    int step;
    int64_t begin;         /* frame */
    struct place last_rep; /* the last place in a repetition of it; a step of PLACE_HEAD: none */
};

/* What a position means in the routine. */
struct spot {
    struct place place;
    struct place
        restart; /* where a repeat begins: at a step's release that is the move that came before it */
    struct step_note step;
};

/* Seconds from a block on, at an effort. */
struct estimate {
    struct script_pos pos;
    struct effort effort;
    double seconds;
};

/* Of session.ack: there is none. */
#define SESSION_NO_ACK UINT64_MAX

struct session {
    struct session_parts parts;
    struct mixer mixer;
    double volume; /* dB */

    int64_t position; /* next frame of the timeline to be pulled */
    struct announcement announcement;
    bool paused, lost, stopped;
    uint64_t hurry;   /* until then, no more is pulled than up to this frame; 0: no limit */
    bool asleep;      /* the device has been opened, or will be: it is woken before the next sound */
    uint64_t awake;   /* until then there is faint noise */
    int64_t released; /* end of the `ready` span that has been gone on from; -1: none */

    uint64_t out;     /* number of the next frame to be pulled */
    uint64_t ack;     /* frame at which the acknowledging sound begins; UINT64_MAX: none */
    GArray *segments; /* struct segment, oldest first */

    struct step_note noted; /* when the past was last forgotten, or where a jump led */
    unsigned jumps;
    struct estimate estimate; /* of what is not made yet, when it was last made */
};

static inline struct timeline *session_timeline(const struct session *session)
{
    return planner_timeline(session->parts.planner);
}

/* --- announce.c --- */
/* Says a text as soon as it talks over nothing. */
void announce(struct session *session, const char *text);

/* Says lines (struct line, taken) at a position ahead or under way, while the position stands; after what is
 * being said in this way already. */
void announce_at(struct session *session, int64_t position, GPtrArray *lines);
void announcement_end(struct session *session);
bool announcement_done(struct session *session);
int announcement_pull(struct session *session, int16_t *out, int frames);

/* Gives what is to be said in the hold under way its place, as far as it has been spoken. */
void announcements_settle(struct session *session);

/* Takes what waits for its moment (struct line), in the hold under way or behind it, and ends what is being
 * said. */
GPtrArray *announcements_take_waiting(struct session *session);

/* --- session.c --- */
/* What has begun at a position, or where a jump leads. */
struct spot place_look(const struct session *session, int64_t position);

/* The frame at which a `ready` span ahead makes the position wait, INT64_MAX if there is none in sight; and
 * whether it waits now. */
int64_t place_ready(const struct session *session);
bool place_waits(const struct session *session);

/* Of the first hold from a place on: before a repetition that is the one of its first move. */
struct place session_hold_place(const struct session *session, struct place place);

/* --- answer.c --- */
void answer_phrase(struct session *session, enum phrase phrase);
void answer_count(struct session *session, enum phrase phrase, int n); /* {n}; with its singular */
void answer_where(struct session *session);
void answer_landed(struct session *session, int step);
void answer_resumed(struct session *session, struct place place); /* and leaves time to get there */

#endif
