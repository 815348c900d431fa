#include "base/sentence.h"
#include <string.h>

enum { SENTENCE_BYTES = 1000 }; /* longer ones have crashed or slowed engines, and cannot be interrupted */

/* Beside those of Latin: the ellipsis, the dandas of India. */
static const gunichar STOPS[] = {0x2026, 0x0964, 0x0965};

/* Behind these no space needs to follow: Chinese and Japanese, Urdu and Arabic, Armenian, Amharic, Burmese,
 * Khmer. */
static const gunichar STOPS_BY_THEMSELVES[] = {0x3002, 0xff01, 0xff1f, 0xff61, 0x06d4, 0x061f,
                                               0x0589, 0x1362, 0x1367, 0x104b, 0x17d4};

static bool is_among(gunichar c, const gunichar *list, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (c == list[i]) return true;
    return false;
}

static bool stops_by_itself(gunichar c)
{
    return is_among(c, STOPS_BY_THEMSELVES, G_N_ELEMENTS(STOPS_BY_THEMSELVES));
}

static bool is_stop(gunichar c)
{
    if (c < 0x80) return c == '.' || c == '!' || c == '?';
    return is_among(c, STOPS, G_N_ELEMENTS(STOPS)) || stops_by_itself(c);
}

bool sentence_is_over(const char *text)
{
    return *text && is_stop(g_utf8_get_char(g_utf8_find_prev_char(text, text + strlen(text))));
}

static const char *skip_space(const char *p)
{
    while (*p && g_unichar_isspace(g_utf8_get_char(p))) p = g_utf8_next_char(p);
    return p;
}

/* ---- abbreviations ---- */

/* A character in lower case, and any space as one. */
static gunichar folded(const char *p)
{
    gunichar c = g_utf8_get_char(p);
    return g_unichar_isspace(c) ? ' ' : g_unichar_tolower(c);
}

/* An abbreviation in the list of a language: "Dr.", "etc.?", "no.#". */
struct abbreviation {
    const char *word, *end; /* without the mark */
    char mark;              /* '?', '#' or '\0' */
};

/* The one at `*list`, which is moved behind it; false at the end. */
static bool next_abbreviation(const char **list, struct abbreviation *abbreviation)
{
    const char *word = *list + strspn(*list, ", "), *end = word + strcspn(word, ",");
    *list = end;
    while (end > word && end[-1] == ' ') end--;
    bool marked = end > word && strchr("?#", end[-1]);
    *abbreviation = (struct abbreviation){word, end - marked, marked ? end[-1] : '\0'};
    return end > word;
}

/* Where the word begins, if it stands whole in the text with its letter `at` at `p`; NULL if not. */
static const char *find_around(const char *text, const char *p, const struct abbreviation *word,
                               const char *at)
{
    const char *begin = p;
    for (const char *letter = at; letter > word->word;) {
        if (begin == text) return NULL;
        begin = g_utf8_prev_char(begin);
        letter = g_utf8_prev_char(letter);
        if (folded(begin) != folded(letter)) return NULL;
    }
    for (; at < word->end; at = g_utf8_next_char(at), p = g_utf8_next_char(p))
        if (!*p || folded(p) != folded(at)) return NULL;
    return begin == text || !g_unichar_isalnum(g_utf8_get_char(g_utf8_prev_char(begin))) ? begin : NULL;
}

static bool goes_on(char mark, const char *text)
{
    gunichar c = g_utf8_get_char(skip_space(text));
    return !mark || (mark == '#' ? g_unichar_isdigit(c) : !g_unichar_isupper(c));
}

const char *sentence_abbreviation(const char *text, const char *stop, const struct sentence_rules *rules,
                                  gsize *length)
{
    const char *list = rules && rules->abbreviations ? rules->abbreviations : "";
    struct abbreviation word;
    if (!g_unichar_isspace(g_utf8_get_char(stop + 1))) return NULL;
    while (next_abbreviation(&list, &word))
        for (const char *dot = word.word; (dot = memchr(dot, '.', (gsize)(word.end - dot))); dot++) {
            const char *begin = find_around(text, stop, &word, dot);
            if (!begin || (dot + 1 == word.end && !goes_on(word.mark, stop + 1))) continue;
            *length = (gsize)(stop - begin) + (gsize)(word.end - dot);
            return begin;
        }
    return NULL;
}

/* ---- sentences ---- */

/* The letter that the next word begins with is none that goes on: it is a capital, or has no case. */
static bool begins_sentence(const char *p)
{
    while (*p && !g_unichar_isalnum(g_utf8_get_char(p))) p = g_utf8_next_char(p);
    gunichar c = g_utf8_get_char(p);
    return g_unichar_isalpha(c) && !g_unichar_islower(c);
}

/* Whether the full stop at `stop`, with a space behind it, ends no sentence. */
static bool is_inside(const char *begin, const char *stop, const struct sentence_rules *rules)
{
    gsize length;
    if (!*skip_space(stop + 1)) return false;
    if (sentence_abbreviation(begin, stop, rules, &length)) return true;
    bool number = stop > begin && g_unichar_isdigit(g_utf8_get_char(g_utf8_prev_char(stop)));
    bool line_ends = stop[1] == ' ' && stop[2] == ' '; /* as ini_read() joins lines */
    return number && !line_ends && ((rules && rules->ordinals) || !begins_sentence(stop + 1));
}

static bool closes_quote(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);
    return c == '"' || c == '\'' || type == G_UNICODE_CLOSE_PUNCTUATION ||
           type == G_UNICODE_FINAL_PUNCTUATION;
}

/* The end of the sentence that begins there: behind its stop and what closes it, or the end of the text. */
static const char *sentence_end(const char *begin, const struct sentence_rules *rules)
{
    const char *p = begin;
    bool stopped = false, at_once = false;
    for (; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        bool closes = stopped && closes_quote(c), stop = is_stop(c);
        if (stopped && (g_unichar_isspace(c) || (at_once && !closes && !stop))) return p;
        at_once = stops_by_itself(c) || (at_once && closes);
        stopped = stop || closes;
        if (c == '.' && g_unichar_isspace(g_utf8_get_char(p + 1)) && is_inside(begin, p, rules))
            stopped = false;
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

GPtrArray *sentences_split(const char *text, const struct sentence_rules *rules)
{
    GPtrArray *sentences = g_ptr_array_new_with_free_func(g_free);
    for (const char *p = skip_space(text); *p;) {
        const char *end = sentence_end(p, rules);
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

char *sentence_begun(const char *text)
{
    const char *rest = *text ? g_utf8_next_char(text) : text;
    g_autofree char *first = g_utf8_strup(text, rest - text);
    return g_strconcat(first, rest, NULL);
}
