#include "control/mpris.h"
#include "bus.h"
#include "mpris_private.h"
#include <gio/gio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME MPRIS_ROOT ".stretchvoice"
#define QUIETEST_DB (-60.0)

/* A position this far from where listeners expect it is signalled. */
#define DRIFT_US (1 * G_USEC_PER_SEC)

enum { INTERFACES = 2, RETRY_S = 10, CALLS_AT_ONCE = 128 };

/* Of the bus's method RequestName. */
enum { DO_NOT_QUEUE = 4, NAME_IS_TAKEN = 3 };

/* A position at a moment; it may run since. */
struct play_position {
    int64_t us;
    gint64 at;
    bool runs;
};

struct mpris {
    const struct mpris_ops *ops;
    void *data;
    GDBusNodeInfo *node;
    /* the connection */
    char *address;               /* NULL: there is no bus, and none will come */
    GDBusConnection *connection; /* NULL: the bus is not there */
    guint objects[INTERFACES], filter;
    guint retry;               /* timer */
    GCancellable *cancellable; /* a cancelled callback must not use the struct */
    /* the player */
    GVariant *root, *player; /* properties */
    unsigned track, jumps;
    int step;
    int64_t length;
    struct play_position actual, believed; /* `believed` by listeners */
};

/* --- interfaces --- */

#define METHOD(name) "<method name='" name "'/>"
#define TAKES(name, type) "<arg name='" name "' type='" type "' direction='in'/>"
#define READ(name, type) "<property name='" name "' type='" type "' access='read'/>"
#define WRITE(name, type) "<property name='" name "' type='" type "' access='readwrite'/>"
/* Changes of such a property are not announced in PropertiesChanged. */
#define SILENT(name, type)                                                                                   \
    "<property name='" name "' type='" type "' access='read'>"                                               \
    "<annotation name='org.freedesktop.DBus.Property.EmitsChangedSignal' value='false'/></property>"

/* clang-format off */
const char mpris_interfaces[] =
    "<node><interface name='" MPRIS_ROOT "'>"
    METHOD("Raise") METHOD("Quit")
    READ("CanQuit", "b") READ("CanRaise", "b") READ("HasTrackList", "b") READ("Identity", "s")
    READ("DesktopEntry", "s") READ("SupportedUriSchemes", "as") READ("SupportedMimeTypes", "as")
    "</interface><interface name='" MPRIS_PLAYER "'>"
    METHOD("Next") METHOD("Previous") METHOD("Pause") METHOD("PlayPause") METHOD("Stop") METHOD("Play")
    "<method name='Seek'>" TAKES("Offset", "x") "</method>"
    "<method name='SetPosition'>" TAKES("TrackId", "o") TAKES("Position", "x") "</method>"
    "<method name='OpenUri'>" TAKES("Uri", "s") "</method>"
    "<signal name='Seeked'><arg name='Position' type='x'/></signal>"
    READ("PlaybackStatus", "s") WRITE("Rate", "d") READ("Metadata", "a{sv}") WRITE("Volume", "d")
    SILENT("Position", "x") READ("MinimumRate", "d") READ("MaximumRate", "d")
    READ("CanGoNext", "b") READ("CanGoPrevious", "b") READ("CanPlay", "b") READ("CanPause", "b")
    READ("CanSeek", "b") SILENT("CanControl", "b")
    "</interface></node>";
/* clang-format on */

/* --- volume --- */

/* Rounded, so that what was written is what is read. */
double mpris_volume(double db)
{
    double loudness = pow(10, fmin(fmax(db, QUIETEST_DB), 0) / 60);
    return round((loudness - 0.1) / 0.9 * 1e6) / 1e6;
}

double mpris_db(double volume)
{
    double loudness = 0.1 + 0.9 * fmin(fmax(volume, 0), 1); /* NaN counts as 0 */
    return 60 * log10(loudness);
}

/* There is no window to raise: a desktop answers a click on the player by starting the desktop entry, which
 * shows the session that runs (config/desktop/stretchvoice.desktop.in). */
static const char root_properties[] =
    "{'CanQuit': <true>, 'CanRaise': <false>, 'HasTrackList': <false>, 'Identity': <'stretchvoice'>, "
    "'DesktopEntry': <'stretchvoice'>, 'SupportedUriSchemes': <@as []>, 'SupportedMimeTypes': <@as []>}";

