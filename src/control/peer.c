/* One client of the server, and the answers to its commands. */
#include "control/protocol.h"
#include "server_private.h"
#include "wire.h"
#include <stdarg.h>

struct reply {
    struct peer *peer; /* NULL when it has gone */
    GString *text;
};

/* ---- answers ---- */

static struct reply *reply_new(struct peer *peer)
{
    struct reply *reply = g_new(struct reply, 1);
    *reply = (struct reply){peer, g_string_new(NULL)};
    return reply;
}

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

/* ---- what a client says ---- */

static void handle(struct peer *peer, const char *line)
{
    const struct server_options *options = &peer->server->options;
    const char *problem;
    g_auto(GStrv) words = protocol_words(line, &problem);
    struct reply *reply = peer->reply = reply_new(peer);
    wire_hold(peer->wire, true);
    if (words)
        options->ops->command(options->data, reply, (const char *const *)words);
    else
        reply_error(reply, CODE_USAGE, "%s", problem);
}

static void turn_away(struct peer *peer, const char *problem)
{
    g_autoptr(GString) error = g_string_new(NULL);
    protocol_error(error, CODE_USAGE, problem);
    wire_send(peer->wire, error->str, error->len);
    wire_finish(peer->wire);
}

/* Out of the list before it is told, since whoever is told may free the server. */
static void leave(struct peer *peer)
{
    const struct server_options options = peer->server->options;
    guint index;
    g_ptr_array_find(peer->server->peers, peer, &index);
    g_ptr_array_steal_index_fast(peer->server->peers, index);
    if (options.ops->closed) options.ops->closed(options.data, peer);
    peer_free(peer);
}

/* Who only listens has nothing more to say. */
static void stop_reading(struct peer *peer)
{
    if (!peer->channel) wire_finish(peer->wire);
}

static void on_wire(void *data, enum wire_event event, char *text)
{
    struct peer *peer = data;
    switch (event) {
    case WIRE_NOTHING: break;
    case WIRE_LINE: handle(peer, text); break;
    case WIRE_WRONG: turn_away(peer, text); break;
    case WIRE_ENDED: stop_reading(peer); break;
    case WIRE_CLOSED: leave(peer); break;
    }
}

/* ---- a client ---- */

struct peer *peer_new(struct server *server, int fd)
{
    static const char greeting[] = CONTROL_GREETING "\n";
    struct peer *peer = g_new(struct peer, 1);
    const struct wire_options wire = {CONTROL_LINE, SERVER_UNREAD, server->options.line_ms, on_wire, peer};
    *peer = (struct peer){.server = server, .wire = wire_new(fd, &wire)};
    wire_send(peer->wire, greeting, sizeof greeting - 1);
    return peer;
}

void peer_free(struct peer *peer)
{
    if (peer->reply) peer->reply->peer = NULL;
    wire_free(peer->wire);
    g_free(peer);
}

void peer_subscribe(struct peer *peer, int channel)
{
    peer->channel = channel;
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
