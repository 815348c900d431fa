#include "ipc/child.h"
#include "base/diag.h"
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    SHOWN_PATH = 300,
    START_FDS = 3,   /* one of /dev/null, and two that are moved out of its way */
    REAP_MS = 50,    /* to wait for a killed process; longer would be noticed */
    REAP_AGAIN_S = 1 /* one in an uninterruptible call, as on a dead mount, is looked at again and again */
};

static const unsigned long PERSONALITY_QUERY = 0xffffffff;

struct child {
    const struct child_ops *ops;
    void *data;
    GPid pid;
    int fd;
    guint input, patience; /* sources */
    struct packet_reader reader;
};

/* ---- listening ---- */

static gboolean on_input(gint fd, GIOCondition condition, gpointer data)
{
    struct child *child = data;
    (void)condition;
    enum packet_state state = packet_read(&child->reader, fd, MSG_DONTWAIT);
    if (state == PACKET_PARTIAL) return G_SOURCE_CONTINUE;
    if (state == PACKET_WHOLE) {
        /* Taken out of the reader: the callback may free the child. */
        const struct packet packet = child->reader.packet;
        g_autofree char *payload = g_steal_pointer(&child->reader.payload);
        packet_reader_finish(&child->reader);
        if (child->ops->received(child->data, &packet, payload)) return G_SOURCE_CONTINUE;
    }
    child->ops->lost(child->data, CHILD_ENDED);
    return G_SOURCE_CONTINUE;
}

static gboolean on_silence(gpointer data)
{
    struct child *child = data;
    child->patience = 0;
    child->ops->lost(child->data, CHILD_SILENT);
    return G_SOURCE_REMOVE;
}

void child_expect(struct child *child, guint ms)
{
    g_clear_handle_id(&child->patience, g_source_remove);
    if (ms > 0) child->patience = g_timeout_add(ms, on_silence, child);
}

const struct packet *child_wait(struct child *child, gint64 deadline, const char **payload, GError **error)
{
    struct pollfd fd = {.fd = child->fd, .events = POLLIN};
    for (;;) {
        gint64 left = MAX(deadline - g_get_monotonic_time(), 0);
        if (poll(&fd, 1, (int)((left + 999) / 1000)) == 0) break;
        enum packet_state state = packet_read(&child->reader, child->fd, MSG_DONTWAIT);
        *payload = child->reader.payload;
        if (state == PACKET_WHOLE) return &child->reader.packet;
        if (state == PACKET_PARTIAL) continue;
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "it ended unexpectedly");
        return NULL;
    }
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "it does not answer");
    return NULL;
}

void child_send(struct child *child, const struct packet *packet, const void *payload)
{
    if (!packet_send(child->fd, packet, payload, MSG_DONTWAIT)) shutdown(child->fd, SHUT_RDWR);
}

/* ---- starting ---- */

static bool set_errno(GError **error)
{
    g_set_error_literal(error, G_IO_ERROR, g_io_error_from_errno(errno), g_strerror(errno));
    return false;
}

/* /dev/null for the output of a helper, if there are also as many descriptors left as a start needs for a
 * moment; else -1. GLib ends this program, instead of giving an error, where it cannot open /dev/null itself.
 */
static int open_output(GError **error)
{
    int fds[START_FDS], n = 0;
    while (n < START_FDS && (fds[n] = open("/dev/null", O_RDWR | O_CLOEXEC)) >= 0) n++;
    bool enough = n == START_FDS || set_errno(error);
    for (int i = enough ? 1 : 0; i < n; i++) close(fds[i]);
    return enough ? fds[0] : -1;
}

/* Makes a sentence of GLib's error: which program, why, and what to do. NULL is fine. */
static void explain(const char *path, GError **error)
{
    if (!error) return;
    g_autofree char *was = g_steal_pointer(&(*error)->message), *shown = diag_shown(path, SHOWN_PATH);
    bool missing = access(path, X_OK) != 0;
    const char *why = missing ? g_strerror(errno) : was, *hint = missing ? "; reinstall stretchvoice" : "";
    (*error)->message = g_strdup_printf("'%s' cannot be started (%s)%s", shown, why, hint);
}

/* Between its start and its own group, the helper gets what the terminal sends to ours. Stopped there by ^Z
 * it would never be executed, and this program waits for that. It keeps these signals blocked. */
static void block_stops(sigset_t *before)
{
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTSTP);
    sigprocmask(SIG_BLOCK, &stops, before);
}

