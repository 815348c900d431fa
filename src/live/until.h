/* A session that is to end at a given time: what has not been played is fitted anew when it would end at
 * another one, because of a pause, a command, lost sound or a clock that was set. For src/live only. */
#ifndef LIVE_UNTIL_H
#define LIVE_UNTIL_H

#include "live/score.h"
#include "player/session.h"

struct until;

/* All is borrowed. NULL if there is no such time. */
struct until *until_new(struct score *score, struct session *session);
void until_free(struct until *until); /* NULL is fine, here and below */

/* Before it begins: fits what is left of a session that goes on from an earlier one. If not, it is to be
 * called again when speech has arrived. */
bool until_begin(struct until *until);

/* A command has been done: the session may be longer or shorter now. */
void until_command(struct until *until);

/* In each turn, and when speech has arrived: fits if it has to. `status` is the present one. */
void until_look(struct until *until, const struct status *status);

#endif
