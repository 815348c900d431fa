#include "mpris_private.h"
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME MPRIS_ROOT ".stretchvoice"

enum { RETRY_S = 10, INTERFACES_MAX = 2 };

/* Of the call RequestName. */
enum { DO_NOT_QUEUE = 4, NAME_IS_TAKEN = 3 };

struct mpris_bus {
    const struct mpris_object *object;
    char *address;               /* NULL: there is no bus, and none will come */
    GDBusConnection *connection; /* NULL: the bus is not there */
    guint registered[INTERFACES_MAX];
    guint retry;               /* timer */
    GCancellable *cancellable; /* what is cancelled must not look at the bus any more */
};

/* --- the address --- */

static char *address_in_runtime_dir(void)
{
    const char *directory = g_getenv("XDG_RUNTIME_DIR");
    struct stat info;
    if (!directory || !g_path_is_absolute(directory)) return NULL;
    g_autofree char *path = g_build_filename(directory, "bus", NULL);
    g_autofree char *escaped = g_dbus_address_escape_value(path);
    bool ours = stat(path, &info) == 0 && S_ISSOCK(info.st_mode) && info.st_uid == geteuid();
    return ours ? g_strconcat("unix:path=", escaped, NULL) : NULL;
}

/* GIO would find it too, but start a bus of its own where there is none. */
static char *session_address(void)
{
    const char *address = g_getenv("DBUS_SESSION_BUS_ADDRESS");
    bool usable = address && address[0] && !strstr(address, "autolaunch:");
    return usable ? g_strdup(address) : address_in_runtime_dir();
}

/* --- the name --- */

static void request_name(struct mpris_bus *bus, const char *name, GAsyncReadyCallback answered)
{
    g_dbus_connection_call(bus->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                           "org.freedesktop.DBus", "RequestName", g_variant_new("(su)", name, DO_NOT_QUEUE),
                           G_VARIANT_TYPE("(u)"), G_DBUS_CALL_FLAGS_NONE, G_MAXINT, bus->cancellable,
                           answered, bus);
}

static void on_named(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GVariant) answer = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, NULL);
    guint32 code = 0;
    if (!answer) return; /* the bus went away, or we did */
    g_variant_get(answer, "(u)", &code);
    if (code == NAME_IS_TAKEN) {
        g_autofree char *name = g_strdup_printf(NAME ".instance%d", (int)getpid());
        request_name(data, name, NULL);
    }
}

/* --- coming and going --- */

static void put_object(struct mpris_bus *bus)
{
    const struct mpris_object *object = bus->object;
    for (guint i = 0; object->interfaces[i]; i++) {
        g_assert(i < INTERFACES_MAX);
        bus->registered[i] = g_dbus_connection_register_object(
            bus->connection, object->path, object->interfaces[i], object->calls, object->data, NULL, NULL);
    }
}

static void on_flushed(GObject *source, GAsyncResult *result, gpointer data)
{
    (void)result, (void)data;
    g_dbus_connection_close(G_DBUS_CONNECTION(source), NULL, NULL, NULL);
}

/* What has been said still goes out, but no call comes in. */
static void leave(struct mpris_bus *bus)
{
    if (!bus->connection) return;
    g_signal_handlers_disconnect_by_data(bus->connection, bus);
    for (guint i = 0; i < INTERFACES_MAX; i++)
        if (bus->registered[i]) g_dbus_connection_unregister_object(bus->connection, bus->registered[i]);
    g_dbus_connection_flush(bus->connection, NULL, on_flushed, NULL);
    g_clear_object(&bus->connection);
}

static void connect_to(struct mpris_bus *bus);

static gboolean on_retry(gpointer data)
{
    struct mpris_bus *bus = data;
    bus->retry = 0;
    connect_to(bus);
    return G_SOURCE_REMOVE;
}

static void lose(struct mpris_bus *bus)
{
    leave(bus);
    bus->retry = g_timeout_add_seconds(RETRY_S, on_retry, bus);
}

static void settle(struct mpris_bus *bus, GDBusConnection *connection)
{
    bus->connection = connection;
    g_dbus_connection_set_exit_on_close(connection, FALSE);
    g_signal_connect_swapped(connection, "closed", G_CALLBACK(lose), bus);
    put_object(bus);
    request_name(bus, NAME, on_named);
}

static void on_connected(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDBusConnection) connection = g_dbus_connection_new_for_address_finish(result, &error);
    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) return;
    if (connection && !g_dbus_connection_is_closed(connection))
        settle(data, g_steal_pointer(&connection));
    else
        lose(data);
}

static void connect_to(struct mpris_bus *bus)
{
    const GDBusConnectionFlags flags =
        G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
    g_dbus_connection_new_for_address(bus->address, flags, NULL, bus->cancellable, on_connected, bus);
}

struct mpris_bus *mpris_bus_new(const struct mpris_object *object)
{
    struct mpris_bus *bus = g_new0(struct mpris_bus, 1);
    bus->object = object;
    bus->cancellable = g_cancellable_new();
    bus->address = session_address();
    if (bus->address) connect_to(bus);
    return bus;
}

void mpris_bus_free(struct mpris_bus *bus)
{
    if (!bus) return;
    g_cancellable_cancel(bus->cancellable);
    g_object_unref(bus->cancellable);
    if (bus->retry) g_source_remove(bus->retry);
    leave(bus);
    g_free(bus->address);
    g_free(bus);
}

void mpris_bus_signal(struct mpris_bus *bus, const char *interface, const char *signal, GVariant *parameters)
{
    g_autoptr(GVariant) taken = g_variant_ref_sink(parameters);
    if (!bus->connection) return;
    g_dbus_connection_emit_signal(bus->connection, NULL, bus->object->path, interface, signal, taken, NULL);
}
