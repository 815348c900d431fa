/* What the user of `play` sees and types, whether the session is in this process or in the daemon: drawn on a
 * terminal, or printed line by line. */
#ifndef APP_VIEW_H
#define APP_VIEW_H

#include "options.h"
#include "control/client.h"
#include "live/live.h"

struct view {
    const struct options *options;
    struct client *client;     /* keys steer the session of the daemon, or */
    struct live *live;         /* that of this process; view_watch() */
    void (*leave)(void *data); /* the key of `stop` only leaves; NULL: it stops the session */
    void *data;
    bool begun, keys, draw, color, ascii;
    char *shown; /* last */
};

/* Shows what the session does, its notes before view_begin() too. */
void view_watch(struct view *view, struct live *live);

/* Takes the terminal. `options` is set, and what the keys steer. */
void view_begin(struct view *view);
void view_end(struct view *view);

/* Writes nothing if it would be what is there already. */
void view_show(struct view *view, const struct status *status, const char *device);

/* The words of an answer to a command. */
void view_answer(const struct view *view, const char *words);

/* A line on standard error that leaves the drawing whole. `view` is a struct view *, begun or not. */
void view_note(void *view, const char *line);

#endif
