/* The routine on paper, for a person who is to practise it: what is needed, each step with how much there is
 * to do and how, a picture of the session, and boxes to mark. Pure: from data to text. */
#ifndef REPORT_SHEET_H
#define REPORT_SHEET_H

#include "plan/script.h"
#include "plan/timeline.h"

/* The known formats, by their file extensions, NULL-terminated: "html", "md", "txt". */
const char *const *sheet_formats(void);

/* The whole sheet, in the words of the script's voice and with the figures of its effort; instructions are in
 * full, whatever pace.words says. `format` is one of sheet_formats(). The HTML is one file that loads nothing
 * and runs nothing; the picture is in it alone. The caller frees it. */
char *sheet_text(const char *format, const struct script *script, const struct timeline *timeline);

#endif
