#include "bus.h"
#include <gio/gio.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* GIO would find it too, but starts a bus where there is none. */
char *bus_address(void)
{
    const char *address = g_getenv("DBUS_SESSION_BUS_ADDRESS"), *directory = g_getenv("XDG_RUNTIME_DIR");
    struct stat info;
    if (address && address[0] && !strstr(address, "autolaunch:")) return g_strdup(address);
    if (!directory || !g_path_is_absolute(directory)) return NULL;
    g_autofree char *path = g_build_filename(directory, "bus", NULL);
    g_autofree char *escaped = g_dbus_address_escape_value(path);
    bool ours = stat(path, &info) == 0 && S_ISSOCK(info.st_mode) && info.st_uid == geteuid();
    return ours ? g_strconcat("unix:path=", escaped, NULL) : NULL;
}
