/* The bus that is not there, goes away, comes back, hangs, or has the name already. */
#include "../lib/bus.h"
#include "control/mpris.h"
#include "control/mpris_private.h"

#include <time.h>
#include <unistd.h>

#define NAME MPRIS_ROOT ".stretchvoice"

static const struct mpris_state playing = {
    .playback = MPRIS_PLAYING,
    .routine = "R",
    .track = "T",
    .step = 1,
    .length = -1,
};

static void on_command(void *data, enum command_id id)
{
    *(enum command_id *)data = id;
}

static void on_volume(void *data, double db)
{
    (void)data, (void)db;
}

static struct mpris *start(void *data)
{
    static const struct mpris_ops ops = {on_command, on_volume};
    struct mpris *mpris = mpris_new(&ops, data);
    mpris_update(mpris, &playing);
    return mpris;
}

static struct mpris *start_on(struct bus *bus)
{
    bus_init(bus);
    struct mpris *mpris = start(NULL);
    bus_wait(bus, NAME, true);
    return mpris;
}

/* Tells all it can tell. */
static void update_often(struct mpris *mpris)
{
    struct mpris_state state = playing;
    for (int i = 0; i < 1000; i++) {
        state.jumps++;
        mpris_update(mpris, &state);
        while (g_main_context_iteration(NULL, FALSE)) continue;
    }
}

/* --- a name --- */

static void test_comes_and_goes(void)
{
    if (!bus_is_there()) return;
    struct bus bus;
    AUTO(mpris) mpris = start_on(&bus);
    g_clear_pointer(&mpris, mpris_free);
    bus_wait(&bus, NAME, false);
    bus_finish(&bus);
}

static void test_name_is_taken(void)
{
    if (!bus_is_there()) return;
    struct bus bus;
    g_autofree char *instance = g_strdup_printf(NAME ".instance%d", (int)getpid());
    AUTO(mpris) first = start_on(&bus);
    enum command_id id = COMMAND_NONE;
    AUTO(mpris) second = start(&id);
    bus_wait(&bus, instance, true);
    g_autoptr(GVariant) answer = bus_call(&bus, instance, MPRIS_PATH, MPRIS_PLAYER, "Pause", NULL, NULL);
    g_assert_nonnull(answer);
    g_assert_cmpint(id, ==, COMMAND_PAUSE);
    g_clear_pointer(&first, mpris_free);
    bus_wait(&bus, NAME, false);
    g_assert_true(bus_has(&bus, instance));
    g_clear_pointer(&second, mpris_free);
    bus_wait(&bus, instance, false);
    bus_finish(&bus);
}

/* --- where there is none, nothing at all is begun --- */

static guint count_threads(void)
{
    g_autoptr(GDir) tasks = g_dir_open("/proc/self/task", 0, NULL);
    guint n = 0;
    while (g_dir_read_name(tasks)) n++;
    return n;
}

