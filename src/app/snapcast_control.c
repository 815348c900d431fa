/* Snapcast's protocol for the program behind a stream: JSON-RPC on standard input and output, a message on
 * each line. Every Snapcast client becomes a remote control of the session. */
#include "class.h"
#include "interrupt.h"
#include "subcommands.h"
#include "control/client.h"
#include "control/snapcast.h"
#include "report/snapcast.h"
#include "ui/outlet.h"
#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

enum {
    OPEN_MS = 500,
    SERVER_S = 1,
    RETRY_MS = 1000,   /* between two looks for a session, and for the server */
    LINE = 64 << 10,   /* bytes; a longer line is not read */
    ID_BYTES = 200,    /* of a request's id; a longer one is not answered by it */
    MOST_ASKED = 1000, /* requests without an answer */
    /* JSON-RPC's errors. */
    NO_JSON = -32700,
    NO_REQUEST = -32600,
    NO_METHOD = -32601,
    NOT_POSSIBLE = -32000,
};

struct remote {
    const struct options *options;
    GMainLoop *loop;
    struct outlet *out;
    GString *line; /* so far */
    bool skips;    /* the rest of a line that is too long */
    char *media;   /* JSON; NULL: no session */
    GQueue *asked; /* char *: ids of requests, as JSON, for which a response is awaited; "": of none */
    struct client *client; /* NULL: no process that plays */
    struct snapcast *server;
    guint listeners; /* that are connected to it, as far as is known */
    const char *address;
    guint port;
    int code;
};

/* ---- out ---- */

static void send(struct remote *remote, const char *json)
{
    outlet_line(remote->out, json);
    if (outlet_error(remote->out)) g_main_loop_quit(remote->loop);
}

/* `members` is JSON without its braces. */
static void respond(struct remote *remote, const char *id, const char *name, const char *value)
{
    g_autofree char *json = g_strdup_printf("{\"id\":%s,\"jsonrpc\":\"2.0\",\"%s\":%s}", id, name, value);
    send(remote, json);
}

static void respond_error(struct remote *remote, const char *id, int code, const char *message)
{
    g_autoptr(GString) json = g_string_new(NULL);
    json_number(json, "code", code);
    json_text(json, "message", message);
    json_end(json);
    respond(remote, id, "error", json->str);
}

static void notify(struct remote *remote)
{
    g_autofree char *now = snapcast_properties(remote->media);
    g_autofree char *json = g_strdup_printf(
        "{\"jsonrpc\":\"2.0\",\"method\":\"Plugin.Stream.Player.Properties\",\"params\":%s}", now);
    send(remote, json);
}

/* ---- the control socket ---- */

static void forget_session(struct remote *remote)
{
    char *id;
    while ((id = g_queue_pop_head(remote->asked))) {
        if (*id) respond_error(remote, id, NOT_POSSIBLE, "the program that played has ended");
        g_free(id);
    }
    g_clear_pointer(&remote->client, client_free);
    g_clear_pointer(&remote->media, g_free);
    notify(remote);
}

static void on_response(void *data, const struct response_line *line)
{
    struct remote *remote = data;
    if (line->kind == RESPONSE_FIELD) {
        if (strcmp(line->key, "media") != 0) return;
        g_free(remote->media);
        remote->media = g_strdup(line->value);
        notify(remote);
        return;
    }
    g_autofree char *id = g_queue_pop_head(remote->asked);
    if (!id || !*id) return;
    if (line->kind == RESPONSE_OK)
        respond(remote, id, "result", "\"ok\"");
    else
        respond_error(remote, id, NOT_POSSIBLE, line->value);
}

static void on_closed(void *data)
{
    forget_session(data);
}

/* `id` is that of a request, as JSON; "": no one waits for the response. */
static void ask_session(struct remote *remote, const char *word, const char *id)
{
    g_queue_push_tail(remote->asked, g_strdup(id));
    client_send(remote->client, (const char *const[]){word, NULL});
}

static void look_for_session(struct remote *remote)
{
    static const struct client_ops ops = {on_response, on_closed};
    remote->client = client_open(remote->options->socket, OPEN_MS, NULL);
    if (!remote->client) return;
    client_listen(remote->client, &ops, remote);
    ask_session(remote, "media", "");
}

/* ---- the server: who comes in ---- */

static void on_message(void *data, const char *json)
{
    struct remote *remote = data;
    if (!json) {
        g_clear_pointer(&remote->server, snapcast_free);
        return;
    }
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonObject *message = json_object_in(parser, json);
    guint before = remote->listeners;
    remote->listeners = snapcast_listeners_after(before, message);
    if (remote->listeners > before && remote->client) ask_session(remote, "joined", "");
}

static void look_for_server(struct remote *remote)
{
    remote->server = snapcast_open(remote->address, remote->port + 1, SERVER_S, NULL);
    if (remote->server) snapcast_listen(remote->server, on_message, remote);
}

static gboolean look(gpointer data)
{
    struct remote *remote = data;
    if (!remote->client) look_for_session(remote);
    if (!remote->server) look_for_server(remote);
    return G_SOURCE_CONTINUE;
}

/* ---- requests ---- */

static const char *text_in(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;
    return node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
}

static const struct {
    const char *name;
    const char *word; /* on the control socket; NULL: it cannot be done, */
    const char *why;  /* because of this */
} commands[] = {
    {"play", "resume", NULL},
    {"pause", "pause", NULL},
    {"playPause", "toggle", NULL},
    {"next", "next", NULL},
    {"previous", "previous", NULL},
    {"seek", NULL, "a session has no positions to seek; next and previous move by steps"},
    {"setPosition", NULL, "a session has no positions to seek; next and previous move by steps"},
    {"stop", NULL, "only the leader stops the session; pause it instead"},
};

