/* What the user of `play` sees, whether the session is in this process or in the daemon: drawn on a terminal,
 * or said line by line. */
#ifndef APP_VIEW_H
#define APP_VIEW_H

#include "options.h"
#include "player/command.h"
#include "report/status.h"

struct view {
    const struct options *options;
    void (*command)(void *data, struct command command); /* a key was pressed */
    void *data;
    bool begun, keys, draw, color, ascii;
    char *shown; /* what was drawn or said last */
};

/* The other fields are set. */
void view_begin(struct view *view);
void view_end(struct view *view);

/* Writes nothing if it would be what is there already. */
void view_show(struct view *view, const struct status *status, const char *device);

/* One line on standard error that does not tear the drawing. Also before view_begin() and after view_end().
 */
void view_note(struct view *view, const char *line);

#endif
