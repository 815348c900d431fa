/* A session bus of the test's own, and a client on it. A test is skipped where there is no dbus-daemon, or
 * with CI set fails. */
#ifndef TESTS_BUS_H
#define TESTS_BUS_H

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

struct bus {
    char *directory, *address;
    GSubprocess *daemon;
    GDBusConnection *client;
};

static inline bool bus_is_there(void)
{
    g_autofree char *program = g_find_program_in_path("dbus-daemon");
    if (!program) g_assert_null(g_getenv("CI"));
    if (!program) g_test_skip("dbus-daemon is not installed");
    return program != NULL;
}

static inline void bus_connect(struct bus *bus)
{
    const GDBusConnectionFlags flags =
        G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
    g_autoptr(GError) error = NULL;
    bus->client = g_dbus_connection_new_for_address_sync(bus->address, flags, NULL, NULL, &error);
    g_assert_no_error(error);
    g_dbus_connection_set_exit_on_close(bus->client, FALSE);
}

/* Says its address once it can be reached. */
static inline void bus_start(struct bus *bus)
{
    g_autofree char *option = g_strconcat("--address=", bus->address, NULL);
    g_autoptr(GError) error = NULL;
    bus->daemon = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                                   "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1",
                                   option, NULL);
    g_assert_no_error(error);
    g_autoptr(GDataInputStream) lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(bus->daemon));
    g_autofree char *line = g_data_input_stream_read_line(lines, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(line);
    bus_connect(bus);
}

static inline void bus_kill(struct bus *bus)
{
    g_subprocess_force_exit(bus->daemon);
    g_assert_true(g_subprocess_wait(bus->daemon, NULL, NULL));
    g_clear_object(&bus->daemon);
    g_clear_object(&bus->client);
}

static inline void bus_signal(struct bus *bus, int number)
{
    g_subprocess_send_signal(bus->daemon, number);
}

/* It is the session's bus for what is started afterwards. */
static inline void bus_init(struct bus *bus)
{
    g_autofree char *path = NULL;
    bus->directory = g_dir_make_tmp("bus-XXXXXX", NULL);
    path = g_build_filename(bus->directory, "bus", NULL);
    bus->address = g_strconcat("unix:path=", path, NULL);
    g_setenv("DBUS_SESSION_BUS_ADDRESS", bus->address, TRUE);
    bus_start(bus);
}

static inline void bus_finish(struct bus *bus)
{
    g_autofree char *path = g_build_filename(bus->directory, "bus", NULL);
    if (bus->daemon) bus_kill(bus);
    g_remove(path);
    g_rmdir(bus->directory);
    g_free(bus->directory);
    g_free(bus->address);
}

/* --- calls, during which the main loop runs, so that the called may be in this process --- */

static void bus_keep_result(GObject *source, GAsyncResult *result, gpointer data)
{
    GAsyncResult **kept = data;
    (void)source;
    *kept = g_object_ref(result);
}

static inline GVariant *bus_call(struct bus *bus, const char *name, const char *path, const char *interface,
                                 const char *method, GVariant *parameters, GError **error)
{
    g_autoptr(GAsyncResult) result = NULL;
    g_dbus_connection_call(bus->client, name, path, interface, method, parameters, NULL,
                           G_DBUS_CALL_FLAGS_NONE, -1, NULL, bus_keep_result, &result);
    while (!result) g_main_context_iteration(NULL, TRUE);
    return g_dbus_connection_call_finish(bus->client, result, error);
}

static inline GVariant *bus_ask(struct bus *bus, const char *method, GVariant *parameters)
{
    static const char name[] = "org.freedesktop.DBus";
    g_autoptr(GError) error = NULL;
    GVariant *answer = bus_call(bus, name, "/org/freedesktop/DBus", name, method, parameters, &error);
    g_assert_no_error(error);
    return answer;
}

static inline bool bus_has(struct bus *bus, const char *name)
{
    g_autoptr(GVariant) answer = bus_ask(bus, "NameHasOwner", g_variant_new("(s)", name));
    gboolean has = FALSE;
    g_variant_get(answer, "(b)", &has);
    return has;
}

/* The bus is asked again and again, which needs no pause: each question is a turn to another process. */
static inline void bus_wait(struct bus *bus, const char *name, bool there)
{
    while (bus_has(bus, name) != there) continue;
}

#endif
