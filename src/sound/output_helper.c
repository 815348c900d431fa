/* The output that is a program of its own: stretchvoice-sound, and through it whatever PortAudio knows. */
#include "backend.h"
#include "ipc/program.h"
#include "ipc/sound_packets.h"
#include "sound/output.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    LEAVE_MS = 2000, /* for a helper to end by itself */
    LIST_MS = 5000,  /* for it to name all outputs */
    SKIPPED = 9, /* starts that are saved while the sound server does not answer, before one all the same */
};

/* Where the program finds what it inherits. */
enum { CONTROL_FD = 3, RING_FD = 4 };

struct helper {
    struct backend_host *host;
    GSubprocess *process; /* NULL: not started */
    int control;
    bool started;
    bool leaves; /* by itself, when `control` is closed */
    guint source;
    char *refusal; /* why it has not been started */
};

/* --- starting the program --- */

/* Takes `control` over. */
static GSubprocess *spawn(const char *program, const struct ring *ring, int control, GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_INHERIT_FDS | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                  G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    g_autofree char *control_arg = g_strdup_printf("%d", CONTROL_FD),
                    *ring_arg = ring ? g_strdup_printf("%d", RING_FD) : NULL;
    g_subprocess_launcher_take_fd(launcher, control, CONTROL_FD);
    if (ring) g_subprocess_launcher_take_fd(launcher, fcntl(ring_fd(ring), F_DUPFD_CLOEXEC, 0), RING_FD);
    if (!program_has_room(error)) return NULL;
    return g_subprocess_launcher_spawn(launcher, error, program, control_arg, ring_arg, NULL);
}

/* Starts the program, hands it the ring (or none, if NULL) and sends the request. *control is the socket to
 * it, for the caller to close. NULL and `error` if it cannot be started. */
static GSubprocess *start_program(const char *program, const struct ring *ring, const struct message *request,
                                  int *control, GError **error)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s", g_strerror(errno));
        return NULL;
    }
    message_send(pair[0], request);
    GSubprocess *process = spawn(program, ring, pair[1], error);
    if (process) {
        *control = pair[0];
        return process;
    }
    program_explain(program, error);
    close(pair[0]);
    return NULL;
}

/* --- whether PulseAudio, or PipeWire in its place, answers --- */

enum presence { UNKNOWN, PRESENT, ABSENT };

/* The path of its socket; NULL if it is elsewhere, as over the network. */
static char *server_socket(void)
{
    const char *server = g_getenv("PULSE_SERVER"), *own = g_getenv("PULSE_RUNTIME_PATH"),
               *runtime = g_getenv("XDG_RUNTIME_DIR");
    if (server && *server) {
        const char *path = g_str_has_prefix(server, "unix:") ? server + strlen("unix:") : server;
        return *path == '/' ? g_strdup(path) : NULL;
    }
    if (own) return g_build_filename(own, "native", NULL);
    return runtime ? g_build_filename(runtime, "pulse/native", NULL) : NULL;
}

/* Costs a hundredth of starting the program, which is tried three times a second while sound is lost. */
static enum presence server_presence(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_autofree char *path = server_socket();
    if (!path || g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path)
        return UNKNOWN;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return UNKNOWN;
    bool answers = connect(fd, (struct sockaddr *)&address, sizeof address) == 0 || errno == EAGAIN;
    close(fd);
    return answers ? PRESENT : ABSENT;
}

/* --- playing --- */

static void report(const struct helper *helper, enum backend_news news, const char *text)
{
    helper->host->report(helper->host->data, &(struct backend_report){.news = news, .text = text});
}

/* A server that answered when this start began, and no longer does, has not refused: it is gone. */
static void report_failed(const struct helper *helper, const char *why)
{
    bool is_gone = helper->host->memory.had_server && server_presence() == ABSENT;
    report(helper, helper->started || is_gone ? BACKEND_STOPPED : BACKEND_REFUSED, why);
}

static void report_started(struct helper *helper, const struct message *message)
{
    const struct backend_report started = {BACKEND_STARTED, message->text, message->latency, message->tail};
    helper->started = true;
    helper->leaves = message->leaves;
    helper->host->memory.had_server = server_presence() == PRESENT;
    helper->host->memory.skipped = 0;
    helper->host->report(helper->host->data, &started);
}

static gboolean on_message(int fd, GIOCondition condition, gpointer data)
{
    struct helper *helper = data;
    struct message message;
    (void)condition;
    if (!message_receive(fd, &message, MSG_DONTWAIT)) {
        if (errno == EAGAIN || errno == EINTR) return G_SOURCE_CONTINUE;
        report_failed(helper, "the sound program ended unexpectedly");
    } else if (message.kind == MESSAGE_STARTED) {
        report_started(helper, &message);
    } else if (message.kind == MESSAGE_REFUSED) {
        report_failed(helper, message.text);
    } else {
        report_failed(helper, "the output is gone");
    }
    return G_SOURCE_CONTINUE; /* the source is gone if the backend has been stopped */
}