static void control(struct remote *remote, const char *id, JsonObject *params)
{
    const char *name = text_in(params, "command");
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (g_strcmp0(commands[i].name, name) != 0) continue;
        if (!commands[i].word)
            respond_error(remote, id, NOT_POSSIBLE, commands[i].why);
        else if (!remote->client)
            respond_error(remote, id, NOT_POSSIBLE, "there is no session");
        else if (g_queue_get_length(remote->asked) >= MOST_ASKED)
            respond_error(remote, id, NOT_POSSIBLE, "the session does not answer");
        else
            ask_session(remote, commands[i].word, id);
        return;
    }
    respond_error(remote, id, NOT_POSSIBLE, "there is no such command");
}

static void get_properties(struct remote *remote, const char *id, JsonObject *params)
{
    g_autofree char *json = snapcast_properties(remote->media);
    (void)params;
    respond(remote, id, "result", json);
}

static void set_property(struct remote *remote, const char *id, JsonObject *params)
{
    (void)params;
    respond_error(remote, id, NOT_POSSIBLE,
                  "a session has no such property to set; each listener has its own volume");
}

static const struct {
    const char *method;
    void (*run)(struct remote *remote, const char *id, JsonObject *params);
} methods[] = {
    {"Plugin.Stream.Player.Control", control},
    {"Plugin.Stream.Player.GetProperties", get_properties},
    {"Plugin.Stream.Player.SetProperty", set_property},
};

/* As JSON; to be freed. NULL for none, or one that is not allowed. */
static char *id_of(JsonObject *request)
{
    JsonNode *node = json_object_get_member(request, "id");
    GType type = node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_INVALID;
    if (type != G_TYPE_INT64 && type != G_TYPE_STRING) return NULL;
    g_autofree char *id = json_to_string(node, FALSE);
    return strlen(id) <= ID_BYTES ? g_steal_pointer(&id) : NULL;
}

static void take_request(struct remote *remote, const char *text)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonObject *request = g_utf8_validate(text, -1, NULL) ? json_object_in(parser, text) : NULL;
    if (!request) {
        bool is_json = json_parser_get_root(parser) != NULL;
        respond_error(remote, "null", is_json ? NO_REQUEST : NO_JSON, "not a JSON object");
        return;
    }
    g_autofree char *id = id_of(request);
    const char *method = text_in(request, "method");
    JsonNode *params = json_object_get_member(request, "params");
    if (!id && json_object_has_member(request, "id"))
        respond_error(remote, "null", NO_REQUEST, "an id is a whole number or a short text");
    if (!id) return; /* a notification: there is none for us */
    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        if (g_strcmp0(methods[i].method, method) != 0) continue;
        methods[i].run(remote, id,
                       params && JSON_NODE_HOLDS_OBJECT(params) ? json_node_get_object(params) : NULL);
        return;
    }
    if (method)
        respond_error(remote, id, NO_METHOD, "there is no such method");
    else if (!json_object_has_member(request, "result") && !json_object_has_member(request, "error"))
        respond_error(remote, id, NO_REQUEST, "a request has a method");
}

/* ---- in ---- */

static void take_byte(struct remote *remote, char byte)
{
    if (byte != '\n') {
        remote->skips |= remote->line->len >= LINE;
        if (!remote->skips) g_string_append_c(remote->line, byte ? byte : ' ');
        return;
    }
    g_strchomp(remote->line->str);
    if (remote->skips)
        respond_error(remote, "null", NO_REQUEST, "the line is too long");
    else if (*remote->line->str)
        take_request(remote, remote->line->str);
    remote->skips = false;
    g_string_truncate(remote->line, 0);
}

static gboolean on_input(gint fd, GIOCondition ready, gpointer data)
{
    struct remote *remote = data;
    char bytes[4096];
    (void)ready;
    ssize_t n = read(fd, bytes, sizeof bytes);
    for (ssize_t i = 0; i < n; i++) take_byte(remote, bytes[i]);
    if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR))) return G_SOURCE_CONTINUE;
    g_main_loop_quit(remote->loop); /* the server has ended */
    return G_SOURCE_REMOVE;
}

/* ---- the subcommand ---- */

static void on_signal(void *data)
{
    g_main_loop_quit(((struct remote *)data)->loop);
}

static void run(struct remote *remote)
{
    struct interrupt interrupt;
    interrupt_init(&interrupt);
    interrupt.came = on_signal;
    interrupt.data = remote;
    g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, remote);
    guint timer = g_timeout_add(RETRY_MS, look, remote);
    look(remote);
    send(remote, "{\"jsonrpc\":\"2.0\",\"method\":\"Plugin.Stream.Ready\"}");
    g_main_loop_run(remote->loop);
    g_source_remove(timer);
    interrupt_finish(&interrupt);
    if (interrupt.signal) remote->code = EXIT_SIGNAL + interrupt.signal;
}

int subcommand_snapcast_control(const struct options *options)
{
    struct remote remote = {
        .options = options, .address = options->address ? options->address : "127.0.0.1", .code = EXIT_DONE};
    if (!class_port(options, &remote.port)) return EXIT_USAGE;
    remote.loop = g_main_loop_new(NULL, FALSE);
    remote.out = outlet_new(STDOUT_FILENO, NULL, NULL);
    remote.line = g_string_new(NULL);
    remote.asked = g_queue_new();
    run(&remote);
    client_free(remote.client);
    snapcast_free(remote.server);
    outlet_free(remote.out);
    g_queue_free_full(remote.asked, g_free);
    g_string_free(remote.line, TRUE);
    g_free(remote.media);
    g_main_loop_unref(remote.loop);
    return remote.code;
}
