#include "config/settings.h"
#include "base/name.h"
#include "table.h"
#include <string.h>

/* The settings as an INI file. */

static bool begins_section(gsize row)
{
    return row == 0 || strcmp(SETTINGS[row].section, SETTINGS[row - 1].section) != 0;
}

static const char SHIPPED_HEAD[] =
    "; Settings of stretchvoice: every key with its default, what it does, and what it may be.\n"
    "; Copy what you change to ~/.config/stretchvoice/stretchvoice.ini; the rest stays as it is here.\n";

static const struct settings_source *source_of(const struct settings *settings, const struct setting *row)
{
    return &g_array_index(settings->sources, struct settings_source, row - SETTINGS);
}

/* A default is spelled as the table has it ("60s", not "1m"), and a path as it is from anywhere. */
static char *escaped(const struct setting *row, const struct settings *settings)
{
    bool standard = strcmp(source_of(settings, row)->path, "default") == 0;
    g_autofree char *value = standard ? g_strdup(row->standard) : setting_print(row, settings);
    g_autofree char *whole = row->kind == &KIND_PROFILE ? name_from_anywhere(value, NULL) : g_strdup(value);
    g_auto(GStrv) parts = g_strsplit(whole, ";", -1);
    return g_strjoinv("\\;", parts);
}

static char *source_comment(const struct settings_source *source)
{
    g_autofree char *path = diag_shown(source->path, 4096);
    return source->line ? g_strdup_printf("%s:%d", path, source->line) : g_steal_pointer(&path);
}

static char *meaning_comment(const struct setting *row)
{
    g_autofree char *range = setting_range(row);
    return *range ? g_strdup_printf("%s (%s)", row->meaning, range) : g_strdup(row->meaning);
}

char *settings_ini(const struct settings *settings, bool sources)
{
    GString *out = g_string_new(sources ? NULL : SHIPPED_HEAD);
    for (gsize i = 0; i < N_SETTINGS; i++) {
        g_autofree char *value = escaped(&SETTINGS[i], settings);
        g_autofree char *note =
            sources ? source_comment(source_of(settings, &SETTINGS[i])) : meaning_comment(&SETTINGS[i]);
        if (begins_section(i))
            g_string_append_printf(out, "%s[%s]\n", out->len ? "\n" : "", SETTINGS[i].section);
        g_string_append_printf(out, "%-12s = %-8s ; %s\n", SETTINGS[i].key, value, note);
    }
    return g_string_free(out, FALSE);
}
