#include "report/snapcast.h"
#include <string.h>

/* The listeners of a server with these clients, as they are shown, a line each. */
static char *lines_of(const char *clients)
{
    g_autofree char *text =
        g_strdup_printf("{\"result\":{\"server\":{\"groups\":[{\"clients\":[%s]}]}}}", clients);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autoptr(GPtrArray) listeners = snapcast_listeners(json_object_in(parser, text), "result");
    GString *lines = g_string_new(NULL);
    for (guint i = 0; i < listeners->len; i++) {
        g_autofree char *line = snapcast_listener_line(listeners->pdata[i]);
        g_string_append_printf(lines, "%s\n", line);
    }
    return g_string_free(lines, FALSE);
}

static void listeners_are_shown(void)
{
    static const char *const cases[][2] = {
        {"{\"connected\":false,\"host\":{\"name\":\"a\"}}", ""},
        {"{\"connected\":true,\"host\":{\"name\":\"a\"},\"config\":{\"name\":\"\",\"latency\":20}}",
         "a, latency 20 ms, volume 0 %\n"},
        {"{\"connected\":true,\"host\":{\"name\":\"a\"},\"config\":{\"name\":\"b\",\"volume\":{\"percent\":"
         "50,\"muted\":true}}}",
         "b, latency 0 ms, volume 50 %, muted\n"},
        /* Of other types, out of range, with characters that a terminal obeys. */
        {"{\"connected\":true,\"host\":5,\"config\":{\"name\":[],\"latency\":\"x\",\"volume\":{\"percent\":"
         "1e300}}}",
         ", latency 0 ms, volume 100000 %\n"},
        {"{\"connected\":true,\"config\":{\"name\":\"a\\u001b[2J\",\"latency\":-1e999}}",
         "a?[2J, latency -100000 ms, volume 0 %\n"},
        {"5,null,[]", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *lines = lines_of(cases[i][0]);
        g_assert_cmpstr(lines, ==, cases[i][1]);
    }
}

static void listeners_are_counted(void)
{
    static const struct {
        const char *message;
        guint before, after;
    } cases[] = {
        {"{\"method\":\"Client.OnConnect\"}", 1, 2},
        {"{\"method\":\"Client.OnDisconnect\"}", 1, 0},
        {"{\"method\":\"Client.OnDisconnect\"}", 0, 0},
        {"{\"method\":\"Server.OnUpdate\",\"params\":{\"server\":{\"groups\":[{\"clients\":[{\"connected\":"
         "true}]}]}}}",
         5, 1},
        {"{\"method\":5}", 3, 3},
        {"no JSON", 3, 3},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonObject *message = json_object_in(parser, cases[i].message);
        g_assert_cmpuint(snapcast_listeners_after(cases[i].before, message), ==, cases[i].after);
    }
}

static void a_session_has_finite_numbers(void)
{
    g_autofree char *json =
        snapcast_properties("{\"playback\":\"playing\",\"track\":\"One\",\"step\":1e300,\"length\":1e999,"
                            "\"position\":-1e999,\"next\":true}");
    g_assert_nonnull(strstr(json, "\"playbackStatus\":\"playing\""));
    g_assert_nonnull(strstr(json, "\"position\":-10000000.000"));
    g_assert_nonnull(
        strstr(json, "\"metadata\":{\"title\":\"One\",\"trackNumber\":100000,\"duration\":10000000.000}"));
}

static void no_session_is_stopped(void)
{
    g_autofree char *none = snapcast_properties(NULL), *wrong = snapcast_properties("no JSON");
    g_assert_nonnull(strstr(none, "\"playbackStatus\":\"stopped\""));
    g_assert_nonnull(strstr(none, "\"canPlay\":false"));
    g_assert_cmpstr(none, ==, wrong);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/snapcast/listeners are shown", listeners_are_shown);
    g_test_add_func("/snapcast/listeners are counted", listeners_are_counted);
    g_test_add_func("/snapcast/a session has finite numbers", a_session_has_finite_numbers);
    g_test_add_func("/snapcast/no session is stopped", no_session_is_stopped);
    return g_test_run();
}