static gboolean on_not_started(gpointer data)
{
    struct helper *helper = data;
    helper->source = 0;
    report(helper, BACKEND_REFUSED, helper->refusal);
    return G_SOURCE_REMOVE;
}

/* While the server that played does not answer, another output is only looked for now and then. */
static bool is_in_vain(struct backend_host *host)
{
    if (!host->memory.had_server || server_presence() != ABSENT) return false;
    host->memory.skipped = (host->memory.skipped + 1) % (SKIPPED + 1);
    return host->memory.skipped != 1;
}

static void *start(struct backend_host *host)
{
    struct helper *helper = g_new0(struct helper, 1);
    helper->host = host;
    if (host->attempt == 0) {
        host->memory.had_server = server_presence() == PRESENT;
    } else if (is_in_vain(host)) {
        helper->refusal = g_strdup("the sound server is gone");
        helper->source = g_idle_add(on_not_started, helper);
        return helper;
    }
    struct message request = {.kind = MESSAGE_PLAY};
    g_strlcpy(request.text, host->device, sizeof request.text);
    g_autoptr(GError) error = NULL;
    helper->process = start_program(host->program, host->ring, &request, &helper->control, &error);
    if (helper->process) {
        helper->source = g_unix_fd_add(helper->control, G_IO_IN | G_IO_HUP, on_message, helper);
    } else {
        helper->refusal = g_strdup(error->message);
        helper->source = g_idle_add(on_not_started, helper);
    }
    return helper;
}

/* Does not wait: if its socket is full, the program is frozen. */
static void wake(void *data)
{
    const struct helper *helper = data;
    const struct message message = {.kind = MESSAGE_WAKE};
    if (helper->process) send(helper->control, &message, sizeof message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static gboolean kill_late(gpointer process)
{
    g_subprocess_force_exit(process);
    return G_SOURCE_REMOVE;
}

/* Killed, not asked: it may be in a call that never returns, and nothing of it is worth waiting for. Only one
 * that has to take leave of its server gets some time, while we go on. */
static void stop(void *data)
{
    struct helper *helper = data;
    if (helper->source) g_source_remove(helper->source);
    if (helper->process) {
        if (helper->leaves)
            g_timeout_add_full(G_PRIORITY_DEFAULT, LEAVE_MS, kill_late, g_object_ref(helper->process),
                               g_object_unref);
        else
            g_subprocess_force_exit(helper->process);
        g_object_unref(helper->process);
        close(helper->control);
    }
    g_free(helper->refusal);
    g_free(helper);
}

const struct backend backend_helper = {"", start, wake, stop};

/* --- naming all outputs --- */

/* One message; false with `error` if none came in time. */
static bool receive(int control, gint64 deadline, struct message *message, GError **error)
{
    struct pollfd fd = {.fd = control, .events = POLLIN};
    do {
        gint64 left = MAX(deadline - g_get_monotonic_time(), 0) / 1000;
        if (poll(&fd, 1, (int)left) == 0) {
            g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "the sound server does not answer");
            return false;
        }
        if (message_receive(control, message, MSG_DONTWAIT)) return true;
    } while (errno == EAGAIN || errno == EINTR);
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the sound program ended unexpectedly");
    return false;
}

/* Only the first of several outputs with one name can be chosen by it. */
static void add_name(GPtrArray *names, int *fallback, const struct message *message)
{
    if (g_ptr_array_find_with_equal_func(names, message->text, g_str_equal, NULL)) return;
    bool first = message->kind == MESSAGE_DEFAULT;
    if (first) *fallback = 0;
    g_ptr_array_insert(names, first ? 0 : -1, g_utf8_make_valid(message->text, -1));
}

static bool collect(int control, GPtrArray *names, int *fallback, GError **error)
{
    gint64 deadline = g_get_monotonic_time() + LIST_MS * 1000;
    struct message message;
    while (receive(control, deadline, &message, error)) {
        if (message.kind == MESSAGE_LISTED) return true;
        add_name(names, fallback, &message);
    }
    return false;
}

GPtrArray *output_list(const char *program, int *fallback, GError **error)
{
    int control;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const struct message request = {.kind = MESSAGE_LIST};
    g_autoptr(GSubprocess) process = start_program(program, NULL, &request, &control, error);
    *fallback = -1;
    if (!process) return NULL;
    bool complete = collect(control, names, fallback, error);
    g_subprocess_force_exit(process);
    close(control);
    if (!complete) return NULL;
    g_ptr_array_add(names, g_strdup("null"));
    g_ptr_array_add(names, g_strdup("null:fast"));
    return g_steal_pointer(&names);
}
