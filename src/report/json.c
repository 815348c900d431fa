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

/* ---- reading ---- */

struct json_object {
    JsonParser *parser;
    JsonObject *object;
};

struct json_object *json_read(const char *text)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    if (!json_parser_load_from_data(parser, text, -1, NULL)) return NULL;
    JsonNode *root = json_parser_get_root(parser);
    if (!root || !JSON_NODE_HOLDS_OBJECT(root)) return NULL;
    struct json_object *object = g_new(struct json_object, 1);
    object->object = json_node_get_object(root);
    object->parser = g_steal_pointer(&parser);
    return object;
}

void json_object_free(struct json_object *object)
{
    if (!object) return;
    g_object_unref(object->parser);
    g_free(object);
}

static JsonNode *value_of(const struct json_object *object, const char *name)
{
    JsonNode *node = json_object_get_member(object->object, name);
    return node && JSON_NODE_HOLDS_VALUE(node) ? node : NULL;
}

const char *json_get_text(const struct json_object *object, const char *name)
{
    JsonNode *node = value_of(object, name);
    return node && json_node_get_value_type(node) == G_TYPE_STRING ? json_node_get_string(node) : NULL;
}

double json_get_number(const struct json_object *object, const char *name, double otherwise)
{
    JsonNode *node = value_of(object, name);
    if (!node || json_node_get_value_type(node) == G_TYPE_STRING) return otherwise;
    return json_node_get_double(node);
}

static void print_field(JsonObject *object, const gchar *name, JsonNode *node, gpointer out)
{
    (void)object;
    if (JSON_NODE_HOLDS_NULL(node)) return;
    if (json_node_get_value_type(node) == G_TYPE_STRING)
        fprintf(out, "%s: %s\n", name, json_node_get_string(node));
    else
        fprintf(out, "%s: %.12g\n", name, json_node_get_double(node));
}

void json_print_fields(const struct json_object *object, FILE *out)
{
    json_object_foreach_member(object->object, print_field, out);
    fputc('\n', out);
}
