#include "control/socket.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "base/name.h"
#include "base/duration.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define DIRECTORY "stretchvoice"
#define SOCKET "control"

enum {
    SHOWN = 200,      /* bytes of a path in a message */
    PATH_LIMIT = 107, /* bytes of a socket's path; the kernel takes one more, which has no NUL then */
    BACKLOG = 64,
    PID_TEXT = 16,
    ALL = 07777,
    GROUP_AND_OTHERS = 077,
    OTHERS_WRITE = 022,
};

G_STATIC_ASSERT(PATH_LIMIT == sizeof((struct sockaddr_un *)0)->sun_path - 1);
G_DEFINE_QUARK(control_error, control_error)

/* "path: why". Always false. */
static bool fail(GError **error, enum control_error code, const char *path, const char *why)
{
    g_autofree char *shown = diag_shown(path, SHOWN);
    g_set_error(error, CONTROL_ERROR, (gint)code, "%s: %s", shown, why);
    return false;
}

/* CONTROL_NO_SOCKET. Always false. */
G_GNUC_PRINTF(3, 4)
static bool refuse(GError **error, const char *path, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return fail(error, CONTROL_NO_SOCKET, path, why);
}

static void close_with_errno(int fd)
{
    int why = errno;
    close(fd);
    errno = why;
}

/* ---- the path ---- */

/* Checks the directory that was opened; with O_NOFOLLOW in `flags`, a link is refused. */
static bool check_directory(const char *path, int flags, mode_t forbidden, GError **error)
{
    struct stat directory;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
    bool there = fd >= 0 && fstat(fd, &directory) == 0;
    if (fd >= 0) close_with_errno(fd);
    bool for_now = errno == EMFILE || errno == ENFILE || errno == ENOMEM;
    if (!there) return fail(error, for_now ? CONTROL_FAILED : CONTROL_NO_SOCKET, path, g_strerror(errno));
    if (directory.st_uid != geteuid())
        return refuse(error, path, "belongs to another user (uid %u)", directory.st_uid);
    if (directory.st_mode & forbidden)
        return refuse(error, path, "is open to other users (mode %o; 'chmod go-%s' closes it)",
                      directory.st_mode & ALL, forbidden == OTHERS_WRITE ? "w" : "rwx");
    return true;
}

static bool is_private(const char *path, GError **error)
{
    return check_directory(path, O_NOFOLLOW, GROUP_AND_OTHERS, error);
}

/* Makes the directory, or reports that there is no session. */
static bool have_private(const char *path, bool make, GError **error)
{
    struct stat there;
    if (make && mkdir(path, 0700) != 0 && errno != EEXIST)
        return refuse(error, path, "cannot be created: %s", g_strerror(errno));
    if (make || lstat(path, &there) == 0 || errno != ENOENT) return is_private(path, error);
    g_set_error_literal(error, CONTROL_ERROR, CONTROL_NO_SESSION, "no session is running");
    return false;
}

char *socket_path(const char *named, bool make, GError **error)
{
    const char *base = named ? named : g_getenv("XDG_RUNTIME_DIR");
    if (!named && (!base || !g_path_is_absolute(base))) {
        g_set_error(error, CONTROL_ERROR, CONTROL_NO_SOCKET, "XDG_RUNTIME_DIR %s",
                    base && *base ? "is not an absolute path" : "is not set");
        return NULL;
    }
    /* Canonical, since a link with a '/' behind it would be followed. */
    g_autofree char *whole = g_canonicalize_filename(base, NULL);
    g_autofree char *path = named ? g_strdup(whole) : g_build_filename(whole, DIRECTORY, SOCKET, NULL);
    g_autofree char *directory = g_path_get_dirname(path);
    bool good = strlen(path) <= PATH_LIMIT ||
                refuse(error, path, "the path has %zu bytes; a socket's path has %d at most", strlen(path),
                       PATH_LIMIT);
    if (good && named)
        good = check_directory(directory, 0, OTHERS_WRITE, error);
    else if (good)
        good = is_private(whole, error) && have_private(directory, make, error);
    return good ? g_steal_pointer(&path) : NULL;
}

/* ---- sockets ---- */

static int new_socket(const char *path, struct sockaddr_un *address)
{
    if (strlen(path) > PATH_LIMIT) {
        errno = ENAMETOOLONG;
        return -1;
    }
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(address->sun_path, path, strlen(path));
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

int socket_connect(const char *path)
{
    struct sockaddr_un address;
    int fd = new_socket(path, &address);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    close_with_errno(fd);
    return -1;
}

bool socket_is_own(int fd, pid_t *pid)
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    if (pid) *pid = peer.pid;
    return peer.uid == geteuid();
}

