/* The state that the planner's files share. For src/plan only. */
#ifndef PLAN_PLANNER_PRIVATE_H
#define PLAN_PLANNER_PRIVATE_H

#include "plan/planner.h"

/* Where a line comes from, so that it can be made again. */
struct origin {
    struct script_pos pos;
    struct effort effort;
    bool repeated; /* the block was made by script_repeat, from this place on: */
    struct place from;
    guint index;    /* among the block's lines */
    guint sentence; /* of the line, the first that is said: those before it were said already */
};

/* A line that is made, and not laid out yet. */
struct made {
    struct line *line;
    struct origin origin;
    bool asked; /* for its words */
};

/* A line that is on the timeline. */
struct mark {
    int64_t frame; /* where it begins */
    bool hold, release;
    bool begins, words; /* one may begin here; something is said */
    bool rest;          /* of the rest before what a new effort counts for */
    struct origin origin;
};

struct planner {
    struct script script;
    struct planner_ops ops;
    struct timeline *timeline;
    GArray *made; /* struct made; those before `head` have been laid out */
    guint head, ahead;
    GArray *marks;         /* struct mark */
    GArray *stretches;     /* struct stretch */
    GByteArray *out;       /* the steps that are left out */
    struct script_pos pos; /* the next block */
    bool over;             /* there is no next block */
    double unmade;         /* estimated seconds of the blocks from `pos` on; negative: not known */
    struct line *changed;  /* the hold that was changed last, as it is now; NULL: there is none */
    int64_t changed_begin; /* frame */
    bool pending;          /* it is to be laid out again */
};

static inline struct made *made_at(const struct planner *planner, guint i)
{
    return &g_array_index(planner->made, struct made, i);
}

static inline struct mark *mark_at(const struct planner *planner, guint i)
{
    return &g_array_index(planner->marks, struct mark, i);
}

/* --- planner.c --- */
/* The lines of the block that one of them comes from. To be unreffed. */
GPtrArray *planner_make_lines(const struct planner *planner, const struct origin *origin);

/* Where line `index` of a block is after a change has given it another line, or one fewer: a dose, now that
 * there are repetitions, or what is needed for the steps. The line is under way, or `to_come`. */
guint planner_follow(const GPtrArray *before, const GPtrArray *after, guint index, bool to_come);

/* Makes a block from the line `origin.index` on, and in that from its sentence `origin.sentence` on; the next
 * block; and nothing, as far as is made. */
void planner_add_block(struct planner *planner, struct origin origin);
bool planner_make_more(struct planner *planner);
void planner_drop_made(struct planner *planner);

/* The same, as a script has them. */
GPtrArray *planner_lines_of(const struct script *script, const struct origin *origin);

/* On to the line that comes behind `origin`, which is before the mark `next`, or to the rest of that line. */
void planner_step_on(const struct planner *planner, guint next, struct origin *origin);

/* A new effort, for the rest of a block that was begun: its words stay, so that its lines are the same. */
struct effort planner_effort_now(struct effort coming, struct effort before);

/* A new effort takes effect with a repetition, or, so that two sides get the same, with a set. */
bool planner_takes_effort(const struct planner *planner, struct script_pos pos);

/* One may begin here: a hold, or a wait for the listener. */
bool planner_is_beginning(const struct line *line);

/* Index of the first line on the timeline that begins at `frame` or later; where the line before it ends. */
guint planner_first_mark(const struct planner *planner, int64_t frame);
int64_t planner_line_end(const struct planner *planner, guint next);

/* The sentences of the line before the mark `next` that begin at `frame` or later; *begin is where. */
guint planner_sentences_left(const struct planner *planner, guint next, int64_t frame, int64_t *begin);

/* --- planner_jump.c --- */
/* The hold that was changed is over: nothing is to be done about it any more. */
void planner_end_change(struct planner *planner);

#endif
