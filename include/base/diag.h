/* Problems found in what a user wrote: collected, then printed in line order.
 *
 * Single-threaded, main program only. The place that knows file and line adds the problem, once; nobody above
 * it prints it again. Texts are copied; control characters in them are shown as '?', overlong values cut with
 * an ellipsis, so that a hostile file cannot draw on the terminal. */
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

struct diags;

struct diags *diags_new(void);
void diags_free(struct diags *diags);

/* From now on warnings are forgotten at once. */
void diags_mute_warnings(struct diags *diags);

AUTO_DEFINE(diags)

/* The message says what is wrong, then in brackets the value and what would be right:
 * diag_error(d, &place, "no such side ('up'; right or left)"). */
void diag_error(struct diags *diags, const struct diag_location *place, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
void diag_warning(struct diags *diags, const struct diag_location *place, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* The two usual forms of an error, the value cut where it is long:
 * "what ('value'; right)" and "what ('wrong'; did you mean 'nearest'? One of a, b, c)". */
void diag_wrong(struct diags *diags, const struct diag_location *place, const char *what, const char *value,
                const char *right);
void diag_unknown(struct diags *diags, const struct diag_location *place, const char *what, const char *wrong,
                  const char *const *names);

/* A file is going to be read: its problems come before those of files that are read later. */
void diags_file(struct diags *diags, const char *path);

/* How many of a level there are, since the last diags_print(). */
guint diags_errors(const struct diags *diags);
guint diags_warnings(const struct diags *diags);

/* One line each, "path:line: [section] key: message" (a warning has "warning: " before the message), files in
 * the order in which they were first named or read, inside a file by line; then forgets them, so that nothing
 * is said twice. */
void diags_print(struct diags *diags, FILE *out);

/* The text of one printed line, without the line's end; the caller frees it. */
char *diag_line(enum diag_level level, const struct diag_location *place, const char *message);

/* The name of `names` (NULL-terminated) that is nearly `wrong`, or NULL: at most two edits (a swap of
 * neighbours is one, upper case none), fewer than half the letters. Borrowed from `names`. */
const char *diag_nearest(const char *wrong, const char *const *names);

/* A copy fit to be shown on a terminal: no control characters, at most `limit` bytes and an ellipsis, valid
 * UTF-8. The caller frees it. */
char *diag_shown(const char *text, gsize limit);

#endif
