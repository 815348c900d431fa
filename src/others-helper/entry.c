#include "entry.h"

#include <string.h>

struct entry entry_copy(const struct entry *entry)
{
    struct entry copy = *entry;
    copy.address = g_strdup(entry->address);
    copy.process = g_strdup(entry->process);
    copy.group = g_strdup(entry->group);
    copy.map = g_strdup(entry->map);
    return copy;
}

void entry_finish(struct entry *entry)
{
    g_free(entry->address);
    g_free(entry->process);
    g_free(entry->group);
    g_free(entry->map);
}

uint32_t entry_level(const struct entry *entry)
{
    uint32_t level = 0;
    for (int i = 0; i < entry->channels; i++) level = MAX(level, entry->levels[i]);
    return level;
}

void entry_levels_at(const struct entry *entry, uint32_t level, uint32_t levels[ENTRY_CHANNELS])
{
    const uint64_t loudest = MAX(entry_level(entry), 1);
    for (int i = 0; i < entry->channels; i++)
        levels[i] = (uint32_t)((entry->levels[i] * (uint64_t)level + loudest / 2) / loudest);
}

void entry_write(struct journal *journal, guint number, const struct entry *entry)
{
    g_autofree char *group = g_strdup_printf(JOURNAL_STREAM " %u", number);
    GKeyFile *file = journal->file;
    gint levels[ENTRY_CHANNELS];
    for (int i = 0; i < entry->channels; i++) levels[i] = (gint)entry->levels[i];
    g_key_file_set_uint64(file, group, "server", entry->server);
    g_key_file_set_uint64(file, group, "index", entry->index);
    g_key_file_set_string(file, group, "address", entry->address);
    g_key_file_set_string(file, group, "process", entry->process);
    g_key_file_set_string(file, group, "group", entry->group);
    g_key_file_set_string(file, group, "map", entry->map);
    g_key_file_set_integer_list(file, group, "levels", levels, (gsize)entry->channels);
    g_key_file_set_int64(file, group, "time", entry->time);
}

static char *text_of(GKeyFile *file, const char *group, const char *key)
{
    char *text = g_key_file_get_string(file, group, key, NULL);
    return text ? text : g_strdup("");
}

/* False if a level makes no sense. */
static bool read_levels(GKeyFile *file, const char *group, struct entry *entry)
{
    gsize count = 0;
    g_autofree gint *levels = g_key_file_get_integer_list(file, group, "levels", &count, NULL);
    if (!levels || count == 0 || count > ENTRY_CHANNELS) return false;
    for (gsize i = 0; i < count; i++) {
        if (levels[i] < 0 || levels[i] > ENTRY_LEVEL_MAX) return false;
        entry->levels[i] = (uint32_t)levels[i];
    }
    entry->channels = (int)count;
    return true;
}

bool entry_read(const struct journal *journal, const char *group, int64_t now, struct entry *entry)
{
    GKeyFile *file = journal->file;
    *entry = (struct entry){
        .server = (uint32_t)g_key_file_get_uint64(file, group, "server", NULL),
        .index = (uint32_t)g_key_file_get_uint64(file, group, "index", NULL),
        .time = g_key_file_get_int64(file, group, "time", NULL),
    };
    if (!read_levels(file, group, entry)) return false;
    if (now - entry->time > (int64_t)ENTRY_DAYS * 24 * 60 * 60) return false;
    entry->address = text_of(file, group, "address");
    entry->process = text_of(file, group, "process");
    entry->group = text_of(file, group, "group");
    entry->map = text_of(file, group, "map");
    return true;
}
