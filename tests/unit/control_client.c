#include "../lib/control.h"
#include "control/client.h"
#include <poll.h>

enum { LONG_MS = 20000, SHORT_MS = 20 };

/* ---- a client that blocks ---- */

static bool blocked; /* in a function of the client */

/* The servers of these tests live in the same process, and go on while the client blocks. */
int poll(struct pollfd *fds, nfds_t n, int timeout)
{
    const struct timespec whole = {timeout / 1000, timeout % 1000 * 1000000L}, moment = {0, 1000000};
    if (!blocked) return ppoll(fds, n, timeout < 0 ? NULL : &whole, NULL);
    blocked = false;
    gint64 end = g_get_monotonic_time() + timeout * G_GINT64_CONSTANT(1000);
    int ready;
    do {
        while (g_main_context_iteration(NULL, FALSE)) continue;
        ready = ppoll(fds, n, &moment, NULL);
    } while (ready == 0 && g_get_monotonic_time() < end);
    blocked = true;
    return ready;
}

static struct client *open_blocked(int timeout_ms, GError **error)
{
    blocked = true;
    struct client *client = client_open(NULL, timeout_ms, error);
    blocked = false;
    return client;
}

static struct response *ask(struct client *client, const char *const *words, int timeout_ms, GError **error)
{
    blocked = true;
    struct response *response = client_ask(client, words, timeout_ms, error);
    blocked = false;
    return response;
}

static bool await_end(struct client *client, int timeout_ms)
{
    blocked = true;
    bool ended = client_await_end(client, timeout_ms);
    blocked = false;
    return ended;
}

static struct client *open_client(void)
{
    g_autoptr(GError) error = NULL;
    struct client *client = open_blocked(LONG_MS, &error);
    g_assert_no_error(error);
    return client;
}

static void expect_no_client(int timeout_ms, int code, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(open_blocked(timeout_ms, &error));
    g_assert_error(error, CONTROL_ERROR, code);
    g_assert_nonnull(strstr(error->message, why));
}

/* ---- one command ---- */

static void commands_get_answers(struct told *told, gconstpointer data)
{
    (void)told, (void)data;
    g_autoptr(GError) error = NULL;
    AUTO(client) client = open_client();
    AUTO(response)
    answer = ask(client, (const char *const[]){"echo", "it's", "", "two words", NULL}, LONG_MS, &error);
    g_assert_no_error(error);
    g_assert_cmpint(answer->code, ==, 0);
    g_assert_cmpuint(answer->fields->len, ==, 3);
    g_assert_cmpstr(g_array_index(answer->fields, struct response_field, 1).value, ==, "");
    g_assert_cmpstr(g_array_index(answer->fields, struct response_field, 2).value, ==, "two words");
    g_assert_cmpstr(response_value(answer, "word"), ==, "it's");
    g_assert_null(response_value(answer, "nothing"));

    AUTO(response) failed = ask(client, (const char *const[]){"fail", NULL}, LONG_MS, &error);
    g_assert_no_error(error);
    g_assert_cmpint(failed->code, ==, 3);
    g_assert_cmpstr(failed->message, ==, "it failed");
    g_assert_cmpuint(failed->fields->len, ==, 0);
}

static void expect_no_answer(struct client *client, const char *word, int timeout_ms, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(ask(client, (const char *const[]){word, NULL}, timeout_ms, &error));
    g_assert_error(error, CONTROL_ERROR, CONTROL_FAILED);
    g_assert_nonnull(strstr(error->message, why));
}

static void answers_that_do_not_come(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(client) client = open_client();
    expect_no_answer(client, "two\nlines", LONG_MS,
                     "the command cannot be sent to the running session: it holds a line break");
    expect_no_answer(client, "back\xff.ini", LONG_MS, "it holds invalid UTF-8");
    AUTO(client) patient = open_client();
    expect_no_answer(patient, "later", SHORT_MS, "the running session does not answer");
    g_assert_nonnull(told->open);
    told->free_on_close = true;
    g_clear_pointer(&patient, client_free);
    WAIT(!told->server);
    g_clear_pointer(&told->open, reply_ok);
    expect_no_answer(client, "echo", LONG_MS, "the running session has closed the connection");
}

