#include "base/sentence.h"
#include <string.h>

enum { SENTENCE_BYTES = 1000 }; /* longer ones have crashed or slowed engines, and cannot be interrupted */

/* Latin, the ellipsis, CJK, the danda, Arabic. */
static bool is_stop(gunichar c)
{
    static const gunichar stops[] = {'.', '!', '?', 0x2026, 0x3002, 0xff01, 0xff1f, 0x0964, 0x061f};
    for (gsize i = 0; i < G_N_ELEMENTS(stops); i++)
        if (c == stops[i]) return true;
    return false;
}

/* ---- abbreviations ---- */

/* What goes on behind the full stop: anything, a number, anything but a capital letter. */
enum follower { ANY, DIGIT, NO_CAPITAL };

/* In lower case, of all languages: none of them ends a sentence in another one. */
static const struct abbreviation {
    const char *word;
    enum follower follower;
} abbreviations[] = {
    {"mr.", ANY},         {"mrs.", ANY},        {"ms.", ANY},          {"dr.", ANY},
    {"prof.", ANY},       {"approx.", ANY},     {"vs.", ANY},          {"e.g.", ANY},
    {"e. g.", ANY},       {"i.e.", ANY},        {"i. e.", ANY},        {"incl.", ANY},
    {"cf.", ANY},         {"z.b.", ANY},        {"z. b.", ANY},        {"d.h.", ANY},
    {"d. h.", ANY},       {"ca.", ANY},         {"bzw.", ANY},         {"evtl.", ANY},
    {"inkl.", ANY},       {"p.ex.", ANY},       {"p. ex.", ANY},       {"aprox.", ANY},
    {"bijv.", ANY},       {"no.", DIGIT},       {"nr.", DIGIT},        {"fig.", DIGIT},
    {"max.", DIGIT},      {"env.", DIGIT},      {"etc.", NO_CAPITAL},  {"usw.", NO_CAPITAL},
    {"ecc.", NO_CAPITAL}, {"enz.", NO_CAPITAL}, {"sec.", NO_CAPITAL},  {"secs.", NO_CAPITAL},
    {"sek.", NO_CAPITAL}, {"min.", NO_CAPITAL}, {"mins.", NO_CAPITAL},
};

/* A character in lower case, and any space as one. */
static gunichar folded(const char *p)
{
    gunichar c = g_utf8_get_char(p);
    return g_unichar_isspace(c) ? ' ' : g_unichar_tolower(c);
}

/* Where `word` begins, if it stands whole in the text with its letter `at` at `p`; NULL if not. */
static const char *find_around(const char *text, const char *p, const char *word, gsize at)
{
    const char *begin = p;
    for (gsize i = at; i > 0; i--) {
        if (begin == text) return NULL;
        begin = g_utf8_prev_char(begin);
        if (folded(begin) != (guchar)word[i - 1]) return NULL;
    }
    for (gsize i = at; word[i]; i++, p = g_utf8_next_char(p))
        if (folded(p) != (guchar)word[i]) return NULL;
    return begin == text || !g_unichar_isalnum(g_utf8_get_char(g_utf8_prev_char(begin))) ? begin : NULL;
}

static const char *skip_space(const char *p)
{
    while (*p && g_unichar_isspace(g_utf8_get_char(p))) p = g_utf8_next_char(p);
    return p;
}

static bool goes_on(enum follower follower, const char *text)
{
    gunichar c = g_utf8_get_char(skip_space(text));
    return follower == ANY || (follower == DIGIT ? g_unichar_isdigit(c) : !g_unichar_isupper(c));
}

const char *sentence_abbreviation(const char *text, const char *stop, gsize *length)
{
    if (!g_unichar_isspace(g_utf8_get_char(stop + 1))) return NULL;
    for (const struct abbreviation *row = abbreviations; row < abbreviations + G_N_ELEMENTS(abbreviations);
         row++)
        for (const char *dot = strchr(row->word, '.'); dot; dot = strchr(dot + 1, '.')) {
            const char *begin = find_around(text, stop, row->word, (gsize)(dot - row->word));
            if (!begin || (!dot[1] && !goes_on(row->follower, stop + 1))) continue;
            *length = (gsize)(stop - begin) + strlen(dot);
            return begin;
        }
    return NULL;
}

/* ---- sentences ---- */

/* The end of the sentence that begins there: behind its stop and what closes it, or the end of the text. */
static const char *sentence_end(const char *begin)
{
    const char *p = begin;
    bool stopped = false;
    gsize length;
    for (; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (stopped && g_unichar_isspace(c)) return p;
        GUnicodeType type = g_unichar_type(c);
        bool closes = c == '"' || c == '\'' || type == G_UNICODE_CLOSE_PUNCTUATION ||
                      type == G_UNICODE_FINAL_PUNCTUATION;
        stopped = is_stop(c) || (stopped && closes);
        if (c == '.' && sentence_abbreviation(begin, p, &length)) stopped = false;
    }
    return p;
}

/* Splits what is too long at its last space, or, in a word without end, between two characters. */
static void add_sentence(GPtrArray *sentences, const char *begin, const char *end)
{
    while (end > begin && end[-1] == ' ') end--;
    while (end - begin > SENTENCE_BYTES) {
        const char *at = begin + SENTENCE_BYTES;
        while (at > begin && *at != ' ') at--;
        if (at == begin) at = g_utf8_find_prev_char(begin, begin + SENTENCE_BYTES + 1);
        g_ptr_array_add(sentences, g_strndup(begin, (gsize)(at - begin)));
        begin = skip_space(at);
    }
    if (end > begin) g_ptr_array_add(sentences, g_strndup(begin, (gsize)(end - begin)));
}

GPtrArray *sentences_split(const char *text)
{
    GPtrArray *sentences = g_ptr_array_new_with_free_func(g_free);
    for (const char *p = skip_space(text); *p;) {
        const char *end = sentence_end(p);
        add_sentence(sentences, p, end);
        p = skip_space(end);
    }
    return sentences;
}

bool sentence_has_words(const char *text)
{
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        if (g_unichar_isalnum(g_utf8_get_char(p))) return true;
    return false;
}
