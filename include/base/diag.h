/* Problems found in what a user wrote: collected, then printed in line order.
 *
 * Main thread only. The code that knows file and line adds a problem, once; its callers do not report it
 * again. Texts are copied. Control characters in them are shown as '?' and long values cut with an ellipsis,
 * so that a hostile file cannot draw on the terminal. The first 1,000 errors and 1,000 warnings are kept,
 * more are counted. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/auto.h"
#include <glib.h>
#include <stdio.h>

enum diag_level { DIAG_ERROR, DIAG_WARNING };

/* Where a problem is. Any pointer may be NULL, line 0 is "no line". A setting given on the command line has
 * the path "--set SECTION.KEY" and nothing else. */
struct diag_location {
    const char *path;
    int line;
    const char *section;
    const char *key;
};

enum { DIAGS_KEPT = 1000 }; /* problems of a level that are kept in one run; the others are counted */

struct diags;

struct diags *diags_new(void);
void diags_free(struct diags *diags);

/* Discard warnings from now on. */
void diags_mute_warnings(struct diags *diags);

/* The places of problems that are added from now on are in colours, as SGR sequences. Without it they are
 * not. */
void diags_color(struct diags *diags, gboolean color);

AUTO_DEFINE(diags)

/* The message says what is wrong, then in brackets the value and what would be right:
 * diag_error(d, &location, "not a side ('up'; right or left)"). */
void diag_error(struct diags *diags, const struct diag_location *location, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
void diag_warning(struct diags *diags, const struct diag_location *location, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* The two usual forms of an error, the value cut where it is long:
 * "what ('value'; right)" and "what ('wrong'; did you mean 'nearest'? One of a, b, c)". A character in it
 * that is not what it looks like is named: "what ('value' with U+200B, a zero width space; right)". */
void diag_wrong(struct diags *diags, const struct diag_location *location, const char *what,
                const char *value, const char *right);
void diag_unknown(struct diags *diags, const struct diag_location *location, const char *what,
                  const char *wrong, const char *const *names);

/* Orders files: problems of this one are printed before those of files that are named later. */
void diags_file(struct diags *diags, const char *path);

/* How many there are since the last diags_print(). */
guint diags_errors(const struct diags *diags);

guint diags_warnings(const struct diags *diags);

/* Further errors will only be counted. */
gboolean diags_full(const struct diags *diags);

/* One line each, "path:line: [section] key: message" (a warning has "warning: " before the message): files in
 * the order in which they were first named, lines in order within a file, then "… and N more problems" if
 * some were only counted. Forgets all of them. */
void diags_print(struct diags *diags, FILE *out);

/* The same as lines, with an empty one at the end; to be freed with g_strfreev(). */
char **diags_lines(struct diags *diags);

/* The name in `names` (NULL-terminated) that is nearly `wrong`, or NULL: at most two edits (a swap of
 * neighbours is one, upper case none) and fewer than half the letters. Borrowed from `names`. */
const char *diag_nearest(const char *wrong, const char *const *names);

/* A copy that is safe on a terminal: valid UTF-8 without control characters, at most `limit` bytes and an
 * ellipsis. The caller frees it. */
char *diag_shown(const char *text, gsize limit);

#endif
