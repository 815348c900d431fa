#include "wire.h"
#include "base/read.h"
#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A GSource outlives its dispatch, so the callback may free the wire. */
struct wire {
    GSource source; /* comes first */
    gpointer watch;
    int fd;
    struct wire_options options;
    GString *in, *out;
    gint64 deadline; /* -1: none */
    bool held, finishing;
    bool ended, reported; /* the end has been read, and reported */
    bool broken;
};

/* ---- bytes ---- */

static bool is_passing(int error)
{
    return error == EAGAIN || error == EINTR;
}

/* Once: what is left makes the main loop come again. There is room for a whole line and its LF. */
static void receive(struct wire *wire)
{
    char bytes[4096];
    gsize room = wire->options.line + 1 - wire->in->len;
    gssize n = recv(wire->fd, bytes, MIN(room, sizeof bytes), MSG_DONTWAIT);
    if (n > 0) g_string_append_len(wire->in, bytes, n);
    if (n == 0) wire->ended = true;
    if (n < 0 && !is_passing(errno)) wire->broken = true;
}

static void transmit(struct wire *wire)
{
    gssize n = 1;
    while (n > 0 && wire->out->len > 0) {
        n = send(wire->fd, wire->out->str, wire->out->len, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n > 0) g_string_erase(wire->out, 0, n);
    }
    if (n < 0 && !is_passing(errno)) wire->broken = true;
}

/* ---- lines ---- */

static bool has_line(const struct wire *wire)
{
    return memchr(wire->in->str, '\n', wire->in->len) != NULL;
}

static bool listens(const struct wire *wire)
{
    return !wire->held && !wire->finishing;
}

static bool is_late(const struct wire *wire)
{
    return wire->deadline >= 0 && g_get_monotonic_time() >= wire->deadline;
}

/* The next event, given what poll() says of the socket. */
static enum wire_event next_event(const struct wire *wire, GIOCondition ready)
{
    bool hung = ready & (G_IO_HUP | G_IO_ERR | G_IO_NVAL);
    if (wire->broken || (wire->finishing && (wire->out->len == 0 || is_late(wire)))) return WIRE_CLOSED;
    if (listens(wire) && has_line(wire)) return WIRE_LINE;
    if (hung && (wire->held || wire->ended)) return WIRE_CLOSED;
    if (!listens(wire)) return WIRE_NOTHING;
    if (wire->ended) return wire->reported ? WIRE_NOTHING : WIRE_ENDED;
    return wire->in->len > wire->options.line || is_late(wire) ? WIRE_WRONG : WIRE_NOTHING;
}

/* The text of an event; the caller frees it. A line that is not text becomes WIRE_WRONG. */
static char *describe(struct wire *wire, enum wire_event *event)
{
    if (*event == WIRE_LINE) {
        gsize length = (gsize)((char *)memchr(wire->in->str, '\n', wire->in->len) - wire->in->str) + 1;
        g_autofree char *line = g_strndup(wire->in->str, length);
        struct lines lines = {.next = line, .end = line + length};
        g_string_erase(wire->in, 0, (gssize)length);
        lines_next(&lines);
        if (!lines.bad) return g_steal_pointer(&line);
        *event = WIRE_WRONG;
        return g_strdup_printf("the line holds %s", lines.bad);
    }
    if (*event != WIRE_WRONG) return NULL;
    if (is_late(wire))
        return g_strdup_printf("the line was not finished within %g s", wire->options.finish_ms / 1000.0);
    return g_strdup_printf("the line is over %zu bytes long", wire->options.line);
}

/* ---- the main loop ---- */

static GIOCondition wanted(const struct wire *wire)
{
    GIOCondition wanted = G_IO_HUP | G_IO_ERR;
    if (listens(wire) && !wire->ended && !has_line(wire)) wanted |= G_IO_IN;
    if (wire->out->len > 0) wanted |= G_IO_OUT;
    return wanted;
}

/* Sets what the main loop waits for. */
static void settle(struct wire *wire)
{
    bool waiting = wire->finishing || (listens(wire) && wire->in->len > 0 && !wire->ended && !has_line(wire));
    if (!waiting || wire->options.finish_ms == 0)
        wire->deadline = -1;
    else if (wire->deadline < 0)
        wire->deadline = g_get_monotonic_time() + wire->options.finish_ms * G_GINT64_CONSTANT(1000);
    g_source_modify_unix_fd(&wire->source, wire->watch, wanted(wire));
    g_source_set_ready_time(&wire->source, next_event(wire, 0) != WIRE_NOTHING ? 0 : wire->deadline);
}

static void step(struct wire *wire, GIOCondition ready)
{
    if (ready & G_IO_OUT) transmit(wire);
    if (ready & G_IO_IN) receive(wire);
    enum wire_event event = next_event(wire, ready);
    g_autofree char *text = describe(wire, &event);
    if (event == WIRE_ENDED) wire->reported = true;
    settle(wire);
    if (event != WIRE_NOTHING) wire->options.event(wire->options.data, event, text);
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
    (void)callback, (void)data;
    struct wire *wire = (struct wire *)source;
    step(wire, g_source_query_unix_fd(source, wire->watch));
    return G_SOURCE_CONTINUE;
}

void wire_attach(struct wire *wire)
{
    g_source_attach(&wire->source, NULL);
}

bool wire_wait(struct wire *wire, gint64 deadline)
{
    gint64 left = MAX(deadline - g_get_monotonic_time(), 0);
    gint64 wait_ms = next_event(wire, 0) != WIRE_NOTHING ? 0 : (left + 999) / 1000;
    struct pollfd look = {.fd = wire->fd, .events = (short)wanted(wire)};
    bool ready = poll(&look, 1, (int)MIN(wait_ms, G_MAXINT)) > 0;
    g_source_ref(&wire->source); /* the event may free the wire */
    step(wire, ready ? (GIOCondition)look.revents : 0);
    g_source_unref(&wire->source);
    return left > 0;
}

struct wire *wire_new(int fd, const struct wire_options *options)
{
    static GSourceFuncs funcs = {.dispatch = dispatch};
    struct wire *wire = (struct wire *)g_source_new(&funcs, sizeof *wire);
    wire->fd = fd;
    wire->options = *options;
    wire->in = g_string_new(NULL);
    wire->out = g_string_new(NULL);
    wire->deadline = -1;
    wire->watch = g_source_add_unix_fd(&wire->source, fd, G_IO_IN);
    return wire;
}

void wire_free(struct wire *wire)
{
    if (!wire) return;
    g_source_destroy(&wire->source);
    close(wire->fd);
    g_string_free(wire->in, TRUE);
    g_string_free(wire->out, TRUE);
    g_source_unref(&wire->source);
}

void wire_send(struct wire *wire, const char *text, gsize size)
{
    if (wire->broken || wire->finishing) return;
    if (wire->out->len > wire->options.unread) {
        wire->broken = true;
    } else {
        g_string_append_len(wire->out, text, (gssize)size);
        transmit(wire);
    }
    settle(wire);
}

void wire_hold(struct wire *wire, bool held)
{
    wire->held = held;
    settle(wire);
}

void wire_finish(struct wire *wire)
{
    wire->finishing = true;
    wire->deadline = -1;
    settle(wire);
}
