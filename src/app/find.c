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

char *find_profile(const char *name, const struct diag_location *place, struct diags *diags)
{
    return find("voices", name, place, "the name of a voice profile, or the path of its file", diags);
}
