#include "base/letter.h"
#include <string.h>

/* ---- one character ---- */

struct named {
    gunichar c;
    const char *name;
};

static const struct named INVISIBLE[] = {
    {0x00AD, "a soft hyphen"},       {0x200B, "a zero width space"},   {0x200C, "a zero width non-joiner"},
    {0x200D, "a zero width joiner"}, {0x200E, "a left-to-right mark"}, {0x200F, "a right-to-left mark"},
    {0x2060, "a word joiner"},       {0xFEFF, "a byte-order mark"},    {0, NULL},
};

static const struct named LOOK_ALIKE[] = {
    {0x00A0, "a no-break space"},
    {0x2007, "a figure space"},
    {0x202F, "a narrow no-break space"},
    {0x2010, "a hyphen"},
    {0x2011, "a non-breaking hyphen"},
    {0x2012, "a figure dash"},
    {0x2013, "an en dash"},
    {0x2014, "an em dash"},
    {0x2212, "a minus sign"},
    {0xFF1D, "a fullwidth equals sign"},
    {0, NULL},
};

static const char *name_in(const struct named *table, gunichar c)
{
    while (table->c && table->c != c) table++;
    return table->name;
}

bool letter_is_dash(gunichar c)
{
    return g_unichar_type(c) == G_UNICODE_DASH_PUNCTUATION || c == 0x2212;
}

const char *letter_invisible(gunichar c)
{
    return name_in(INVISIBLE, c);
}

const char *letter_foreign(gunichar c)
{
    if (c < 0x80 || !g_unichar_isalpha(c)) return NULL;
    switch (g_unichar_get_script(c)) {
    case G_UNICODE_SCRIPT_CYRILLIC: return "Cyrillic";
    case G_UNICODE_SCRIPT_GREEK: return "Greek";
    case G_UNICODE_SCRIPT_HAN: return "Chinese";
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA: return "Japanese";
    case G_UNICODE_SCRIPT_HANGUL: return "Korean";
    case G_UNICODE_SCRIPT_ARABIC: return "Arabic";
    case G_UNICODE_SCRIPT_HEBREW: return "Hebrew";
    default: return NULL;
    }
}

/* ---- texts ---- */

static bool is_edge(gunichar c)
{
    return g_unichar_isspace(c) || letter_invisible(c);
}

char *letters_plain(char *text)
{
    char *to = text;
    for (const char *at = text, *next; *at; at = next) {
        const gunichar c = g_utf8_get_char(at);
        next = g_utf8_next_char(at);
        if (letter_is_dash(c)) {
            *to++ = '-';
        } else if (g_unichar_isspace(c)) {
            *to++ = ' ';
        } else if (!letter_invisible(c)) {
            memmove(to, at, (gsize)(next - at));
            to += next - at;
        }
    }
    *to = '\0';
    return text;
}

char *letters_skip_space(const char *text)
{
    while (*text && is_edge(g_utf8_get_char(text))) text = g_utf8_next_char(text);
    return (char *)text;
}

gsize letters_length(const char *text)
{
    const char *end = text + strlen(text);
    for (const char *last; end > text && is_edge(g_utf8_get_char(last = g_utf8_prev_char(end)));) end = last;
    return (gsize)(end - text);
}

/* A dash that stands for a hyphen; another is a dash, or the one of a range. */
static bool joins_letters(const char *text, const char *at)
{
    return at > text && g_unichar_isalpha(g_utf8_get_char(g_utf8_prev_char(at))) &&
           g_unichar_isalpha(g_utf8_get_char(g_utf8_next_char(at)));
}

static char *describe(gunichar c, const char *name, const char *kind)
{
    return g_strdup_printf("U+%04X, %s%s%s", c, kind ? "a " : "", name, kind ? kind : "");
}

char *letters_unseen(const char *text)
{
    bool latin = false;
    const char *name;
    for (const char *at = text; *at && !latin; at++) latin = g_ascii_isalpha(*at);
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        const gunichar c = g_utf8_get_char(at);
        if (c < 0x80 || (letter_is_dash(c) && !joins_letters(text, at))) continue;
        if ((name = letter_invisible(c)) || (name = name_in(LOOK_ALIKE, c))) return describe(c, name, NULL);
        if (latin && (name = letter_foreign(c))) return describe(c, name, " letter");
    }
    return NULL;
}
