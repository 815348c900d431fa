#include "report/snapcast.h"
#include "base/diag.h"
#include <math.h>
#include <string.h>

enum {
    NAME_SHOWN = 60,      /* bytes */
    MOST_NUMBER = 100000, /* of what is whole: milliseconds, percent, steps */
};

static const double MOST_SECONDS = 1e7;

/* ---- members, whatever type they have ---- */

static JsonNode *member_at(JsonObject *object, const char *name)
{
    return object ? json_object_get_member(object, name) : NULL;
}

static JsonNode *value_at(JsonObject *object, const char *name)
{
    JsonNode *node = member_at(object, name);
    return node && JSON_NODE_HOLDS_VALUE(node) ? node : NULL;
}

static JsonObject *object_at(JsonObject *object, const char *name)
{
    JsonNode *node = member_at(object, name);
    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

/* The objects of an array (JsonObject *), borrowed. */
static GPtrArray *objects_at(JsonObject *object, const char *name)
{
    GPtrArray *objects = g_ptr_array_new();
    JsonNode *node = member_at(object, name);
    JsonArray *array = node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    for (guint i = 0; array && i < json_array_get_length(array); i++) {
        JsonNode *element = json_array_get_element(array, i);
        if (JSON_NODE_HOLDS_OBJECT(element)) g_ptr_array_add(objects, json_node_get_object(element));
    }
    return objects;
}

static const char *text_at(JsonObject *object, const char *name)
{
    JsonNode *node = value_at(object, name);
    return node ? json_node_get_string(node) : NULL;
}

/* Within these limits; 0 if it is none. */
static double real_at(JsonObject *object, const char *name, double most)
{
    JsonNode *node = value_at(object, name);
    double number = node ? json_node_get_double(node) : 0;
    return isnan(number) ? 0 : CLAMP(number, -most, most);
}

static int number_at(JsonObject *object, const char *name)
{
    return (int)real_at(object, name, MOST_NUMBER);
}

static bool flag_at(JsonObject *object, const char *name)
{
    JsonNode *node = value_at(object, name);
    return node && json_node_get_boolean(node);
}

/* ---- listeners ---- */

GPtrArray *snapcast_listeners(JsonObject *message, const char *member)
{
    GPtrArray *listeners = g_ptr_array_new();
    g_autoptr(GPtrArray) groups = objects_at(object_at(object_at(message, member), "server"), "groups");
    for (guint i = 0; i < groups->len; i++) {
        g_autoptr(GPtrArray) clients = objects_at(g_ptr_array_index(groups, i), "clients");
        for (guint k = 0; k < clients->len; k++)
            if (flag_at(g_ptr_array_index(clients, k), "connected"))
                g_ptr_array_add(listeners, g_ptr_array_index(clients, k));
    }
    return listeners;
}

/* One that the server does not know yet is only in its status. */
guint snapcast_listeners_after(guint before, JsonObject *message)
{
    const char *method = text_at(message, "method");
    if (g_strcmp0(method, "Client.OnConnect") == 0) return before + 1;
    if (g_strcmp0(method, "Client.OnDisconnect") == 0) return before > 0 ? before - 1 : 0;
    if (g_strcmp0(method, "Server.OnUpdate") != 0) return before;
    g_autoptr(GPtrArray) listeners = snapcast_listeners(message, "params");
    return listeners->len;
}

/* As it has been named, or its computer. */
static const char *name_of(JsonObject *listener)
{
    const char *given = text_at(object_at(listener, "config"), "name");
    const char *name = given && *given ? given : text_at(object_at(listener, "host"), "name");
    return name ? name : "";
}

char *snapcast_listener_line(JsonObject *listener)
{
    JsonObject *config = object_at(listener, "config"), *volume = object_at(config, "volume");
    g_autofree char *name = diag_shown(name_of(listener), NAME_SHOWN);
    return g_strdup_printf("%s, latency %d ms, volume %d %%%s", name, number_at(config, "latency"),
                           number_at(volume, "percent"), flag_at(volume, "muted") ? ", muted" : "");
}

static void append_listener(GString *list, JsonObject *listener)
{
    JsonObject *config = object_at(listener, "config"), *volume = object_at(config, "volume");
    const char *id = text_at(listener, "id");
    g_autoptr(GString) json = g_string_new(NULL);
    json_text(json, "name", name_of(listener));
    json_text(json, "id", id ? id : "");
    json_number(json, "latency_ms", number_at(config, "latency"));
    json_number(json, "volume", number_at(volume, "percent"));
    json_bool(json, "muted", flag_at(volume, "muted"));
    json_end(json);
    g_string_append_printf(list, "%s%s", list->len > 1 ? "," : "", json->str);
}

char *snapcast_listeners_json(const GPtrArray *listeners)
{
    GString *list = g_string_new("[");
    for (guint i = 0; listeners && i < listeners->len; i++) append_listener(list, listeners->pdata[i]);
    g_string_append_c(list, ']');
    return g_string_free(list, FALSE);
}

/* ---- the session ---- */

static char *metadata(JsonObject *media)
{
    GString *json = g_string_new(NULL);
    const char *track = text_at(media, "track"), *routine = text_at(media, "routine");
    int step = number_at(media, "step");
    double length = real_at(media, "length", MOST_SECONDS);
    if (track) json_text(json, "title", track);
    if (routine) json_text(json, "album", routine);
    if (step > 0) json_number(json, "trackNumber", step);
    if (length > 0) json_decimal(json, "duration", length);
    json_end(json);
    return g_string_free(json, FALSE);
}

char *snapcast_properties(const char *media)
{
    GString *json = g_string_new(NULL);
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonObject *object = media ? json_object_in(parser, media) : NULL;
    const char *playback = text_at(object, "playback");
    bool session = playback && strcmp(playback, "stopped") != 0;
    g_autofree char *tags = metadata(object);
    json_text(json, "playbackStatus", playback ? playback : "stopped");
    json_text(json, "loopStatus", "none");
    json_bool(json, "shuffle", false);
    json_decimal(json, "position", real_at(object, "position", MOST_SECONDS));
    json_bool(json, "canControl", true);
    json_bool(json, "canPlay", session);
    json_bool(json, "canPause", session);
    json_bool(json, "canGoNext", flag_at(object, "next"));
    json_bool(json, "canGoPrevious", flag_at(object, "previous"));
    json_bool(json, "canSeek", false);
    json_raw(json, "metadata", "", tags, "");
    json_end(json);
    return g_string_free(json, FALSE);
}
