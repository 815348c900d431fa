#include "find.h"
#include "base/name.h"
#include "file/paths.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static void no_such(struct diags *diags, const char *kind, const char *name,
                    const struct diag_location *place)
{
    g_autoptr(GPtrArray) paths = paths_list(kind);
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

/* `right` says what to write instead of a path that leads nowhere. */
static char *find(const char *kind, const char *name, const struct diag_location *place, const char *right,
                  struct diags *diags)
{
    g_autofree char *path = paths_find(kind, name);
    if (path && !is_nowhere(path)) return g_steal_pointer(&path);
    if (path)
        diag_wrong(diags, place, "no such file", path, right);
    else
        no_such(diags, kind, name, place);
    return NULL;
}

char *find_routine(const char *name, struct diags *diags)
{
    const struct diag_location place = {.path = name};
    return find("routines", name, &place, "'stretchvoice list' shows the routines that are found", diags);
}

/* ---- voices ---- */

static char *voice_path(const char *language)
{
    g_autofree char *tag = g_ascii_strdown(language, -1);
    char *path = strpbrk(tag, "/.") ? NULL : paths_find("voices", tag);
    char *dash = strchr(tag, '-');
    if (path || !dash) return path;
    *dash = '\0';
    return paths_find("voices", tag);
}

char *find_voice_path(const struct settings *settings, const char *language, struct diags *diags)
{
    const char *profile = settings->voice.profile,
               *right = "the name of a voice profile, or the path of its file";
    const struct diag_location place = settings_location(settings, "voice", "profile");
    if (*profile) return find("voices", profile, &place, right, diags);
    char *path = voice_path(language);
    return path ? path : find("voices", "en", &(struct diag_location){.path = "en"}, right, diags);
}

struct voice *find_voice(const struct settings *settings, const char *language, struct diags *diags)
{
    g_autofree char *path = find_voice_path(settings, language, diags);
    if (!path) return NULL;
    g_autofree char *name = name_of(path);
    struct voice *voice = voice_read(name, path, false, diags);
    if (voice) voice_apply_settings(voice, settings);
    return voice;
}
