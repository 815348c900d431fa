/* The control socket in both directions: a client's line, and the server's. The first byte says which. */
#include "control/protocol.h"
#include "fuzz.h"
#include <string.h>

/* Words that can be sent come out again as they were. */
static void take_command(const char *line)
{
    const char *problem = NULL;
    g_auto(GStrv) words = protocol_words(line, &problem);
    g_assert_true((words == NULL) == (problem != NULL));
    if (!words) return;
    const char *unsendable = NULL;
    g_autofree char *sent = protocol_command((const char *const *)words, &unsendable);
    if (!sent) return;
    sent[strlen(sent) - 1] = '\0';
    g_auto(GStrv) again = protocol_words(sent, &problem);
    g_assert_true(again && g_strv_equal((const char *const *)words, (const char *const *)again));
}

static void take_response(char *line)
{
    struct response_line response;
    if (!protocol_read(line, &response)) return;
    g_autoptr(GString) out = g_string_new(NULL);
    if (response.kind == RESPONSE_FIELD) protocol_field(out, response.key, response.value);
    if (response.kind == RESPONSE_ERROR) protocol_error(out, response.code, response.value);
    if (response.kind == RESPONSE_OK) protocol_ok(out);
    g_assert_true(g_str_has_suffix(out->str, "\n"));
    g_assert_true(strchr(out->str, '\n') == out->str + out->len - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    g_autofree char *line = g_strndup((const char *)data + 1, size - 1);
    if (!g_utf8_validate(line, -1, NULL) || strchr(line, '\n'))
        return 0; /* which the wire does not hand out */
    if (*data & 1)
        take_command(line);
    else
        take_response(line);
    return 0;
}
