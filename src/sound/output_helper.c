/* The output that is a program of its own: stretchvoice-sound, and through it whatever PortAudio knows. */
#include "backend.h"
#include "ipc/child.h"
#include "ipc/sound_packets.h"
#include "sound/input.h"
#include "sound/output.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    LIST_MS = 5000, /* to name all devices */
    HELD_S = 10,    /* of sound between the ring and the ear, at most */
    SKIPPED = 9, /* starts that are saved while the sound server does not answer, before one all the same */
};

struct helper {
    struct backend_host *host;
    struct child *child; /* NULL: not started */
    bool started;
    bool leaves;   /* its server, when the connection is closed, and ends then */
    char *refusal; /* why it has not been started */
    guint source;
};

/* --- the program --- */

static struct child *start_program(const char *program, int extra_fd, const struct child_ops *ops, void *data,
                                   GError **error)
{
    const struct child_options options = {
        .program = program, .extra_fd = extra_fd, .limit = SOUND_TEXT_MAX, .ops = ops, .data = data};
    return child_new(&options, error);
}

static void request(struct child *child, enum sound_packet kind, const char *text)
{
    child_send(child, &(struct packet){.kind = kind, .size = (uint32_t)strlen(text)}, text);
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

/* False if the values are impossible. */
static bool report_started(struct helper *helper, const struct packet *packet, const char *name)
{
    int32_t latency = packet->value[STARTED_LATENCY], tail = packet->value[STARTED_TAIL];
    int32_t most = HELD_S * ring_rate(helper->host->ring);
    if (helper->started || latency < 0 || latency > most || tail < 0 || tail > most) return false;
    helper->started = true;
    helper->leaves = packet->value[STARTED_LEAVES];
    helper->host->memory.had_server = server_presence() == PRESENT;
    helper->host->memory.skipped = 0;
    g_autofree char *device = g_utf8_make_valid(name, -1);
    const struct backend_report news = {
        .news = BACKEND_STARTED, .text = device, .latency = latency, .tail = tail};
    helper->host->report(helper->host->data, &news);
    return true;
}

static void report_unknown(const struct helper *helper, const char *nearest)
{
    g_autofree char *name = g_utf8_make_valid(nearest, -1);
    g_autofree char *why = device_no_such("output", helper->host->device, *name ? name : NULL);
    report_failed(helper, why);
}

static bool report_sink(const struct helper *helper, const struct packet *packet, const char *name)
{
    g_autofree char *sink = g_utf8_make_valid(name, -1);
    const struct backend_report news = {.news = BACKEND_SINK,
                                        .text = sink,
                                        .sink = (uint32_t)packet->value[SINK_ID],
                                        .moved = packet->value[SINK_MOVED]};
    if (!helper->started || news.sink == SINK_UNKNOWN) return false;
    helper->host->report(helper->host->data, &news);
    return true;
}

static bool on_packet(void *data, const struct packet *packet, const void *text)
{
    struct helper *helper = data;
    switch (packet->kind) {
    case SOUND_STARTED: return report_started(helper, packet, text);
    case SOUND_REFUSED: report_failed(helper, text); return true;
    case SOUND_UNKNOWN: report_unknown(helper, text); return true;
    case SOUND_SINK: return report_sink(helper, packet, text);
    case SOUND_STOPPED: report_failed(helper, "the output is gone"); return true;
    default: return false;
    }
}

static void on_lost(void *data, enum child_loss loss)
{
    (void)loss;
    report_failed(data, "the sound program ended unexpectedly");
}

static const struct child_ops child_ops = {on_packet, on_lost};

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
    g_autoptr(GError) error = NULL;
    helper->host = host;
    if (host->attempt == 0) host->memory.had_server = server_presence() == PRESENT;
    if (host->attempt > 0 && is_in_vain(host))
        helper->refusal = g_strdup("the sound server is gone");
    else if ((helper->child = start_program(host->program, ring_fd(host->ring), &child_ops, helper, &error)))
        request(helper->child, SOUND_PLAY, host->device);
    else
        helper->refusal = g_strdup(error->message);
    if (helper->refusal) helper->source = g_idle_add(on_not_started, helper);
    return helper;
}

static int64_t waited(const void *data)
{
    const struct helper *helper = data;
    return helper->child ? child_waited(helper->child) : 0;
}

static void wake(void *data)
{
    const struct helper *helper = data;
    if (helper->child) request(helper->child, SOUND_WAKE, "");
}

/* Killed, not asked: it may be in a call that never returns, and nothing of it is worth waiting for. Only one
 * that has to take leave of its server gets some time, while we go on. */
static void stop(void *data)
{
    struct helper *helper = data;
    g_clear_handle_id(&helper->source, g_source_remove);
    if (helper->leaves)
        child_leave(helper->child, DEVICE_LEAVE_MS);
    else
        child_free(helper->child);
    g_free(helper->refusal);
    g_free(helper);
}

const struct backend backend_helper = {start, waited, wake, stop, .stays = false};

/* --- naming all devices --- */

/* Only the first of several devices with one name can be chosen by it. */
static void add_name(GPtrArray *names, int *fallback, const struct packet *packet, const char *text)
{
    g_autofree char *name = g_utf8_make_valid(text, -1);
    if (g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL)) return;
    bool first = packet->kind == SOUND_DEFAULT;
    if (first) *fallback = 0;
    g_ptr_array_insert(names, first ? 0 : -1, g_steal_pointer(&name));
}

static GPtrArray *list(const char *program, bool inputs, int *fallback, GError **error)
{
    struct child *child = start_program(program, -1, NULL, NULL, error);
    *fallback = -1;
    if (!child) return NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) why = NULL;
    gint64 deadline = g_get_monotonic_time() + LIST_MS * G_TIME_SPAN_MILLISECOND;
    const struct packet *packet;
    const char *text;
    child_send(child, &(struct packet){.kind = SOUND_LIST, .value = {[LIST_INPUTS] = inputs}}, "");
    while ((packet = child_wait(child, deadline, &text, &why)) && packet->kind != SOUND_LISTED)
        add_name(names, fallback, packet, text);
    child_free(child);
    if (why) {
        bool late = g_error_matches(why, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
        g_set_error_literal(error, why->domain, why->code,
                            late ? "the sound server does not answer"
                                 : "the sound program ended unexpectedly");
        return NULL;
    }
    return g_steal_pointer(&names);
}

GPtrArray *output_list(const char *program, int *fallback, GError **error)
{
    GPtrArray *names = list(program, false, fallback, error);
    if (!names) return NULL;
    g_ptr_array_add(names, g_strdup("null"));
    g_ptr_array_add(names, g_strdup("null:fast"));
    return names;
}

GPtrArray *input_list(const char *program, int *fallback, GError **error)
{
    return list(program, true, fallback, error);
}
