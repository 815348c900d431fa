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

/* The known formats, by their file extensions, NULL-terminated: "vtt", "srt", "lrc". */
const char *const *captions_formats(void);

/* The whole file; NULL if the format is not known. Times are rounded to what the format can say; a caption
 * ends no later than the next begins. The caller frees it. */
char *captions_text(const char *format, const char *title, const struct timeline *timeline, int rate);

#endif
