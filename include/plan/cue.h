/* What stands on the timeline: plain values. */
#ifndef PLAN_CUE_H
#define PLAN_CUE_H

#include "base/template.h"
#include "config/cue_sounds.h"
#include <stdint.h>

/* Closed lists: tools outside the tree read these names. On one frame they stand in this order, spans first:
 * a `ready` without a length stands before what follows it. Cues sound, spans do not (but for wake's faint
 * noise). */
/* clang-format off */
enum cue_type {
    CUE_SPEECH, CUE_TICK, CUE_GO, CUE_END, CUE_CHIME, CUE_IN, CUE_KEEP, CUE_OUT,
    SPAN_WAKE, SPAN_READY, SPAN_PREPARE, SPAN_HOLD, SPAN_REST, SPAN_CHANGE, SPAN_ANSWER, SPAN_GAP,
    N_CUE_TYPES
};

enum role {
    ROLE_NONE,
    ROLE_TITLE, ROLE_SETUP, ROLE_INSTRUCTION, ROLE_CUE, ROLE_SIDE, ROLE_COUNT, ROLE_HALFWAY, ROLE_LEFT,
    ROLE_COUNTDOWN, ROLE_REST, ROLE_RELEASE, ROLE_CAUTION, ROLE_CLOSING, ROLE_PHRASE, ROLE_DOSE, ROLE_QUESTION,
    ROLE_STEP, ROLE_DONE, ROLE_ATTENTION, ROLE_CHANGE, /* of chimes; ROLE_REST too */
    N_ROLES
};
/* clang-format on */

enum { PLACE_HEAD = -1, PLACE_CLOSING = -2 };

/* Where in the routine something stands. */
struct place {
    /* Index; negative outside the steps: PLACE_HEAD before the first, PLACE_CLOSING after the last. */
    int step;
    int set, rep; /* from 1; 0 outside */
    int move;     /* index; -1 outside the moves */
    enum side side;
};

static inline bool place_equal(struct place a, struct place b)
{
    return a.step == b.step && a.set == b.set && a.rep == b.rep && a.move == b.move && a.side == b.side;
}

struct clip; /* mix/clip.h; here it is only passed on */

struct cue {
    enum cue_type type;
    enum role role; /* of speech, also where a chime stands for it, and of other chimes */
    int64_t frame, frames;
    struct place place;
    int line;          /* in the routine's file, where the text comes from one; 0 otherwise */
    char *text;        /* of speech, and of the chime that stands for it; NULL otherwise */
    struct clip *clip; /* what clip_ops.find gave; NULL where nothing is kept */
};

/* Which of the sounds a cue is; not for speech, also where a chime stands for it, and not for spans. */
enum occasion cue_occasion(const struct cue *cue);

const char *cue_type_name(enum cue_type type);
const char *role_name(enum role role); /* NULL for ROLE_NONE */
const char *side_name(enum side side); /* NULL for SIDE_NONE */

/* A span is no sound: true for speech, ticks and the like. */
static inline bool cue_sounds(enum cue_type type)
{
    return type < SPAN_WAKE;
}

#endif
