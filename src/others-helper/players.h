/* Media players of other programs on the session bus (MPRIS): paused for a session, and played on after it.
 * Calls wait for the bus and for the players, about a second for each that does not answer. */
#ifndef OTHERS_HELPER_PLAYERS_H
#define OTHERS_HELPER_PLAYERS_H

#include "journal.h"

struct players;

/* The journal is borrowed; it may name players that an earlier process has paused. For the rest of the
 * process. */
struct players *players_new(struct journal *journal);

/* Pauses those that play. One that is played meanwhile is the user's again. False if the bus does not
 * answer. */
bool players_pause(struct players *players);

/* Plays those on that are still paused as they were left, and clears the journal of them. How many. */
unsigned players_resume(struct players *players);

#endif
