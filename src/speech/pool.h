/* Helper programs that speak with one voice: sentences are handed out to them in the order of the requests,
 * and a helper that ends or hangs is started again. Main thread. */
#ifndef SPEECH_POOL_H
#define SPEECH_POOL_H

#include "ipc/speech_packets.h"
#include "store.h"
#include <gio/gio.h>
#include <stdbool.h>

/* What a helper gave for a sentence; every field is checked. */
struct answer {
    struct entry *entry;
    enum outcome outcome;
    int rate; /* Hz */
    enum origin origin;
    gsize n;
    const int16_t *samples; /* borrowed */
    const char *why;        /* it failed, if the helper knows that; borrowed */
};

struct pool;
struct pool_ops {
    bool (*wants)(void *data, struct entry *entry); /* false: it has been dropped, and is not to be spoken */
    void (*ready)(void *data, struct pool *pool);   /* a helper has accepted the voice */
    void (*answered)(void *data, struct pool *pool, const struct answer *answer);
    /* The pool is of no more use: the voice is wrong, or (`lost`) its helpers cannot be had. What it was
     * asked for is still in pool->waiting. */
    void (*useless)(void *data, struct pool *pool, bool lost, const char *why);
};

struct worker;
struct pool {
    const struct pool_ops *ops;
    void *data;
    char *program;     /* of the helpers */
    const void *voice; /* the payload of USE; borrowed */
    gsize voice_size;
    guint patience_s;    /* of a helper for a sentence */
    bool same_addresses; /* of its memory, each time that a helper starts */
    bool used;           /* the voice is known */
    bool useless;
    GQueue waiting; /* struct entry *, for a helper */
    double pace;    /* seconds that a helper takes for a sentence; 0: not known */
    struct worker *workers;
    guint n_workers;
};

/* `voice` is read when it is used. */
void pool_init(struct pool *pool, const struct pool_ops *ops, void *data, const void *voice, gsize voice_size,
               guint patience_s);
void pool_finish(struct pool *pool);

/* Starts so many helpers. False with an error; then some may run. */
bool pool_start(struct pool *pool, const char *program, guint helpers, GError **error);

/* Sends the voice, to those who start later too. */
void pool_use(struct pool *pool);

/* Asks for a sentence, after the others. */
void pool_say(struct pool *pool, struct entry *entry);

/* Ends the helpers, and forgets what they were asked for. */
void pool_stop(struct pool *pool);

#endif
