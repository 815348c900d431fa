#include "report/ics.h"
#include <string.h>
#include <time.h>

enum { LINE = 75 }; /* bytes */

void ics_begin(GString *ics, const char *what)
{
    g_string_append(ics, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    g_string_append_printf(ics, "PRODID:-//stretchvoice//%s//EN\r\n", what);
}

void ics_end(GString *ics)
{
    g_string_append(ics, "END:VCALENDAR\r\n");
}

/* Long lines go on in the next one, behind a space; never inside of a character. */
void ics_line(GString *ics, const char *name, const char *value)
{
    g_autofree char *line = g_strconcat(name, ":", value, NULL);
    const char *rest = line;
    gsize room = LINE;
    while (strlen(rest) > room) {
        const char *end = rest + room;
        while (((unsigned char)*end & 0xc0) == 0x80) end--;
        g_string_append_len(ics, rest, end - rest);
        g_string_append(ics, "\r\n ");
        rest = end;
        room = LINE - 1;
    }
    g_string_append_printf(ics, "%s\r\n", rest);
}

void ics_text(GString *ics, const char *name, const char *text)
{
    g_autoptr(GString) escaped = g_string_new(NULL);
    for (; *text; text++) {
        if (strchr("\\;,", *text)) g_string_append_c(escaped, '\\');
        if (*text == '\n')
            g_string_append(escaped, "\\n");
        else if (*text != '\r')
            g_string_append_c(escaped, *text);
    }
    ics_line(ics, name, escaped->str);
}

void ics_time(GString *ics, const char *name, int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm t;
    gmtime_r(&time, &t);
    g_string_append_printf(ics, "%s:%04d%02d%02dT%02d%02d%02dZ\r\n", name, t.tm_year + 1900, t.tm_mon + 1,
                           t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}
