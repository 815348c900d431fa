#include "file_kind.h"
#include "base/ini.h"
#include "config/settings.h"
#include <string.h>

/* ---- sections ---- */

static const struct ini_section *section_at(const struct ini *ini, guint i)
{
    return &g_array_index(ini->sections, struct ini_section, i);
}

/* The first section that is called so, or nearly so. */
static const struct ini_section *find_nearly(const struct ini *ini, const char *name)
{
    const char *const names[] = {name, NULL};
    for (guint i = 0; i < ini->sections->len; i++)
        if (diag_nearest(section_at(ini, i)->name, names)) return section_at(ini, i);
    return NULL;
}

static bool has_any_key(const struct ini_section *section, const char *const *keys)
{
    for (; section && *keys; keys++)
        if (ini_entry(section, *keys)) return true;
    return false;
}

static bool has_section_of_settings(const struct ini *ini)
{
    g_autofree const char **names = settings_sections();
    for (guint i = 0; i < ini->sections->len; i++) {
        const char *name = section_at(ini, i)->name;
        if (strcmp(name, "voice") != 0 && g_strv_contains(names, name)) return true;
    }
    return false;
}

/* ---- the three kinds ---- */

/* Only steps and moves say something, whatever they are called. */
static bool is_routine(const struct ini *ini)
{
    bool says = false;
    for (guint i = 0; i < ini->sections->len && !says; i++) says = ini_entry(section_at(ini, i), "say");
    return says || find_nearly(ini, "routine");
}

/* Settings have a [voice] too, but without these keys; a single one may be a mistake beside sections that
 * only settings have. */
static bool is_voice(const struct ini *ini)
{
    static const char *const keys[] = {"engine", "language", "voice", "variant", "range", "word-gap", NULL};
    if (find_nearly(ini, "phrases")) return true;
    return !has_section_of_settings(ini) && has_any_key(find_nearly(ini, "voice"), keys);
}

static bool is_settings(const struct ini *ini)
{
    g_autofree const char **names = settings_sections();
    guint nearly = 0;
    for (guint i = 0; i < ini->sections->len; i++) {
        if (g_strv_contains(names, section_at(ini, i)->name)) return true;
        nearly += diag_nearest(section_at(ini, i)->name, names) != NULL;
    }
    return nearly > 0 && nearly == ini->sections->len;
}

/* ---- its place ---- */

static bool lies_in(const char *path, const char *directory)
{
    g_autofree char *whole = g_canonicalize_filename(path, NULL);
    g_autofree char *parent = g_path_get_dirname(whole);
    g_autofree char *name = g_path_get_basename(parent);
    return strcmp(name, directory) == 0;
}

enum file_kind file_kind(const char *path)
{
    AUTO(diags) elsewhere = diags_new(); /* told by the reader of that kind */
    AUTO(ini) ini = ini_read(path, elsewhere);
    g_autofree char *name = g_path_get_basename(path);
    if (ini && is_routine(ini)) return FILE_ROUTINE;
    if (strcmp(name, "stretchvoice.ini") == 0) return FILE_SETTINGS;
    if ((ini && is_voice(ini)) || lies_in(path, "voices")) return FILE_VOICE;
    return ini && is_settings(ini) ? FILE_SETTINGS : FILE_ROUTINE;
}
