#include "ui/outlet.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PIECE = 512,    /* bytes that a pipe takes without waiting if poll() says so (POSIX's least PIPE_BUF) */
    AGAIN_MS = 250, /* between two tries: poll() may say that a terminal takes output which then takes none */
    LAST_MS = 100,  /* for the rest at the end */
};

struct outlet {
    int fd;           /* ours; */
    bool nonblocking; /* it never waits, or poll() has to be asked before each piece */
    bool socket;
    int error; /* 0: it works */
    GString *kept;
    guint source;
    void (*drained)(void *data);
    void *data;
};

/* A file description of our own; -1 if there is no way. A file would be written over from its beginning. */
static int open_anew(int fd, mode_t mode)
{
    if (!S_ISCHR(mode) && !S_ISFIFO(mode)) return -1;
    char path[32];
    g_snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

struct outlet *outlet_new(int fd, void (*drained)(void *data), void *data)
{
    struct outlet *outlet = g_new0(struct outlet, 1);
    struct stat info;
    mode_t mode = fstat(fd, &info) == 0 ? info.st_mode : 0;
    outlet->fd = open_anew(fd, mode);
    outlet->nonblocking = outlet->fd >= 0 || S_ISREG(mode);
    if (outlet->fd < 0) outlet->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    outlet->error = outlet->fd < 0 ? errno : 0;
    outlet->socket = S_ISSOCK(mode);
    outlet->kept = g_string_new(NULL);
    outlet->drained = drained;
    outlet->data = data;
    return outlet;
}

static bool would_wait(const struct outlet *outlet, int timeout_ms)
{
    struct pollfd fd = {.fd = outlet->fd, .events = POLLOUT};
    return poll(&fd, 1, timeout_ms) != 1 || !(fd.revents & (POLLOUT | POLLERR | POLLHUP));
}

static ssize_t write_some(const struct outlet *outlet, const char *text, size_t size)
{
    if (outlet->socket) return send(outlet->fd, text, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (outlet->nonblocking) return write(outlet->fd, text, size);
    errno = EAGAIN;
    return would_wait(outlet, 0) ? -1 : write(outlet->fd, text, MIN(size, PIECE));
}

static void flush(struct outlet *outlet)
{
    ssize_t n = 1;
    while (outlet->kept->len > 0 && !outlet->error) {
        n = write_some(outlet, outlet->kept->str, outlet->kept->len);
        if (n > 0) g_string_erase(outlet->kept, 0, n);
        if (n < 0 && errno == EAGAIN) return;
        if (n < 0 && errno != EINTR) outlet->error = errno;
    }
    g_string_truncate(outlet->kept, 0);
}

static gboolean try_again(gpointer data)
{
    struct outlet *outlet = data;
    flush(outlet);
    if (outlet->kept->len > 0) return G_SOURCE_CONTINUE;
    outlet->source = 0;
    if (outlet->drained) outlet->drained(outlet->data);
    return G_SOURCE_REMOVE;
}

bool outlet_write(struct outlet *outlet, const char *text, size_t size)
{
    if (outlet->error || outlet->kept->len + size > OUTLET_BYTES) return false;
    g_string_append_len(outlet->kept, text, (gssize)size);
    flush(outlet);
    if (outlet->kept->len > 0 && outlet->source == 0)
        outlet->source = g_timeout_add(AGAIN_MS, try_again, outlet);
    return true;
}

bool outlet_line(struct outlet *outlet, const char *text)
{
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    return outlet_write(outlet, line, strlen(line));
}

bool outlet_is_behind(const struct outlet *outlet)
{
    return outlet->kept->len > 0;
}

void outlet_drop(struct outlet *outlet)
{
    g_string_truncate(outlet->kept, 0);
}

int outlet_error(const struct outlet *outlet)
{
    return outlet->error;
}

void outlet_shout(const struct outlet *outlet, const char *text)
{
    ssize_t written = write_some(outlet, text, strlen(text));
    (void)written; /* a terminal that is gone needs no cursor */
}

void outlet_free(struct outlet *outlet)
{
    if (!outlet) return;
    if (outlet->source) g_source_remove(outlet->source);
    gint64 end = g_get_monotonic_time() + LAST_MS * 1000;
    while (outlet_is_behind(outlet) && g_get_monotonic_time() < end && !would_wait(outlet, LAST_MS / 4))
        flush(outlet);
    if (outlet->fd >= 0) close(outlet->fd);
    g_string_free(outlet->kept, TRUE);
    g_free(outlet);
}
