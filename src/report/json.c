#include "report/json.h"
#include <json-glib/json-glib.h>

struct json {
    JsonObject *object;
    JsonGenerator *generator;
};

struct json *json_new(void)
{
    struct json *json = g_new0(struct json, 1);
    json->object = json_object_new();
    json->generator = json_generator_new();
    return json;
}

void json_free(struct json *json)
{
    if (!json) return;
    json_object_unref(json->object);
    g_object_unref(json->generator);
    g_free(json);
}

void json_text(struct json *json, const char *name, const char *value)
{
    if (!value || g_utf8_validate(value, -1, NULL)) {
        json_object_set_string_member(json->object, name, value);
        return;
    }
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    json_object_set_string_member(json->object, name, valid);
}

void json_texts(struct json *json, const char *name, const GPtrArray *values)
{
    JsonArray *array = json_array_sized_new(values->len);
    for (guint i = 0; i < values->len; i++) json_array_add_string_element(array, values->pdata[i]);
    json_object_set_array_member(json->object, name, array);
}

void json_number(struct json *json, const char *name, int64_t value)
{
    json_object_set_int_member(json->object, name, value);
}

void json_real(struct json *json, const char *name, double value)
{
    json_object_set_double_member(json->object, name, value);
}

void json_bool(struct json *json, const char *name, bool value)
{
    json_object_set_boolean_member(json->object, name, value);
}

void json_null(struct json *json, const char *name)
{
    json_object_set_null_member(json->object, name);
}

void json_print(struct json *json, FILE *out)
{
    g_autoptr(JsonNode) root = json_node_init_object(json_node_alloc(), json->object);
    json_generator_set_root(json->generator, root);
    g_autofree char *line = json_generator_to_data(json->generator, NULL);
    fprintf(out, "%s\n", line);
    json_object_unref(json->object);
    json->object = json_object_new();
}
