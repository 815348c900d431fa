/* What a session does to the sound of other programs ([others]), by way of the helper program that does it.
 * Main thread; no call waits, but for others_restore(). What fails costs only this. */
#ifndef LIVE_OTHERS_H
#define LIVE_OTHERS_H

#include "config/settings.h"
#include "ipc/others_packets.h"
#include "live/live.h"
#include "sound/output.h"

struct listeners;
struct others;

/* For a session before its first turn. NULL if others are left alone. All but the settings are borrowed. */
struct others *others_new(struct listeners *listeners, const struct settings *settings,
                          struct session *session, struct output *output);
void others_free(struct others *others); /* what was done is undone, also after this program has ended */

/* Begins to undo what a session that was killed has left, if it has. */
void others_restore_left(void);

/* The same, and waits for it, some seconds at most. The numbers are of streams and players that were changed
 * back; `*said` is a sentence for the user, to be freed, or stays NULL. RESTORED_NO_SERVER with `error`, too,
 * if the helper cannot be started. */
enum restored_result others_restore(int *streams, int *players, char **said, GError **error);

/* Whether another program plays or records a call; waits for the answer, some seconds at most. False where it
 * is not known. */
bool others_have_call(void);

#endif
