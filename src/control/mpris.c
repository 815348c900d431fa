#include "control/mpris.h"
#include "mpris_private.h"
#include <stdlib.h>

/* A position that is this far from where a listener expects it is told. */
#define DRIFT_US (1 * G_USEC_PER_SEC)

/* Where the position was at a moment; it may run since. */
struct mark {
    int64_t position;
    gint64 at;
    bool runs;
};

struct mpris {
    const struct mpris_ops *ops;
    void *data;
    GDBusNodeInfo *node;
    struct mpris_object object;
    struct mpris_bus *bus;
    GVariant *root, *player; /* properties */
    unsigned track;
    struct mpris_state state; /* the last one, with copies of its texts */
    struct mark told;         /* by the session, */
    struct mark believed;     /* and by those who listen to us */
};

static int64_t mark_now(const struct mark *mark, gint64 now)
{
    return mark->position + (mark->runs ? now - mark->at : 0);
}

/* --- calls --- */

struct call {
    const char *name;
    enum command_id id;    /* COMMAND_NONE: it can never be done */
    const char *needs;     /* property of the player that must be true */
    const char *complaint; /* NULL: what cannot be done has no effect, and that is no error */
};

static const struct call calls[] = {
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

static const struct call *find_call(const char *name)
{
    const struct call *call = calls;
    while (!g_str_equal(call->name, name)) call++; /* GIO lets through only what the interfaces have */
    return call;
}

static bool is_true(const struct mpris *mpris, const char *property)
{
    gboolean flag = FALSE;
    return g_variant_lookup(mpris->player, property, "b", &flag) && flag;
}

static bool can(const struct mpris *mpris, const struct call *call)
{
    return call->id != COMMAND_NONE && (!call->needs || is_true(mpris, call->needs));
}

/* The answer goes first, for the command may be the end of the session, and of `data`. */
static void on_call(GDBusConnection *connection, const char *sender, const char *path, const char *interface,
                    const char *name, GVariant *parameters, GDBusMethodInvocation *invocation, gpointer data)
{
    (void)connection, (void)sender, (void)path, (void)interface, (void)parameters;
    struct mpris *mpris = data;
    const struct call *call = find_call(name);
    bool done = can(mpris, call);
    if (done || !call->complaint)
        g_dbus_method_invocation_return_value(invocation, NULL);
    else
        g_dbus_method_invocation_return_error_literal(invocation, G_DBUS_ERROR, G_DBUS_ERROR_NOT_SUPPORTED,
                                                      call->complaint);
    if (done) mpris->ops->command(mpris->data, call->id);
}

/* --- properties --- */

static GVariant *position(const struct mpris *mpris)
{
    int64_t position = mark_now(&mpris->told, g_get_monotonic_time());
    return g_variant_new_int64(mpris->state.length >= 0 ? MIN(position, mpris->state.length) : position);
}

static GVariant *on_get(GDBusConnection *connection, const char *sender, const char *path,
                        const char *interface, const char *name, GError **error, gpointer data)
{
    (void)connection, (void)sender, (void)path, (void)error;
    const struct mpris *mpris = data;
    bool of_root = g_str_equal(interface, MPRIS_ROOT);
    if (g_str_equal(name, "Position")) return position(mpris);
    return g_variant_lookup_value(of_root ? mpris->root : mpris->player, name, NULL);
}

/* Two can be written. There is but one rate; 0 is the specification's word for a pause. */
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

static const GDBusInterfaceVTable vtable = {
    .method_call = on_call,
    .get_property = on_get,
    .set_property = on_set,
};

/* --- what is told --- */

static void tell_changes(struct mpris *mpris, GVariant *player)
{
    g_autoptr(GVariant) changes = mpris_changes(mpris->player, player);
    if (changes)
        mpris_bus_signal(mpris->bus, "org.freedesktop.DBus.Properties", "PropertiesChanged",
                         g_variant_new("(s@a{sv}@as)", MPRIS_PLAYER, changes, g_variant_new_strv(NULL, 0)));
    g_variant_unref(mpris->player);
    mpris->player = player;
}

/* A listener takes a new track to begin at 0, and the position to run on while it plays. One that stands for
 * a while is told when it goes on. */
static void tell_position(struct mpris *mpris, bool new_track, bool jumped, bool stands)
{
    if (stands && !new_track) return;
    gint64 now = mpris->told.at;
    int64_t expected = new_track ? 0 : mark_now(&mpris->believed, now);
    mpris->believed = (struct mark){expected, now, mpris->told.runs};
    if (jumped || llabs(expected - mpris->told.position) > DRIFT_US) {
        mpris->believed = mpris->told;
        mpris_bus_signal(mpris->bus, MPRIS_PLAYER, "Seeked", g_variant_new("(x)", mpris->told.position));
    }
}

/* But for the position, which is no property that changes are told of. */
static bool is_same(const struct mpris_state *a, const struct mpris_state *b)
{
    return a->playback == b->playback && g_strcmp0(a->routine, b->routine) == 0 &&
           g_strcmp0(a->track, b->track) == 0 && a->step == b->step && a->jumps == b->jumps &&
           a->length == b->length && a->volume == b->volume && a->can_next == b->can_next &&
           a->can_previous == b->can_previous;
}

static void keep_state(struct mpris *mpris, const struct mpris_state *state)
{
    struct mpris_state before = mpris->state;
    mpris->state = *state;
    mpris->state.routine = g_strdup(state->routine);
    mpris->state.track = g_strdup(state->track);
    g_free((char *)before.routine);
    g_free((char *)before.track);
}

/* While it only runs on, which is nearly always, nothing is made. */
void mpris_update(struct mpris *mpris, const struct mpris_state *state)
{
    bool same = is_same(state, &mpris->state);
    bool jumped = state->jumps != mpris->state.jumps;
    bool new_track = jumped || state->step != mpris->state.step;
    if (new_track) mpris->track++;
    if (!same) keep_state(mpris, state);
    bool runs = state->playback == MPRIS_PLAYING && !state->stands;
    mpris->told = (struct mark){state->position, g_get_monotonic_time(), runs};
    if (!same) tell_changes(mpris, mpris_player_properties(state, mpris->track));
    tell_position(mpris, new_track, jumped, state->playback == MPRIS_PLAYING && state->stands);
}

/* --- lifetime --- */

struct mpris *mpris_new(const struct mpris_ops *ops, void *data)
{
    static const struct mpris_state nothing = {.length = -1};
    struct mpris *mpris = g_new0(struct mpris, 1);
    mpris->ops = ops;
    mpris->data = data;
    mpris->state = nothing;
    mpris->root = mpris_root_properties();
    mpris->player = mpris_player_properties(&nothing, 0);
    mpris->node = g_dbus_node_info_new_for_xml(mpris_interfaces, NULL);
    g_assert(mpris->node);
    mpris->object = (struct mpris_object){MPRIS_PATH, mpris->node->interfaces, &vtable, mpris};
    mpris->bus = mpris_bus_new(&mpris->object);
    return mpris;
}

void mpris_free(struct mpris *mpris)
{
    if (!mpris) return;
    mpris_bus_free(mpris->bus);
    g_dbus_node_info_unref(mpris->node);
    g_variant_unref(mpris->root);
    g_variant_unref(mpris->player);
    keep_state(mpris, &(struct mpris_state){0});
    g_free(mpris);
}
