#include "find.h"
#include "base/name.h"
#include "base/read.h"
#include "config/language.h"
#include "file/paths.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void no_such(struct diags *diags, const char *kind, const char *name,
                    const struct diag_location *place)
{
    g_autoptr(GPtrArray) paths = paths_list(kind, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < paths->len; i++) g_ptr_array_add(names, name_of(g_ptr_array_index(paths, i)));
    g_ptr_array_add(names, NULL);
    const char *near = diag_nearest(name, (const char *const *)names->pdata);
    g_autofree char *all = names->len > 1 ? g_strjoinv(", ", (char **)names->pdata) : g_strdup("none");
    g_autofree char *shown = diag_shown(all, 200);
    diag_error(diags, place, "no %s of that name ('%s'; %s%s%sthere are: %s)",
               strcmp(kind, "voices") == 0 ? "voice profile" : "routine", name, near ? "perhaps " : "",
               near ? near : "", near ? "; " : "", shown);
}

/* Not even a dangling link is there. */
static bool is_nowhere(const char *path)
{
    struct stat entry;
    return lstat(path, &entry) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

/* Reports what is missing, unless something is at `path`. `right` says what to write instead of a path that
 * leads nowhere. */
static char *found(const char *kind, const char *name, char *path, const struct diag_location *place,
                   const char *right, struct diags *diags)
{
    g_autofree char *taken = path;
    if (path && !is_nowhere(path)) return g_steal_pointer(&taken);
    if (path)
        diag_wrong(diags, place, "no such file", path, right);
    else
        no_such(diags, kind, name, place);
    return NULL;
}

char *find_profile(const char *name, const struct diag_location *place, struct diags *diags)
{
    return found("voices", name, paths_find("voices", name), place,
                 "the name of a voice profile, or the path of its file", diags);
}

/* ---- routines ---- */

/* The first of these that is set and not empty, as POSIX has it. */
static const char *locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = g_getenv(names[i]);
        if (value && *value) return value;
    }
    return "C";
}

char *find_language(const struct settings *settings)
{
    return language_of_locale(*settings->voice.language ? settings->voice.language : locale());
}

char *find_version(const char *name, const char *language)
{
    if (name_is_path(name) || language_stem(name) < strlen(name)) return paths_find("routines", name);
    g_autofree char *primary = g_strndup(language, strcspn(language, "-"));
    g_autofree char *exact = g_strdup_printf("%s.%s", name, language);
    g_autofree char *near = g_strdup_printf("%s.%s", name, primary);
    return paths_find_any("routines", (const char *const[]){exact, near, name, NULL});
}

/* A routine begins with a section or a comment. */
static bool begins_as_json(const char *path)
{
    char begin[64];
    gint64 size;
    g_autofree char *problem = NULL;
    const int fd = open_regular(path, &size, &problem);
    const ssize_t n = fd >= 0 ? read(fd, begin, sizeof begin - 1) : 0;
    if (fd >= 0) close(fd);
    begin[MAX(n, 0)] = '\0';
    return begin[strspn(begin, " \t\r\n")] == '{';
}

bool find_is_workout(const char *name)
{
    static const char *const endings[] = {".json", ".feeel", ".csv", ".tsv", NULL};
    g_autofree char *folded = g_ascii_strdown(name, -1);
    for (const char *const *ending = endings; *ending; ending++)
        if (g_str_has_suffix(folded, *ending)) return true;
    return name_is_path(name) && begins_as_json(name);
}

/* Always NULL. */
static char *say_import(const char *name, const struct diag_location *place, struct diags *diags)
{
    g_autoptr(GString) command = g_string_new("stretchvoice import");
    words_append(command, name);
    diag_error(diags, place, "a workout of another program, and no routine ('%s' makes one of it)",
               command->str);
    return NULL;
}

char *find_routine(const char *name, const struct settings *settings, struct diags *diags)
{
    const struct diag_location place = {.path = name};
    if (find_is_workout(name)) return say_import(name, &place, diags);
    g_autofree char *language = find_language(settings);
    return found("routines", name, find_version(name, language), &place,
                 "'stretchvoice list' shows the routines that are found", diags);
}
