/* What src/plan/planner.c (making lines, laying them out) and planner_steer.c (making them anew, looking)
 * share. */
#ifndef PLAN_PLANNER_PRIVATE_H
#define PLAN_PLANNER_PRIVATE_H

#include "plan/planner.h"

/* Where a line comes from, so that it can be made again. */
struct origin {
    struct script_pos pos;
    struct effort effort;
    bool repeated; /* the block was made by script_repeat, from this place on: */
    struct place from;
    guint index; /* among the block's lines */
};

/* A line that is on the timeline. */
struct mark {
    int64_t frame; /* where it begins */
    bool rest;     /* of the rest before a set */
    struct origin origin;
};

struct planner {
    struct script script;
    struct planner_ops ops;
    struct timeline *timeline;
    GPtrArray *lines; /* made, and not laid out yet */
    GArray *origins;  /* struct origin, one a line */
    guint head;       /* index of the first of them; what is before has been laid out */
    guint asked;      /* index of the first whose words have not been asked for; not less than head */
    guint ahead;
    GArray *marks;          /* struct mark */
    GArray *stretches;      /* struct stretch */
    struct script_pos pos;  /* the next block */
    bool over;              /* there is no next block */
    struct line *stretched; /* the hold under way at its new length, until its clips are there; else NULL */
    int64_t stretched_begin;
};

/* --- planner.c --- */
void planner_make_lines(const struct planner *planner, const struct origin *origin, GPtrArray *lines);
/* Makes a block's lines from `origin.index` on. */
void planner_add_block(struct planner *planner, struct origin origin);
/* Makes the lines of the next block; false if there is none. What has been laid out leaves the array. */
bool planner_make_more(struct planner *planner);
/* Lets go of what is made and not laid out. */
void planner_drop_lines(struct planner *planner);

static inline bool planner_begins_set(struct script_pos pos)
{
    return pos.side == 0 && pos.rep == 0;
}

#endif
