/* What a session looks like. Pure: from a status to lines of text. */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "report/status.h"
#include <stdbool.h>

struct screen_look {
    int columns, rows; /* of the terminal */
    bool color;
    bool ascii;         /* the terminal shows nothing else */
    const char *device; /* NULL: not known */
};

/* The lines that are drawn over each other on a terminal, with line ends: each fits into its columns, and all
 * of them, with the cursor's line, into its rows. The caller frees it. */
char *screen_draw(const struct status *status, const struct screen_look *look);

/* One line that says where the session is, without a line end: for terminals that are read aloud, and for
 * files, in ASCII if wanted. It changes when there is something new to say, not with the clock. The caller
 * frees it. */
char *screen_line(const struct status *status, bool ascii);

#endif
