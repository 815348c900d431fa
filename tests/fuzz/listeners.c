/* What Snapcast's server says of its listeners, line after line: each listener can be shown on a terminal,
 * all of them are JSON, and they can be counted. */
#include "fuzz.h"
#include "report/snapcast.h"
#include <string.h>

static void check_shown(JsonObject *listener)
{
    g_autofree char *line = snapcast_listener_line(listener);
    g_assert_true(g_utf8_validate(line, -1, NULL));
    for (const char *p = line; *p; p = g_utf8_next_char(p))
        g_assert_false(g_unichar_iscntrl(g_utf8_get_char(p)));
}

static void check_json(const GPtrArray *listeners)
{
    g_autofree char *array = snapcast_listeners_json(listeners);
    g_autoptr(GString) json = g_string_new(NULL);
    g_autoptr(JsonParser) parser = json_parser_new();
    json_raw(json, "listeners", "", array, "");
    json_end(json);
    JsonObject *object = json_object_in(parser, json->str);
    g_assert_nonnull(object);
    g_assert_cmpuint(json_array_get_length(json_object_get_array_member(object, "listeners")), ==,
                     listeners->len);
}

static void check(JsonObject *message, const char *member)
{
    g_autoptr(GPtrArray) listeners = snapcast_listeners(message, member);
    g_ptr_array_foreach(listeners, (GFunc)(void (*)(void))check_shown, NULL);
    check_json(listeners);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    if (!g_utf8_validate(text, -1, NULL)) return 0; /* which the wire does not hand out */
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint listeners = 0;
    for (char **line = lines; *line; line++) {
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonObject *message = json_object_in(parser, *line);
        check(message, "result");
        check(message, "params");
        listeners = snapcast_listeners_after(listeners, message);
        g_assert_cmpuint(listeners, <=, size);
    }
    return 0;
}
