/* A session that lasts exactly as long as was asked for, to the frame.
 *
 * Speech lasts as long as it lasts. Holds, sets and repetitions vary between the ends of their ranges, waits
 * between half and twice their setting; where that is not enough, words are few, and then steps are left out.
 * Pure: the lengths of sentences come in as data. A sentence whose length is not known yet is estimated, and
 * fit_find() is run again once the lengths that it missed are there. The same lengths, told in the same
 * rounds, give the same session. */
#ifndef PLAN_FIT_H
#define PLAN_FIT_H

#include "base/auto.h"
#include "plan/planner.h"

/* How long sentences are. */
struct lengths;

struct lengths *lengths_new(int rate, int words_a_minute);
void lengths_free(struct lengths *lengths); /* NULL is fine */
AUTO_DEFINE(lengths)

void lengths_know(struct lengths *lengths, const char *text, int64_t frames);

/* A sentence that the last fit_find() missed, and its line in the routine's file; false behind the last. The
 * text is borrowed until the length is known, or until the next fit_find(). */
bool lengths_missed(const struct lengths *lengths, guint index, const char **text, int *source);

/* What is asked for. All is borrowed. */
struct fit_wish {
    const struct script *script; /* as it is without a wish; what is `out` stays out */
    const struct timing *timing;
    struct script_pos from; /* the first block that can change; SCRIPT_BEGIN for all of it */
    int64_t frames;         /* to the end; from that block on, or of a session under way, from `now` on */
    int highest;            /* level that may be reached: 100, or less where that was or may be too much */
    /* Of a session under way; else NULL. The step of `from`, which may have been named, is not left out. */
    const struct planner *planner;
    int64_t now; /* the next frame to be mixed */
    int seconds; /* the whole session's length, as it is said */
};

enum fit_result {
    FIT_EXACT,
    FIT_TOO_LONG,  /* even at its shortest, which takes `frames` */
    FIT_TOO_SHORT, /* even at its longest, which is what was found, and takes `frames` */
};

struct fit {
    enum fit_result result;
    struct effort effort;
    GByteArray *out;    /* of struct script, */
    GPtrArray *opening; /* and what is said about it */
    int left_out;       /* how many of these steps were left out for the wish */
    int64_t silence;    /* frames before the closing */
    int64_t frames;     /* from the first block to the end */
    int seconds;        /* the session's length, as it is said */
    int least;          /* of FIT_TOO_LONG: the least number of seconds that could be asked for */
};

void fit_finish(struct fit *fit);

/* What is found is to be finished, whatever the result. */
void fit_find(const struct fit_wish *wish, struct lengths *lengths, struct fit *fit);

/* The wish's script as what was found has it, which it borrows from. */
struct script fit_script(const struct fit_wish *wish, const struct fit *fit);

#endif
