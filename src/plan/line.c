#include "plan/script.h"

/* ---- sentences ---- */

enum { SENTENCE_BYTES = 1000 }; /* longer ones have crashed or slowed engines, and cannot be interrupted */

/* Latin, the ellipsis, CJK, the danda, Arabic. */
static bool is_stop(gunichar c)
{
    static const gunichar stops[] = {'.', '!', '?', 0x2026, 0x3002, 0xff01, 0xff1f, 0x0964, 0x061f};
    for (gsize i = 0; i < G_N_ELEMENTS(stops); i++)
        if (c == stops[i]) return true;
    return false;
}

/* The end of the sentence that begins at `p`: behind its stop and what closes it, or the end of the text. */
static const char *sentence_end(const char *p)
{
    bool stopped = false;
    for (; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (stopped && g_unichar_isspace(c)) return p;
        GUnicodeType type = g_unichar_type(c);
        bool closes = c == '"' || c == '\'' || type == G_UNICODE_CLOSE_PUNCTUATION ||
                      type == G_UNICODE_FINAL_PUNCTUATION;
        stopped = is_stop(c) || (stopped && closes);
    }
    return p;
}

static const char *skip_space(const char *p)
{
    while (*p && g_unichar_isspace(g_utf8_get_char(p))) p = g_utf8_next_char(p);
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

/* ---- lines ---- */

struct line *line_new(enum line_kind kind, struct place place)
{
    struct line *line = g_new0(struct line, 1);
    line->kind = kind;
    line->place = place;
    return line;
}

struct line *line_speech(enum role role, struct place place, GPtrArray *sentences)
{
    struct line *line = line_new(LINE_SPEECH, place);
    line->role = role;
    line->sentences = sentences;
    return line;
}

struct line *line_span(enum cue_type span, int64_t frames, struct place place)
{
    struct line *line = line_new(LINE_SPAN, place);
    line->span = span;
    line->frames = frames;
    return line;
}

void line_free(struct line *line)
{
    if (!line) return;
    g_clear_pointer(&line->sentences, g_ptr_array_unref);
    g_clear_pointer(&line->prompts, g_array_unref);
    g_free(line);
}

GPtrArray *lines_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)line_free);
}

static void clear_prompt(gpointer data)
{
    g_ptr_array_unref(((struct prompt *)data)->sentences);
}

/* Of two prompts that meet, the one of lower rank is not said. */
static int rank(enum role role)
{
    return role == ROLE_COUNTDOWN ? 0 : role == ROLE_PHRASE ? 1 : role == ROLE_HALFWAY ? 2 : 3;
}

void line_prompt(struct line *line, enum role role, int64_t offset, GPtrArray *sentences)
{
    if (!line->prompts) {
        line->prompts = g_array_new(FALSE, FALSE, sizeof(struct prompt));
        g_array_set_clear_func(line->prompts, clear_prompt);
    }
    const struct prompt prompt = {role, offset, sentences};
    guint at = line->prompts->len;
    while (at > 0 && rank(g_array_index(line->prompts, struct prompt, at - 1).role) > rank(role)) at--;
    g_array_insert_val(line->prompts, at, prompt);
}
