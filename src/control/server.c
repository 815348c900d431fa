#include "control/server.h"
#include "control/protocol.h"
#include "control/socket.h"
#include "wire.h"
#include <errno.h>
#include <glib-unix.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINE_MS = 5000, GUARD_MS = 60000, ACCEPT_PAUSE_MS = 200 };

/* Codes of errors are the program's exit codes. */
enum { CODE_FAILED = 1, CODE_USAGE = 2 };

struct server {
    struct server_options options;
    struct listener *listener; /* NULL once closed */
    GPtrArray *peers;
    guint accepting, guard; /* sources */
    bool stranger;          /* has been reported */
};

struct peer {
    struct server *server;
    struct wire *wire;
    struct reply *reply; /* to the command under way, or NULL */
    int channel;
};

struct reply {
    struct peer *peer; /* NULL when it has gone */
    GString *text;
};

/* ---- replies ---- */

static void reply_end(struct reply *reply)
{
    struct peer *peer = reply->peer;
    if (peer) {
        peer->reply = NULL;
        wire_send(peer->wire, reply->text->str, reply->text->len);
        wire_hold(peer->wire, false);
    }
    g_string_free(reply->text, TRUE);
    g_free(reply);
}

struct peer *reply_peer(const struct reply *reply)
{
    return reply->peer;
}

void reply_field(struct reply *reply, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *value = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    protocol_field(reply->text, key, value);
}

void reply_ok(struct reply *reply)
{
    protocol_ok(reply->text);
    reply_end(reply);
}

void reply_error(struct reply *reply, int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    protocol_error(reply->text, code, message);
    reply_end(reply);
}

/* ---- a client ---- */

static void peer_free(struct peer *peer)
{
    if (peer->reply) peer->reply->peer = NULL;
    wire_free(peer->wire);
    g_free(peer);
}

/* Out of the list first, since the callback may free the server. */
static void leave(struct peer *peer)
{
    const struct server_options options = peer->server->options;
    guint index;
    g_ptr_array_find(peer->server->peers, peer, &index);
    g_ptr_array_steal_index_fast(peer->server->peers, index);
    if (options.ops->closed) options.ops->closed(options.data, peer);
    peer_free(peer);
}

static void handle(struct peer *peer, const char *line)
{
    const struct server_options *options = &peer->server->options;
    const char *problem;
    g_auto(GStrv) words = protocol_words(line, &problem);
    struct reply *reply = peer->reply = g_new(struct reply, 1);
    *reply = (struct reply){peer, g_string_new(NULL)};
    wire_hold(peer->wire, true);
    if (words)
        options->ops->command(options->data, reply, (const char *const *)words);
    else
        reply_error(reply, CODE_USAGE, "%s", problem);
}

static void on_wire(void *data, enum wire_event event, char *text)
{
    struct peer *peer = data;
    switch (event) {
    case WIRE_NOTHING: break;
    case WIRE_LINE: handle(peer, text); break;
    case WIRE_WRONG: {
        g_autoptr(GString) error = g_string_new(NULL);
        protocol_error(error, CODE_USAGE, text);
        wire_send(peer->wire, error->str, error->len);
        wire_finish(peer->wire);
        break;
    }
    case WIRE_ENDED:
        if (!peer->channel) wire_finish(peer->wire); /* a subscriber need not send anything more */
        break;
    case WIRE_CLOSED: leave(peer); break;
    }
}

/* Greets. Takes the descriptor. */
static void add_peer(struct server *server, int fd)
{
    static const char greeting[] = CONTROL_GREETING "\n";
    struct peer *peer = g_new(struct peer, 1);
    const struct wire_options wire = {
        .line = CONTROL_LINE,
        .unread = SERVER_UNREAD,
        .finish_ms = server->options.line_ms,
        .event = on_wire,
        .data = peer,
    };
    *peer = (struct peer){.server = server, .wire = wire_new(fd, &wire)};
    wire_attach(peer->wire);
    wire_send(peer->wire, greeting, sizeof greeting - 1);
    g_ptr_array_add(server->peers, peer);
}

void peer_subscribe(struct peer *peer, int channel)
{
    peer->channel = channel;
}

