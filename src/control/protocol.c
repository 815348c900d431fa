#include "control/protocol.h"
#include "base/duration.h"
#include "base/read.h"
#include "base/name.h"
#include <string.h>

/* Makes a text fit for one line, in place. Returns what it held that cannot be sent, or NULL. */
static const char *sanitize(char *text)
{
    struct lines lines = {.next = text, .end = text + strlen(text)};
    bool one_line = strpbrk(text, "\r\n") == NULL;
    g_strdelimit(text, "\r\n", ' ');
    lines_next(&lines);
    return one_line ? lines.bad : "a line break";
}

/* ---- commands ---- */

char **protocol_words(const char *line, const char **problem)
{
    g_autoptr(GError) error = NULL;
    char **words = NULL;
    if (g_shell_parse_argv(line, NULL, &words, &error)) return words;
    bool empty = g_error_matches(error, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING);
    *problem = empty ? "no command" : "a quote or backslash is left open";
    return NULL;
}

char *protocol_command(const char *const *words, const char **problem)
{
    GString *line = g_string_new(NULL);
    for (; *words && line->len <= CONTROL_LINE; words++) words_append(line, *words);
    *problem = line->len == 0             ? "no word"
               : line->len > CONTROL_LINE ? "more than 4096 bytes"
                                          : sanitize(line->str);
    g_string_append_c(line, '\n');
    return g_string_free(line, *problem != NULL);
}

/* ---- answers ---- */

static void append_value(GString *out, const char *value)
{
    g_autofree char *copy = g_strndup(value, CONTROL_VALUE);
    sanitize(copy);
    g_string_append(out, copy);
    g_string_append(out, strlen(value) > CONTROL_VALUE ? "…\n" : "\n");
}

void protocol_field(GString *out, const char *key, const char *value)
{
    g_string_append_printf(out, "%s: ", key);
    append_value(out, value);
}

void protocol_ok(GString *out)
{
    g_string_append(out, "OK\n");
}

void protocol_error(GString *out, int code, const char *message)
{
    g_string_append_printf(out, "ERR %d ", code);
    append_value(out, message);
}

bool protocol_read(char *line, struct response_line *response)
{
    *response = (struct response_line){.kind = RESPONSE_OK};
    if (strcmp(line, "OK") == 0) return true;
    if (g_str_has_prefix(line, "ERR ")) {
        char *code = line + strlen("ERR "), *space = strchr(code, ' ');
        if (space) *space = '\0';
        response->kind = RESPONSE_ERROR;
        response->value = space ? space + 1 : "";
        return number_parse(code, &response->code) && response->code >= 1 && response->code <= 255;
    }
    char *colon = strchr(line, ':');
    if (!colon || colon == line) return false;
    *colon = '\0';
    response->kind = RESPONSE_FIELD;
    response->key = line;
    response->value = colon[1] == ' ' ? colon + 2 : colon + 1;
    return true;
}
