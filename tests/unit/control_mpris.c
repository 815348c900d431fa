/* The player on the bus: every property and method as a client meets them. */
#include "../lib/stage.h"
#include <math.h>
#include <string.h>

#define PROPERTIES "org.freedesktop.DBus.Properties"

/* The error's name; NULL if there was none. */
static char *refusal(struct stage *stage, const char *interface, const char *method, GVariant *parameters)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) answer = stage_call(stage, interface, method, parameters, &error);
    return answer ? NULL : g_dbus_error_get_remote_error(error);
}

/* --- properties --- */

struct expected {
    const char *name, *value; /* as GVariant prints it, with types */
};

static const struct expected of_root[] = {
    {"CanQuit", "true"},
    {"CanRaise", "false"},
    {"HasTrackList", "false"},
    {"Identity", "'stretchvoice'"},
    {"DesktopEntry", "'stretchvoice'"},
    {"SupportedUriSchemes", "@as []"},
    {"SupportedMimeTypes", "@as []"},
};

static const struct expected of_player[] = {
    {"PlaybackStatus", "'Paused'"},
    {"Rate", "1.0"},
    {"Metadata",
     "{'mpris:length': <int64 90000000>, 'mpris:trackid': <objectpath '/stretchvoice/track/1'>,"
     " 'xesam:album': <'Middle back'>, 'xesam:artist': <['stretchvoice']>, 'xesam:title': <'Cobra'>,"
     " 'xesam:trackNumber': <2>}"},
    {"Volume", "1.0"},
    {"Position", "int64 12500000"},
    {"MinimumRate", "1.0"},
    {"MaximumRate", "1.0"},
    {"CanGoNext", "true"},
    {"CanGoPrevious", "true"},
    {"CanPlay", "true"},
    {"CanPause", "true"},
    {"CanSeek", "false"},
    {"CanControl", "true"},
};

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Entries of a dictionary have no order. */
static char *print(GVariant *value)
{
    if (!g_variant_is_of_type(value, G_VARIANT_TYPE_VARDICT)) return g_variant_print(value, TRUE);
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(g_free);
    GVariantIter iter;
    const char *name;
    GVariant *inner;
    g_variant_iter_init(&iter, value);
    while (g_variant_iter_loop(&iter, "{&s@v}", &name, &inner)) {
        g_autofree char *text = g_variant_print(inner, TRUE);
        g_ptr_array_add(entries, g_strdup_printf("'%s': %s", name, text));
    }
    g_ptr_array_sort(entries, by_name);
    g_ptr_array_add(entries, NULL);
    g_autofree char *joined = g_strjoinv(", ", (char **)entries->pdata);
    return g_strdup_printf("{%s}", joined);
}

static char *get(struct stage *stage, const char *interface, const char *name)
{
    g_autoptr(GVariant) answer = stage_ask(stage, PROPERTIES, "Get", g_variant_new("(ss)", interface, name));
    g_autoptr(GVariant) value = NULL;
    g_variant_get(answer, "(v)", &value);
    return print(value);
}

static void assert_property(struct stage *stage, const char *name, const char *value)
{
    g_autofree char *text = get(stage, MPRIS_PLAYER, name);
    g_assert_cmpstr(text, ==, value);
}

static void assert_properties(struct stage *stage, const char *interface, const struct expected *expected,
                              gsize n)
{
    g_autoptr(GVariant) answer = stage_ask(stage, PROPERTIES, "GetAll", g_variant_new("(s)", interface));
    g_autoptr(GVariant) all = g_variant_get_child_value(answer, 0);
    g_assert_cmpuint(g_variant_n_children(all), ==, n);
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GVariant) value = g_variant_lookup_value(all, expected[i].name, NULL);
        g_assert_nonnull(value);
        g_autofree char *in_all = print(value), *alone = get(stage, interface, expected[i].name);
        g_assert_cmpstr(in_all, ==, expected[i].value);
        g_assert_cmpstr(alone, ==, expected[i].value);
    }
}

static void test_properties(void)
{
    if (!bus_is_there()) return;
    struct stage stage;
    stage_init(&stage, &cobra);
    assert_properties(&stage, MPRIS_ROOT, of_root, G_N_ELEMENTS(of_root));
    assert_properties(&stage, MPRIS_PLAYER, of_player, G_N_ELEMENTS(of_player));
    stage_finish(&stage);
}

static void test_without_a_track(void)
{
    if (!bus_is_there()) return;
    struct stage stage;
    const struct mpris_state nothing = {.length = -1, .can_next = true, .can_previous = true};
    stage_init(&stage, &nothing);
    assert_property(&stage, "PlaybackStatus", "'Stopped'");
    assert_property(&stage, "Metadata", "{}");
    assert_property(&stage, "Position", "int64 0");
    assert_property(&stage, "CanGoNext", "false");
    assert_property(&stage, "CanGoPrevious", "false");
    assert_property(&stage, "CanPlay", "false");
    assert_property(&stage, "CanPause", "false");
    stage_finish(&stage);
}

