/* Several helper programs that speak side by side: spreads the sentences over them, restarts a helper that is
 * lost, and asks it again. Main thread; the callbacks come from the main loop only, never from inside one of
 * these functions. */
#ifndef SPEECH_POOL_H
#define SPEECH_POOL_H

#include "ipc/speech_packets.h"
#include "store.h"

struct pool;

/* What a helper gave for a sentence; every field is checked. */
struct spoken_text {
    enum outcome outcome;
    int rate; /* Hz */
    gsize n;
    const int16_t *samples; /* borrowed */
};

struct pool_ops {
    /* A helper has accepted the voice; may come more than once. */
    void (*ready)(void *data);
    /* The last callback: `lost` is false if the voice cannot be used, true if the helpers are lost for good.
     */
    void (*failed)(void *data, bool lost, const char *why);
    /* The pool may be freed in it. */
    void (*answered)(void *data, struct entry *entry, const struct spoken_text *spoken);
};

/* Starts `n` programs; NULL and `error` if one of them cannot be started. */
struct pool *pool_new(const char *program, guint n, const struct pool_ops *ops, void *data, GError **error);
void pool_free(struct pool *pool); /* at once; NULL is fine */

/* Once, before the first pool_ask(). */
void pool_use(struct pool *pool, const struct voice_parameters *voice);

/* The entry is borrowed until it is answered. The sentences go out in the order of the requests, and each
 * helper answers in that order. */
void pool_ask(struct pool *pool, struct entry *entry);

#endif
