#include "control/snapcast.h"
#include "control/socket.h"
#include "wire.h"
#include <fcntl.h>
#include <string.h>

enum { LINE = 4 << 20, UNREAD = 64 << 10 }; /* bytes; the status of a thousand listeners is one line */

struct snapcast {
    struct wire *wire; /* NULL once the connection has ended */
    char *response;    /* to snapcast_status() */
    void (*message)(void *data, const char *json);
    void *data;
};

static void on_wire(void *data, enum wire_event event, char *text)
{
    struct snapcast *snapcast = data;
    if (event == WIRE_LINE && snapcast->message) {
        snapcast->message(snapcast->data, text);
    } else if (event == WIRE_LINE) {
        if (strstr(text, "\"result\"") && !snapcast->response) snapcast->response = g_strdup(text);
    } else if (event != WIRE_NOTHING) {
        g_clear_pointer(&snapcast->wire, wire_free);
        if (snapcast->message) snapcast->message(snapcast->data, NULL);
    }
}

/* A descriptor that is the caller's; -1. */
static int connect_to(const char *address, guint port, guint seconds, GError **error)
{
    g_autoptr(GInetAddress) inet = g_inet_address_new_from_string(address);
    if (!inet) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "'%.100s' is not an address", address);
        return -1;
    }
    g_autoptr(GSocketAddress) place = g_inet_socket_address_new(inet, (guint16)port);
    g_autoptr(GSocket) socket =
        g_socket_new(g_inet_address_get_family(inet), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
    if (!socket) return -1;
    g_socket_set_timeout(socket, seconds);
    if (!g_socket_connect(socket, place, NULL, error)) return -1;
    return fcntl(g_socket_get_fd(socket), F_DUPFD_CLOEXEC, 0); /* non-blocking, as GLib has them all */
}

struct snapcast *snapcast_open(const char *address, guint port, guint seconds, GError **error)
{
    g_autoptr(GError) why = NULL;
    int fd = connect_to(address, port, seconds, &why);
    if (fd < 0) {
        g_set_error(error, CONTROL_ERROR, CONTROL_FAILED, "the class server cannot be reached: %s",
                    why ? why->message : "no descriptor is left");
        return NULL;
    }
    struct snapcast *snapcast = g_new0(struct snapcast, 1);
    const struct wire_options options = {.line = LINE, .unread = UNREAD, .event = on_wire, .data = snapcast};
    snapcast->wire = wire_new(fd, &options);
    return snapcast;
}

void snapcast_free(struct snapcast *snapcast)
{
    if (!snapcast) return;
    wire_free(snapcast->wire);
    g_free(snapcast->response);
    g_free(snapcast);
}

char *snapcast_status(struct snapcast *snapcast, guint seconds, GError **error)
{
    static const char request[] = "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"Server.GetStatus\"}\r\n";
    gint64 deadline = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
    bool in_time = true;
    wire_send(snapcast->wire, request, strlen(request));
    while (in_time && snapcast->wire && !snapcast->response) in_time = wire_wait(snapcast->wire, deadline);
    if (!snapcast->response)
        g_set_error(error, CONTROL_ERROR, CONTROL_FAILED, "the class server %s",
                    snapcast->wire ? "does not answer" : "has closed the connection");
    return g_steal_pointer(&snapcast->response);
}

void snapcast_listen(struct snapcast *snapcast, void (*message)(void *data, const char *json), void *data)
{
    snapcast->message = message;
    snapcast->data = data;
    if (snapcast->wire) wire_attach(snapcast->wire);
}
