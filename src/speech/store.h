/* The sentences of a session and their clips: what was asked for stays until it has been fetched, then the
 * least recently used gives way to new sentences where there are too many bytes. Main thread only. */
#ifndef SPEECH_STORE_H
#define SPEECH_STORE_H

#include "mix/clip.h"
#include <glib.h>

struct entry {
    char *text;
    int source;        /* the line that it stands on; 0: none */
    struct clip *clip; /* NULL: not spoken yet */
    gsize bytes;       /* of the clip */
    GList link;        /* in store->fetched; data is NULL while it is not */
};

struct store {
    GHashTable *entries; /* text -> struct entry */
    GQueue fetched;      /* least recently used last */
    gsize bytes, budget; /* of what is in `fetched` */
};

void store_init(struct store *store, gsize budget);
void store_finish(struct store *store);

/* NULL if the sentence is not known, or no longer. Entries are borrowed, and stay as long as they have no
 * clip. */
struct entry *store_find(const struct store *store, const char *text);

/* A sentence that is not known. Only here do others give way: a line that waits for its last clip fetches the
 * rest of them again and again, and must not lose them by that. */
struct entry *store_add(struct store *store, const char *text, int source);

/* It was asked for once more, and stays until it has been fetched once more. */
void store_keep(struct store *store, struct entry *entry);

/* Takes over the clip, of so many bytes. */
void store_put(struct entry *entry, struct clip *clip, gsize bytes);

/* A new reference to the entry's clip, which must be there. It is now among those that can give way, other
 * than a chime: that costs nothing to keep, and would cost the same vain attempt again. */
struct clip *store_fetch(struct store *store, struct entry *entry);

/* Calls for each entry without a clip; the callee may put one. */
void store_each_missing(struct store *store, void (*call)(void *data, struct entry *entry), void *data);

#endif
