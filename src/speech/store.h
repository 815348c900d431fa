/* The sentences of a session and their clips. Main thread only.
 *
 * A sentence that has been asked for waits until it is fetched. After that, or when more than `ahead` others
 * have been asked for since (a jump has left it behind), it is kept for as long as there is room: the least
 * recently used gives way first. */
#ifndef SPEECH_STORE_H
#define SPEECH_STORE_H

#include "mix/clip.h"
#include <glib.h>

struct entry {
    char *text;
    int source;        /* the line of the routine that it stands on; 0: none */
    struct clip *clip; /* NULL: not spoken yet */
    gsize bytes;       /* of the clip and this entry; 0 for a chime and for what is not spoken yet */
    GQueue *queue;     /* one of the store's two; NULL: neither */
    GList link;        /* in it */
};

struct store {
    GHashTable *entries; /* text -> struct entry */
    GQueue waiting;      /* asked for and not fetched; the first asked for is last */
    GQueue spare;        /* may give way; the least recently used is last */
    gsize bytes;         /* of all clips */
    gsize budget;        /* for them; `waiting` alone may exceed it */
    guint ahead;         /* the greatest length of `waiting` */
};

void store_init(struct store *store, gsize budget, guint ahead);
void store_finish(struct store *store);

/* NULL if the sentence is not known, or no longer. Entries are borrowed, and stay as long as they have no
 * clip, but for store_drop(). */
struct entry *store_find(const struct store *store, const char *text);

/* Adds a sentence that is not known. Only here do others give way: a line that waits for its last clip
 * fetches its other clips again and again, and must not lose them by that. */
struct entry *store_add(struct store *store, const char *text, int source);

/* Frees an entry that has no clip and was left behind. False if it was not. */
bool store_drop(struct store *store, struct entry *entry);

/* The entry was asked for once more, and waits until it is fetched once more. */
void store_keep(struct store *store, struct entry *entry);

/* Takes over the clip, of so many bytes. */
void store_put(struct store *store, struct entry *entry, struct clip *clip, gsize bytes);

/* A new reference to the entry's clip, which must be there. A chime never gives way after that: it costs
 * nothing to keep, and speaking the sentence again would be in vain again. */
struct clip *store_fetch(struct store *store, struct entry *entry);

#endif
