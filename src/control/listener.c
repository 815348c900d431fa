#include "listener.h"
#include "base/cleanup.h"
#include "address.h"
#include "control/socket.h"
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

struct listener {
    char *path;
    int lock, fd;
    struct stat own; /* the socket as it was made: by it, another one in its place is known */
};

/* ---- watching it ---- */

/* As long as it is open here, no other file can have its number. */
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

/* ---- what is in the way ---- */

static bool is_live(const char *path, pid_t *holder)
{
    int fd = address_connect(path);
    int why = errno;
    if (fd >= 0) {
        address_is_own(fd, holder);
        close(fd);
    }
    return fd >= 0 || why != ECONNREFUSED;
}

/* The lock is ours, so nobody of our kind lives there; but the user may have named another program's. */
static bool clear_way(const char *path, pid_t *holder, GError **error)
{
    struct stat there;
    if (lstat(path, &there) != 0)
        return errno == ENOENT || socket_refuse(error, path, "%s", g_strerror(errno));
    if (!S_ISSOCK(there.st_mode)) return socket_refuse(error, path, "is there, and is no socket");
    if (is_live(path, holder)) {
        g_set_error_literal(error, CONTROL_ERROR, CONTROL_BUSY, "another program listens on this socket");
        return false;
    }
    return unlink(path) == 0 || socket_refuse(error, path, "cannot be removed: %s", g_strerror(errno));
}

/* ---- taking it ---- */

static bool begin(struct listener *listener, pid_t *holder, GError **error)
{
    const char *path = listener->path;
    g_autofree char *lock = g_strconcat(path, ".lock", NULL);
    listener->lock = lock_take(lock, holder, error);
    if (listener->lock < 0 || !clear_way(path, holder, error)) return false;
    listener->fd = address_listen(path);
    if (listener->fd < 0 || lstat(path, &listener->own) != 0)
        return socket_refuse(error, path, "%s", g_strerror(errno));
    cleanup_add(remove_socket, listener);
    return true;
}

struct listener *listener_new(const char *path, pid_t *holder, GError **error)
{
    struct listener *listener = g_new0(struct listener, 1);
    *listener = (struct listener){.path = g_strdup(path), .lock = -1, .fd = -1};
    if (begin(listener, holder, error)) return listener;
    listener_free(listener);
    return NULL;
}

int listener_fd(const struct listener *listener)
{
    return listener->fd;
}

/* ---- giving it back ---- */

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
