/* Where a session is, on disk, so that it can go on after a crash or a power cut: a file for each routine in
 * $XDG_STATE_HOME/stretchvoice, replaced as a whole at every move. The session never waits for the disk: a
 * new file takes the old one's place once the disk has it. A session that ends, or is stopped, leaves no
 * file. */
#ifndef LIVE_STATE_H
#define LIVE_STATE_H

#include "listeners.h"
#include "player/session.h"

struct state {
    const struct routine *routine;
    char *path, *next;     /* of the file, and of the one that will take its place */
    bool failed, reported; /* one could not be written; that has been said */
    bool noted, behind;    /* `last` is valid; it is not in a file yet */
    struct bookmark last;
    GByteArray *out;   /* that of `last` */
    struct sync *sync; /* brings `next` to the disk; NULL: nothing is under way */
};

/* Files are kept in `directory`; NULL: the usual one. `routine` is borrowed. */
void state_init(struct state *state, const struct routine *routine, const char *directory);

/* Writes what is still to be written, without waiting for the disk. */
void state_finish(struct state *state);

/* Writes a bookmark of the session, whose status this is, if it differs from the last one; of a
 * menu there is none. A full disk costs the state, not the session, and the listeners hear of it once. */
void state_note(struct state *state, const struct session *session, const struct status *status,
                const struct listeners *listeners);

/* Removes the file, or that of an earlier session, if anything has been noted. Nothing may be noted
 * afterwards. */
void state_forget(struct state *state);

/* Where this routine was interrupted; false if it was not, or if the file does not fit the routine. Numbers
 * out of range are replaced by those of `settings`. The point borrows from the state, until the next note. */
bool state_recall(struct state *state, const struct settings *settings, struct bookmark *point);

#endif
