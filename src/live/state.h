/* Where a session is, on disk, so that it can go on after a crash: a file for each routine in
 * $XDG_STATE_HOME/stretchvoice, replaced as a whole at every move, and not waited for: what a power cut finds
 * is this move or an earlier one. A session that ends by itself, or is stopped, leaves none. */
#ifndef LIVE_STATE_H
#define LIVE_STATE_H

#include "player/session.h"

struct state {
    const struct routine *routine;
    char *path, *next;    /* of the file; and of the one that takes its place */
    bool written, failed; /* a file is there; one could not be written */
    bool noted;           /* `last` was the last that was to be written */
    struct bookmark last;
};

/* `directory` is where such files are; NULL: the usual one. */
void state_init(struct state *state, const struct routine *routine, const char *directory);
void state_finish(struct state *state);

/* Writes it down if it is another move than last time. False at the first failure: a disk that is full costs
 * the state, not the session, and the user hears of it once. */
bool state_note(struct state *state, const struct bookmark *now);
void state_forget(struct state *state);

/* Where this routine was interrupted; false if it was not, or if the file does not fit the routine now.
 * Numbers that make no sense are replaced by `settings`'. */
bool state_recall(const struct state *state, const struct settings *settings, struct bookmark *point);

#endif
