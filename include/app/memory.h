/* Where a session is, on disk, so that it can go on after a crash or a power cut: a file for each routine in
 * $XDG_STATE_HOME/stretchvoice, written whole and synced at every move. A session that ends by itself, or is
 * stopped, leaves none. */
#ifndef APP_MEMORY_H
#define APP_MEMORY_H

#include "plan/pace.h"
#include "report/status.h"
#include <stdbool.h>

struct memory_place {
    struct place place;
    struct effort effort;
    double volume; /* dB */
};

struct memory {
    const struct routine *routine;
    char *path;
    bool written;             /* a file stands there, */
    struct memory_place last; /* and this in it */
};

void memory_init(struct memory *memory, const struct routine *routine);
void memory_finish(struct memory *memory);

/* Writes it down if it is another move than last time. A disk that is full costs the memory, not the session.
 */
void memory_note(struct memory *memory, const struct status *status, struct effort effort);
void memory_forget(struct memory *memory);

/* Where this routine was interrupted; false if it was not, or if the file does not fit the routine any more.
 */
bool memory_recall(const struct memory *memory, struct memory_place *place);

#endif