static void test_outside_the_steps(void)
{
    if (!bus_is_there()) return;
    struct stage stage;
    const struct mpris_state opening = {
        .playback = MPRIS_PLAYING, .routine = "R", .track = "Caution", .length = -1};
    stage_init(&stage, &opening);
    assert_property(&stage, "PlaybackStatus", "'Playing'");
    assert_property(&stage, "Metadata",
                    "{'mpris:trackid': <objectpath '/stretchvoice/track/0'>, 'xesam:album': <'R'>, "
                    "'xesam:artist': <['stretchvoice']>, 'xesam:title': <'Caution'>}");
    stage_finish(&stage);
}

static int64_t read_position(struct stage *stage)
{
    g_autofree char *text = get(stage, MPRIS_PLAYER, "Position");
    g_assert_true(g_str_has_prefix(text, "int64 "));
    return g_ascii_strtoll(text + strlen("int64 "), NULL, 10);
}

static void test_position_runs(void)
{
    if (!bus_is_there()) return;
    struct stage stage;
    struct mpris_state state = cobra;
    stage_init(&stage, &state);
    state.playback = MPRIS_PLAYING;
    mpris_update(stage.mpris, &state);
    int64_t first = read_position(&stage), second = read_position(&stage);
    g_assert_cmpint(first, >, state.position);
    g_assert_cmpint(second, >, first);
    state.position = state.length + 1;
    mpris_update(stage.mpris, &state);
    g_assert_cmpint(read_position(&stage), ==, state.length);
    stage_finish(&stage);
}

/* --- methods --- */

static GVariant *parameters_of(const char *method)
{
    if (g_str_equal(method, "Seek")) return g_variant_new("(x)", (gint64)5000000);
    if (g_str_equal(method, "SetPosition"))
        return g_variant_new("(ox)", "/stretchvoice/track/1", (gint64)7000000);
    return g_str_equal(method, "OpenUri") ? g_variant_new("(s)", "file:///tmp/a.wav") : NULL;
}

#define NOT_SUPPORTED "org.freedesktop.DBus.Error.NotSupported"

struct method {
    const char *interface, *name, *commands, *error;
};

static const struct method of_playing[] = {
    {MPRIS_ROOT, "Raise", "", NULL},
    {MPRIS_ROOT, "Quit", "stop ", NULL},
    {MPRIS_PLAYER, "Next", "next ", NULL},
    {MPRIS_PLAYER, "Previous", "previous ", NULL},
    {MPRIS_PLAYER, "Pause", "pause ", NULL},
    {MPRIS_PLAYER, "PlayPause", "toggle ", NULL},
    {MPRIS_PLAYER, "Stop", "stop ", NULL},
    {MPRIS_PLAYER, "Play", "resume ", NULL},
    {MPRIS_PLAYER, "Seek", "", NULL},
    {MPRIS_PLAYER, "SetPosition", "", NULL},
    {MPRIS_PLAYER, "OpenUri", "", NOT_SUPPORTED},
    {MPRIS_PLAYER, "Rewind", "", "org.freedesktop.DBus.Error.UnknownMethod"},
};

/* At the last step there is no next one, at the first none before. */
static const struct method of_only_step[] = {
    {MPRIS_PLAYER, "Next", "", NULL},
    {MPRIS_PLAYER, "Previous", "", NULL},
    {MPRIS_PLAYER, "Pause", "pause ", NULL},
};

static const struct method of_stopped[] = {
    {MPRIS_PLAYER, "Next", "", NULL},
    {MPRIS_PLAYER, "Pause", "", NOT_SUPPORTED},
    {MPRIS_PLAYER, "PlayPause", "", NOT_SUPPORTED},
    {MPRIS_PLAYER, "Play", "", NULL},
};

static void assert_methods(const struct mpris_state *state, const struct method *methods, gsize n)
{
    struct stage stage;
    stage_init(&stage, state);
    for (const struct method *method = methods; method < methods + n; method++) {
        g_autofree char *error =
            refusal(&stage, method->interface, method->name, parameters_of(method->name));
        g_assert_cmpstr(error, ==, method->error);
        g_assert_cmpstr(stage.commands->str, ==, method->commands);
        g_string_truncate(stage.commands, 0);
    }
    stage_finish(&stage);
}

