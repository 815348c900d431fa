/* What is practised goes into the history: a record at the end of each step, and one at the end of the
 * session, sent to a program that writes them. The session never waits for it. */
#ifndef LIVE_HISTORY_H
#define LIVE_HISTORY_H

#include "listeners.h"
#include "live/today.h"

struct history;

/* NULL if this session is not to be kept: the settings say so, or its routine is no exercise. All is
 * borrowed.
 */
struct history *history_new(const struct play_request *request, const struct today *today,
                            struct planner *planner, struct listeners *listeners);
void history_free(
    struct history *history); /* what was practised is still written. NULL is fine, here and below */

/* The session has got its length, and with that its level. Nothing has been heard yet. */
void history_written(struct history *history);

/* The first sound is on its way: now there is time to start the program. */
void history_start(struct history *history);

/* So many frames of the session have been heard (session_status()), and nothing of them is forgotten yet. */
void history_heard(struct history *history, const struct session *session, uint64_t heard);

/* The same right after commands, which may have led elsewhere. */
void history_moved(struct history *history, const struct session *session, uint64_t heard);

/* The session is over, and was rated. */
void history_over(struct history *history, enum rating rating);

/* Takes the session for over, and waits until all is on the disk, but not long. */
void history_leave_out(struct history *history, const struct leaving *leaving);
void history_settle(struct history *history);

#endif
