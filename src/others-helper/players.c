#include "players.h"

#include <gio/gio.h>
#include <string.h>

#define KIND JOURNAL_PLAYER
#define MPRIS "org.mpris.MediaPlayer2"
#define PLAYER MPRIS ".Player"
#define PROPERTIES "org.freedesktop.DBus.Properties"
#define BUS "org.freedesktop.DBus"

enum {
    ANSWER_MS = 1000,
    MOST = 32,
    STALE_S = 4 * 60 * 60,          /* longer than a session: then the user has done without it */
    SAME_POSITION = G_USEC_PER_SEC, /* that a player may be off by after a pause */
};

struct players {
    struct journal *journal;
    GDBusConnection *bus; /* NULL: there is none */
    char *bus_id;
    bool watches; /* those in the journal were paused by this process, which sees what becomes of them */
};

/* ---- calls ---- */

/* NULL if it fails. Takes the parameters. */
static GVariant *call(const struct players *players, const char *name, const char *path,
                      const char *interface, const char *method, GVariant *parameters, const char *type)
{
    return g_dbus_connection_call_sync(players->bus, name, path, interface, method, parameters,
                                       type ? G_VARIANT_TYPE(type) : NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                                       ANSWER_MS, NULL, NULL);
}

/* A method of the bus that answers with a string; to be freed, NULL if it fails. */
static char *ask_bus(const struct players *players, const char *method, const char *name)
{
    g_autoptr(GVariant) answer = call(players, BUS, "/org/freedesktop/DBus", BUS, method,
                                      name ? g_variant_new("(s)", name) : NULL, "(s)");
    char *text = NULL;
    if (answer) g_variant_get(answer, "(s)", &text);
    return text;
}

/* NULL if it has none of this type. */
static GVariant *property(const struct players *players, const char *owner, const char *name,
                          const GVariantType *type)
{
    g_autoptr(GVariant) answer = call(players, owner, "/org/mpris/MediaPlayer2", PROPERTIES, "Get",
                                      g_variant_new("(ss)", PLAYER, name), "(v)");
    g_autoptr(GVariant) value = NULL;
    if (answer) g_variant_get(answer, "(v)", &value);
    return value && g_variant_is_of_type(value, type) ? g_steal_pointer(&value) : NULL;
}

static bool has_status(const struct players *players, const char *owner, const char *status)
{
    g_autoptr(GVariant) value = property(players, owner, "PlaybackStatus", G_VARIANT_TYPE_STRING);
    return value && strcmp(g_variant_get_string(value, NULL), status) == 0;
}

/* In what it plays, microseconds; -1: it does not say. */
static gint64 position_of(const struct players *players, const char *owner)
{
    g_autoptr(GVariant) value = property(players, owner, "Position", G_VARIANT_TYPE_INT64);
    return value ? g_variant_get_int64(value) : -1;
}

static void steer(const struct players *players, const char *owner, const char *method)
{
    GVariant *answer = call(players, owner, "/org/mpris/MediaPlayer2", PLAYER, method, NULL, NULL);
    if (answer) g_variant_unref(answer);
}

/* As the session bus is found; none is started. */
static GDBusConnection *connect_to_bus(void)
{
    const char *address = g_getenv("DBUS_SESSION_BUS_ADDRESS"), *directory = g_getenv("XDG_RUNTIME_DIR");
    g_autofree char *path = directory ? g_build_filename(directory, "bus", NULL) : NULL;
    g_autofree char *escaped = path ? g_dbus_address_escape_value(path) : NULL;
    g_autofree char *usual = escaped ? g_strconcat("unix:path=", escaped, NULL) : NULL;
    if (!address && !usual) return NULL;
    return g_dbus_connection_new_for_address_sync(address ? address : usual,
                                                  G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                      G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                  NULL, NULL, NULL);
}

struct players *players_new(struct journal *journal)
{
    struct players *players = g_new0(struct players, 1);
    players->journal = journal;
    players->bus = connect_to_bus();
    if (!players->bus) return players;
    g_dbus_connection_set_exit_on_close(players->bus, FALSE);
    players->bus_id = ask_bus(players, "GetId", NULL);
    return players;
}

/* ---- pausing ---- */

/* Its name on the bus tells it from all others while the bus runs. */
static void forget(const struct players *players, const char *owner)
{
    g_auto(GStrv) groups = journal_groups(players->journal, KIND);
    for (char **group = groups; *group; group++) {
        g_autofree char *known = g_key_file_get_string(players->journal->file, *group, "owner", NULL);
        if (g_strcmp0(known, owner) == 0) g_key_file_remove_group(players->journal->file, *group, NULL);
    }
    journal_save(players->journal);
}

