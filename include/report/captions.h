/* The spoken text with its times. Pure: from data to text. */
#ifndef REPORT_CAPTIONS_H
#define REPORT_CAPTIONS_H

#include "plan/timeline.h"

/* The known formats, by their file extensions, NULL-terminated: "vtt", "srt", "lrc". */
const char *const *captions_formats(void);

/* The whole file; NULL if the format is not known. Times are rounded to what the format can say; a caption
 * ends no later than the next begins. The caller frees it. */
char *captions_text(const char *format, const char *title, const struct timeline *timeline, int rate);

#endif
