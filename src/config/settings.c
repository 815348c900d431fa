#include "config/settings.h"
#include "base/name.h"
#include "table.h"
#include <string.h>

/* ---- making and freeing ---- */

static void clear_source(gpointer source)
{
    g_free(((struct settings_source *)source)->path);
}

static void set_source(struct settings *settings, const struct setting *row, const char *path, int line)
{
    struct settings_source *source =
        &g_array_index(settings->sources, struct settings_source, row - SETTINGS);
    clear_source(source);
    *source = (struct settings_source){g_strdup(path), line};
}

struct settings *settings_new(void)
{
    struct settings *settings = g_new0(struct settings, 1);
    settings->sources = g_array_new(FALSE, TRUE, sizeof(struct settings_source));
    g_array_set_clear_func(settings->sources, clear_source);
    g_array_set_size(settings->sources, N_SETTINGS);
    AUTO(diags) diags = diags_new();
    for (gsize i = 0; i < N_SETTINGS; i++) {
        setting_read(&SETTINGS[i], settings, SETTINGS[i].standard, &(struct diag_location){0}, diags);
        set_source(settings, &SETTINGS[i], "default", 0);
    }
    g_assert(diags_errors(diags) == 0);
    return settings;
}

static void free_strings(struct settings *settings)
{
    g_free(settings->voice.profile);
    g_free(settings->sound.device);
}

void settings_free(struct settings *settings)
{
    if (!settings) return;
    free_strings(settings);
    g_array_unref(settings->sources);
    g_free(settings);
}

/* ---- names ---- */

const char **settings_sections(void)
{
    const char **names = g_new0(const char *, N_SETTINGS + 1);
    gsize n = 0;
    for (gsize i = 0; i < N_SETTINGS; i++)
        if (!n || strcmp(names[n - 1], SETTINGS[i].section) != 0) names[n++] = SETTINGS[i].section;
    return names;
}

static bool is_section(const char *section, const struct diag_location *place, struct diags *diags)
{
    g_autofree const char **names = settings_sections();
    if (g_strv_contains(names, section)) return true;
    diag_unknown(diags, place, "no such section", section, names);
    return false;
}

static const struct settings_source *find_source(const struct settings *settings, const char *section,
                                                 const char *key)
{
    for (gsize i = 0; i < N_SETTINGS; i++)
        if (strcmp(SETTINGS[i].section, section) == 0 && strcmp(SETTINGS[i].key, key) == 0)
            return &g_array_index(settings->sources, struct settings_source, i);
    g_assert_not_reached();
}

struct diag_location settings_location(const struct settings *settings, const char *section, const char *key)
{
    const struct settings_source *source = find_source(settings, section, key);
    if (!source->line) return (struct diag_location){.path = source->path};
    return (struct diag_location){source->path, source->line, section, key};
}

/* ---- files ---- */

/* A path counts from the directory of the file that it stands in. */
static void settle_path(struct settings *settings, const struct setting *row, const char *file)
{
    char **name = (char **)(void *)((char *)settings + row->offset);
    g_autofree char *given = *name, *directory = g_path_get_dirname(file);
    *name = name_from_anywhere(given, directory);
}

static void read_entry(struct settings *settings, const char *file, const struct setting *row,
                       const struct ini_entry *entry, const struct diag_location *place, struct diags *diags)
{
    if (!setting_read(row, settings, entry->value, place, diags)) return;
    if (row->kind == &KIND_PROFILE) settle_path(settings, row, file);
    if (settings->sources) set_source(settings, row, file, entry->line);
}

static void read_section(struct settings *settings, const struct ini *ini, const struct ini_section *section,
                         struct diags *diags)
{
    for (guint i = 0; i < section->n_entries; i++) {
        const struct ini_entry *entry = &section->entries[i];
        struct diag_location place = {ini->path, entry->line, section->name, entry->key};
        const struct setting *row =
            setting_find(SETTINGS, N_SETTINGS, section->name, entry->key, &place, diags);
        if (row) read_entry(settings, ini->path, row, entry, &place, diags);
    }
}

static void read_sections(struct settings *settings, const struct ini *ini, struct diags *diags)
{
    for (guint i = 0; i < ini->sections->len; i++) {
        const struct ini_section *section = &g_array_index(ini->sections, struct ini_section, i);
        struct diag_location place = {ini->path, section->line, section->name, NULL};
        if (is_section(section->name, &place, diags)) read_section(settings, ini, section, diags);
    }
}

/* All of the file, or nothing of it if there have been errors since `before`. */
static void merge(struct settings *settings, const struct ini *ini, guint before, struct diags *diags)
{
    if (!ini) return;
    struct settings trial = {0};
    read_sections(&trial, ini, diags);
    free_strings(&trial);
    if (diags_errors(diags) == before) read_sections(settings, ini, diags);
}

void settings_read(struct settings *settings, const char *path, struct diags *diags)
{
    guint before = diags_errors(diags);
    AUTO(ini) ini = ini_read(path, diags);
    merge(settings, ini, before, diags);
}

void settings_from_text(struct settings *settings, const char *text, gsize size, const char *path,
                        struct diags *diags)
{
    guint before = diags_errors(diags);
    AUTO(ini) ini = ini_from_text(text, size, path, diags);
    merge(settings, ini, before, diags);
}

void settings_salvage(struct settings *settings, const char *path, struct diags *diags)
{
    AUTO(ini) ini = ini_read(path, diags);
    if (ini) read_sections(settings, ini, diags);
}

/* ---- options ---- */

void settings_set(struct settings *settings, const char *assignment, const char *option, struct diags *diags)
{
    struct diag_location place = {.path = option};
    g_auto(GStrv) sides = g_strsplit(assignment, "=", 2);
    g_auto(GStrv) names = g_strsplit(sides[0] ? sides[0] : "", ".", 2);
    if (g_strv_length(sides) < 2 || g_strv_length(names) < 2) {
        diag_wrong(diags, &place, "no setting", assignment, "SECTION.KEY=VALUE");
        return;
    }
    const char *section = g_strstrip(names[0]), *key = g_strstrip(names[1]);
    if (!is_section(section, &place, diags)) return;
    const struct setting *row = setting_find(SETTINGS, N_SETTINGS, section, key, &place, diags);
    if (row && setting_read(row, settings, g_strstrip(sides[1]), &place, diags))
        set_source(settings, row, option, 0);
}
