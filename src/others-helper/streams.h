/* The streams of other programs on the sound server, over PulseAudio's protocol, which PipeWire speaks as
 * well: lowered under words, and back. No call waits for the server; a frozen one, or one that is gone, costs
 * the lowering, and what is to be undone stays in the journal.
 *
 * Only a level that was written here last is changed back: one that the user has set meanwhile stays. */
#ifndef OTHERS_HELPER_STREAMS_H
#define OTHERS_HELPER_STREAMS_H

#include "journal.h"

struct streams;

struct streams_ops {
    /* After streams_end(), from the main loop: all is as it was (true), or there is no server (false). */
    void (*settled)(void *data, bool undone);
    void (*say)(void *data, const char *sentence); /* each at most once */
};

/* First undoes what the journal has of an earlier process. For the rest of the process; the journal is
 * borrowed. */
struct streams *streams_new(struct journal *journal, const struct streams_ops *ops, void *data);

void streams_lower(struct streams *streams);
void streams_raise(struct streams *streams);

/* Raises them quickly, and clears the journal of them. */
void streams_end(struct streams *streams);

/* Whether a stream has the media role "phone", or a microphone is in use; false where no server answers.
 * `found` is called once, from the main loop or at once. For the rest of the process. */
void streams_find_call(void (*found)(void *data, bool call), void *data);

/* How many have been changed back that an earlier process has left low. */
unsigned streams_restored(const struct streams *streams);

/* Whether another process lowers streams on the same server, so that this one does not. */
bool streams_are_taken(const struct streams *streams);

#endif
