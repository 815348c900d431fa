#include "base/folder.h"
#include <glib.h>

/* GLib has these too, but takes a relative path as it is: one in the folder that one happens to be in. */
static const struct {
    const char *variable, *standard;
} folders[] = {
    [FOLDER_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
    [FOLDER_DATA] = {"XDG_DATA_HOME", ".local/share"},
    [FOLDER_STATE] = {"XDG_STATE_HOME", ".local/state"},
};

char *folder_path(enum folder folder)
{
    const char *base = g_getenv(folders[folder].variable);
    if (base && g_path_is_absolute(base)) return g_build_filename(base, "stretchvoice", NULL);
    return g_build_filename(g_get_home_dir(), folders[folder].standard, "stretchvoice", NULL);
}
