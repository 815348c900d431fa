/* What the user of a session sees and types, whether it is in this process or in another: one screen, or
 * lines of text. */
#ifndef APP_VIEW_H
#define APP_VIEW_H

#include "options.h"
#include "control/client.h"
#include "live/live.h"
#include "ui/plain.h"
#include "ui/trail.h"

struct view {
    const struct options *options;
    struct client *client;     /* keys steer the session of another process, or */
    struct live *live;         /* that of this one; view_watch() */
    void (*leave)(void *data); /* the key of `stop` only leaves; NULL: it stops the session */
    void *data;
    const struct voice *voice; /* that speaks, set before view_begin() */
    bool begun, keys, draw, color, ascii;
    bool help; /* the table of keys is shown */

    /* What is known of the session. */
    bool known; /* there has been a status */
    struct status status;
    struct scene scene; /* owns the text of the status */
    struct trail trail;
    struct plain plain;

    char *message; /* in the last rows, for a while; NULL: none */
    bool note;     /* it answers no command */
    guint fading, ticking;
};

/* How a session ended for its screen. */
enum view_end { VIEW_DONE, VIEW_INTERRUPTED, VIEW_LEFT };

/* Shows what the session does, its notes before view_begin() too. */
void view_watch(struct view *view, struct live *live);

/* Takes the terminal. `options` is set, and what the keys steer. */
void view_begin(struct view *view);

/* Gives it back. A line stays that says what was done and, after an interruption, how to go on; none if the
 * session was only left. */
void view_end(struct view *view, enum view_end how);

/* A status, and the scene that belongs to it, which is taken. */
void view_show(struct view *view, const struct status *status, struct scene *scene);

/* A command, as a key gives it. */
void view_give(const struct view *view, enum command_id id);

/* The words of an answer to a command. */
void view_answer(struct view *view, const char *words);

/* A sentence that begins to be said. `view` is a struct view *. */
void view_sentence(void *view, const char *sentence);

/* The step at which the last session was interrupted, or NULL: mentioned to those who sit at the terminal, as
 * long as they can begin again. */
void view_left_at(struct view *view, const char *title);

/* A line on standard error, behind the drawing at its end. `view` is a struct view *, begun or not. */
void view_note(void *view, const char *line);

/* The same for what counts only at the moment: on the screen alone. */
void view_news(void *view, const char *line);

#endif