/* The helper inherits what does not close on exec: nothing of ours. GLib would otherwise close all
 * descriptors one by one, in a copy of this program's memory. */
static bool spawn(struct child *child, const struct child_options *options, int input, GError **error)
{
    const char *const command[] = {options->program, PACKET_PROTOCOL, NULL};
    const int extra = CHILD_EXTRA_FD;
    GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_LEAVE_DESCRIPTORS_OPEN;
    int output = open_output(error);
    if (output < 0) return false;
    /* A personality is inherited, and takes effect when a program is executed: this one keeps its own
     * addresses. */
    int before = options->same_addresses ? personality(PERSONALITY_QUERY) : -1;
    if (before >= 0) personality((unsigned long)before | ADDR_NO_RANDOMIZE);
    sigset_t signals;
    block_stops(&signals);
    bool started = g_spawn_async_with_pipes_and_fds(
        NULL, command, NULL, flags, NULL, NULL, input, output, output, &options->extra_fd, &extra,
        options->extra_fd >= 0 ? 1 : 0, &child->pid, NULL, NULL, NULL, error);
    close(output);
    sigprocmask(SIG_SETMASK, &signals, NULL);
    if (before >= 0) personality((unsigned long)before);
    return started;
}

struct child *child_new(const struct child_options *options, GError **error)
{
    int ends[2] = {-1, -1};
    bool paired = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0 || set_errno(error);
    struct child *child = g_new0(struct child, 1);
    *child = (struct child){
        .ops = options->ops, .data = options->data, .fd = ends[0], .reader.limit = options->limit};
    bool started = paired && spawn(child, options, ends[1], error);
    if (paired) close(ends[1]);
    if (!started) {
        explain(options->program, error);
        child_free(child);
        return NULL;
    }
    if (child->ops) child->input = g_unix_fd_add(child->fd, G_IO_IN | G_IO_HUP, on_input, child);
    return child;
}

/* ---- ending ---- */

static gboolean is_there(gpointer pid)
{
    pid_t got = waitpid(GPOINTER_TO_INT(pid), NULL, WNOHANG);
    return got == 0 || (got < 0 && errno == EINTR);
}

static gboolean kill_and_reap(gpointer data)
{
    GPid pid = GPOINTER_TO_INT(data);
    kill(-pid, SIGKILL); /* it leads a group of its own, unless it has only just begun */
    kill(pid, SIGKILL);
    gint64 deadline = g_get_monotonic_time() + REAP_MS * G_TIME_SPAN_MILLISECOND;
    while (is_there(data)) {
        if (g_get_monotonic_time() > deadline) {
            g_timeout_add_seconds(REAP_AGAIN_S, is_there, data);
            break;
        }
        g_usleep(100);
    }
    return G_SOURCE_REMOVE;
}

/* Frees everything but the process. */
static void let_go(struct child *child)
{
    g_clear_handle_id(&child->input, g_source_remove);
    g_clear_handle_id(&child->patience, g_source_remove);
    packet_reader_finish(&child->reader);
    if (child->fd >= 0) close(child->fd);
    g_free(child);
}

void child_free(struct child *child)
{
    if (!child) return;
    GPid pid = child->pid;
    let_go(child);
    if (pid <= 0) return;
#ifdef MEASURE_COVERAGE
    /* A helper whose connection has ended ends by itself, and writes what it counted. */
    for (int ms = 0; ms < 1000 && is_there(GINT_TO_POINTER(pid)); ms++) g_usleep(1000);
#endif
    kill_and_reap(GINT_TO_POINTER(pid));
}

void child_leave(struct child *child, guint grace_ms)
{
    g_timeout_add(grace_ms, kill_and_reap, GINT_TO_POINTER(child->pid));
    let_go(child);
}

void child_forget(struct child *child)
{
    if (!child) return;
    g_timeout_add_seconds(REAP_AGAIN_S, is_there, GINT_TO_POINTER(child->pid));
    let_go(child);
}

int64_t child_waited(const struct child *child)
{
    char path[64],
        text[100]; /* three numbers: nanoseconds that it ran, that it waited, and how often it ran */
    g_snprintf(path, sizeof path, "/proc/%d/schedstat", (int)child->pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t size = read(fd, text, sizeof text - 1);
    close(fd);
    text[MAX(size, 0)] = '\0';
    const char *waited = strchr(text, ' ');
    return waited ? (int64_t)(g_ascii_strtoull(waited, NULL, 10) / 1000) : 0;
}
