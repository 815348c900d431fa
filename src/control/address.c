#include "address.h"
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 64 };

static_assert(ADDRESS_LIMIT == sizeof((struct sockaddr_un *)0)->sun_path - 1, "a path has an end");

static bool set_path(struct sockaddr_un *address, const char *path)
{
    size_t length = strlen(path);
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (length <= ADDRESS_LIMIT)
        memcpy(address->sun_path, path, length);
    else
        errno = ENAMETOOLONG;
    return length <= ADDRESS_LIMIT;
}

static int new_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* The socket, or -1 with the reason still in errno. */
static int done(int fd, bool good)
{
    int why = errno;
    if (good || fd < 0) return fd;
    close(fd);
    errno = why;
    return -1;
}

int address_listen(const char *path)
{
    struct sockaddr_un address;
    int fd = set_path(&address, path) ? new_socket() : -1;
    /* Changed only after bind(), the mode would leave it open to others for a moment. */
    return done(fd, fd >= 0 && fchmod(fd, 0600) == 0 &&
                        bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
                        listen(fd, BACKLOG) == 0);
}

int address_connect(const char *path)
{
    struct sockaddr_un address;
    int fd = set_path(&address, path) ? new_socket() : -1;
    return done(fd, fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
}

bool address_is_own(int fd, pid_t *pid)
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    if (pid) *pid = peer.pid;
    return peer.uid == geteuid();
}
