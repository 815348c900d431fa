/* One line of the script laid out on frames. For src/plan only. */
#ifndef PLAN_LAYOUT_H
#define PLAN_LAYOUT_H

#include "plan/timeline.h"

struct layout {
    const struct timing *timing;
    const struct clip_ops *ops;
    int64_t begin;
    /* Of a line that is laid out again, with what has begun before `now` left out: what is being said ends at
     * `busy`. `begin`, both, of a new line. */
    int64_t now, busy;
    bool halved;  /* halfway has been said */
    int64_t end;  /* out: where the next line begins */
    GArray *cues; /* out: struct cue in the timeline's order, owning their texts and clips; to be unreffed */
};

/* False if a clip is not there: then there are no cues, and nothing is held. */
bool layout_line(struct layout *layout, const struct line *line);

/* By how much a line brings the timeline's end forward, if ops->find() knows every sentence. It keeps no
 * clip.
 */
int64_t layout_length(const struct timing *timing, const struct clip_ops *ops, const struct line *line);

/* The timeline's order: by frame, spans before cues, then by type. */
int layout_compare(const struct cue *a, const struct cue *b);

/* Gives back what a cue holds. */
void layout_clear(const struct clip_ops *ops, struct cue *cue);

#endif
