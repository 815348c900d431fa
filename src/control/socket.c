#include "control/socket.h"
#include "base/diag.h"
#include "address.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY "stretchvoice"
#define SOCKET "control"

enum { SHOWN = 200, ALL = 07777, GROUP_AND_OTHERS = 077, OTHERS_WRITE = 022 };

G_DEFINE_QUARK(control_error, control_error)

bool socket_refuse(GError **error, const char *path, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *shown = diag_shown(path, SHOWN);
    g_set_error(error, CONTROL_ERROR, CONTROL_NO_SOCKET, "%s: %s", shown, why);
    return false;
}

/* ---- directories ---- */

static bool is_own(const struct stat *directory, const char *path, mode_t forbidden, GError **error)
{
    if (directory->st_uid != geteuid())
        return socket_refuse(error, path, "belongs to another user (uid %u)", directory->st_uid);
    if (directory->st_mode & forbidden)
        return socket_refuse(error, path, "is open to others (mode %o; chmod go-%s makes it right)",
                             directory->st_mode & ALL, forbidden == OTHERS_WRITE ? "w" : "rwx");
    return true;
}

/* What is looked at is what was opened, and no link if NOFOLLOW is among the flags. */
static bool check_directory(const char *path, int flags, mode_t forbidden, GError **error)
{
    struct stat directory;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
    bool there = fd >= 0 && fstat(fd, &directory) == 0;
    int why = errno;
    if (fd >= 0) close(fd);
    return there ? is_own(&directory, path, forbidden, error)
                 : socket_refuse(error, path, "%s", g_strerror(why));
}

static bool is_private(const char *path, GError **error)
{
    return check_directory(path, O_NOFOLLOW, GROUP_AND_OTHERS, error);
}

static bool make_private(const char *path, GError **error)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST) return is_private(path, error);
    return socket_refuse(error, path, "cannot be made: %s", g_strerror(errno));
}

static bool find_private(const char *path, GError **error)
{
    struct stat there;
    if (lstat(path, &there) == 0 || errno != ENOENT) return is_private(path, error);
    g_set_error_literal(error, CONTROL_ERROR, CONTROL_NO_SESSION, "no session is running");
    return false;
}

/* ---- the socket ---- */

static bool fits(const char *path, GError **error)
{
    gsize length = strlen(path);
    return length <= ADDRESS_LIMIT ||
           socket_refuse(error, path, "the path has %zu bytes; a socket's has %d at most", length,
                         ADDRESS_LIMIT);
}

static char *named_socket(const char *named, GError **error)
{
    g_autofree char *path = g_canonicalize_filename(named, NULL);
    g_autofree char *directory = g_path_get_dirname(path);
    bool good = fits(path, error) && check_directory(directory, 0, OTHERS_WRITE, error);
    return good ? g_steal_pointer(&path) : NULL;
}

/* Canonical, since a link with a '/' behind it would be followed. */
static char *runtime_directory(GError **error)
{
    const char *runtime = g_getenv("XDG_RUNTIME_DIR");
    if (runtime && g_path_is_absolute(runtime)) return g_canonicalize_filename(runtime, NULL);
    socket_refuse(error, "XDG_RUNTIME_DIR", runtime && *runtime ? "is no absolute path" : "is not set");
    return NULL;
}

static char *usual_socket(bool make, GError **error)
{
    g_autofree char *runtime = runtime_directory(error);
    if (!runtime) return NULL;
    g_autofree char *directory = g_build_filename(runtime, DIRECTORY, NULL);
    g_autofree char *path = g_build_filename(directory, SOCKET, NULL);
    bool good = fits(path, error) && is_private(runtime, error) &&
                (make ? make_private(directory, error) : find_private(directory, error));
    return good ? g_steal_pointer(&path) : NULL;
}

char *socket_path(const char *named, bool make, GError **error)
{
    return named ? named_socket(named, error) : usual_socket(make, error);
}
