/* What the history makes of a session that is played now: its level, how much is said, and what is said of
 * it. It is read before the first sound, and waits for no other program. */
#ifndef LIVE_TODAY_H
#define LIVE_TODAY_H

#include "config/voice.h"
#include "history/progress.h"
#include "plan/pace.h"

struct today_options {
    const struct settings *settings;
    const struct voice *voice; /* NULL: nothing is to be said */
    const struct routine *routine;
    const GPtrArray *opening;   /* char *: what is to be said at the beginning anyway; may be NULL */
    const char *data_directory; /* of the history; NULL: the usual one */
    bool level_given;           /* the settings' level is meant for this session, */
    bool is_fitted;             /* or its length chooses one */
    bool attended;              /* a question can be answered */
    bool steps_named;           /* each is meant for this session, also one that is left out usually */
    bool resumed;               /* so is that of the interrupted one */
};

struct today {
    bool known;       /* the history could be read: day.next is to be kept */
    enum level_by by; /* what has chosen the level */
    struct progress_day day;
    enum words words;
    bool asks_rating, asks_hurt;       /* as in struct script; without an answer it did not hurt */
    bool caution_known, closing_known; /* as in struct script */
    GByteArray *out;                   /* the steps that the user has left out; NULL: none */
    GPtrArray *opening;                /* likewise: those of the options, and one about the level */
};

/* The name under which the history keeps a session: without the language; of several routines, all of their
 * names, "morning+wrists". The caller frees it. */
char *today_name(const struct routine *routine);

/* Without a history, or where it cannot be read, the session is as the settings say. Borrows nothing. */
void today_init(struct today *today, const struct today_options *options);
void today_finish(struct today *today);

/* Gives a script, made from the settings, its level and its words. */
void today_apply(const struct today *today, struct script *script);

#endif
