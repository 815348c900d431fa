#include "store.h"
#include <string.h>

static void free_entry(gpointer data)
{
    struct entry *entry = data;
    clip_unref(entry->clip);
    g_free(entry->text);
    g_free(entry);
}

void store_init(struct store *store, gsize budget, guint ahead)
{
    *store = (struct store){.budget = budget, .ahead = ahead, .waiting = G_QUEUE_INIT, .spare = G_QUEUE_INIT};
    store->entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_entry);
}

void store_finish(struct store *store)
{
    g_clear_pointer(&store->entries, g_hash_table_unref);
    g_queue_init(&store->waiting); /* the links were part of the entries */
    g_queue_init(&store->spare);
}

struct entry *store_find(const struct store *store, const char *text)
{
    return g_hash_table_lookup(store->entries, text);
}

/* Puts it first in the queue. NULL: in neither. */
static void move(struct entry *entry, GQueue *queue)
{
    if (entry->queue) g_queue_unlink(entry->queue, &entry->link);
    entry->queue = queue;
    entry->link.data = entry;
    if (queue) g_queue_push_head_link(queue, &entry->link);
}

/* What has waited longest was left behind. */
void store_keep(struct store *store, struct entry *entry)
{
    move(entry, &store->waiting);
    while (store->waiting.length > store->ahead) move(g_queue_peek_tail(&store->waiting), &store->spare);
}

/* A clip without a reference from outside may leave. The helpers still know an entry without a clip. */
static void make_room(struct store *store)
{
    for (guint left = store->spare.length; left > 0 && store->bytes > store->budget; left--) {
        struct entry *oldest = g_queue_peek_tail(&store->spare);
        bool can_leave = oldest->clip && !oldest->clip->chime && oldest->clip->refs == 1;
        move(oldest, can_leave ? NULL : &store->spare);
        if (!can_leave) continue;
        store->bytes -= oldest->bytes;
        g_hash_table_remove(store->entries, oldest->text);
    }
}

bool store_drop(struct store *store, struct entry *entry)
{
    if (entry->clip || entry->queue != &store->spare) return false;
    move(entry, NULL);
    g_hash_table_remove(store->entries, entry->text);
    return true;
}

struct entry *store_add(struct store *store, const char *text, int source)
{
    make_room(store);
    struct entry *entry = g_new0(struct entry, 1);
    entry->text = g_strdup(text);
    entry->source = source;
    g_hash_table_insert(store->entries, entry->text, entry);
    store_keep(store, entry);
    return entry;
}

void store_put(struct store *store, struct entry *entry, struct clip *clip, gsize bytes)
{
    g_assert(!entry->clip);
    entry->clip = clip;
    if (clip->chime) return;
    entry->bytes = bytes + sizeof *entry + sizeof *clip + strlen(entry->text);
    store->bytes += entry->bytes;
}

struct clip *store_fetch(struct store *store, struct entry *entry)
{
    move(entry, entry->clip->chime ? NULL : &store->spare);
    return clip_ref(entry->clip);
}
