/* The streams of other programs on the sound server, over PulseAudio's protocol, which PipeWire speaks as
 * well: lowered under words, and back. No call waits for the server; a frozen one, or one that is gone, costs
 * the lowering, and what is to be undone stays in the journal.
 *
 * Only levels that are exactly ours are changed back: a level that the user has set meanwhile stays. */
#ifndef OTHERS_HELPER_STREAMS_H
#define OTHERS_HELPER_STREAMS_H

#include "journal.h"

struct streams;

/* First undoes what the journal has of an earlier process. `settled` is called from the main loop after
 * streams_end(), once all is as it was (true), or the server has ended (false). For the rest of the process;
 * the journal is borrowed. */
struct streams *streams_new(struct journal *journal, void (*settled)(void *data, bool undone), void *data);

void streams_lower(struct streams *streams);
void streams_raise(struct streams *streams);

/* Raises them quickly, and clears the journal of them. */
void streams_end(struct streams *streams);

/* How many have been changed back that an earlier process has left low. */
unsigned streams_restored(const struct streams *streams);

#endif
