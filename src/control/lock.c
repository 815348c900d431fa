#include "control/socket.h"
#include "base/directory.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PID_TEXT = 16 };

static int open_lock(const char *path, GError **error)
{
    struct stat file;
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd >= 0 && fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && file.st_uid == geteuid()) return fd;
    socket_refuse(error, path, "%s", fd < 0 ? g_strerror(errno) : "is no file of this user's");
    if (fd >= 0) close(fd);
    return -1;
}

static bool lock(int fd)
{
    int result;
    do result = flock(fd, LOCK_EX | LOCK_NB);
    while (result != 0 && errno == EINTR);
    return result == 0;
}

/* For messages only: whoever has just got the lock may not have written it yet. */
static pid_t read_holder(int fd)
{
    char text[PID_TEXT] = "";
    return pread(fd, text, sizeof text - 1, 0) > 0 ? (pid_t)atoi(text) : 0;
}

static void write_holder(int fd)
{
    if (ftruncate(fd, 0) == 0) dprintf(fd, "%d\n", (int)getpid());
}

static int fail(int fd, const char *path, pid_t *holder, GError **error)
{
    int why = errno;
    pid_t other = why == EWOULDBLOCK ? read_holder(fd) : 0;
    if (why != EWOULDBLOCK)
        socket_refuse(error, path, "cannot be locked: %s", g_strerror(why));
    else if (other > 0)
        g_set_error(error, CONTROL_ERROR, CONTROL_BUSY, "one is running already (process %d)", (int)other);
    else
        g_set_error_literal(error, CONTROL_ERROR, CONTROL_BUSY, "one is running already");
    if (holder) *holder = other;
    close(fd);
    return -1;
}

int lock_take(const char *path, pid_t *holder, GError **error)
{
    int fd = open_lock(path, error);
    if (fd < 0) return -1;
    if (!lock(fd)) return fail(fd, path, holder, error);
    write_holder(fd);
    return fd;
}

char *lock_path(void)
{
    g_autofree char *directory = directory_path(DIRECTORY_STATE);
    g_mkdir_with_parents(directory, 0700); /* if that fails, so will taking the lock, and say why */
    return g_build_filename(directory, "lock", NULL);
}
