/* A media player on the session bus that plays nothing: its status, and what steers it.
 *
 *   player NAME    is org.mpris.MediaPlayer2.NAME, and plays until it is paused */
#include <gio/gio.h>
#include <stdbool.h>

#define INTERFACE "org.mpris.MediaPlayer2.Player"
#define PATH "/org/mpris/MediaPlayer2"

static const char XML[] = "<node><interface name='" INTERFACE "'>"
                          "<method name='Play'/><method name='Pause'/>"
                          "<property name='PlaybackStatus' type='s' access='read'/>"
                          "<property name='CanControl' type='b' access='read'/>"
                          "<property name='CanPlay' type='b' access='read'/>"
                          "<property name='CanPause' type='b' access='read'/>"
                          "<property name='Position' type='x' access='read'/>"
                          "</interface></node>";

static bool plays = true;
static gint64 position; /* microseconds; ten seconds more at each pause */

static GVariant *get(GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                     const char *name, GError **error, gpointer data)
{
    (void)bus, (void)sender, (void)path, (void)interface, (void)error, (void)data;
    if (g_str_equal(name, "Position")) return g_variant_new_int64(position);
    if (!g_str_equal(name, "PlaybackStatus")) return g_variant_new_boolean(TRUE);
    return g_variant_new_string(plays ? "Playing" : "Paused");
}

static void call(GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                 const char *method, GVariant *parameters, GDBusMethodInvocation *invocation, gpointer data)
{
    GVariantBuilder changed;
    (void)sender, (void)path, (void)interface, (void)parameters, (void)data;
    if (plays && g_str_equal(method, "Pause")) position += 10 * G_USEC_PER_SEC;
    plays = g_str_equal(method, "Play");
    g_variant_builder_init(&changed, G_VARIANT_TYPE("a{sv}"));
    g_variant_builder_add(&changed, "{sv}", "PlaybackStatus",
                          g_variant_new_string(plays ? "Playing" : "Paused"));
    g_dbus_connection_emit_signal(bus, NULL, PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged",
                                  g_variant_new("(sa{sv}as)", INTERFACE, &changed, NULL), NULL);
    g_dbus_method_invocation_return_value(invocation, NULL);
}

static const GDBusInterfaceVTable vtable = {.method_call = call, .get_property = get};

static void on_bus(GDBusConnection *bus, const char *name, gpointer data)
{
    (void)name;
    g_dbus_connection_register_object(bus, PATH, data, &vtable, NULL, NULL, NULL);
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    g_autofree char *name = g_strconcat("org.mpris.MediaPlayer2.", argv[1], NULL);
    GDBusNodeInfo *node = g_dbus_node_info_new_for_xml(XML, NULL);
    g_bus_own_name(G_BUS_TYPE_SESSION, name, G_BUS_NAME_OWNER_FLAGS_NONE, on_bus, NULL, NULL,
                   node->interfaces[0], NULL);
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
}
