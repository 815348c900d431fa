#include "base/directory.h"
#include <glib.h>

/* GLib has these too, but takes a relative path as it is: one in the directory that one happens to be in. */
static const struct {
    const char *variable, *standard;
} directories[] = {
    [DIRECTORY_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
    [DIRECTORY_DATA] = {"XDG_DATA_HOME", ".local/share"},
    [DIRECTORY_STATE] = {"XDG_STATE_HOME", ".local/state"},
};

char *directory_path(enum directory directory)
{
    const char *base = g_getenv(directories[directory].variable);
    if (base && g_path_is_absolute(base)) return g_build_filename(base, "stretchvoice", NULL);
    return g_build_filename(g_get_home_dir(), directories[directory].standard, "stretchvoice", NULL);
}