static GVariant *metadata(const struct mpris_state *state, unsigned track)
{
    g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT(NULL);
    if (state->track) {
        g_autofree char *id = g_strdup_printf("/stretchvoice/track/%u", track);
        g_variant_dict_insert(&dict, "mpris:trackid", "o", id);
        g_variant_dict_insert(&dict, "xesam:title", "s", state->track);
        g_variant_dict_insert(&dict, "xesam:album", "s", state->routine);
        g_variant_dict_insert_value(&dict, "xesam:artist",
                                    g_variant_new_strv((const char *const[]){"stretchvoice"}, 1));
    }
    if (state->track && state->step > 0) g_variant_dict_insert(&dict, "xesam:trackNumber", "i", state->step);
    if (state->track && state->length >= 0) g_variant_dict_insert(&dict, "mpris:length", "x", state->length);
    return g_variant_dict_end(&dict);
}

/* All but Position. */
static GVariant *player_properties(const struct mpris_state *state, unsigned track)
{
    static const char *const statuses[] = {
        [MPRIS_STOPPED] = "Stopped", [MPRIS_PAUSED] = "Paused", [MPRIS_PLAYING] = "Playing"};
    bool begun = state->playback != MPRIS_STOPPED, can_play = begun || state->can_begin;
    return g_variant_ref_sink(g_variant_new_parsed(
        "{'PlaybackStatus': <%s>, 'Metadata': <%@a{sv}>, 'Volume': <%d>, 'CanGoNext': <%b>, "
        "'CanGoPrevious': <%b>, 'CanPlay': <%b>, 'CanPause': <%b>, 'CanSeek': <false>, 'CanControl': <true>, "
        "'Rate': <1.0>, 'MinimumRate': <1.0>, 'MaximumRate': <1.0>}",
        statuses[state->playback], metadata(state, track), mpris_volume(state->volume),
        begun && state->can_next, begun && state->can_previous, can_play, can_play));
}

/* The properties of `now` that differ from `before`, floating; NULL if none does. */
static GVariant *changed_properties(GVariant *before, GVariant *now)
{
    g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT(NULL);
    GVariantIter iter;
    const char *name;
    GVariant *value;
    bool changed = false;
    g_variant_iter_init(&iter, now);
    while (g_variant_iter_loop(&iter, "{&sv}", &name, &value)) {
        g_autoptr(GVariant) old = g_variant_lookup_value(before, name, NULL);
        if (old && g_variant_equal(old, value)) continue;
        g_variant_dict_insert_value(&dict, name, value);
        changed = true;
    }
    return changed ? g_variant_dict_end(&dict) : NULL;
}

static int64_t position_at(const struct play_position *position, gint64 now)
{
    return position->us + (position->runs ? now - position->at : 0);
}

static GVariant *on_get(GDBusConnection *connection, const char *sender, const char *path,
                        const char *interface, const char *name, GError **error, gpointer data)
{
    (void)connection, (void)sender, (void)path, (void)error;
    const struct mpris *mpris = data;
    if (g_str_equal(name, "Position")) {
        int64_t position = position_at(&mpris->actual, g_get_monotonic_time());
        return g_variant_new_int64(mpris->length >= 0 ? MIN(position, mpris->length) : position);
    }
    bool of_root = g_str_equal(interface, MPRIS_ROOT);
    return g_variant_lookup_value(of_root ? mpris->root : mpris->player, name, NULL);
}

static bool is_true(const struct mpris *mpris, const char *property)
{
    gboolean flag = FALSE;
    return g_variant_lookup(mpris->player, property, "b", &flag) && flag;
}

/* Two properties can be written. There is but one rate; the specification lets 0 mean a pause. */
static gboolean on_set(GDBusConnection *connection, const char *sender, const char *path,
                       const char *interface, const char *name, GVariant *value, GError **error,
                       gpointer data)
{
    (void)connection, (void)sender, (void)path, (void)interface, (void)error;
    const struct mpris *mpris = data;
    double number = g_variant_get_double(value);
    if (g_str_equal(name, "Volume"))
        mpris->ops->volume(mpris->data, mpris_db(number));
    else if (number == 0 && is_true(mpris, "CanPause"))
        mpris->ops->command(mpris->data, COMMAND_PAUSE);
    return TRUE;
}

/* --- methods --- */

struct method {
    const char *name;
    enum command_id id;  /* COMMAND_NONE: never possible */
    const char *needs;   /* property of the player that must be true */
    const char *problem; /* the error if it is not possible; NULL: no effect, and no error */
};

static const struct method methods[] = {
    {"Raise", COMMAND_NONE, NULL, NULL},
    {"Quit", COMMAND_STOP, NULL, NULL},
    {"Next", COMMAND_NEXT, "CanGoNext", NULL},
    {"Previous", COMMAND_PREVIOUS, "CanGoPrevious", NULL},
    {"Play", COMMAND_RESUME, "CanPlay", NULL},
    {"Pause", COMMAND_PAUSE, "CanPause", "there is nothing to pause"},
    {"PlayPause", COMMAND_TOGGLE, "CanPause", "there is nothing to pause"},
    {"Stop", COMMAND_STOP, NULL, NULL},
    {"Seek", COMMAND_NONE, NULL, NULL},
    {"SetPosition", COMMAND_NONE, NULL, NULL},
    {"OpenUri", COMMAND_NONE, NULL, "stretchvoice opens no media"},
};

