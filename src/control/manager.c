#include "control/manager.h"
#include "bus.h"
#include <gio/gio.h>
#include <stdbool.h>

#define NAME "org.freedesktop.systemd1"
#define PATH "/org/freedesktop/systemd1"

enum { ANSWER_MS = 10000 };

static GDBusConnection *connect_to_bus(void)
{
    g_autofree char *address = bus_address();
    if (!address) return NULL;
    GDBusConnection *bus = g_dbus_connection_new_for_address_sync(
        address,
        G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL,
        NULL, NULL);
    if (bus) g_dbus_connection_set_exit_on_close(bus, FALSE);
    return bus;
}

struct call {
    const char *method;
    GVariant *parameters;
};

/* One after the other, until one fails. `bus` may be NULL. */
static enum manager_result call_all(const struct call *calls, gsize n, GError **error)
{
    g_autoptr(GDBusConnection) bus = connect_to_bus();
    g_autoptr(GError) problem = NULL;
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GVariant) parameters = calls[i].parameters ? g_variant_ref_sink(calls[i].parameters) : NULL;
        if (!bus || problem) continue;
        GVariant *answer =
            g_dbus_connection_call_sync(bus, NAME, PATH, NAME ".Manager", calls[i].method, parameters, NULL,
                                        G_DBUS_CALL_FLAGS_NO_AUTO_START, ANSWER_MS, NULL, &problem);
        if (answer) g_variant_unref(answer);
    }
    if (bus && !problem) return MANAGER_DONE;
    if (!bus || g_error_matches(problem, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
        g_error_matches(problem, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER))
        return MANAGER_ABSENT;
    g_dbus_error_strip_remote_error(problem);
    g_propagate_error(error, g_steal_pointer(&problem));
    return MANAGER_FAILED;
}

enum manager_result manager_switch_on(const char *timer, GError **error)
{
    const char *const names[] = {timer, NULL};
    const struct call calls[] = {
        {"Reload", NULL},
        {"EnableUnitFiles", g_variant_new("(^asbb)", names, FALSE, TRUE)},
        {"Reload", NULL},
        {"RestartUnit", g_variant_new("(ss)", timer, "replace")},
    };
    return call_all(calls, G_N_ELEMENTS(calls), error);
}

enum manager_result manager_switch_off(const char *timer, GError **error)
{
    const char *const names[] = {timer, NULL};
    const struct call calls[] = {
        {"StopUnit", g_variant_new("(ss)", timer, "replace")},
        {"DisableUnitFiles", g_variant_new("(^asb)", names, FALSE)},
    };
    return call_all(calls, G_N_ELEMENTS(calls), error);
}

enum manager_result manager_reload(GError **error)
{
    const struct call calls[] = {{"Reload", NULL}};
    return call_all(calls, G_N_ELEMENTS(calls), error);
}
