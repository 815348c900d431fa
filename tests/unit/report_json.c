#include "report/json.h"
#include <json-glib/json-glib.h>
#include <string.h>

static void fields_stand_in_their_order(void)
{
    g_autoptr(GString) object = g_string_new(NULL);
    json_text(object, "text", "say \"ah\"");
    json_text(object, "none", NULL);
    json_number(object, "number", G_MININT64);
    json_bool(object, "yes", true);
    json_null(object, "null");
    json_end(object);
    g_assert_cmpstr(object->str, ==,
                    "{\"text\":\"say \\\"ah\\\"\",\"none\":null,\"number\":-9223372036854775808,\"yes\":true,"
                    "\"null\":null}");
}

static void texts_are_a_list(void)
{
    g_autoptr(GString) object = g_string_new(NULL);
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    json_texts(object, "none", texts);
    g_ptr_array_add(texts, (char *)"a");
    g_ptr_array_add(texts, (char *)"b\\");
    json_texts(object, "two", texts);
    json_end(object);
    g_assert_cmpstr(object->str, ==, "{\"none\":[],\"two\":[\"a\",\"b\\\\\"]}");
}

static void an_empty_object(void)
{
    g_autoptr(GString) object = g_string_new(NULL);
    json_end(object);
    g_assert_cmpstr(object->str, ==, "{}");
}

/* File names may hold any byte but NUL and the slash. */
static void every_byte_is_valid_json(void)
{
    char bytes[256] = "";
    for (int i = 1; i < 256; i++) bytes[i - 1] = (char)i;
    g_autoptr(GString) object = g_string_new(NULL);
    json_text(object, "file", bytes);
    json_end(object);
    for (const char *at = object->str; *at; at++) g_assert_false(g_ascii_iscntrl(*at));
    g_assert_true(g_utf8_validate(object->str, -1, NULL));
    g_assert_nonnull(strstr(object->str, "\\u001f"));
    g_autoptr(JsonParser) parser = json_parser_new();
    g_assert_true(json_parser_load_from_data(parser, object->str, -1, NULL));
    JsonObject *read = json_node_get_object(json_parser_get_root(parser));
    g_assert_true(g_str_has_prefix(json_object_get_string_member(read, "file"), "\x01\x02\x03"));
}

static void expect_number(void (*add)(GString *, const char *, double), double value, const char *expected)
{
    g_autoptr(GString) object = g_string_new(NULL);
    add(object, "n", value);
    g_assert_cmpstr(object->str + strlen("{\"n\":"), ==, expected);
}

static void decimals(void)
{
    expect_number(json_decimal, 12.3456, "12.346");
    expect_number(json_decimal, 0.1 + 0.2, "0.300");
    expect_number(json_decimal, -6, "-6.000");
    expect_number(json_decimal, 1e22, "10000000000000000000000.000");
}

/* A number with a fraction stays one for readers that tell the two apart. */
static void reals(void)
{
    expect_number(json_real, 12, "12.0");
    expect_number(json_real, 12.5, "12.5");
    expect_number(json_real, 0.1, "0.10000000000000001");
}

int main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report_json/order", fields_stand_in_their_order);
    g_test_add_func("/report_json/texts", texts_are_a_list);
    g_test_add_func("/report_json/empty", an_empty_object);
    g_test_add_func("/report_json/every_byte", every_byte_is_valid_json);
    g_test_add_func("/report_json/decimals", decimals);
    g_test_add_func("/report_json/reals", reals);
    return g_test_run();
}
