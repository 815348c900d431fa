/* Regular expressions that are part of the program. They are valid, and so is the text: only memory can be
 * missing, and then the program ends, as it does wherever GLib gets none. */
#ifndef APP_PATTERN_H
#define APP_PATTERN_H

#include <glib.h>
#include <stdbool.h>

GRegex *pattern_new(const char *pattern, GRegexCompileFlags flags);

/* Whether there is one in the text. *match is to be freed with g_match_info_unref() in either case. */
bool pattern_match(const GRegex *pattern, const char *text, GMatchInfo **match);

/* Whether there is another one. */
bool pattern_next(GMatchInfo *match);

/* The text with `with` in the place of each. To be freed. */
char *pattern_replace(const GRegex *pattern, const char *text, const char *with);

#endif
