#include "claim.h"

#include <glib.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A name that is no file's: the kernel takes it away with its process. */
int claim_server(uint32_t server)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int length = g_snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "stretchvoice-others-%u-%u",
                            (unsigned)getuid(), server);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
    if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, size) == 0) return fd;
    if (fd >= 0) close(fd);
    return -1;
}
