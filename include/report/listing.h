/* The timeline as a table for people, as JSON for programs, and as captions. Pure: from data to text. */
#ifndef REPORT_LISTING_H
#define REPORT_LISTING_H

#include "plan/timeline.h"
#include "routine/routine.h"
#include <stdio.h>

/* A readable table: time, length, what, where, text. */
void listing_table(FILE *out, const struct routine *routine, const struct timeline *timeline, int rate);

/* One JSON object a line: first the routine, then every cue and span in order of frame. The names of fields,
 * types and roles are a contract with tools outside the tree. */
void listing_json(FILE *out, const struct routine *routine, const struct timeline *timeline, int rate);

struct captions;

/* The known formats, by their file extensions, NULL-terminated: "vtt", "srt", "lrc". */
const char *const *captions_formats(void);

/* Captions of a timeline that grows. NULL if the format is not known. Times are rounded to what the format
 * can say; a caption ends no later than the next begins. */
struct captions *captions_new(const char *format, const char *title, int rate);
void captions_free(struct captions *captions); /* NULL is fine */

/* Adds what has become final since the last call. Call it before planner_forget(). */
void captions_look(struct captions *captions, const struct timeline *timeline);

/* The whole file; borrowed, until the next call. */
const char *captions_so_far(const struct captions *captions);

/* The captions of a timeline that is finished; NULL if the format is not known. The caller frees it. */
char *captions_text(const char *format, const char *title, const struct timeline *timeline, int rate);

#endif
