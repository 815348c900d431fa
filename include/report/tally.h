/* What has been practised in a session: how long, which holds, what was left out and changed. Plain data,
 * filled from the timeline as it is heard. */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "report/status.h"

struct tally_step {
    bool entered, changed; /* changed: since tally_steps_taken() */
    bool skipped;          /* passed over, or left before its last hold, for a later step */
    bool easier;           /* made so in this step */
    int longer;            /* the most by which a hold was made longer: seconds, breaths or times */
    int level;
    int holds_done, holds; /* different ones; of `ready` none counts */
    int64_t frames;        /* practised */
};

struct tally {
    const struct routine *routine; /* borrowed, as is the next */
    const GByteArray *out;         /* the steps that are left out: they do not count */
    struct tally_step *steps;      /* of the routine */
    GHashTable *held;              /* struct place, of the holds done */
    int64_t position;
    int step;       /* present; PLACE_HEAD, PLACE_CLOSING */
    int64_t frames; /* practised, with what is said before and after the steps */
    struct effort coming;
    bool step_ended; /* since tally_steps_taken() */
};

void tally_init(struct tally *tally, const struct script *script);
void tally_finish(struct tally *tally);

/* The session has been heard up to `position` of the timeline, without a jump since the last call. What was
 * heard since then must not have been forgotten. `script` is that of the position. */
void tally_heard(struct tally *tally, const struct script *script, const struct timeline *timeline,
                 int64_t position);

/* Commands have led to another position, perhaps to a step of which nothing has been heard yet, or cut the
 * timeline here. `status` is the present one. */
void tally_moved(struct tally *tally, const struct script *script, const struct status *status);

/* All that has changed has been written down. */
void tally_steps_taken(struct tally *tally);

/* Holds of the whole session, as far as they are known at this effort. */
void tally_holds(const struct tally *tally, struct effort effort, int *done, int *all);

#endif
