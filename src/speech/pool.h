/* Several helper programs that speak side by side: spreads what is asked, starts anew what is lost, and asks
 * it again. */
#ifndef SPEECH_POOL_H
#define SPEECH_POOL_H

#include "ipc/speech_packets.h"
#include "store.h"

struct pool;

struct answer {
    enum outcome outcome;
    int rate;
    gsize n;
    const int16_t *samples; /* borrowed */
};

struct pool_ops {
    /* The voice is there (NULL; may be told more than once), or there will be no speech: why. Then nothing
     * more is answered. */
    void (*ready)(void *data, const char *problem);
    /* The last thing that the pool does: it may be freed here. */
    void (*answered)(void *data, struct entry *entry, const struct answer *answer);
};

/* Starts so many programs. */
struct pool *pool_new(const char *program, guint n, const struct pool_ops *ops, void *data, GError **error);
void pool_free(struct pool *pool); /* at once; NULL is fine */

/* Once, before anything is asked. */
void pool_use(struct pool *pool, const struct voice_parameters *voice);

/* The entry is borrowed until it is answered. Helpers take them in the order of asking, and each answers in
 * that order. */
void pool_ask(struct pool *pool, struct entry *entry);

#endif
