#include "writer.h"
#include "plan/pace.h"
#include <string.h>

/* ---- sentences ---- */

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

/* ---- lines ---- */

void line_free(struct line *line)
{
    if (!line) return;
    g_clear_pointer(&line->sentences, g_ptr_array_unref);
    g_clear_pointer(&line->prompts, g_array_unref);
    g_free(line);
}

static struct line *new_line(enum line_kind kind, struct place place)
{
    struct line *line = g_new0(struct line, 1);
    line->kind = kind;
    line->place = place;
    return line;
}

struct line *line_speech(enum role role, struct place place, const char *text)
{
    struct line *line = new_line(LINE_SPEECH, place);
    line->role = role;
    line->sentences = sentences_split(text);
    return line;
}

struct line *line_span(enum cue_type span, int64_t frames, struct place place)
{
    struct line *line = new_line(LINE_SPAN, place);
    line->span = span;
    line->frames = frames;
    return line;
}

struct line *writer_line(struct writer *w, enum line_kind kind, struct place place)
{
    struct line *line = new_line(kind, place);
    g_ptr_array_add(w->lines, line);
    return line;
}

void writer_span(struct writer *w, enum cue_type span, int64_t frames, struct place place)
{
    if (frames == 0 && span != SPAN_READY) return;
    g_ptr_array_add(w->lines, line_span(span, frames, place));
}

/* A brief session leaves out what is not needed by one who knows the routine. */
static bool is_said(const struct script *script, enum role role)
{
    if (script->settings->pace.words == WORDS_FULL) return true;
    switch (role) {
    case ROLE_SETUP:
    case ROLE_INSTRUCTION:
    case ROLE_REST:
    case ROLE_CLOSING: return false;
    default: return true;
    }
}

void writer_speech(struct writer *w, enum role role, struct place place, int source, const char *text)
{
    if (!is_said(w->script, role)) return;
    struct line *line = line_speech(role, place, text);
    line->source = source;
    if (line->sentences->len > 0)
        g_ptr_array_add(w->lines, line);
    else
        line_free(line);
}

static void keep_first_sentence(const GPtrArray *lines, guint before)
{
    if (lines->len == before) return;
    struct line *line = g_ptr_array_index(lines, lines->len - 1);
    g_ptr_array_set_size(line->sentences, 1);
}

/* ---- texts and phrases ---- */

/* Every number in a text comes from the field that drives the clock. */
struct figures {
    char reps[16], set[16], sets[16], seconds[16], breaths[16];
    struct field fields[8];
};

void writer_figure(char figure[16], int value)
{
    g_snprintf(figure, 16, "%d", value);
}

static const char *side_word(const struct voice *voice, enum side side)
{
    return side == SIDE_NONE ? NULL : voice->phrases[side == SIDE_RIGHT ? PHRASE_RIGHT : PHRASE_LEFT];
}

static enum side other_side(enum side side)
{
    return side == SIDE_NONE ? SIDE_NONE : side == SIDE_RIGHT ? SIDE_LEFT : SIDE_RIGHT;
}

static void fill_figures(struct figures *f, const struct writer *w, const struct move *move,
                         struct place place)
{
    const struct voice *voice = w->script->voice;
    memset(f, 0, sizeof *f);
    if (w->step) {
        writer_figure(f->reps, effort_reps(w->script->effort, w->step));
        writer_figure(f->sets, script_sets(w->script, w->step, place.set));
        writer_figure(f->set, place.set);
    }
    if (move && move->hold.kind == HOLD_SECONDS)
        writer_figure(f->seconds, script_hold(w->script, move, place));
    if (move && move->hold.kind == HOLD_BREATHS)
        writer_figure(f->breaths, script_hold(w->script, move, place));
    const struct field fields[] = {
        {"title", w->step ? w->step->title : w->script->routine->title},
        {"reps", f->reps},
        {"set", f->set},
        {"sets", f->sets},
        {"seconds", f->seconds},
        {"breaths", f->breaths},
        {"side", side_word(voice, place.side)},
        {"other", side_word(voice, other_side(place.side))},
    };
    G_STATIC_ASSERT(sizeof fields == sizeof f->fields);
    memcpy(f->fields, fields, sizeof fields);
}

/* A text of the routine. `move` is the one whose hold its figures speak of. */
void writer_text(struct writer *w, enum role role, const struct text *text, const struct move *move,
                 struct place place)
{
    if (!text->template) return;
    struct figures f;
    fill_figures(&f, w, move, place);
    g_autofree char *filled = template_fill(text->template, f.fields, G_N_ELEMENTS(f.fields), place.side);
    writer_speech(w, role, place, text->line, filled);
}

void writer_first_sentence(struct writer *w, enum role role, const struct text *text, const struct move *move,
                           struct place place)
{
    guint before = w->lines->len;
    writer_text(w, role, text, move, place);
    keep_first_sentence(w->lines, before);
}

