#include "store.h"

static void free_entry(gpointer data)
{
    struct entry *entry = data;
    clip_unref(entry->clip);
    g_free(entry->text);
    g_free(entry);
}

void store_init(struct store *store, gsize budget)
{
    *store = (struct store){.budget = budget, .fetched = G_QUEUE_INIT};
    store->entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_entry);
}

void store_finish(struct store *store)
{
    g_clear_pointer(&store->entries, g_hash_table_unref);
    g_queue_init(&store->fetched); /* its links were part of the entries */
}

struct entry *store_find(const struct store *store, const char *text)
{
    return g_hash_table_lookup(store->entries, text);
}

void store_put(struct entry *entry, struct clip *clip, gsize bytes)
{
    g_assert(!entry->clip);
    entry->clip = clip;
    entry->bytes = bytes + sizeof *entry + sizeof *clip + strlen(entry->text);
}

/* ---- what gives way ---- */

static void take_out(struct store *store, struct entry *entry)
{
    g_queue_unlink(&store->fetched, &entry->link);
    entry->link.data = NULL;
    store->bytes -= entry->bytes;
}

static void put_first(struct store *store, struct entry *entry)
{
    if (entry->link.data) take_out(store, entry);
    entry->link.data = entry;
    g_queue_push_head_link(&store->fetched, &entry->link);
    store->bytes += entry->bytes;
}

/* A clip that somebody holds would not be freed by its leaving: it is in use. */
static void make_room(struct store *store)
{
    for (guint left = store->fetched.length; left > 0 && store->bytes > store->budget; left--) {
        struct entry *oldest = g_queue_peek_tail(&store->fetched);
        if (oldest->clip->refs > 1) {
            put_first(store, oldest);
        } else {
            take_out(store, oldest);
            g_hash_table_remove(store->entries, oldest->text);
        }
    }
}

struct entry *store_add(struct store *store, const char *text, int source)
{
    make_room(store);
    struct entry *entry = g_new0(struct entry, 1);
    entry->text = g_strdup(text);
    entry->source = source;
    g_hash_table_insert(store->entries, entry->text, entry);
    return entry;
}

void store_keep(struct store *store, struct entry *entry)
{
    if (entry->link.data) take_out(store, entry);
}

struct clip *store_fetch(struct store *store, struct entry *entry)
{
    struct clip *clip = clip_ref(entry->clip);
    if (!clip->chime) put_first(store, entry);
    return clip;
}

void store_each_missing(struct store *store, void (*call)(void *data, struct entry *entry), void *data)
{
    GHashTableIter at;
    gpointer entry;
    g_hash_table_iter_init(&at, store->entries);
    while (g_hash_table_iter_next(&at, NULL, &entry))
        if (!((struct entry *)entry)->clip) call(data, entry);
}
