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

/* ---- the two queues ---- */

static gsize *bytes_of(struct store *store, const struct entry *entry)
{
    return entry->waits ? &store->waiting_bytes : &store->bytes;
}

static void take_out(struct store *store, struct entry *entry)
{
    if (!entry->link.data) return;
    g_queue_unlink(entry->waits ? &store->waiting : &store->spare, &entry->link);
    *bytes_of(store, entry) -= entry->bytes;
    entry->link.data = NULL;
}

static void put_first(struct store *store, struct entry *entry, bool waits)
{
    take_out(store, entry);
    entry->waits = waits;
    entry->link.data = entry;
    g_queue_push_head_link(waits ? &store->waiting : &store->spare, &entry->link);
    *bytes_of(store, entry) += entry->bytes;
}

/* What has waited longest was left behind. */
static void let_wait(struct store *store, struct entry *entry)
{
    put_first(store, entry, true);
    while (store->waiting.length > store->ahead) put_first(store, g_queue_peek_tail(&store->waiting), false);
}

/* A clip without a reference from outside may leave. The helpers still know an entry without a clip. */
static bool can_leave(const struct entry *entry)
{
    return entry->clip && !entry->clip->chime && entry->clip->refs == 1;
}

static bool is_over(const struct store *store)
{
    return store->bytes + store->waiting_bytes > store->budget;
}

static void make_room(struct store *store)
{
    for (guint left = store->spare.length; left > 0 && is_over(store); left--) {
        struct entry *oldest = g_queue_peek_tail(&store->spare);
        if (can_leave(oldest)) {
            take_out(store, oldest);
            g_hash_table_remove(store->entries, oldest->text);
        } else {
            put_first(store, oldest, false);
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
    let_wait(store, entry);
    return entry;
}

void store_keep(struct store *store, struct entry *entry)
{
    let_wait(store, entry);
}

void store_put(struct store *store, struct entry *entry, struct clip *clip, gsize bytes)
{
    g_assert(!entry->clip);
    entry->clip = clip;
    if (clip->chime) return;
    entry->bytes = bytes + sizeof *entry + sizeof *clip + strlen(entry->text);
    if (entry->link.data) *bytes_of(store, entry) += entry->bytes;
}

struct clip *store_fetch(struct store *store, struct entry *entry)
{
    struct clip *clip = clip_ref(entry->clip);
    if (clip->chime)
        take_out(store, entry);
    else
        put_first(store, entry, false);
    return clip;
}
