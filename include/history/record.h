/* A session and its steps as the history keeps them: plain data, packed for the way to the program that
 * writes, and written. */
#ifndef HISTORY_RECORD_H
#define HISTORY_RECORD_H

#include "history/progress.h"
#include "history/store.h"
#include <stdint.h>

enum { PAIN_NONE = -1 };

/* Texts are borrowed in what is written, and owned in what was read or unpacked. */
struct history_session {
    int64_t id;                    /* 0: it has none yet */
    char *routine;                 /* its name, without the language */
    char *title, *language, *file; /* file: absolute */
    int64_t begun, ended;          /* seconds since 1970 */
    int begun_zone, ended_zone;    /* seconds by which local time was ahead of UTC */
    int64_t seconds;               /* practised */
    int holds_done, holds;
    int level;                       /* at its beginning, 0-100 */
    bool level_given;                /* by --level or a wished length, for this session, */
    bool level_fitted;               /* and that by a wished length */
    char *skipped, *longer, *easier; /* names of steps, one on each line */
    bool complete;                   /* it came to its end */
    char *rating;                    /* "easy", "right" or "hard"; NULL: none */
    char *note;                      /* NULL: none. Read, but not written here */
    int pain;                        /* 0-10, or PAIN_NONE; likewise */
};

struct history_step {
    int number; /* in the routine, from 1 */
    char *name, *title;
    int64_t seconds;
    int holds_done, holds, level;
    bool skipped, easier;
    int longer; /* the most by which a hold was made longer: seconds, breaths or times */
};

/* A session with the steps that have changed since the last record. */
struct history_record {
    struct history_session session;
    GArray *steps; /* struct history_step */
    bool
        keeps; /* with a new session, what follows is kept of its routine; the closing, when it is complete */
    struct progress kept;
};

void history_session_clear(struct history_session *session); /* frees the texts */

/* Bytes for the other end. */
GBytes *record_pack(const struct history_record *record);
/* NULL if that is no record. */
struct history_record *record_unpack(const void *bytes, gsize size);
void record_free(struct history_record *record); /* NULL is fine; one that was unpacked */

/* Writes the session, and its steps from index `from` on, in one transaction: a new row if session.id is 0
 * (then it gets one), else in the place of the old one, unless that has been removed. */
bool record_write(struct store *store, struct history_record *record, guint from, GError **error);

#endif