/* If the mode were changed after bind(), other users could connect for a moment. */
static int listen_at(const char *path)
{
    struct sockaddr_un address;
    int fd = new_socket(path, &address);
    if (fd < 0) return -1;
    bool bound = fchmod(fd, 0600) == 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (bound && listen(fd, BACKLOG) == 0) return fd;
    close_with_errno(fd);
    int why = errno;
    if (bound) unlink(path);
    errno = why;
    return -1;
}

/* ---- the lock ---- */

static int open_lock(const char *path, GError **error)
{
    struct stat file;
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd >= 0 && fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && file.st_uid == geteuid()) return fd;
    refuse(error, path, "%s", fd < 0 ? g_strerror(errno) : "is not a regular file of this user");
    if (fd >= 0) close(fd);
    return -1;
}

/* For messages only: 0 if the process that has just got the lock has not written its id yet. */
static pid_t read_holder(int fd)
{
    char text[PID_TEXT] = "";
    int pid;
    bool read = pread(fd, text, sizeof text - 1, 0) > 0 && number_parse(g_strchomp(text), &pid) && pid > 0;
    return read ? pid : 0;
}

int lock_take(const char *path, pid_t *holder, GError **error)
{
    int fd = open_lock(path, error);
    if (fd < 0) return -1;
    if (TEMP_FAILURE_RETRY(flock(fd, LOCK_EX | LOCK_NB)) == 0) {
        if (ftruncate(fd, 0) == 0) dprintf(fd, "%d\n", (int)getpid());
        return fd;
    }
    int why = errno;
    pid_t other = why == EWOULDBLOCK ? read_holder(fd) : 0;
    if (why != EWOULDBLOCK)
        refuse(error, path, "cannot be locked: %s", g_strerror(why));
    else if (other > 0)
        g_set_error(error, CONTROL_ERROR, CONTROL_BUSY, "one is running already (process %d)", (int)other);
    else
        g_set_error_literal(error, CONTROL_ERROR, CONTROL_BUSY, "one is running already");
    if (holder) *holder = other;
    close(fd);
    return -1;
}

char *lock_path(void)
{
    g_autofree char *directory = directory_path(DIRECTORY_STATE);
    g_mkdir_with_parents(directory, 0700); /* if that fails, taking the lock fails too, and says why */
    return g_build_filename(directory, "lock", NULL);
}

/* ---- listening ---- */

struct listener {
    char *path;
    int lock, fd;
    struct stat own; /* the socket as it was made, to tell it from another in its place */
};

/* While the socket is open here, no other file can have its number. */
const char *listener_problem(const struct listener *listener)
{
    struct stat now;
    if (lstat(listener->path, &now) != 0) return "the control socket has been removed";
    bool same = now.st_dev == listener->own.st_dev && now.st_ino == listener->own.st_ino;
    return same ? NULL : "another file has taken the place of the control socket";
}

/* From a signal handler, too: system calls only. */
static void remove_socket(void *data)
{
    const struct listener *listener = data;
    if (!listener_problem(listener)) unlink(listener->path);
}

/* The lock is ours, so no stretchvoice listens there; but the user may have named another program's socket.
 */
static bool remove_dead_socket(const char *path, pid_t *holder, GError **error)
{
    struct stat there;
    if (lstat(path, &there) != 0) return errno == ENOENT || refuse(error, path, "%s", g_strerror(errno));
    if (!S_ISSOCK(there.st_mode)) return refuse(error, path, "exists, and is not a socket");
    int fd = socket_connect(path);
    if (fd >= 0 || errno != ECONNREFUSED) {
        if (fd >= 0) socket_is_own(fd, holder);
        if (fd >= 0) close(fd);
        g_set_error_literal(error, CONTROL_ERROR, CONTROL_BUSY, "another program listens on this socket");
        return false;
    }
    return unlink(path) == 0 || refuse(error, path, "cannot be removed: %s", g_strerror(errno));
}

struct listener *listener_new(const char *path, pid_t *holder, GError **error)
{
    AUTO(listener) listener = g_new0(struct listener, 1);
    g_autofree char *lock = g_strconcat(path, ".lock", NULL);
    *listener = (struct listener){.path = g_strdup(path), .fd = -1, .lock = lock_take(lock, holder, error)};
    if (listener->lock < 0 || !remove_dead_socket(path, holder, error)) return NULL;
    listener->fd = listen_at(path);
    if (listener->fd < 0 || lstat(path, &listener->own) != 0) {
        refuse(error, path, "%s", g_strerror(errno));
        return NULL;
    }
    cleanup_add(remove_socket, listener);
    return g_steal_pointer(&listener);
}

int listener_fd(const struct listener *listener)
{
    return listener->fd;
}

void listener_free(struct listener *listener)
{
    if (!listener) return;
    if (listener->fd >= 0) {
        remove_socket(listener);
        close(listener->fd);
    }
    cleanup_remove(listener);
    if (listener->lock >= 0) close(listener->lock);
    g_free(listener->path);
    g_free(listener);
}