/* As long as that of a daemon which has been given a routine with a thousand mistakes. */
static void long_answers_are_read(struct told *told, gconstpointer data)
{
    (void)told, (void)data;
    g_autoptr(GError) error = NULL;
    AUTO(client) client = open_client();
    AUTO(response) response = ask(client, (const char *const[]){"lines", "1001", NULL}, LONG_MS, &error);
    g_assert_no_error(error);
    g_assert_cmpint(response->code, ==, 3);
    g_assert_cmpuint(response->fields->len, ==, 1001);
    g_assert_cmpuint(strlen(g_array_index(response->fields, struct response_field, 1000).value), ==, 1000);
    AUTO(response) next = ask(client, (const char *const[]){"echo", "me", NULL}, LONG_MS, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(response_value(next, "word"), ==, "me");
}

static void too_many_clients(struct told *told, gconstpointer data)
{
    (void)told, (void)data;
    struct client *clients[SERVER_CLIENTS];
    for (int i = 0; i < SERVER_CLIENTS; i++) clients[i] = open_client();
    expect_no_client(LONG_MS, CONTROL_FAILED, "the running session has too many clients");
    for (int i = 0; i < SERVER_CLIENTS; i++) client_free(clients[i]);
}

/* ---- a conversation ---- */

struct heard {
    struct client *client;
    GString *lines;
    bool closed;
};

static void hear(void *data, const struct response_line *line)
{
    struct heard *heard = data;
    static const char *const kinds[] = {
        [RESPONSE_FIELD] = "field", [RESPONSE_OK] = "ok", [RESPONSE_ERROR] = "error"};
    g_string_append_printf(heard->lines, "%s %s=%s\n", kinds[line->kind], line->key ? line->key : "",
                           line->value ? line->value : "");
    if (g_strcmp0(line->value, "over") == 0) g_clear_pointer(&heard->client, client_free);
}

static void hear_end(void *data)
{
    struct heard *heard = data;
    heard->closed = true;
    g_clear_pointer(&heard->client, client_free);
}

static const struct client_ops hearing = {hear, hear_end};

/* What comes right behind the answer to `subscribe` is not lost. */
static void subscribe(struct heard *heard, struct told *told)
{
    g_autoptr(GError) error = NULL;
    *heard = (struct heard){open_client(), g_string_new(NULL), false};
    AUTO(response)
    answer = ask(heard->client, (const char *const[]){"subscribe", "1", NULL}, LONG_MS, &error);
    g_assert_no_error(error);
    g_assert_cmpint(answer->code, ==, 0);
    peer_send(told->peer, "status", "playing");
    client_listen(heard->client, &hearing, heard);
}

static void lines_are_heard(struct told *told, gconstpointer data)
{
    (void)data;
    struct heard heard;
    subscribe(&heard, told);
    g_assert_true(client_send(heard.client, (const char *const[]){"echo", "me", NULL}));
    g_assert_true(client_send(heard.client, (const char *const[]){"fail", NULL}));
    g_assert_false(client_send(heard.client, (const char *const[]){"\n", NULL}));
    WAIT(strstr(heard.lines->str, "error"));
    server_publish(told->server, 1, "status", "paused");
    g_clear_pointer(&told->server, server_free);
    WAIT(heard.closed);
    g_assert_cmpstr(heard.lines->str, ==,
                    "field status=playing\nfield word=me\nok =\nerror =it failed\nfield status=paused\n");
    g_string_free(heard.lines, TRUE);
}

static void it_may_be_freed_at_a_line(struct told *told, gconstpointer data)
{
    (void)data;
    struct heard heard;
    subscribe(&heard, told);
    server_publish(told->server, 1, "status", "over");
    server_publish(told->server, 1, "status", "never heard");
    WAIT(told->closed == 1);
    g_assert_null(heard.client);
    g_assert_false(heard.closed);
    g_assert_cmpstr(heard.lines->str, ==, "field status=playing\nfield status=over\n");
    g_string_free(heard.lines, TRUE);
}

static gboolean end_server(gpointer data)
{
    struct told *told = data;
    g_clear_pointer(&told->server, server_free);
    return G_SOURCE_REMOVE;
}

static void its_end_leaves_room_for_another(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(client) client = open_client();
    g_assert_false(await_end(client, SHORT_MS));
    g_idle_add(end_server, told);
    g_assert_true(await_end(client, LONG_MS));
    told->server = start_server(told, 0, 0);
    client_free(open_client());
}

/* ---- no server of ours ---- */

static void nobody_is_there(struct told *told, gconstpointer data)
{
    (void)data;
    g_clear_pointer(&told->server, server_free);
    expect_no_client(LONG_MS, CONTROL_NO_SESSION, "no session is running");
    g_setenv("XDG_RUNTIME_DIR", "/no/such/directory", TRUE);
    expect_no_client(LONG_MS, CONTROL_NO_SOCKET, "No such file or directory");
}

/* In the server's place: it listens as `uid`, and says `text` to whoever comes. */
struct other {
    int fd, client;
    const char *text;
};

static gboolean on_other(gint fd, GIOCondition condition, gpointer data)
{
    (void)condition;
    struct other *other = data;
    other->client = accept(fd, NULL, NULL);
    g_assert_cmpint(send(other->client, other->text, strlen(other->text), MSG_NOSIGNAL), ==,
                    (gssize)strlen(other->text));
    return G_SOURCE_REMOVE;
}

static void other_init(struct other *other, struct told *told, uid_t uid, const char *text)
{
    g_autofree char *path = in_directory("stretchvoice/control");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_clear_pointer(&told->server, server_free);
    g_unlink(path);
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    *other = (struct other){socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), -1, text};
    g_assert_true(bind(other->fd, (struct sockaddr *)&address, sizeof address) == 0);
    g_assert_true(seteuid(uid) == 0 && listen(other->fd, 1) == 0 && seteuid(getuid()) == 0);
    if (text) g_unix_fd_add(other->fd, G_IO_IN, on_other, other);
}

