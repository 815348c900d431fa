#include "report/json.h"
#include <string.h>

enum { MOST_DEPTH = 32 };

static void append_name(GString *object, const char *name)
{
    g_string_append_printf(object, "%c\"%s\":", object->len > 0 ? ',' : '{', name);
}

static void append_text(GString *out, const char *text)
{
    static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_string_append_c(out, '"');
    for (const char *at = valid; *at; at++) {
        const char *found = strchr(escaped, *at);
        if (found)
            g_string_append_printf(out, "\\%c", letters[found - escaped]);
        else if (g_ascii_iscntrl(*at))
            g_string_append_printf(out, "\\u%04x", (unsigned)(guchar)*at);
        else
            g_string_append_c(out, *at);
    }
    g_string_append_c(out, '"');
}

void json_text(GString *object, const char *name, const char *value)
{
    append_name(object, name);
    if (value)
        append_text(object, value);
    else
        g_string_append(object, "null");
}

void json_texts(GString *object, const char *name, const GPtrArray *values)
{
    append_name(object, name);
    g_string_append_c(object, '[');
    for (guint i = 0; i < values->len; i++) {
        if (i > 0) g_string_append_c(object, ',');
        append_text(object, values->pdata[i]);
    }
    g_string_append_c(object, ']');
}

void json_number(GString *object, const char *name, int64_t value)
{
    append_name(object, name);
    g_string_append_printf(object, "%" G_GINT64_FORMAT, value);
}

void json_real(GString *object, const char *name, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    append_name(object, name);
    g_string_append(object, g_ascii_dtostr(digits, sizeof digits, value));
    if (!strpbrk(digits, ".e")) g_string_append(object, ".0");
}

void json_decimal(GString *object, const char *name, double value)
{
    char digits[512];
    append_name(object, name);
    g_string_append(object, g_ascii_formatd(digits, sizeof digits, "%.3f", value));
}

void json_bool(GString *object, const char *name, bool value)
{
    append_name(object, name);
    g_string_append(object, value ? "true" : "false");
}

void json_null(GString *object, const char *name)
{
    append_name(object, name);
    g_string_append(object, "null");
}

void json_raw(GString *object, const char *name, const char *open, const char *value, const char *close)
{
    append_name(object, name);
    g_string_append(object, open);
    g_string_append(object, value);
    g_string_append(object, close);
}

void json_end(GString *object)
{
    g_string_append(object, object->len > 0 ? "}" : "{}");
}

void json_print(GString *object, FILE *out)
{
    json_end(object);
    fprintf(out, "%s\n", object->str);
    g_string_truncate(object, 0);
}

bool json_is_deep(const char *text)
{
    int depth = 0;
    bool quoted = false;
    for (; *text; text++) {
        if (quoted && *text == '\\' && text[1]) {
            text++;
        } else if (*text == '"') {
            quoted = !quoted;
        } else if (!quoted && (*text == '{' || *text == '[')) {
            if (++depth > MOST_DEPTH) return true;
        } else if (!quoted && (*text == '}' || *text == ']')) {
            depth--;
        }
    }
    return false;
}

JsonObject *json_object_in(JsonParser *parser, const char *text)
{
    bool read = !json_is_deep(text) && json_parser_load_from_data(parser, text, -1, NULL);
    JsonNode *root = read ? json_parser_get_root(parser) : NULL;
    return root && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
}
