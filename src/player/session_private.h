/* The state that the files of this directory share. */
#ifndef PLAYER_SESSION_PRIVATE_H
#define PLAYER_SESSION_PRIVATE_H

#include "player/session.h"

/* What is said in answer to a command. Its times are those of the frame on which it is said. */
enum answer_kind { ANSWER_TEXT, ANSWER_WHERE, ANSWER_WHERE_MORE, ANSWER_COMING, ANSWER_RECAP };

struct answer {
    enum answer_kind kind;
    char *text; /* of ANSWER_TEXT */
    guint said; /* so many of its sentences have begun elsewhere */
    bool late;  /* there is no room for it in the hold: it is said after the release */
    /* In a hold: */
    int64_t at, lead; /* it waits for its words, and then begins at `at`: `lead` frames ahead */
    GArray *begins;   /* int64_t: where each of its sentences begins */
    int64_t end;
};

/* Words that are said while the position stands, on a timeline of their own. */
struct announcement {
    struct timeline *timeline; /* NULL: there is none */
    int64_t position;          /* of the session, where they are said */
    GArray *items;             /* lines and answers: see announce.c */
    guint laid;                /* so many of them are on the timeline */
    int64_t at;                /* next frame of the timeline to be pulled */
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

/* What answers a command is never quieter, in dB: a mute that hides the answer cannot be found out. */
enum { SESSION_LEAST_DB = -30 };

/* No acknowledging sound, or no go sound, is due. */
#define SESSION_NO_SOUND UINT64_MAX

struct session {
    struct session_parts parts;
    struct mixer mixer;
    double volume; /* dB */
    int rate;      /* of the voice, percent */

    bool lacks_music, hurries;

    int64_t position;   /* next frame of the timeline to be pulled */
    GPtrArray *queue;   /* struct answer: they wait for their turn or their moment */
    GPtrArray *placed;  /* struct answer: on the timeline, in a hold, some seconds back */
    bool words_missing; /* the first of the queue could be said in the hold under way if they were there */
    struct announcement announcement;
    GString *answer; /* to the commands so far, for those who read: session_take_answer() */
    bool paused, lost, stopped;
    bool awaits_voice;   /* too little has been spoken to begin */
    uint64_t pull_limit; /* no frame from this one on is pulled while words for a command are missing; 0: no
                            limit */
    bool device_idle;    /* faint noise wakes the device before the next sound */
    uint64_t wake_until; /* faint noise up to this frame */
    bool discreet;       /* answers to commands are read, and not said */
    bool unattended;     /* no `ready` span is waited in */
    int64_t released;    /* end of the `ready` span that the user left; -1: none */

    uint64_t out;        /* number of the next frame to be pulled */
    uint64_t ack;        /* frame at which the acknowledging sound begins, or SESSION_NO_ACK */
    enum occasion sound; /* that it is */
    uint64_t fell;       /* frame at which the sound that closes the microphone begins, before that; or
                            SESSION_NO_SOUND */
    bool listens;        /* for a spoken command: all else is quieter */
    bool go_due;         /* the announcement leads in to a hold: a go sound follows it, */
    uint64_t go;         /* which begins at this frame; or SESSION_NO_SOUND */
    enum side go_side;   /* where that comes from */
    GArray *segments;    /* struct segment, oldest first */

    int64_t now, clock;                /* us, monotonic and wall: session_set_time() */
    int64_t asked_where, asked_repeat; /* then; 0: not, or twice */
    int64_t recapped;                  /* then; 0: not yet */
    bool scanning;                     /* a menu goes on by itself: it has not been steered yet */
    int chosen;                        /* step of a menu; -1: none */

    enum part part;           /* by which the arrow keys move */
    int64_t entered;          /* position at the last jump, */
    struct script_pos landed; /* which led there */
    struct step_note noted;   /* at the last session_forget() or jump */
    unsigned jumps;

    struct leaving leaving; /* of the last command, */
    bool leaves;            /* if it was one that session_take_leaving() has not taken */

