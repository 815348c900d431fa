#include "cells.h"

static int width(const char *letter)
{
    gunichar c = g_utf8_get_char(letter);
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

int cells_of(const char *text)
{
    int cells = 0;
    for (; *text; text = g_utf8_next_char(text)) cells += width(text);
    return cells;
}

/* The end of what has room in so many cells, with its combining marks. */
static const char *end_in(const char *text, int cells)
{
    while (*text && (cells -= width(text)) >= 0) text = g_utf8_next_char(text);
    return text;
}

char *cells_cut(const char *text, int cells, bool ascii)
{
    const char *ellipsis = ascii ? "..." : "…";
    if (cells <= 0) return g_strdup("");
    if (!*end_in(text, cells)) return g_strdup(text);
    int room = cells - cells_of(ellipsis);
    if (room <= 0) return g_strndup(text, (gsize)(end_in(text, cells) - text));
    const char *end = end_in(text, room);
    while (end > text && end[-1] == ' ') end--;
    return g_strdup_printf("%.*s%s", (int)(end - text), text, ellipsis);
}

/* The last blank in or just behind a piece; the piece's end if there is none. */
static const char *break_of(const char *text, const char *end)
{
    for (const char *p = end; p > text; p--)
        if (*p == ' ') return p;
    return end;
}

GStrv cells_wrap(const char *text, int cells, int most, bool ascii)
{
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
    for (int n = 1; *text; n++) {
        const char *end = end_in(text, cells);
        bool last = n == most || !*end || end == text; /* the last of these: too narrow for a letter */
        g_autofree char *cut = last ? cells_cut(text, cells, ascii) : NULL;
        end = last ? text : break_of(text, end);
        g_autofree char *line = g_strndup(text, (gsize)(end - text));
        g_strv_builder_add(lines, last ? cut : line);
        if (last) break;
        for (text = end; *text == ' ';) text++;
    }
    return g_strv_builder_end(lines);
}