static void other_finish(const struct other *other)
{
    close(other->fd);
    if (other->client >= 0) close(other->client);
}

static void it_died_and_left_its_socket(struct told *told, gconstpointer data)
{
    (void)data;
    struct other other;
    other_init(&other, told, geteuid(), NULL);
    other_finish(&other);
    expect_no_client(LONG_MS, CONTROL_NO_SESSION, "no session is running");
}

/* As if it were stopped: the kernel accepts, and no greeting comes. */
static void it_does_not_answer(struct told *told, gconstpointer data)
{
    (void)data;
    struct other other;
    other_init(&other, told, geteuid(), NULL);
    expect_no_client(SHORT_MS, CONTROL_FAILED, "the running session does not answer");
    expect_no_client(SHORT_MS, CONTROL_FAILED, "the running session does not answer");
    expect_no_client(LONG_MS, CONTROL_FAILED,
                     "the running session does not answer"); /* not let in either: at once */
    other_finish(&other);
}

static void it_is_another_users(struct told *told, gconstpointer data)
{
    (void)data;
    if (geteuid() != 0) {
        g_test_skip("only root can be somebody else");
        return;
    }
    struct other other;
    other_init(&other, told, NOBODY, "OK stretchvoice 1\n");
    expect_no_client(LONG_MS, CONTROL_FAILED, "Operation not permitted");
    g_source_remove_by_user_data(&other);
    other_finish(&other);
}

static void it_says_something_else(struct told *told, gconstpointer data)
{
    (void)data;
    g_autofree char *long_line = g_strnfill(CONTROL_RESPONSE_LINE + 1, 'x');
    const char *const texts[] = {"OK MPD 0.23.12\n", "OK stretchvoice 2\n", "\n"};
    struct other other;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        other_init(&other, told, geteuid(), texts[i]);
        expect_no_client(LONG_MS, CONTROL_FAILED,
                         "the running session is not a stretchvoice of this version");
        other_finish(&other);
    }
    other_init(&other, told, geteuid(), long_line);
    expect_no_client(LONG_MS, CONTROL_FAILED, "the running session gave an answer that cannot be read");
    other_finish(&other);
}

static void it_answers_nonsense(struct told *told, gconstpointer data)
{
    (void)data;
    g_autoptr(GString) endless = g_string_new("OK stretchvoice 1\n");
    for (int i = 0; i < 5000; i++) g_string_append(endless, "a: b\n");
    const struct {
        const char *said, *why;
    } cases[] = {{"OK stretchvoice 1\nwhat?\n", "the running session gave an answer that cannot be read"},
                 {"OK stretchvoice 1\na: \x01\n", "the running session gave an answer that cannot be read"},
                 {endless->str, "the running session gave an answer of over 4096 lines"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct other other;
        other_init(&other, told, geteuid(), cases[i].said);
        AUTO(client) client = open_client();
        expect_no_answer(client, "status", LONG_MS, cases[i].why);
        other_finish(&other);
    }
}

/* ---- all tests ---- */

static void set_up(struct told *told, gconstpointer data)
{
    (void)data;
    told_init(told, 0, 0);
}

static void tear_down(struct told *told, gconstpointer data)
{
    (void)data;
    told_finish(told);
}

static void add(const char *name, void (*test)(struct told *told, gconstpointer data))
{
    g_autofree char *path = g_strconcat("/control_client/", name, NULL);
    g_test_add(path, struct told, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("commands", commands_get_answers);
    add("no_answer", answers_that_do_not_come);
    add("long_answers", long_answers_are_read);
    add("too_many", too_many_clients);
    add("lines", lines_are_heard);
    add("freed_at_a_line", it_may_be_freed_at_a_line);
    add("end", its_end_leaves_room_for_another);
    add("B25/nobody", nobody_is_there);
    add("B25/stale", it_died_and_left_its_socket);
    add("B25/stopped", it_does_not_answer);
    add("B27/another_users", it_is_another_users);
    add("greeting", it_says_something_else);
    add("nonsense", it_answers_nonsense);
    return g_test_run();
}