/* DISPLAY, for without it GIO would start no bus anyway. */
static void assert_idle(const char *address, const char *runtime_dir)
{
    g_setenv("DISPLAY", ":99", TRUE);
    g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
    g_unsetenv("XDG_RUNTIME_DIR");
    if (address) g_setenv("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
    if (runtime_dir) g_setenv("XDG_RUNTIME_DIR", runtime_dir, TRUE);
    guint threads = count_threads();
    AUTO(mpris) mpris = start(NULL);
    g_assert_cmpuint(count_threads(), ==, threads);
    g_assert_false(g_main_context_pending(NULL));
    update_often(mpris);
}

static void test_none_in_a_process_of_its_own(void)
{
    g_autofree char *directory = g_dir_make_tmp("bus-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(directory, "bus", NULL);
    assert_idle(NULL, NULL);
    assert_idle("", NULL);
    assert_idle(NULL, directory);
    assert_idle(NULL, "relative");
    assert_idle("autolaunch:", directory);
    assert_idle("unix:path=/nowhere/bus;autolaunch:scope=*user", directory);
    g_assert_true(g_file_set_contents(file, "no socket", -1, NULL));
    assert_idle(NULL, directory);
    g_remove(file);
    g_rmdir(directory);
}

static void test_none(void)
{
    g_test_trap_subprocess("/mpris bus/none/subprocess", 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("");
}

static void test_in_the_runtime_directory(void)
{
    if (!bus_is_there()) return;
    struct bus bus;
    bus_init(&bus);
    g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
    g_setenv("XDG_RUNTIME_DIR", bus.directory, TRUE);
    AUTO(mpris) mpris = start(NULL);
    bus_wait(&bus, NAME, true);
    g_clear_pointer(&mpris, mpris_free);
    bus_wait(&bus, NAME, false);
    bus_finish(&bus);
}

static void test_of_no_use(void)
{
    static const char *const addresses[] = {
        "unix:path=/nowhere/bus",
        "no address",
        "unix:",
        "tcp:host=localhost,port=1",
    };
    for (guint i = 0; i < G_N_ELEMENTS(addresses); i++) {
        g_setenv("DBUS_SESSION_BUS_ADDRESS", addresses[i], TRUE);
        AUTO(mpris) mpris = start(NULL);
        update_often(mpris);
    }
}

/* --- a bus that fails --- */

static void test_killed_and_back(void)
{
    if (!bus_is_there()) return;
    struct bus bus;
    AUTO(mpris) mpris = start_on(&bus);
    bus_kill(&bus);
    update_often(mpris);
    bus_start(&bus);
    while (!bus_has(&bus, NAME))
        g_main_context_iteration(NULL, TRUE); /* after some seconds: the next attempt */
    g_autoptr(GVariant) answer = bus_call(&bus, NAME, MPRIS_PATH, "org.freedesktop.DBus.Properties", "Get",
                                          g_variant_new("(ss)", MPRIS_PLAYER, "PlaybackStatus"), NULL);
    g_autofree char *text = g_variant_print(answer, FALSE);
    g_assert_cmpstr(text, ==, "(<'Playing'>,)");
    bus_finish(&bus);
}

static void test_gone_for_good(void)
{
    if (!bus_is_there()) return;
    struct bus bus;
    AUTO(mpris) mpris = start_on(&bus);
    bus_finish(&bus);
    update_often(mpris);
}

static void test_frozen_while_connecting(void)
{
    if (!bus_is_there()) return;
    struct bus bus;
    bus_init(&bus);
    bus_signal(&bus, SIGSTOP);
    AUTO(mpris) leaves = start(NULL);
    AUTO(mpris) stays = start(NULL);
    update_often(leaves);
    g_clear_pointer(&leaves, mpris_free);
    update_often(stays);
    bus_signal(&bus, SIGCONT);
    bus_wait(&bus, NAME, true);
    g_clear_pointer(&stays, mpris_free);
    bus_wait(&bus, NAME, false);
    bus_finish(&bus);
}

static void test_frozen_later(void)
{
    if (!bus_is_there()) return;
    struct bus bus;
    AUTO(mpris) mpris = start_on(&bus);
    bus_signal(&bus, SIGSTOP);
    update_often(mpris);
    g_clear_pointer(&mpris, mpris_free);
    bus_signal(&bus, SIGCONT);
    bus_wait(&bus, NAME, false);
    bus_finish(&bus);
}

/* At any point of connecting. */
static void test_freed_early(void)
{
    if (!bus_is_there()) return;
    struct bus bus;
    bus_init(&bus);
    for (int turns = 0; turns < 20; turns++) {
        AUTO(mpris) mpris = start(NULL);
        for (int i = 0; i < turns; i++) bus_has(&bus, NAME); /* as long as it takes to ask */
        g_clear_pointer(&mpris, mpris_free);
    }
    bus_wait(&bus, NAME, false);
    bus_finish(&bus);
}

/* --- a flood of calls --- */

/* Of this thread, so that a busy machine does not count; in microseconds. */
static gint64 cpu_time(void)
{
    struct timespec time;
    g_assert_cmpint(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time), ==, 0);
    return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* The longest turn of the main loop until the player answers again. */
static gint64 flood(struct bus *bus, const char *interface, const char *method, GDBusMessageFlags flags)
{
    for (int i = 0; i < 10000; i++) {
        g_autoptr(GDBusMessage) message = g_dbus_message_new_method_call(NAME, MPRIS_PATH, interface, method);
        g_dbus_message_set_flags(message, flags);
        if (g_str_equal(method, "GetAll"))
            g_dbus_message_set_body(message, g_variant_new("(s)", MPRIS_PLAYER));
        g_dbus_connection_send_message(bus->client, message, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
    }
    gint64 longest = 0;
    for (bool answered = false; !answered;) {
        g_autoptr(GAsyncResult) result = NULL;
        g_dbus_connection_call(bus->client, NAME, MPRIS_PATH, "org.freedesktop.DBus.Peer", "Ping", NULL, NULL,
                               G_DBUS_CALL_FLAGS_NONE, 200, NULL, bus_keep_result, &result);
        while (!result) {
            gint64 before = cpu_time();
            if (!g_main_context_iteration(NULL, FALSE))
                g_usleep(5000); /* calls gather, as while sound is mixed */
            longest = MAX(longest, cpu_time() - before);
        }
        g_autoptr(GVariant) answer = g_dbus_connection_call_finish(bus->client, result, NULL);
        answered = answer != NULL;
    }
    return longest;
}

#ifdef __SANITIZE_ADDRESS__
enum { TURN_MS = 400 };
#else
enum { TURN_MS = 100 };
#endif

/* Whatever the calls are: those with an answer, with an error, and without either. */
static void test_a_flood_does_not_hold_the_main_loop(void)
{
    static const struct {
        const char *interface, *method;
        GDBusMessageFlags flags;
    } cases[] = {
        {"org.freedesktop.DBus.Properties", "GetAll", G_DBUS_MESSAGE_FLAGS_NONE},
        {MPRIS_PLAYER, "Nonsense", G_DBUS_MESSAGE_FLAGS_NONE},
        {"no.interface", "Nonsense", G_DBUS_MESSAGE_FLAGS_NONE},
        {"org.freedesktop.DBus.Peer", "Ping", G_DBUS_MESSAGE_FLAGS_NONE},
        {MPRIS_PLAYER, "Seek", G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED},
        {MPRIS_ROOT, "Raise", G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED},
    };
    if (!bus_is_there()) return;
    struct bus bus;
    AUTO(mpris) mpris = start_on(&bus);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 longest = flood(&bus, cases[i].interface, cases[i].method, cases[i].flags);
        g_test_message("%s: longest turn %" G_GINT64_FORMAT " us", cases[i].method, longest);
        g_assert_cmpint(longest, <, TURN_MS * 1000);
    }
    g_clear_pointer(&mpris, mpris_free);
    bus_finish(&bus);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mpris bus/comes and goes", test_comes_and_goes);
    g_test_add_func("/mpris bus/name is taken", test_name_is_taken);
    g_test_add_func("/mpris bus/none", test_none);
    g_test_add_func("/mpris bus/none/subprocess", test_none_in_a_process_of_its_own);
    g_test_add_func("/mpris bus/in the runtime directory", test_in_the_runtime_directory);
    g_test_add_func("/mpris bus/of no use", test_of_no_use);
    g_test_add_func("/mpris bus/killed and back", test_killed_and_back);
    g_test_add_func("/mpris bus/gone for good", test_gone_for_good);
    g_test_add_func("/mpris bus/frozen while connecting", test_frozen_while_connecting);
    g_test_add_func("/mpris bus/frozen later", test_frozen_later);
    g_test_add_func("/mpris bus/freed early", test_freed_early);
    g_test_add_func("/mpris bus/flood", test_a_flood_does_not_hold_the_main_loop);
    return g_test_run();
}
