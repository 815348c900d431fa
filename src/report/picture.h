/* The timeline as a picture. For src/report only. */
#ifndef REPORT_PICTURE_H
#define REPORT_PICTURE_H

#include "plan/timeline.h"

/* An SVG element as wide as the page, without colours: the steps with their numbers, below them holds, and a
 * scale in minutes. Lengths are percentages, so that letters have the same size on a phone and on paper; it
 * has a bounded size whatever the session. `title` is for those who do not see it. The caller frees it. */
char *picture_svg(const struct timeline *timeline, int rate, const char *title);

#endif