char *script_counted(const struct voice *voice, enum phrase phrase, int n)
{
    char digits[16];
    writer_figure(digits, n);
    return voice_phrase(voice, phrase, n, &(struct field){"n", digits}, 1);
}

char *writer_counted_word(const struct voice *voice, enum phrase phrase, int n)
{
    g_autofree char *word = voice_number(voice, n);
    return voice_phrase(voice, phrase, n, &(struct field){"n", word}, 1);
}

void writer_phrase(struct writer *w, enum role role, struct place place, enum phrase phrase)
{
    writer_speech(w, role, place, 0, w->script->voice->phrases[phrase]);
}

/* ---- prompts ---- */

static void free_prompt(gpointer data)
{
    g_ptr_array_unref(((struct prompt *)data)->sentences);
}

/* Of two prompts that meet, the one of lower rank is not said. */
static int rank(enum role role)
{
    switch (role) {
    case ROLE_COUNTDOWN: return 0;
    case ROLE_PHRASE: return 1; /* an announcement */
    case ROLE_HALFWAY: return 2;
    default: return 3;
    }
}

void line_prompt(struct line *line, enum role role, int64_t offset, GPtrArray *sentences)
{
    if (!line->prompts) {
        line->prompts = g_array_new(FALSE, FALSE, sizeof(struct prompt));
        g_array_set_clear_func(line->prompts, free_prompt);
    }
    const struct prompt prompt = {role, offset, sentences};
    guint at = line->prompts->len;
    while (at > 0 && rank(g_array_index(line->prompts, struct prompt, at - 1).role) > rank(role)) at--;
    g_array_insert_val(line->prompts, at, prompt);
}

static void add_prompt(struct line *line, enum role role, int64_t offset, char *text)
{
    GPtrArray *sentences = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(sentences, text);
    line_prompt(line, role, offset, sentences);
}

void writer_countdown(struct line *line, const struct script *script, int from)
{
    int rate = script->settings->sound.rate;
    for (int n = from; n > 0; n--)
        add_prompt(line, ROLE_COUNTDOWN, line->frames - (int64_t)n * rate,
                   writer_counted_word(script->voice, PHRASE_COUNTDOWN, n));
}

static char *left_text(const struct voice *voice, int seconds)
{
    bool minutes = seconds >= 60 && seconds % 60 == 0;
    return minutes ? script_counted(voice, PHRASE_MINUTES_LEFT, seconds / 60)
                   : script_counted(voice, PHRASE_SECONDS_LEFT, seconds);
}

/* Counted from the end, never said at go; above a minute only at whole minutes. */
static void add_seconds_left(struct line *line, const struct script *script, int seconds)
{
    int every = script->settings->count.announce_s, rate = script->settings->sound.rate;
    if (every == 0) return;
    for (int left = (seconds - 1) / every * every; left > 0; left -= every)
        if (left <= 60 || left % 60 == 0)
            add_prompt(line, ROLE_LEFT, (int64_t)(seconds - left) * rate, left_text(script->voice, left));
}

static void add_halfway(struct line *line, const struct script *script, int64_t offset)
{
    if (script->settings->count.halfway)
        add_prompt(line, ROLE_HALFWAY, offset, g_strdup(script->voice->phrases[PHRASE_HALFWAY]));
}

/* ---- holds ---- */

static void add_hold_seconds(struct writer *w, int seconds, struct place place)
{
    const struct settings *settings = w->script->settings;
    struct line *line = writer_line(w, LINE_HOLD, place);
    line->frames = (int64_t)seconds * settings->sound.rate;
    if (seconds >= settings->count.countdown + 2)
        writer_countdown(line, w->script, settings->count.countdown);
    add_halfway(line, w->script, line->frames / 2);
    add_seconds_left(line, w->script, seconds);
}

static void add_hold_breaths(struct writer *w, int breaths, struct place place)
{
    const struct settings *settings = w->script->settings;
    struct line *line = writer_line(w, LINE_BREATHS, place);
    line->breaths = breaths;
    line->frames = pace_breath_frames(settings, breaths);
    if (breaths % 2 == 0) add_halfway(line, w->script, pace_breath_frames(settings, breaths / 2));
}

static void add_ready(struct writer *w, struct place place)
{
    writer_phrase(w, ROLE_PHRASE, place, PHRASE_READY);
    writer_span(w, SPAN_READY, pace_frames(w->script->settings, w->script->settings->pace.prepare_ms), place);
}

void writer_hold(struct writer *w, const struct move *move, struct place place)
{
    switch (move->hold.kind) {
    case HOLD_SECONDS: add_hold_seconds(w, script_hold(w->script, move, place), place); break;
    case HOLD_BREATHS: add_hold_breaths(w, script_hold(w->script, move, place), place); break;
    case HOLD_READY: add_ready(w, place); break;
    }
}