/* The reply goes first: the command may end the session, and free `data`. */
static void on_call(GDBusConnection *connection, const char *sender, const char *path, const char *interface,
                    const char *name, GVariant *parameters, GDBusMethodInvocation *invocation, gpointer data)
{
    (void)connection, (void)sender, (void)path, (void)interface, (void)parameters;
    struct mpris *mpris = data;
    const struct method *method = methods;
    while (!g_str_equal(method->name, name)) method++; /* GIO passes on only the methods of the interfaces */
    bool possible = method->id != COMMAND_NONE && (!method->needs || is_true(mpris, method->needs));
    if (possible || !method->problem)
        g_dbus_method_invocation_return_value(invocation, NULL);
    else
        g_dbus_method_invocation_return_error_literal(invocation, G_DBUS_ERROR, G_DBUS_ERROR_NOT_SUPPORTED,
                                                      method->problem);
    if (possible) mpris->ops->command(mpris->data, method->id);
}

static const GDBusInterfaceVTable vtable = {
    .method_call = on_call, .get_property = on_get, .set_property = on_set};

/* --- a flood of calls --- */

/* GLib takes in calls without a limit and dispatches all of them in one turn of the main loop. So that a
 * flood neither delays the sound nor fills the memory, calls beyond CALLS_AT_ONCE are dropped where they
 * arrive: their callers time out. */
struct gate {
    gint calls; /* that have come in and are not answered yet; atomic */
};

/* A call that wants no reply counts until the main loop's next turn. */
static gboolean on_turn(gpointer data)
{
    struct gate *gate = data;
    g_atomic_int_add(&gate->calls, -1);
    return G_SOURCE_REMOVE;
}

/* On GDBus's own thread: it touches the gate alone. */
static GDBusMessage *pass_gate(GDBusConnection *connection, GDBusMessage *message, gboolean incoming,
                               gpointer data)
{
    (void)connection;
    struct gate *gate = data;
    GDBusMessageType type = g_dbus_message_get_message_type(message);
    bool call = type == G_DBUS_MESSAGE_TYPE_METHOD_CALL, signal = type == G_DBUS_MESSAGE_TYPE_SIGNAL;
    if (!incoming && !call && !signal) g_atomic_int_add(&gate->calls, -1);
    if (!incoming || !call) return message;
    if (g_atomic_int_add(&gate->calls, 1) >= CALLS_AT_ONCE) {
        g_atomic_int_add(&gate->calls, -1);
        g_object_unref(message);
        return NULL;
    }
    if (g_dbus_message_get_flags(message) & G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED)
        g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, g_atomic_rc_box_acquire(gate), g_atomic_rc_box_release);
    return message;
}

/* --- the bus --- */

static void request_name(struct mpris *mpris, const char *name, GAsyncReadyCallback answered)
{
    g_dbus_connection_call(mpris->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                           "org.freedesktop.DBus", "RequestName", g_variant_new("(su)", name, DO_NOT_QUEUE),
                           G_VARIANT_TYPE("(u)"), G_DBUS_CALL_FLAGS_NONE, G_MAXINT, mpris->cancellable,
                           answered, mpris);
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

static void on_flushed(GObject *source, GAsyncResult *result, gpointer data)
{
    (void)result, (void)data;
    g_dbus_connection_close(G_DBUS_CONNECTION(source), NULL, NULL, NULL);
}

/* What has been sent still goes out, but no call comes in. */
static void disconnect(struct mpris *mpris)
{
    if (!mpris->connection) return;
    g_signal_handlers_disconnect_by_data(mpris->connection, mpris);
    g_dbus_connection_remove_filter(mpris->connection, mpris->filter);
    for (guint i = 0; i < INTERFACES; i++)
        g_dbus_connection_unregister_object(mpris->connection, mpris->objects[i]);
    g_dbus_connection_flush(mpris->connection, NULL, on_flushed, NULL);
    g_clear_object(&mpris->connection);
}

static void connect_to_bus(struct mpris *mpris);

static gboolean on_retry(gpointer data)
{
    struct mpris *mpris = data;
    mpris->retry = 0;
    connect_to_bus(mpris);
    return G_SOURCE_REMOVE;
}

static void on_lost(struct mpris *mpris)
{
    disconnect(mpris);
    mpris->retry = g_timeout_add_seconds(RETRY_S, on_retry, mpris);
}

static void use_connection(struct mpris *mpris, GDBusConnection *connection)
{
    mpris->connection = connection;
    g_dbus_connection_set_exit_on_close(connection, FALSE);
    g_signal_connect_swapped(connection, "closed", G_CALLBACK(on_lost), mpris);
    mpris->filter = g_dbus_connection_add_filter(connection, pass_gate, g_atomic_rc_box_new0(struct gate),
                                                 g_atomic_rc_box_release);
    for (guint i = 0; i < INTERFACES; i++)
        mpris->objects[i] = g_dbus_connection_register_object(
            connection, MPRIS_PATH, mpris->node->interfaces[i], &vtable, mpris, NULL, NULL);
    request_name(mpris, NAME, on_named);
}

static void on_connected(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDBusConnection) connection = g_dbus_connection_new_for_address_finish(result, &error);
    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) return;
    if (connection && !g_dbus_connection_is_closed(connection))
        use_connection(data, g_steal_pointer(&connection));
    else
        on_lost(data);
}

