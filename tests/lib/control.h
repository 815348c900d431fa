/* For tests of the control socket: a private runtime directory, a server that answers, and a client of raw
 * bytes, all on one main loop. */
#ifndef TESTS_CONTROL_H
#define TESTS_CONTROL_H

#include "control/socket.h"
#include "control/server.h"
#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { NOBODY = 65534, PATIENCE_S = 20 };

/* ---- a directory ---- */

static char *directory;

static inline void make_directory(void)
{
    umask(0);
    directory = g_dir_make_tmp("control-XXXXXX", NULL);
    g_assert_nonnull(directory);
    g_setenv("XDG_RUNTIME_DIR", directory, TRUE);
    g_setenv("XDG_STATE_HOME", directory, TRUE);
}

static inline char *in_directory(const char *name)
{
    return g_build_filename(directory, name, NULL);
}

static inline void remove_all(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (g_file_test(inner, G_FILE_TEST_IS_DIR) && !g_file_test(inner, G_FILE_TEST_IS_SYMLINK))
            remove_all(inner);
        else
            g_unlink(inner);
    }
    g_rmdir(path);
}

static inline void remove_directory(void)
{
    remove_all(directory);
    g_clear_pointer(&directory, g_free);
}

/* ---- waiting for events, never for time ---- */

static inline gboolean too_long(gpointer what)
{
    g_error("waited in vain for %s", (const char *)what);
    return G_SOURCE_REMOVE;
}

/* Runs the main loop until the condition holds. */
#define WAIT(condition)                                                                                      \
    G_STMT_START                                                                                             \
    {                                                                                                        \
        guint waiting = g_timeout_add_seconds(PATIENCE_S, too_long, (char *)#condition);                     \
        while (!(condition)) g_main_context_iteration(NULL, TRUE);                                           \
        g_source_remove(waiting);                                                                            \
    }                                                                                                        \
    G_STMT_END

/* Handles what is there to be handled: that must come to an end. */
static inline void drain(void)
{
    for (int turns = 0; g_main_context_iteration(NULL, FALSE); turns++)
        if (turns == 10000) g_error("the main loop does not come to rest");
}

/* ---- a client of bytes ---- */

struct raw {
    int fd;
    GString *got;
    bool ended, deaf;
};

static inline gboolean raw_read(gint fd, GIOCondition condition, gpointer data)
{
    (void)condition;
    struct raw *raw = data;
    char bytes[4096];
    gssize n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return G_SOURCE_CONTINUE;
    if (n > 0) g_string_append_len(raw->got, bytes, n);
    raw->ended = n <= 0;
    return !raw->ended;
}

static inline int raw_connect(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    close(fd);
    return -1;
}

static inline void raw_open_ears(struct raw *raw)
{
    raw->deaf = false;
    g_unix_fd_add(raw->fd, G_IO_IN | G_IO_HUP, raw_read, raw);
}

/* Reads from the beginning, unless it is deaf. */
static inline struct raw *raw_at(const char *path, bool deaf)
{
    struct raw *raw = g_new0(struct raw, 1);
    *raw = (struct raw){.fd = raw_connect(path), .got = g_string_new(NULL), .deaf = deaf};
    g_assert_cmpint(raw->fd, >=, 0);
    if (!deaf) raw_open_ears(raw);
    return raw;
}

static inline struct raw *raw_new(bool deaf)
{
    g_autofree char *path = in_directory("stretchvoice/control");
    return raw_at(path, deaf);
}

static inline void raw_free(struct raw *raw)
{
    if (!raw) return;
    if (!raw->ended && !raw->deaf) g_source_remove_by_user_data(raw);
    close(raw->fd);
    g_string_free(raw->got, TRUE);
    g_free(raw);
}
AUTO_DEFINE(raw)

/* As much as goes in at once; how many bytes that were, -1 if nobody is there any more. */
static inline gssize raw_push(const struct raw *raw, const char *bytes, gsize size)
{
    gssize n = send(raw->fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    return n < 0 && errno == EAGAIN ? 0 : n;
}

static inline void raw_say(const struct raw *raw, const char *text)
{
    g_assert_cmpint(raw_push(raw, text, strlen(text)), ==, (gssize)strlen(text));
}

/* Waits for `text`, and takes it away. */
static inline void raw_expect(struct raw *raw, const char *text)
{
    gsize length = strlen(text);
    WAIT(raw->got->len >= length || raw->ended);
    g_autofree char *came = g_strndup(raw->got->str, length);
    g_assert_cmpstr(came, ==, text);
    g_string_erase(raw->got, 0, (gssize)length);
}

static inline void raw_expect_end(struct raw *raw)
{
    WAIT(raw->ended);
    g_assert_cmpstr(raw->got->str, ==, "");
}

/* ---- a server ---- */

struct told {
    struct server *server;
    GString *commands;  /* each with a space before it */
    struct reply *open; /* of a command "later" */
    struct peer *peer;  /* who subscribed last; NULL when it has gone */
    guint closed, lost, strangers;
    bool free_on_close;
};

/* Answers "echo WORD…", "fail", "big" and "lines N", and keeps "later". */
static inline void on_command(void *data, struct reply *reply, const char *const *words)
{
    struct told *told = data;
    g_string_append_printf(told->commands, " %s", words[0]);
    if (strcmp(words[0], "later") == 0) {
        told->open = reply;
        return;
    }
    if (strcmp(words[0], "fail") == 0) {
        reply_error(reply, 3, "it %s", "failed");
        return;
    }
    if (strcmp(words[0], "subscribe") == 0) {
        told->peer = reply_peer(reply);
        peer_subscribe(told->peer, atoi(words[1]));
    }
    for (int i = 0; strcmp(words[0], "lines") == 0 && i < atoi(words[1]); i++)
        reply_field(reply, "line", "%01000d", i);
    if (strcmp(words[0], "lines") == 0) {
        reply_error(reply, 3, "that was all");
        return;
    }
    if (strcmp(words[0], "big") == 0) reply_field(reply, "big", "%01000d", 0);
    for (int i = 1; words[i] && strcmp(words[0], "echo") == 0; i++)
        reply_field(reply, "word", "%s", words[i]);
    reply_ok(reply);
    if (strcmp(words[0], "free") == 0) g_clear_pointer(&told->server, server_free);
}

static inline void on_closed(void *data, struct peer *peer)
{
    struct told *told = data;
    told->closed++;
    if (told->peer == peer) told->peer = NULL;
    if (told->free_on_close) g_clear_pointer(&told->server, server_free);
}

static inline void on_trouble(void *data, bool lost, const char *problem)
{
    struct told *told = data;
    g_test_message("%s", problem);
    if (lost)
        told->lost++;
    else
        told->strangers++;
}

/* Times in milliseconds, 0 for the usual ones. */
static inline struct server *start_server(struct told *told, int line_ms, int guard_ms)
{
    static const struct server_ops ops = {on_command, on_closed, on_trouble};
    const struct server_options options = {
        .ops = &ops, .data = told, .line_ms = line_ms, .guard_ms = guard_ms};
    g_autoptr(GError) error = NULL;
    struct server *server = server_new(&options, NULL, &error);
    g_assert_no_error(error);
    return server;
}

static inline void told_init(struct told *told, int line_ms, int guard_ms)
{
    make_directory();
    *told = (struct told){.commands = g_string_new(NULL)};
    told->server = start_server(told, line_ms, guard_ms);
}

static inline void told_finish(struct told *told)
{
    server_free(told->server);
    g_string_free(told->commands, TRUE);
    remove_directory();
}

#endif
