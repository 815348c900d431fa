#include "stream.h"

#include <string.h>

enum { MOST_GONE = 64 };

static void free_stream(gpointer data)
{
    struct stream *stream = data;
    entry_finish(&stream->entry);
    entry_finish(&stream->report);
    g_free(stream);
}

static struct stream *stream_at(const GPtrArray *all, guint i)
{
    return g_ptr_array_index(all, i);
}

struct stream *stream_new(const struct entry *entry)
{
    struct stream *stream = g_new0(struct stream, 1);
    stream->entry = entry_copy(entry);
    return stream;
}

/* ---- finding ---- */

struct stream *stream_find(const GPtrArray *all, uint32_t index)
{
    for (guint i = 0; i < all->len; i++)
        if (stream_at(all, i)->entry.index == index && !stream_at(all, i)->gone) return stream_at(all, i);
    return NULL;
}

bool stream_is_elsewhere(const struct stream *stream, const char *address)
{
    return g_strcmp0(stream->entry.address, address) != 0;
}

static bool is_same(const struct stream *left, const struct entry *now)
{
    return left->gone && left->entry.server == now->server && left->entry.index == now->index &&
           strcmp(left->entry.process, now->process) == 0 && !stream_is_elsewhere(left, now->address);
}

static bool is_alike(const struct stream *stream, const struct entry *now)
{
    return *now->group && strcmp(stream->entry.group, now->group) == 0 &&
           !stream_is_elsewhere(stream, now->address);
}

struct stream *stream_find_lowered(const GPtrArray *all, const struct stream *of, const struct entry *now)
{
    struct stream *found = NULL;
    for (guint i = 0; i < all->len; i++) {
        struct stream *stream = stream_at(all, i);
        if (stream == of || stream->kept) continue;
        if (level_step(entry_level(&stream->entry), entry_level(now), LEVEL_LOWERED) < 0) continue;
        if (is_same(stream, now)) return stream;
        if (!found && is_alike(stream, now)) found = stream;
    }
    return found;
}

void stream_same_is_back(const GPtrArray *all, const struct entry *now)
{
    for (guint i = 0; i < all->len; i++)
        if (is_same(stream_at(all, i), now)) stream_at(all, i)->memory = STREAM_MENDED;
}

/* ---- levels ---- */

/* With other channels than before, the loudest tells. */
int stream_step(const struct stream *stream, const struct entry *now)
{
    const uint32_t level = entry_level(&stream->entry);
    if (now->channels != stream->entry.channels) return level_step(level, entry_level(now), stream->ours);
    for (int step = stream->ours.least; step <= stream->ours.most; step++) {
        uint32_t levels[ENTRY_CHANNELS];
        bool is_ours = true;
        entry_levels_at(&stream->entry, level_at(level, step), levels);
        for (int i = 0; i < now->channels; i++) is_ours &= level_is(now->levels[i], levels[i]) != 0;
        if (is_ours) return step;
    }
    return -1;
}

static void set_levels(struct stream *stream, const struct entry *now, uint32_t level)
{
    stream->entry.channels = now->channels;
    entry_levels_at(now, level, stream->entry.levels);
    g_free(stream->entry.map);
    stream->entry.map = g_strdup(now->map);
    stream->noted = false;
}

void stream_set_own(struct stream *stream, const struct entry *now, uint32_t level)
{
    int step = level_step(level, entry_level(now), (struct steps){0, LEVEL_STEPS});
    set_levels(stream, now, level);
    stream->written = MAX(step, 0);
    stream->ours = (struct steps){stream->written, stream->written};
}

void stream_set_channels(struct stream *stream, const struct entry *now)
{
    set_levels(stream, now, entry_level(&stream->entry));
}

static uint32_t times(uint32_t level, uint32_t by, uint32_t of)
{
    return (uint32_t)MIN((level * (uint64_t)by + of / 2) / of, ENTRY_LEVEL_MAX);
}

void stream_follow(struct stream *stream, const struct entry *now, uint32_t master)
{
    if (stream->master > 0 && master > 0 && stream_step(stream, now) < 0) {
        const struct entry before = stream->entry;
        for (int i = 0; i < before.channels; i++)
            stream->entry.levels[i] = times(before.levels[i], master, stream->master);
        if (stream_step(stream, now) < 0)
            stream->entry = before;
        else
            stream->noted = false;
    }
    stream->master = master;
}

uint32_t stream_remembered_level(const struct stream *stream)
{
    const uint32_t level = entry_level(&stream->entry);
    return stream->master > 0 ? times(level, LEVEL_FULL, stream->master) : level;
}

/* ---- those that have ended ---- */

bool stream_ask_memory(const GPtrArray *all, const char *address)
{
    bool any = false;
    for (guint i = 0; i < all->len; i++) {
        struct stream *stream = stream_at(all, i);
        if (!stream->gone || stream->memory != STREAM_UNKNOWN || stream_is_elsewhere(stream, address))
            continue;
        stream->memory = *stream->entry.group && !stream->kept ? STREAM_ASKED : STREAM_MENDED;
        any |= stream->memory == STREAM_ASKED;
    }
    return any;
}

bool stream_all_mended(const GPtrArray *all, const char *address)
{
    bool mended = true;
    for (guint i = 0; i < all->len; i++) {
        const struct stream *stream = stream_at(all, i);
        mended &= !stream->gone || stream->memory == STREAM_MENDED || stream_is_elsewhere(stream, address);
    }
    return mended;
}

void stream_forget_old(GPtrArray *all)
{
    guint gone = 0;
    for (guint i = all->len; i-- > 0;) {
        gone += stream_at(all, i)->gone;
        if (stream_at(all, i)->memory == STREAM_MENDED && gone > MOST_GONE) g_ptr_array_remove_index(all, i);
    }
}

/* ---- the journal ---- */

bool stream_note(const GPtrArray *all, struct journal *journal, const char *address, bool here)
{
    journal_clear(journal, JOURNAL_STREAM);
    for (guint i = 0; i < all->len; i++) {
        const struct stream *stream = stream_at(all, i);
        bool undone = stream->kept || (stream->gone && stream->memory == STREAM_MENDED);
        if (stream_is_elsewhere(stream, address) || (here && !undone))
            entry_write(journal, i + 1, &stream->entry);
    }
    bool saved = journal_save(journal);
    for (guint i = 0; saved && i < all->len; i++) stream_at(all, i)->noted = true;
    return saved;
}

GPtrArray *stream_read_all(const struct journal *journal)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(free_stream);
    g_auto(GStrv) groups = journal_groups(journal, JOURNAL_STREAM);
    int64_t now = g_get_real_time() / G_USEC_PER_SEC;
    for (char **group = groups; *group; group++) {
        struct entry entry;
        if (!entry_read(journal, *group, now, &entry)) continue;
        struct stream *stream = stream_new(&entry);
        entry_finish(&entry);
        stream->lowered = stream->gone = true;
        g_ptr_array_add(all, stream);
    }
    return all;
}