    enum rating rating; /* given as an answer */
    bool hurts;
};

static inline struct timeline *session_timeline(const struct session *session)
{
    return planner_timeline(session->parts.planner);
}

/* --- announce.c --- */
/* Says an answer, which is taken, when it is its turn: behind the others, or before them (`first`). One that
 * tells the present takes the place of another of its kind. */
void announce(struct session *session, struct answer *answer, bool first);

/* Says lines (struct line, taken), or nothing, when the acknowledging sound is over, while the position
 * stands; no command takes them back. */
void announce_lines(struct session *session, GPtrArray *lines);

/* Finds a place for what waits, and lays out what commands changed in the hold under way, as far as the words
 * have been spoken. */
void announcements_lay_out(struct session *session);

/* What has not begun to be said waits again. For every command: it may change the times. */
void announcements_withdraw(struct session *session);

/* Ends what is being said, and forgets what waits: all of it, or only what had begun. */
void announcements_drop(struct session *session, bool all);

/* Frees what ended before a position that is behind all that was heard. */
void announcements_forget(struct session *session, int64_t position);

void announcement_end(struct session *session);
void announcement_ask_again(struct session *session); /* for the words that are not laid out */
void announcement_again(struct session *session);     /* from its beginning */
bool announcement_done(const struct session *session);
int announcement_pull(struct session *session, int16_t *out, int frames);

/* --- answer.c --- */
struct answer *answer_new(enum answer_kind kind);
void answer_free(struct answer *answer); /* NULL is fine */

/* What it says (char *) if it is said at `frame`; to be unreffed. */
GPtrArray *answer_sentences(const struct session *session, const struct answer *answer, int64_t frame);

/* An answer that is read, not heard: nothing is said. */
void answer_written(struct session *session, const char *text);

void answer_volume(struct session *session);

/* These are said, and can be read too. */
void answer_phrase(struct session *session, enum phrase phrase);
void answer_words(struct session *session, const char *words);

/* Words, which are taken, as lines for announce_lines(). To be unreffed. */
GPtrArray *answer_lines(const struct session *session, char *text);
void answer_keys(struct session *session);
void answer_refused(struct session *session, enum phrase why); /* its acknowledging sound says so too */
void answer_paused(struct session *session, enum phrase why);  /* before all that waits */
void answer_when(struct session *session, enum phrase phrase, enum phrase when); /* {when} */
void answer_count(struct session *session, enum phrase phrase, int n); /* {n}, or {time} of seconds */
void answer_where(struct session *session);
void answer_coming(struct session *session);
void answer_recap(struct session *session);            /* at most once in 30 s, and only in a step */
void answer_landed(struct session *session, int step); /* written only, unless it is paused */
void answer_entered(struct session *session, struct script_pos pos); /* a set, or in a pause, any part */
void answer_resumed(struct session *session, struct place place); /* and leaves time to get into position */

/* Adds the sentences of a text, which is taken, and may be NULL. */
void answer_add(const struct session *session, GPtrArray *sentences, char *text);

/* --- where.c --- */
/* These add the sentences of their answers, for the frame on which they are said. */
void where_here(const struct session *session, int64_t frame, GPtrArray *sentences);
void where_now(const struct session *session, int64_t frame, GPtrArray *sentences); /* with the time to go */
void where_more(const struct session *session, int64_t frame, GPtrArray *sentences);
void where_coming(const struct session *session, int64_t frame, GPtrArray *sentences);

void where_recap(const struct session *session, int64_t frame, GPtrArray *sentences);

/* "Cobra, right side, repetition 2 of 4."; to be freed. */
char *where_place(const struct session *session, const struct status *status);

/* "Cobra", or that it is the beginning or the end; to be freed. */
char *where_step(const struct session *session, int step);

/* How long the hold, the rest or the preparation lasts that is under way at `frame`: "12 seconds left."; NULL
 * if there is none, or no time is left; to be freed. */
char *where_left(const struct session *session, int64_t frame);

/* --- jump.c --- */
void session_jump(struct session *session, int step);
void jump_next(struct session *session, enum part part, int count);
void jump_previous(struct session *session, enum part part, int count);
void jump_goto(struct session *session, int step);
void jump_skip(struct session *session, const struct command *command);
void jump_unskip(struct session *session, int step);
void jump_choose(struct session *session, bool wider); /* the part by which the arrow keys move */
void jump_repeat(struct session *session);
void jump_answered(struct session *session, int step,
                   GPtrArray *lines); /* says these (taken), goes on there */
void jump_begin(struct session *session);

/* --- steer.c --- */
void session_go_on(struct session *session); /* from a `ready` hold, or a pause */
/* A short sound so many milliseconds ahead, behind the one that closes the microphone. */
void session_acknowledge(struct session *session, enum occasion sound, int after_ms);
void session_stop(struct session *session); /* only the acknowledging sound is heard after it */

/* --- music.c --- */
/* How many of the next `frames` frames have the same rules for the music: all if there is none; 0 while it is
 * waited for. */
int session_music_next(struct session *session, int frames);

/* Music is heard where nothing else is: until it has faded out, or while the session waits. */
bool session_music_is_heard(const struct session *session);

/* --- listen.c --- */
/* What is said and played, while it listens. */
void listen_duck(int16_t *stereo, int frames);

/* --- question.c --- */
/* A question is being asked at a position, or its answer waited for. */
bool session_asks(const struct session *session, int64_t position);

/* Does a command that answers a question, if one is being asked. */
bool question_command(struct session *session, enum command_id id);

/* --- menu.c --- */
/* Does a command in a menu, if it is one that is done otherwise there. */
bool menu_command(struct session *session, enum command_id id);

/* --- session.c --- */
/* The status at a position. */
void session_look(const struct session *session, int64_t position, struct status *status);

/* What has begun at a position, or where a jump leads. */
struct spot session_spot(const struct session *session, int64_t position);

/* The same was asked ten seconds ago or less; *asked keeps when, and 0 after the second time. */
bool session_asked_again(const struct session *session, int64_t *asked);

/* The position at which the session will wait; INT64_MAX if none is in sight. */
int64_t session_wait(const struct session *session);

/* The position is where a `ready` hold waits to be left, also in a pause. */
bool session_at_ready(const struct session *session);

#endif
