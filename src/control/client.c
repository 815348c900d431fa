#include "control/client.h"
#include "control/socket.h"
#include "wire.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    UNREAD = 64 << 10,     /* bytes that the server may leave unread */
    RESPONSE_LINES = 4096, /* at most: far more than a daemon sends of the problems of a routine */
};

struct client {
    struct wire *wire; /* NULL once the connection has ended */
    bool greeted, answered, ended;
    const char *problem;          /* what "the running session" did wrong, or NULL */
    struct response *response;    /* being received by client_ask(), or NULL */
    const struct client_ops *ops; /* NULL before client_listen() */
    void *data;
};

/* ---- responses ---- */

static void clear_field(gpointer data)
{
    struct response_field *field = data;
    g_free(field->key);
    g_free(field->value);
}

void response_free(struct response *response)
{
    if (!response) return;
    g_array_unref(response->fields);
    g_free(response->message);
    g_free(response);
}

const char *response_value(const struct response *response, const char *key)
{
    for (guint i = 0; i < response->fields->len; i++) {
        const struct response_field *field = &g_array_index(response->fields, struct response_field, i);
        if (strcmp(field->key, key) == 0) return field->value;
    }
    return NULL;
}

/* ---- what the server says ---- */

static void give_up(struct client *client, const char *problem)
{
    client->problem = problem;
    wire_finish(client->wire);
}

static void collect(struct client *client, const struct response_line *line)
{
    struct response *response = client->response;
    if (line->kind == RESPONSE_FIELD) {
        struct response_field field = {g_strdup(line->key), g_strdup(line->value)};
        g_array_append_val(response->fields, field);
        if (response->fields->len > RESPONSE_LINES) give_up(client, "gave an answer of over 4096 lines");
        return;
    }
    client->answered = true;
    response->code = line->code;
    if (line->kind == RESPONSE_ERROR) response->message = g_strdup(line->value);
}

static void on_line(struct client *client, char *text)
{
    struct response_line line;
    if (!client->greeted) {
        bool busy = g_str_has_prefix(text, "ERR ");
        client->greeted = strcmp(text, CONTROL_GREETING) == 0;
        if (!client->greeted)
            give_up(client, busy ? "has too many clients" : "is not a stretchvoice of this version");
    } else if (!protocol_read(text, &line)) {
        give_up(client, "gave an answer that cannot be read");
    } else if (client->response && !client->answered) {
        collect(client, &line);
    } else if (client->ops) {
        client->ops->line(client->data, &line);
    }
}

static void on_wire(void *data, enum wire_event event, char *text)
{
    struct client *client = data;
    switch (event) {
    case WIRE_NOTHING: break;
    case WIRE_LINE: on_line(client, text); break;
    case WIRE_WRONG: give_up(client, "gave an answer that cannot be read"); break;
    case WIRE_ENDED: wire_finish(client->wire); break;
    case WIRE_CLOSED:
        client->ended = true;
        g_clear_pointer(&client->wire, wire_free);
        if (client->ops) client->ops->closed(client->data);
        break;
    }
}

/* ---- waiting ---- */

static bool wait_until(struct client *client, const bool *done, int timeout_ms)
{
    gint64 deadline = g_get_monotonic_time() + timeout_ms * G_GINT64_CONSTANT(1000);
    bool in_time = true;
    while (!*done && !client->ended && in_time) in_time = wire_wait(client->wire, deadline);
    if (!*done && !client->ended && !client->problem) client->problem = "does not answer";
    return *done;
}

static bool fail(const char *why, GError **error)
{
    g_set_error(error, CONTROL_ERROR, CONTROL_FAILED, "the running session %s",
                why ? why : "has closed the connection");
    return false;
}

/* ---- the connection ---- */

static int connect_to(const char *path, GError **error)
{
    int fd = socket_connect(path), why = errno;
    if (fd >= 0 && socket_is_own(fd, NULL)) return fd;
    if (fd >= 0) {
        close(fd);
        why = EPERM;
    }
    if (why == ENOENT || why == ECONNREFUSED)
        g_set_error_literal(error, CONTROL_ERROR, CONTROL_NO_SESSION, "no session is running");
    else if (why == EAGAIN)
        fail("does not answer", error);
    else
        g_set_error(error, CONTROL_ERROR, CONTROL_FAILED, "the running session cannot be reached: %s",
                    g_strerror(why));
    return -1;
}

struct client *client_open(const char *path, int timeout_ms, GError **error)
{
    g_autofree char *socket = socket_path(path, false, error);
    int fd = socket ? connect_to(socket, error) : -1;
    if (fd < 0) return NULL;
    struct client *client = g_new0(struct client, 1);
    const struct wire_options wire = {
        .line = CONTROL_RESPONSE_LINE, .unread = UNREAD, .event = on_wire, .data = client};
    client->wire = wire_new(fd, &wire);
    if (wait_until(client, &client->greeted, timeout_ms) || fail(client->problem, error)) return client;
    client_free(client);
    return NULL;
}

void client_free(struct client *client)
{
    if (!client) return;
    wire_free(client->wire);
    g_free(client);
}

bool client_await_end(struct client *client, int timeout_ms)
{
    return wait_until(client, &client->ended, timeout_ms);
}

/* ---- commands ---- */

bool client_send(struct client *client, const char *const *words)
{
    const char *problem;
    g_autofree char *line = protocol_command(words, &problem);
    if (line && client->wire) wire_send(client->wire, line, strlen(line));
    return line != NULL;
}

struct response *client_ask(struct client *client, const char *const *words, int timeout_ms, GError **error)
{
    const char *problem;
    g_autofree char *line = protocol_command(words, &problem);
    if (!line) {
        g_set_error(error, CONTROL_ERROR, CONTROL_FAILED,
                    "the command cannot be sent to the running session: it holds %s", problem);
        return NULL;
    }
    AUTO(response) response = client->response = g_new0(struct response, 1);
    response->fields = g_array_new(FALSE, FALSE, sizeof(struct response_field));
    g_array_set_clear_func(response->fields, clear_field);
    client->answered = false;
    if (client->wire) wire_send(client->wire, line, strlen(line));
    bool answered = wait_until(client, &client->answered, timeout_ms);
    client->response = NULL;
    if (answered) return g_steal_pointer(&response);
    fail(client->problem, error);
    return NULL;
}

void client_listen(struct client *client, const struct client_ops *ops, void *data)
{
    client->ops = ops;
    client->data = data;
    if (client->wire) wire_attach(client->wire);
}
