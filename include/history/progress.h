/* What the history means for the next session of a routine: its level, and how much is said. Pure functions;
 * the time is an argument. Moments are seconds since 1970, zones the seconds by which local time was ahead
 * of UTC, days those of local time. */
#ifndef HISTORY_PROGRESS_H
#define HISTORY_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum { LEVEL_NONE = -1, LEVEL_MOST = 100, PROGRESS_DAYS = 3 };

/* What is kept of a routine between its sessions. */
struct progress {
    int level;                   /* its own, or LEVEL_NONE: that of the settings */
    int64_t judged;              /* the session (its id) that the level takes into account last; 0: none */
    int well;                    /* sessions running that were done and not hard, since the last change */
    int quiet;                   /* sessions to come in which the level does not rise */
    int64_t risen, risen_before; /* when it has risen last, and the time before that; 0: never */
    bool ask;                    /* it is to be asked whether it hurt the day after */
    int proposed;                /* a level that has been proposed, or LEVEL_NONE */
    int64_t caution, closing;    /* when each was last said in full; 0: never */
};

/* What has chosen the level of a session. */
enum level_by {
    LEVEL_BY_PROGRESS,
    LEVEL_BY_OPTION, /* --level, which changes nothing that is kept, but pain does */
    LEVEL_BY_LENGTH, /* a wished length: a session at a lower level than its own says nothing about a rise */
};

/* A session that the level has not taken into account yet. */
struct practised {
    int64_t id, begun;
    int zone;
    int level; /* at its beginning */
    bool done; /* 90 % of the holds */
    bool hard; /* rated so */
    bool hurt; /* with pain over 5 */
    enum level_by by;
};

/* What is known before a session. */
struct progress_facts {
    int64_t now;
    int zone;
    int level, most;                /* of the settings, 0-100 */
    bool fixed;                     /* the level is that of the settings whatever the history says */
    bool proposes;                  /* a change is not made, but proposed */
    const struct practised *recent; /* since progress.judged, in their order */
    int n_recent;
    int64_t last; /* when the last session before those began, 0: there was none */
    int last_zone;
    int days; /* on so many different days it has been practised; PROGRESS_DAYS means that many or more */
};

enum progress_change {
    CHANGE_NONE,
    CHANGE_LONGER,   /* two sessions running went well */
    CHANGE_HARD,     /* the last one was hard */
    CHANGE_AWAY,     /* it has not been practised for a while */
    CHANGE_PROPOSED, /* `proposed` would suit better */
};

/* A session as it is to be. */
struct progress_day {
    int level;
    enum progress_change change;                    /* to be said */
    bool ask;                                       /* whether it hurt more than usual the day after */
    bool in_full, caution_in_full, closing_in_full; /* where the settings leave that to the history */
    struct progress next;                           /* to be kept once the session has been practised */
};

/* A routine that has nothing kept. */
struct progress progress_none(void);

struct progress_day progress_day(const struct progress *kept, const struct progress_facts *facts);

/* The answer to day->ask. It hurt: the level is lower from now on, and does not rise for two sessions. */
void progress_answer(struct progress_day *day, bool hurt);

/* Sets the routine's own level, 0-100, from which it then goes on. `last` is the id of its last session. */
void progress_set(struct progress *progress, int level, int64_t last);

#endif
