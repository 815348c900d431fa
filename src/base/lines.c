#include "base/lines.h"
#include <stdbool.h>
#include <string.h>

static bool is_ascii(const char *line, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isprint(line[i]) && line[i] != '\t') return false;
    return true;
}

static bool is_c1(const char *at)
{
    return (guchar)at[0] == 0xC2 && (guchar)at[1] >= 0x80 && (guchar)at[1] < 0xA0;
}

static const char *control_name(char byte)
{
    return byte == '\0' ? "a NUL byte" : byte == '\r' ? "a CR inside the line" : "a control character";
}

/* The line ends with a NUL, so that looking one byte ahead is safe. */
static const char *mend_controls(char *line, gsize length)
{
    const char *bad = NULL;
    for (gsize i = 0; i < length; i++) {
        bool c1 = is_c1(line + i);
        if (line[i] == '\t' || !(g_ascii_iscntrl(line[i]) || c1)) continue;
        if (!bad) bad = control_name(line[i]);
        line[i] = '?';
        if (c1) line[i + 1] = '?';
    }
    return bad;
}

static const char *mend_utf8(char *line, gsize length)
{
    const char *bad = NULL, *at = line, *end = line + length;
    while (!g_utf8_validate_len(at, (gsize)(end - at), &at)) {
        line[at - line] = '?';
        bad = "invalid UTF-8";
    }
    return bad;
}

static const char *mend(char *line, gsize length)
{
    if (is_ascii(line, length)) return NULL;
    const char *control = mend_controls(line, length), *utf8 = mend_utf8(line, length);
    return control ? control : utf8;
}

char *lines_next(struct lines *lines)
{
    if (lines->next >= lines->end) return NULL;
    char *line = lines->next;
    char *feed = memchr(line, '\n', (gsize)(lines->end - line));
    char *stop = feed ? feed : lines->end;
    lines->next = stop + 1;
    lines->number++;
    if (feed && stop > line && stop[-1] == '\r') stop--;
    *stop = '\0';
    lines->bad = mend(line, (gsize)(stop - line));
    return line;
}
