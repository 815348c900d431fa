/* What a session looks like on a terminal. Pure: from a status to rows of text. */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "report/scene.h"
#include "ui/trail.h"

struct screen_look {
    int columns, rows; /* of the terminal */
    bool color;
    bool ascii;                /* the terminal shows nothing else */
    bool keys;                 /* there are keys to be told */
    bool help;                 /* the table of keys is shown */
    bool leaves;               /* the key of `stop` only leaves the session */
    int clock;                 /* seconds since midnight, or -1 */
    const char *message;       /* an answer, or news of the sound; NULL: none */
    bool note;                 /* it is news, and the keys stay beside it */
    const struct voice *voice; /* that speaks: its phrases are shown, but the table of keys is English */
};

/* The rows of the whole terminal, from the top, each with as many cells as the terminal has columns, less one
 * that stays free: some terminals begin a new line after the last. Colours are SGR sequences, and the list of
 * steps is set to its column by one of CHA. To be freed. */
GStrv screen_draw(const struct status *status, const struct scene *scene, const struct trail *trail,
                  const struct screen_look *look);

/* The line that stays at the end: "Middle back: 23 minutes, 8 of 8 steps.". Where the session was interrupted
 * and can be resumed, also how. To be freed. */
char *screen_last(const struct status *status, const struct trail *trail, const struct voice *voice,
                  bool interrupted, bool ascii);

#endif
