/* What the player on the bus says, as data; no bus is needed. */
#include "control/mpris_private.h"
#include <gio/gio.h>
#include <stdbool.h>

#include <math.h>

/* --- the interfaces --- */

/* "name(types) " of methods and signals, "name:type:access " of properties; s: changes are not told. */
static char *describe(const GDBusInterfaceInfo *info)
{
    GString *text = g_string_new(NULL);
    for (GDBusMethodInfo **method = info->methods; method && *method; method++) {
        g_string_append_printf(text, "%s(", (*method)->name);
        for (GDBusArgInfo **arg = (*method)->in_args; arg && *arg; arg++)
            g_string_append(text, (*arg)->signature);
        g_string_append(text, ") ");
        g_assert_true(!(*method)->out_args || !(*method)->out_args[0]);
    }
    for (GDBusSignalInfo **signal = info->signals; signal && *signal; signal++)
        g_string_append_printf(text, "%s(%s) ", (*signal)->name, (*signal)->args[0]->signature);
    for (GDBusPropertyInfo **property = info->properties; property && *property; property++) {
        const char *told = g_dbus_annotation_info_lookup((*property)->annotations,
                                                         "org.freedesktop.DBus.Property.EmitsChangedSignal");
        bool writable = (*property)->flags & G_DBUS_PROPERTY_INFO_FLAGS_WRITABLE;
        g_string_append_printf(text, "%s:%s:r%s%s ", (*property)->name, (*property)->signature,
                               writable ? "w" : "", g_strcmp0(told, "false") == 0 ? "s" : "");
    }
    return g_string_free(text, FALSE);
}

static void test_interfaces(void)
{
    g_autoptr(GDBusNodeInfo) node = g_dbus_node_info_new_for_xml(mpris_interfaces, NULL);
    g_assert_nonnull(node);
    g_autofree char *root = describe(g_dbus_node_info_lookup_interface(node, MPRIS_ROOT));
    g_autofree char *player = describe(g_dbus_node_info_lookup_interface(node, MPRIS_PLAYER));
    g_assert_cmpstr(root, ==,
                    "Raise() Quit() CanQuit:b:r CanRaise:b:r HasTrackList:b:r Identity:s:r DesktopEntry:s:r "
                    "SupportedUriSchemes:as:r SupportedMimeTypes:as:r ");
    g_assert_cmpstr(
        player, ==,
        "Next() Previous() Pause() PlayPause() Stop() Play() Seek(x) SetPosition(ox) OpenUri(s) "
        "Seeked(x) PlaybackStatus:s:r Rate:d:rw Metadata:a{sv}:r Volume:d:rw Position:x:rs "
        "MinimumRate:d:r MaximumRate:d:r CanGoNext:b:r CanGoPrevious:b:r CanPlay:b:r CanPause:b:r "
        "CanSeek:b:r CanControl:b:rs ");
}

/* --- volume --- */

static void test_volume_curve(void)
{
    for (int i = 0; i <= 100; i++) {
        double volume = i / 100.0;
        g_assert_cmpfloat(mpris_volume(mpris_db(volume)), ==, volume);
        g_assert_cmpfloat(mpris_db(volume), <, mpris_db(volume + 0.01) + (i == 100));
    }
    g_assert_cmpfloat_with_epsilon(mpris_volume(-18), (pow(10, -0.3) - 0.1) / 0.9, 1e-6);
    g_assert_cmpfloat(mpris_volume(6), ==, 1);
    g_assert_cmpfloat(mpris_volume(-90), ==, mpris_volume(-60));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mpris properties/interfaces", test_interfaces);
    g_test_add_func("/mpris properties/volume curve", test_volume_curve);
    return g_test_run();
}
