#include "plan/script.h"

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
    static const enum role ranks[] = {ROLE_COUNTDOWN, ROLE_PHRASE, ROLE_COUNT, ROLE_HALFWAY, ROLE_LEFT};
    int i = 0;
    while (i < (int)G_N_ELEMENTS(ranks) && ranks[i] != role) i++;
    return i;
}

struct prompt *line_prompt(struct line *line, enum role role, int64_t offset, GPtrArray *sentences)
{
    if (!line->prompts) {
        line->prompts = g_array_new(FALSE, FALSE, sizeof(struct prompt));
        g_array_set_clear_func(line->prompts, clear_prompt);
    }
    const struct prompt prompt = {.role = role, .offset = offset, .sentences = sentences};
    guint at = line->prompts->len;
    while (at > 0 && rank(g_array_index(line->prompts, struct prompt, at - 1).role) > rank(role)) at--;
    g_array_insert_val(line->prompts, at, prompt);
    return &g_array_index(line->prompts, struct prompt, at);
}
