/* Where a session is, on disk, so that it can go on after a crash or a power cut: a file for each routine in
 * $XDG_STATE_HOME/stretchvoice, written whole and synced at every move. A session that ends by itself, or is
 * stopped, leaves none. */
#ifndef LIVE_STATE_H
#define LIVE_STATE_H

#include "player/session.h"

struct memory {
    const struct routine *routine;
    char *path;
    bool written, failed; /* a file stands there; one could not be written */
    bool noted;           /* this was the last that was to be written: */
    struct bookmark last;
};

void memory_init(struct memory *memory, const struct routine *routine);
void memory_finish(struct memory *memory);

/* Writes it down if it is another move than last time. A disk that is full costs the memory, not the session:
 * false at the first failure, so that it can be told. */
bool memory_note(struct memory *memory, const struct bookmark *now);
void memory_forget(struct memory *memory);

/* Where this routine was interrupted; false if it was not, or if the file does not fit the routine now. */
bool memory_recall(const struct memory *memory, struct bookmark *point);

#endif
