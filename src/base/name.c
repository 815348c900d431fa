#include "base/name.h"
#include <string.h>

#define ENDING ".ini"

bool name_is_path(const char *name)
{
    return strchr(name, '/') || g_str_has_suffix(name, ENDING);
}

char *name_from_anywhere(const char *name, const char *directory)
{
    if (!name_is_path(name)) return g_strdup(name);
    g_autofree char *whole = directory ? g_canonicalize_filename(directory, NULL) : NULL;
    return g_canonicalize_filename(name, whole);
}

char *name_of(const char *path)
{
    char *name = g_path_get_basename(path);
    if (g_str_has_suffix(name, ENDING)) name[strlen(name) - strlen(ENDING)] = '\0';
    return name;
}
