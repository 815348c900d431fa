/* The chapters of a session, taken from the timeline while it is laid out. Pure: from data to data. */
#ifndef REPORT_CHAPTERS_H
#define REPORT_CHAPTERS_H

#include "plan/script.h"
#include "plan/timeline.h"

enum { CHAPTER_TITLE = 1000 }; /* letters; a longer title is cut */

/* It ends where the next one begins, the last one at the end of the session. */
struct chapter {
    int64_t frame; /* of the first: 0 */
    int64_t quiet; /* from this frame on, nothing sounds until it begins */
    int step;      /* as in struct place */
    char *title;   /* without control characters */
};

struct chapters {
    GArray *list; /* struct chapter, in order of frame */
    const struct script *script;
    bool moves;
    int64_t looked;     /* what is before this frame has been taken in */
    int64_t quiet;      /* since when nothing sounds */
    struct place place; /* of the last one */
};

/* One a step, and one for what is said before the first and after the last. With `moves`, one each time that
 * the move or the side changes. The script is borrowed. */
void chapters_init(struct chapters *chapters, const struct script *script, bool moves);
void chapters_finish(struct chapters *chapters);

/* Takes in what has become final since the last call. Call it before planner_forget(). */
void chapters_look(struct chapters *chapters, const struct timeline *timeline);

/* A copy of a text on one line: a space replaces each control
 * character, and what XML does not know. At most so many letters; the caller
 * frees it. */
char *chapters_text(const char *text, glong letters);

/* In milliseconds, rounded. */
int64_t chapters_ms(int64_t frame, int rate);

/* Where a chapter ends, in frames; `end` is the session's. */
int64_t chapters_end(const GArray *list, guint i, int64_t end);

#endif
