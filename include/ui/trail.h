/* What was seen of a session so far, for a screen that comes to a status without its past: the sentence that
 * was said last, and which steps are done. Pure. */
#ifndef UI_TRAIL_H
#define UI_TRAIL_H

#include "report/status.h"

struct trail {
    char *sentence;  /* said last, outside of holds; NULL: none */
    bool over;       /* it has been said */
    bool unsaid;     /* a chime stood for it */
    int first, step; /* the step that was seen first, and the present one; negative places outside */
    unsigned jumps;
    GByteArray *marks; /* enum trail_mark of each step; NULL before the first status */
};

enum trail_mark { TRAIL_AHEAD, TRAIL_DONE, TRAIL_SKIPPED };

/* Takes in a status: call it for each. A trail is zero at first. */
void trail_note(struct trail *trail, const struct status *status);
void trail_finish(struct trail *trail);

/* Steps before the first that was seen have been done in the session that was interrupted. */
enum trail_mark trail_mark(const struct trail *trail, int step);
int trail_done(const struct trail *trail);

#endif
