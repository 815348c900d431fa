#include "control/client.h"
#include "address.h"
#include "wire.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    UNREAD = 64 << 10,  /* bytes that the server may leave unread */
    ANSWER_LINES = 256, /* at most */
};

struct client {
    struct wire *wire; /* NULL when the connection has ended */
    bool greeted, answered, ended;
    const char *problem;          /* why it has ended, if it is known */
    struct response *answer;      /* being received by client_ask(), or NULL */
    const struct client_ops *ops; /* NULL before client_listen() */
    void *data;
};

/* ---- answers ---- */

static void clear_field(gpointer data)
{
    struct response_field *field = data;
    g_free(field->key);
    g_free(field->value);
}

static struct response *response_new(void)
{
    struct response *answer = g_new0(struct response, 1);
    answer->fields = g_array_new(FALSE, FALSE, sizeof(struct response_field));
    g_array_set_clear_func(answer->fields, clear_field);
    return answer;
}

void response_free(struct response *answer)
{
    if (!answer) return;
    g_array_unref(answer->fields);
    g_free(answer->message);
    g_free(answer);
}

const char *response_value(const struct response *answer, const char *key)
{
    for (guint i = 0; i < answer->fields->len; i++) {
        const struct response_field *field = &g_array_index(answer->fields, struct response_field, i);
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
    struct response *answer = client->answer;
    if (line->kind == RESPONSE_FIELD) {
        struct response_field field = {g_strdup(line->key), g_strdup(line->value)};
        g_array_append_val(answer->fields, field);
        if (answer->fields->len > ANSWER_LINES) give_up(client, "its answer has no end");
        return;
    }
    client->answered = true;
    answer->code = line->code;
    if (line->kind == RESPONSE_ERROR) answer->message = g_strdup(line->value);
}

static void read_greeting(struct client *client, const char *text)
{
    client->greeted = strcmp(text, CONTROL_GREETING) == 0;
    if (client->greeted) return;
    bool busy = g_str_has_prefix(text, "ERR ");
    give_up(client, busy ? "it takes no more clients" : "it is no stretchvoice of this version");
}

static void on_line(struct client *client, char *text)
{
    struct response_line line;
    if (!client->greeted)
        read_greeting(client, text);
    else if (!protocol_read(text, &line))
        give_up(client, "its answer makes no sense");
    else if (client->answer && !client->answered)
        collect(client, &line);
    else if (client->ops)
        client->ops->line(client->data, &line);
}

static void end(struct client *client)
{
    client->ended = true;
    g_clear_pointer(&client->wire, wire_free);
    if (client->ops) client->ops->closed(client->data);
}

static void on_wire(void *data, enum wire_event event, char *text)
{
    struct client *client = data;
    switch (event) {
    case WIRE_NOTHING: break;
    case WIRE_LINE: on_line(client, text); break;
    case WIRE_WRONG: give_up(client, "its answer makes no sense"); break;
    case WIRE_ENDED: wire_finish(client->wire); break;
    case WIRE_CLOSED: end(client); break;
    }
}

/* ---- waiting ---- */

static gboolean note(gpointer late)
{
    *(bool *)late = true;
    return G_SOURCE_REMOVE;
}

static bool wait_until(struct client *client, const bool *done, int timeout_ms)
{
    bool late = false;
    guint timer = g_timeout_add((guint)timeout_ms, note, &late);
    while (!*done && !client->ended && !late) g_main_context_iteration(NULL, TRUE);
    if (!late) g_source_remove(timer);
    if (!*done && late && !client->problem) client->problem = "it does not answer";
    return *done;
}

static bool fail(const char *why, GError **error)
{
    g_set_error(error, CONTROL_ERROR, CONTROL_FAILED, "the running session cannot be asked: %s",
                why ? why : "it has ended the connection");
    return false;
}

/* ---- the connection ---- */

static void fail_to_connect(int why, GError **error)
{
    if (why == ENOENT || why == ECONNREFUSED)
        g_set_error_literal(error, CONTROL_ERROR, CONTROL_NO_SESSION, "no session is running");
    else
        g_set_error(error, CONTROL_ERROR, CONTROL_FAILED, "the running session cannot be reached: %s",
                    why == EAGAIN ? "it does not answer" : g_strerror(why));
}

static int connect_to(const char *path, GError **error)
{
    int fd = address_connect(path);
    if (fd >= 0 && address_is_own(fd, NULL)) return fd;
    fail_to_connect(fd < 0 ? errno : EPERM, error);
    if (fd >= 0) close(fd);
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

/* ---- what is said ---- */

bool client_send(struct client *client, const char *const *words)
{
    g_autofree char *line = protocol_command(words);
    if (line && client->wire) wire_send(client->wire, line, strlen(line));
    return line != NULL;
}

struct response *client_ask(struct client *client, const char *const *words, int timeout_ms, GError **error)
{
    AUTO(response) answer = client->answer = response_new();
    client->answered = false;
    bool said = client_send(client, words);
    bool answered = said && wait_until(client, &client->answered, timeout_ms);
    client->answer = NULL;
    if (answered) return g_steal_pointer(&answer);
    fail(said ? client->problem : "the command is too long, or holds control characters", error);
    return NULL;
}

void client_listen(struct client *client, const struct client_ops *ops, void *data)
{
    client->ops = ops;
    client->data = data;
}
