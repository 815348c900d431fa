/* One helper program, as the main program sees it: frames go in, answers come out through the default main
 * context.
 *
 * It counts as lost when it ends, breaks the protocol's rules, or is silent for longer than a sentence may
 * take. */
#ifndef SPEECH_SPEAKER_H
#define SPEECH_SPEAKER_H

#include "ipc/speech_packets.h"
#include <glib.h>

struct speaker;

struct speaker_ops {
    /* In the order of asking; frame and payload are borrowed. A text ends with a NUL beyond its size. */
    void (*answered)(void *data, const struct frame *frame, const void *payload);
    /* Nothing more will come: time for speaker_free(). */
    void (*lost)(void *data);
};

/* Both callbacks may free the speaker, and are never called from inside one of these functions. */
struct speaker *speaker_new(const char *program, const struct speaker_ops *ops, void *data, GError **error);
/* Ends the program, and what it has started, at once; NULL is fine. */
void speaker_free(struct speaker *speaker);

/* At most a few frames of PROTOCOL_TEXT may be unanswered: they must fit into the socket, since nothing is
 * waited for. */
void speaker_ask(struct speaker *speaker, enum frame_kind kind, const void *data, gsize size);

#endif