/* Played by its user, it is not ours any more, even if it is paused again. */
static void on_changed(GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                       const char *signal, GVariant *parameters, gpointer data)
{
    g_autoptr(GVariant) changed = NULL;
    const char *status = NULL;
    (void)bus, (void)path, (void)interface, (void)signal;
    if (!g_variant_is_of_type(parameters, G_VARIANT_TYPE("(sa{sv}as)"))) return;
    changed = g_variant_get_child_value(parameters, 1);
    if (g_variant_lookup(changed, "PlaybackStatus", "&s", &status) && strcmp(status, "Playing") == 0)
        forget(data, sender);
}

/* A proxy for another player is left out, and so is any stretchvoice. */
static bool is_other(const char *name)
{
    static const char ours[] = MPRIS ".stretchvoice", proxy[] = MPRIS ".playerctld";
    return g_str_has_prefix(name, MPRIS ".") && !g_str_has_prefix(name, ours) && strcmp(name, proxy) != 0;
}

static void pause_player(struct players *players, const char *name, int number)
{
    g_autofree char *owner = ask_bus(players, "GetNameOwner", name),
                    *group = g_strdup_printf(KIND " %d", number);
    if (!owner || !has_status(players, owner, "Playing")) return;
    GKeyFile *file = players->journal->file;
    g_key_file_set_string(file, group, "bus", players->bus_id);
    g_key_file_set_string(file, group, "owner", owner);
    g_key_file_set_string(file, group, "name", name);
    g_key_file_set_int64(file, group, "time", g_get_real_time() / G_USEC_PER_SEC);
    g_key_file_set_int64(file, group, "position", -1);
    if (!journal_save(players->journal)) {
        g_key_file_remove_group(file, group, NULL);
        return;
    }
    steer(players, owner, "Pause");
    g_key_file_set_int64(file, group, "position", position_of(players, owner));
    journal_save(players->journal);
    g_dbus_connection_signal_subscribe(players->bus, owner, PROPERTIES, "PropertiesChanged",
                                       "/org/mpris/MediaPlayer2", PLAYER, G_DBUS_SIGNAL_FLAGS_NONE,
                                       on_changed, players, NULL);
}

bool players_pause(struct players *players)
{
    if (!players->bus || !players->bus_id) return false;
    g_autoptr(GVariant) answer = call(players, BUS, "/org/freedesktop/DBus", BUS, "ListNames", NULL, "(as)");
    g_autofree const char **names = NULL;
    if (answer) g_variant_get(answer, "(^a&s)", &names);
    int number = 0;
    players->watches = true;
    for (const char **name = names; name && *name && number < MOST; name++)
        if (is_other(*name)) pause_player(players, *name, ++number);
    return answer != NULL;
}

/* ---- playing on ---- */

/* It may have been played, and paused by its user, while no process of ours was there to see it. */
static bool is_same_pause(const struct players *players, const char *group, const char *owner)
{
    GKeyFile *file = players->journal->file;
    if (players->watches) return true;
    gint64 age = g_get_real_time() / G_USEC_PER_SEC - g_key_file_get_int64(file, group, "time", NULL);
    gint64 then = g_key_file_get_int64(file, group, "position", NULL), now = position_of(players, owner);
    return age < STALE_S && (then < 0 || now < 0 || ABS(now - then) < SAME_POSITION);
}

static bool resume(const struct players *players, const char *group)
{
    GKeyFile *file = players->journal->file;
    g_autofree char *bus = g_key_file_get_string(file, group, "bus", NULL),
                    *owner = g_key_file_get_string(file, group, "owner", NULL);
    bool is_same = bus && g_strcmp0(bus, players->bus_id) == 0 && owner && g_dbus_is_unique_name(owner);
    if (!is_same || !has_status(players, owner, "Paused") || !is_same_pause(players, group, owner))
        return false;
    steer(players, owner, "Play");
    return true;
}

unsigned players_resume(struct players *players)
{
    g_auto(GStrv) groups = journal_groups(players->journal, KIND);
    unsigned resumed = 0;
    if (!players->bus || !players->bus_id) return 0; /* what is left waits for a start that finds the bus */
    for (char **group = groups; *group; group++) resumed += resume(players, *group);
    journal_clear(players->journal, KIND);
    journal_save(players->journal);
    return resumed;
}
