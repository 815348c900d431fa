#include "catalog.h"
#include "find.h"
#include "load.h"
#include "base/name.h"
#include "config/language.h"
#include "file/paths.h"
#include "plan/script.h"
#include "routine/parse.h"

/* ---- the files of a routine ---- */

/* All of one name, in the order of their languages. */
struct family {
    char *name;
    GPtrArray *paths; /* borrowed */
};

static void free_family(gpointer data)
{
    struct family *family = data;
    g_ptr_array_unref(family->paths);
    g_free(family->name);
    g_free(family);
}

/* In the order of their names. */
static GPtrArray *families_of(const GPtrArray *paths)
{
    GPtrArray *families = g_ptr_array_new_with_free_func(free_family);
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *name = name_of(paths->pdata[i]), *stem = g_strndup(name, language_stem(name));
        struct family *family = g_hash_table_lookup(by_name, stem);
        if (!family) {
            family = g_new0(struct family, 1);
            *family = (struct family){g_steal_pointer(&stem), g_ptr_array_new()};
            g_hash_table_insert(by_name, family->name, family);
            g_ptr_array_add(families, family);
        }
        g_ptr_array_add(family->paths, paths->pdata[i]);
    }
    return families;
}

/* Of its name, or else of its text. */
static char *language_of_file(const char *path)
{
    g_autofree char *name = name_of(path);
    const char *tag = name + language_stem(name);
    AUTO(diags) unused = diags_new();
    AUTO(ini) ini = *tag ? NULL : ini_read(path, unused);
    return *tag ? g_ascii_strdown(tag + 1, -1) : ini ? routine_language(ini) : g_strdup("en");
}

static GPtrArray *languages_of(const struct family *family)
{
    GPtrArray *languages = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < family->paths->len; i++) {
        g_autofree char *language = language_of_file(family->paths->pdata[i]);
        if (!g_ptr_array_find_with_equal_func(languages, language, g_str_equal, NULL))
            g_ptr_array_add(languages, g_steal_pointer(&language));
    }
    return languages;
}

/* ---- all of them ---- */

static void fill_entry(struct catalog_entry *entry, const struct routine *routine, const struct ini *ini,
                       const struct settings *settings)
{
    AUTO(diags) problems = diags_new();
    AUTO(voice) voice = find_voice(settings, routine->language, problems);
    entry->routine = routine;
    if (!voice) return;
    const struct script script = script_of(routine, settings, voice);
    entry->seconds = script_estimate(&script);
    load_lint(routine, ini, settings, voice, problems);
    entry->warnings = diags_warnings(problems);
}

static void read_one(const struct catalog_entry *file, const struct settings *settings,
                     void (*found)(void *data, const struct catalog_entry *entry), void *data)
{
    AUTO(diags) problems = diags_new();
    AUTO(ini) ini = ini_read(file->path, problems);
    AUTO(routine) routine = ini ? routine_from_ini(ini, problems) : NULL;
    if (!routine) {
        diags_print(problems, stderr);
        return;
    }
    plan_check_length(routine, settings, problems);
    struct catalog_entry entry = *file;
    if (diags_errors(problems) == 0) fill_entry(&entry, routine, ini, settings);
    found(data, &entry);
}

void catalog_each(const struct settings *settings,
                  void (*found)(void *data, const struct catalog_entry *entry), void *data)
{
    AUTO(diags) unread = diags_new();
    g_autoptr(GPtrArray) paths = paths_list("routines", unread);
    g_autoptr(GPtrArray) families = families_of(paths);
    g_autofree char *language = find_language(settings);
    diags_print(unread, stderr);
    for (guint i = 0; i < families->len; i++) {
        const struct family *family = families->pdata[i];
        g_autofree char *path = find_version(family->name, language);
        const char *only = family->paths->pdata[0]; /* if it is in none of the listener's languages */
        g_autofree char *name = path ? g_strdup(family->name) : name_of(only);
        g_autoptr(GPtrArray) languages = languages_of(family);
        const struct catalog_entry file = {
            .name = name, .path = path ? path : only, .languages = languages, .seconds = -1};
        read_one(&file, settings, found, data);
    }
}

bool catalog_is_for(const struct catalog_entry *entry, const char *part)
{
    const char *const *parts = entry->routine ? (const char *const *)entry->routine->parts : NULL;
    g_autofree char *folded = part ? g_utf8_strdown(part, -1) : NULL;
    return !folded || (parts && g_strv_contains(parts, folded));
}