static void test_methods(void)
{
    if (!bus_is_there()) return;
    struct mpris_state state = cobra;
    assert_methods(&state, of_playing, G_N_ELEMENTS(of_playing));
    state.can_next = state.can_previous = false;
    assert_methods(&state, of_only_step, G_N_ELEMENTS(of_only_step));
    state.playback = MPRIS_STOPPED;
    state.can_next = true;
    assert_methods(&state, of_stopped, G_N_ELEMENTS(of_stopped));
}

/* As Stop may well do. The caller is answered, and what was told before has gone out. */
static void test_is_freed_by_a_command(void)
{
    if (!bus_is_there()) return;
    struct stage stage;
    const struct mpris_state over = {.jumps = cobra.jumps, .length = -1};
    stage_init(&stage, &cobra);
    stage.leaves = true;
    mpris_update(stage.mpris, &over);
    stage_tell(&stage, MPRIS_PLAYER, "Stop", NULL);
    g_assert_null(stage.mpris);
    bus_wait(&stage.bus, NAME, false);
    g_assert_cmpuint(stage.signals->len, ==, 1);
    stage_finish(&stage);
}

/* --- writing --- */

static char *set(struct stage *stage, const char *interface, const char *name, GVariant *value)
{
    return refusal(stage, PROPERTIES, "Set", g_variant_new("(ssv)", interface, name, value));
}

static void assert_volume(struct stage *stage, double volume, double db)
{
    g_autofree char *error = set(stage, MPRIS_PLAYER, "Volume", g_variant_new_double(volume));
    g_assert_null(error);
    g_assert_cmpfloat_with_epsilon(stage->db, db, 1e-9);
}

static void test_volume(void)
{
    if (!bus_is_there()) return;
    struct stage stage;
    struct mpris_state state = cobra;
    stage_init(&stage, &state);
    assert_volume(&stage, 1, 0);
    assert_volume(&stage, 0.5, 60 * log10(0.55));
    assert_volume(&stage, 0, -60);
    assert_volume(&stage, 7, 0);
    assert_volume(&stage, -1, -60);
    assert_volume(&stage, NAN, -60);
    assert_volume(&stage, INFINITY, 0);
    state.volume = -60;
    mpris_update(stage.mpris, &state);
    assert_property(&stage, "Volume", "0.0");
    stage_finish(&stage);
}

static void test_rate(void)
{
    if (!bus_is_there()) return;
    struct stage stage;
    stage_init(&stage, &cobra);
    g_autofree char *one = set(&stage, MPRIS_PLAYER, "Rate", g_variant_new_double(1));
    g_autofree char *two = set(&stage, MPRIS_PLAYER, "Rate", g_variant_new_double(2));
    g_assert_null(one);
    g_assert_null(two);
    g_assert_cmpstr(stage.commands->str, ==, "");
    g_autofree char *zero = set(&stage, MPRIS_PLAYER, "Rate", g_variant_new_double(0));
    g_assert_null(zero);
    g_assert_cmpstr(stage.commands->str, ==, "pause ");
    assert_property(&stage, "Rate", "1.0");
    stage_finish(&stage);
}

static void assert_refused(struct stage *stage, const char *interface, const char *name, GVariant *value)
{
    g_autofree char *error = set(stage, interface, name, value);
    g_assert_cmpstr(error, ==, "org.freedesktop.DBus.Error.InvalidArgs");
}

static void test_what_cannot_be_written(void)
{
    if (!bus_is_there()) return;
    struct stage stage;
    stage_init(&stage, &cobra);
    assert_refused(&stage, MPRIS_PLAYER, "Position", g_variant_new_int64(5));
    assert_refused(&stage, MPRIS_PLAYER, "PlaybackStatus", g_variant_new_string("Playing"));
    assert_refused(&stage, MPRIS_PLAYER, "CanSeek", g_variant_new_boolean(TRUE));
    assert_refused(&stage, MPRIS_PLAYER, "Shuffle", g_variant_new_boolean(TRUE));
    assert_refused(&stage, MPRIS_PLAYER, "Volume", g_variant_new_string("loud"));
    assert_refused(&stage, MPRIS_ROOT, "Identity", g_variant_new_string("vlc"));
    g_assert_cmpstr(stage.commands->str, ==, "");
    g_assert_cmpfloat(stage.db, ==, 1);
    stage_finish(&stage);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mpris/properties", test_properties);
    g_test_add_func("/mpris/without a track", test_without_a_track);
    g_test_add_func("/mpris/outside the steps", test_outside_the_steps);
    g_test_add_func("/mpris/position runs", test_position_runs);
    g_test_add_func("/mpris/methods", test_methods);
    g_test_add_func("/mpris/is freed by a command", test_is_freed_by_a_command);
    g_test_add_func("/mpris/volume", test_volume);
    g_test_add_func("/mpris/rate", test_rate);
    g_test_add_func("/mpris/what cannot be written", test_what_cannot_be_written);
    return g_test_run();
}