int peer_channel(const struct peer *peer)
{
    return peer->channel;
}

void peer_send(struct peer *peer, const char *key, const char *value)
{
    g_autoptr(GString) line = g_string_new(NULL);
    protocol_field(line, key, value);
    wire_send(peer->wire, line->str, line->len);
}

void peer_end(struct peer *peer)
{
    wire_finish(peer->wire);
}

static void report_trouble(struct server *server, bool lost, const char *problem)
{
    const struct server_options *options = &server->options;
    if (options->ops->trouble) options->ops->trouble(options->data, lost, problem);
}

/* ---- connections ---- */

static void admit(struct server *server, int fd)
{
    bool own = socket_is_own(fd, NULL);
    if (own && server->peers->len < SERVER_CLIENTS) {
        add_peer(server, fd);
        return;
    }
    if (own) {
        g_autoptr(GString) error = g_string_new(NULL);
        protocol_error(error, CODE_FAILED, "too many clients");
        (void)!send(fd, error->str, error->len, MSG_DONTWAIT | MSG_NOSIGNAL);
    } else if (!server->stranger) {
        server->stranger = true;
        report_trouble(server, false,
                       "another user has tried to connect to the control socket, and was refused");
    }
    close(fd);
}

static gboolean on_connection(gint fd, GIOCondition condition, gpointer data);

static gboolean accept_again(gpointer data)
{
    struct server *server = data;
    server->accepting = g_unix_fd_add(listener_fd(server->listener), G_IO_IN, on_connection, server);
    return G_SOURCE_REMOVE;
}

static gboolean on_connection(gint fd, GIOCondition condition, gpointer data)
{
    (void)condition;
    struct server *server = data;
    int client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client >= 0) {
        admit(server, client);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        /* Without a free descriptor the same client would be found waiting at once, again and again. */
        server->accepting = g_timeout_add(ACCEPT_PAUSE_MS, accept_again, server);
        return G_SOURCE_REMOVE;
    }
    return G_SOURCE_CONTINUE;
}

static gboolean on_guard(gpointer data)
{
    struct server *server = data;
    const char *problem = listener_problem(server->listener);
    if (!problem) return G_SOURCE_CONTINUE;
    server->guard = 0;
    report_trouble(server, true, problem);
    return G_SOURCE_REMOVE;
}

/* ---- from beginning to end ---- */

struct server *server_new(const struct server_options *options, pid_t *holder, GError **error)
{
    if (holder) *holder = 0;
    g_autofree char *path = socket_path(options->path, true, error);
    struct listener *listener = path ? listener_new(path, holder, error) : NULL;
    if (!listener) return NULL;
    struct server *server = g_new0(struct server, 1);
    server->options = *options;
    server->options.path = NULL; /* the caller's, and the listener has its own */
    if (options->line_ms == 0) server->options.line_ms = LINE_MS;
    if (options->guard_ms == 0) server->options.guard_ms = GUARD_MS;
    server->listener = listener;
    server->peers = g_ptr_array_new_with_free_func((GDestroyNotify)peer_free);
    server->guard = g_timeout_add((guint)server->options.guard_ms, on_guard, server);
    accept_again(server);
    return server;
}

void server_close(struct server *server)
{
    if (!server || !server->listener) return;
    g_source_remove(server->accepting);
    g_clear_handle_id(&server->guard, g_source_remove);
    g_clear_pointer(&server->listener, listener_free);
}

void server_free(struct server *server)
{
    if (!server) return;
    server_close(server);
    g_ptr_array_unref(server->peers);
    g_free(server);
}

/* ---- lines for subscribers ---- */

void server_publish(struct server *server, int channel, const char *key, const char *value)
{
    for (guint i = 0; i < server->peers->len; i++) {
        struct peer *peer = g_ptr_array_index(server->peers, i);
        if (peer->channel == channel) peer_send(peer, key, value);
    }
}

bool server_has(const struct server *server, int channel)
{
    for (guint i = 0; i < server->peers->len; i++)
        if (((const struct peer *)g_ptr_array_index(server->peers, i))->channel == channel) return true;
    return false;
}
