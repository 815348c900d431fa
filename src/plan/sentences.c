#include "plan/script.h"
#include <string.h>

enum { SENTENCE_BYTES = 1000 }; /* longer ones have crashed or slowed engines, and cannot be interrupted */

static bool is_stop(gunichar c)
{
    switch (c) {
    case '.':
    case '!':
    case '?':
    case 0x2026: /* ellipsis */
    case 0x3002:
    case 0xff01:
    case 0xff1f: /* full stop, exclamation and question mark of CJK */
    case 0x0964: /* danda */
    case 0x061f: /* Arabic question mark */ return true;
    default: return false;
    }
}

/* What may stand between a sentence's stop and the white space behind it. */
static bool is_closing(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);
    return c == '"' || c == '\'' || type == G_UNICODE_CLOSE_PUNCTUATION ||
           type == G_UNICODE_FINAL_PUNCTUATION;
}

/* The end of the sentence that begins at `p`: behind its stop, or the end of the text. */
static const char *sentence_end(const char *p)
{
    bool stopped = false;
    for (; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (stopped && g_unichar_isspace(c)) return p;
        stopped = is_stop(c) || (stopped && is_closing(c));
    }
    return p;
}

static const char *skip_blanks(const char *p)
{
    while (*p && g_unichar_isspace(g_utf8_get_char(p))) p = g_utf8_next_char(p);
    return p;
}

/* Where to split what is too long: at its last blank, or, in a word without end, between two characters. */
static gsize split_at(const char *text)
{
    gsize at = SENTENCE_BYTES;
    while (at > 0 && text[at] != ' ') at--;
    if (at > 0) return at;
    return (gsize)(g_utf8_find_prev_char(text, text + SENTENCE_BYTES + 1) - text);
}

static void add_sentence(GPtrArray *sentences, const char *begin, const char *end)
{
    while (end > begin && end[-1] == ' ') end--;
    while (end - begin > SENTENCE_BYTES) {
        gsize at = split_at(begin);
        g_ptr_array_add(sentences, g_strndup(begin, at));
        begin = skip_blanks(begin + at);
    }
    if (end > begin) g_ptr_array_add(sentences, g_strndup(begin, (gsize)(end - begin)));
}

GPtrArray *sentences_split(const char *text)
{
    GPtrArray *sentences = g_ptr_array_new_with_free_func(g_free);
    for (const char *p = skip_blanks(text); *p;) {
        const char *end = sentence_end(p);
        add_sentence(sentences, p, end);
        p = skip_blanks(end);
    }
    return sentences;
}

bool sentence_has_words(const char *text)
{
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        if (g_unichar_isalnum(g_utf8_get_char(p))) return true;
    return false;
}
