#include "find_music.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_below(const char *path, const char *directory)
{
    const gsize length = strcmp(directory, "/") == 0 ? 0 : strlen(directory);
    return strncmp(path, directory, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* A link that leads nowhere is no way out. */
static bool leads_out(const char *path, const char *directory)
{
    g_autofree char *end = realpath(path, NULL);
    return end && !is_below(end, directory);
}

/* The entry of a directory that leads out, to be freed; NULL if there is none. */
static char *find_way_out(const char *path, const char *directory)
{
    g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
    for (const char *name; entries && (name = g_dir_read_name(entries));) {
        g_autofree char *entry = g_build_filename(path, name, NULL);
        if (leads_out(entry, directory)) return g_steal_pointer(&entry);
    }
    return NULL;
}

char *find_own_music(const struct routine *routine, struct diags *diags)
{
    static const char outside[] = "not in the routine's own directory",
                      right[] = "the file or directory itself must lie there, and not be a link to elsewhere";
    const char *name = routine->music.template;
    if (!name) return NULL;
    const struct diag_location place = {routine->path, routine->music.line, "routine", "music"};
    g_autofree char *near = g_path_get_dirname(routine->path), *directory = realpath(near, NULL);
    g_autofree char *named = directory ? g_build_filename(directory, name, NULL) : NULL,
                    *path = named ? realpath(named, NULL) : NULL;
    if (!path) {
        diag_warning(diags, &place, "no such music ('%s': %s)", name, g_strerror(errno));
        return NULL;
    }
    g_autofree char *way_out = is_below(path, directory) ? find_way_out(path, directory) : g_strdup(named);
    if (!way_out) return g_steal_pointer(&path);
    diag_wrong(diags, &place, outside, way_out + strlen(directory) + 1, right);
    return NULL;
}

static bool is_given(const struct diag_location *place)
{
    return g_str_has_prefix(place->path, "--");
}

void find_music(struct settings *settings, const struct routine *routine, struct diags *diags)
{
    const struct diag_location place = settings_location(settings, "music", "file");
    char **file = &settings->music.file;
    g_autofree char *given = *file, *own = find_own_music(routine, diags);
    *file = is_given(&place) || !own ? g_strdup(given) : g_strdup(own);
    if (!**file) return;
    g_autofree char *named = *file;
    *file = g_canonicalize_filename(named, NULL);
    if (is_given(&place) && access(*file, R_OK) != 0)
        diag_error(diags, &place, "no such music ('%s': %s)", given, g_strerror(errno));
}

void find_missing_music(const struct settings *settings, struct diags *diags)
{
    const struct diag_location place = settings_location(settings, "music", "file");
    const char *file = settings->music.file;
    if (*file && access(file, R_OK) != 0)
        diag_warning(diags, &place, "no such music ('%s': %s)", file, g_strerror(errno));
}
