#include "writer.h"
#include "plan/pace.h"
#include <string.h>

/* ---- lines ---- */

void line_free(struct line *line)
{
    if (!line) return;
    g_clear_pointer(&line->sentences, g_ptr_array_unref);
    g_clear_pointer(&line->prompts, g_array_unref);
    g_free(line);
}

struct line *writer_line(struct writer *w, enum line_kind kind, struct place place)
{
    struct line *line = g_new0(struct line, 1);
    line->kind = kind;
    line->place = place;
    g_ptr_array_add(w->lines, line);
    return line;
}

void writer_span(struct writer *w, enum cue_type span, int64_t frames, struct place place)
{
    if (frames == 0 && span != SPAN_READY) return;
    struct line *line = writer_line(w, LINE_SPAN, place);
    line->span = span;
    line->frames = frames;
}

/* Brief sessions leave out what somebody who knows the routine does not need. */
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
    g_autoptr(GPtrArray) sentences = sentences_split(text);
    if (sentences->len == 0) return;
    struct line *line = writer_line(w, LINE_SPEECH, place);
    line->role = role;
    line->source = source;
    line->sentences = g_steal_pointer(&sentences);
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

char *writer_counted(const struct voice *voice, enum phrase phrase, int n)
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