static void connect_to_bus(struct mpris *mpris)
{
    const GDBusConnectionFlags flags =
        G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
    g_dbus_connection_new_for_address(mpris->address, flags, NULL, mpris->cancellable, on_connected, mpris);
}

/* --- updates --- */

/* Takes floating parameters. */
static void emit(struct mpris *mpris, const char *interface, const char *signal, GVariant *parameters)
{
    g_autoptr(GVariant) taken = g_variant_ref_sink(parameters);
    if (mpris->connection)
        g_dbus_connection_emit_signal(mpris->connection, NULL, MPRIS_PATH, interface, signal, taken, NULL);
}

static void update_properties(struct mpris *mpris, const struct mpris_state *state)
{
    GVariant *player = player_properties(state, mpris->track);
    GVariant *changed = changed_properties(mpris->player, player);
    if (changed)
        emit(mpris, "org.freedesktop.DBus.Properties", "PropertiesChanged",
             g_variant_new("(s@a{sv}@as)", MPRIS_PLAYER, changed, g_variant_new_strv(NULL, 0)));
    g_variant_unref(mpris->player);
    mpris->player = player;
}

/* Listeners take a new track to begin at 0, and the position to run on while it plays. A position that stands
 * for a while is signalled when it goes on. */
static void update_position(struct mpris *mpris, bool new_track, bool jumped, bool stands)
{
    if (stands && !new_track) return;
    gint64 now = mpris->actual.at;
    int64_t expected = new_track ? 0 : position_at(&mpris->believed, now);
    mpris->believed = (struct play_position){expected, now, mpris->actual.runs};
    if (jumped || llabs(expected - mpris->actual.us) > DRIFT_US) {
        mpris->believed = mpris->actual;
        emit(mpris, MPRIS_PLAYER, "Seeked", g_variant_new("(x)", mpris->actual.us));
    }
}

void mpris_update(struct mpris *mpris, const struct mpris_state *state)
{
    bool jumped = state->jumps != mpris->jumps;
    bool new_track = jumped || state->step != mpris->step;
    bool playing = state->playback == MPRIS_PLAYING;
    if (new_track) mpris->track++;
    mpris->jumps = state->jumps;
    mpris->step = state->step;
    mpris->length = state->length;
    mpris->actual =
        (struct play_position){state->position, g_get_monotonic_time(), playing && !state->stands};
    update_properties(mpris, state);
    update_position(mpris, new_track, jumped, playing && state->stands);
}

/* --- lifetime --- */

struct mpris *mpris_new(const struct mpris_ops *ops, void *data)
{
    static const struct mpris_state nothing = {.length = -1};
    struct mpris *mpris = g_new0(struct mpris, 1);
    mpris->ops = ops;
    mpris->data = data;
    mpris->length = nothing.length;
    mpris->root = g_variant_ref_sink(g_variant_new_parsed(root_properties));
    mpris->player = player_properties(&nothing, 0);
    mpris->node = g_dbus_node_info_new_for_xml(mpris_interfaces, NULL);
    mpris->cancellable = g_cancellable_new();
    mpris->address = bus_address();
    if (mpris->address) connect_to_bus(mpris);
    return mpris;
}

void mpris_free(struct mpris *mpris)
{
    if (!mpris) return;
    g_cancellable_cancel(mpris->cancellable);
    g_object_unref(mpris->cancellable);
    g_clear_handle_id(&mpris->retry, g_source_remove);
    disconnect(mpris);
    g_free(mpris->address);
    g_dbus_node_info_unref(mpris->node);
    g_variant_unref(mpris->root);
    g_variant_unref(mpris->player);
    g_free(mpris);
}
