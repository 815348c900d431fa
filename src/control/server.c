#include "address.h"
#include "listener.h"
#include "control/socket.h"
#include "control/protocol.h"
#include "server_private.h"
#include <errno.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINE_MS = 5000, GUARD_MS = 60000, ACCEPT_PAUSE_MS = 200 };

static void tell_trouble(struct server *server, bool lost, const char *problem)
{
    const struct server_options *options = &server->options;
    if (options->ops->trouble) options->ops->trouble(options->data, lost, problem);
}

/* ---- who comes in ---- */

static void refuse_stranger(struct server *server, int fd)
{
    close(fd);
    if (server->stranger) return;
    server->stranger = true;
    tell_trouble(server, false, "another user has tried to connect to the control socket, and was refused");
}

static void refuse_one_more(int fd)
{
    g_autoptr(GString) error = g_string_new(NULL);
    protocol_error(error, CODE_FAILED, "too many clients");
    (void)!send(fd, error->str, error->len, MSG_DONTWAIT | MSG_NOSIGNAL);
    close(fd);
}

static void let_in(struct server *server, int fd)
{
    if (!address_is_own(fd, NULL))
        refuse_stranger(server, fd);
    else if (server->peers->len >= SERVER_CLIENTS)
        refuse_one_more(fd);
    else
        g_ptr_array_add(server->peers, peer_new(server, fd));
}

static gboolean on_connection(gint fd, GIOCondition condition, gpointer data);

static gboolean watch_door(gpointer data)
{
    struct server *server = data;
    server->accepting = g_unix_fd_add(listener_fd(server->listener), G_IO_IN, on_connection, server);
    return G_SOURCE_REMOVE;
}

/* With no descriptor left, the same client would be found waiting again at once, and for ever. */
static gboolean close_door_for_a_while(struct server *server)
{
    server->accepting = g_timeout_add(ACCEPT_PAUSE_MS, watch_door, server);
    return G_SOURCE_REMOVE;
}

static gboolean on_connection(gint fd, GIOCondition condition, gpointer data)
{
    (void)condition;
    struct server *server = data;
    int client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client >= 0)
        let_in(server, client);
    else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        return close_door_for_a_while(server);
    return G_SOURCE_CONTINUE;
}

static gboolean on_guard(gpointer data)
{
    struct server *server = data;
    const char *problem = listener_problem(server->listener);
    if (!problem) return G_SOURCE_CONTINUE;
    server->guard = 0;
    tell_trouble(server, true, problem);
    return G_SOURCE_REMOVE;
}

/* ---- from beginning to end ---- */

static void take_options(struct server *server, const struct server_options *options)
{
    server->options = *options;
    server->options.path = NULL; /* the caller's, and the listener has its own */
    if (options->line_ms == 0) server->options.line_ms = LINE_MS;
    if (options->guard_ms == 0) server->options.guard_ms = GUARD_MS;
}

struct server *server_new(const struct server_options *options, pid_t *holder, GError **error)
{
    if (holder) *holder = 0;
    g_autofree char *path = socket_path(options->path, true, error);
    struct listener *listener = path ? listener_new(path, holder, error) : NULL;
    if (!listener) return NULL;
    struct server *server = g_new0(struct server, 1);
    take_options(server, options);
    server->listener = listener;
    server->peers = g_ptr_array_new_with_free_func((GDestroyNotify)peer_free);
    server->guard = g_timeout_add((guint)server->options.guard_ms, on_guard, server);
    watch_door(server);
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
