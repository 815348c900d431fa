#include "write.h"
#include "prompt.h"

/* ---- texts and phrases ---- */

const char *write_digits(char figure[16], int value)
{
    g_snprintf(figure, 16, "%d", value);
    return figure;
}

/* How much is said of this. */
static enum words words_for(const struct writer *w, enum role role)
{
    return role == ROLE_SETUP ? script_setup_words(w->script, w->step) : script_words(w->script);
}

static bool is_spared(enum words words, enum role role)
{
    static const bool brief[N_ROLES] = {[ROLE_SETUP] = true,
                                        [ROLE_INSTRUCTION] = true,
                                        [ROLE_DOSE] = true,
                                        [ROLE_REST] = true,
                                        [ROLE_CLOSING] = true};
    static const bool known[N_ROLES] = {[ROLE_INSTRUCTION] = true, [ROLE_REST] = true};
    return words == WORDS_BRIEF ? brief[role] : words == WORDS_KNOWN && known[role];
}

/* What is known is only called to mind. */
static void shorten(const struct script *script, enum words words, enum role role, GPtrArray *sentences)
{
    const bool last = (role == ROLE_CAUTION && script->caution_known) ||
                      (role == ROLE_CLOSING && script_closing_known(script));
    if (last) g_ptr_array_remove_range(sentences, 0, sentences->len - 1);
    if (role == ROLE_SETUP && words == WORDS_KNOWN) g_ptr_array_set_size(sentences, 1);
}

void write_speech(struct writer *w, enum role role, struct place place, int source, const char *text)
{
    const enum words words = words_for(w, role);
    if (is_spared(words, role)) return;
    g_autoptr(GPtrArray) sentences = voice_sentences(w->script->voice, text);
    if (sentences->len == 0) return;
    shorten(w->script, words, role, sentences);
    struct line *line = line_speech(role, place, g_steal_pointer(&sentences));
    line->source = source;
    g_ptr_array_add(w->lines, line);
}

void write_phrase(struct writer *w, enum role role, struct place place, enum phrase phrase)
{
    write_speech(w, role, place, 0, w->script->voice->phrases[phrase]);
}

void write_text(struct writer *w, enum role role, const struct text *text, const struct move *move,
                struct place place)
{
    if (!text->template) return;
    const struct step *step = w->step;
    const char *right = w->script->voice->phrases[PHRASE_RIGHT],
               *left = w->script->voice->phrases[PHRASE_LEFT];
    bool held = move && move->hold.kind != HOLD_READY;
    char reps[16], set[16], sets[16], hold[16];
    int length =
        held ? script_hold(w->script, move, place) : 0; /* only its own unit is a field of the text */
    write_digits(hold, length);
    g_autofree char *time = voice_time(w->script->voice, length);
    const struct field fields[] = {
        {"title", step ? step->title : w->script->routine->title},
        {"reps", step ? write_digits(reps, w->counts.reps) : ""},
        {"set", step ? write_digits(set, place.set) : ""},
        {"sets", step ? write_digits(sets, script_sets(w->script, step, place.set)) : ""},
        {"seconds", hold},
        {"time", time},
        {"breaths", hold},
        {"times", hold},
        {"side", place.side == SIDE_NONE    ? NULL
                 : place.side == SIDE_RIGHT ? right
                                            : left},
        {"other", place.side == SIDE_NONE    ? NULL
                  : place.side == SIDE_RIGHT ? left
                                             : right},
    };
    g_autofree char *filled = template_fill(text->template, fields, G_N_ELEMENTS(fields), place.side);
    write_speech(w, role, place, text->line, filled);
}

void write_first_sentence(struct writer *w, enum role role, const struct text *text, const struct move *move,
                          struct place place)
{
    guint before = w->lines->len;
    write_text(w, role, text, move, place);
    if (w->lines->len == before) return;
    struct line *line = g_ptr_array_index(w->lines, before);
    g_ptr_array_set_size(line->sentences, 1);
}

/* ---- spans, holds and their prompts ---- */

static struct line *write_line(struct writer *w, enum line_kind kind, struct place place)
{
    struct line *line = line_new(kind, place);
    g_ptr_array_add(w->lines, line);
    return line;
}

struct line *write_span(struct writer *w, enum cue_type span, int64_t frames, struct place place)
{
    if (frames == 0 && span != SPAN_READY) return NULL;
    struct line *line = line_span(span, frames, place);
    g_ptr_array_add(w->lines, line);
    return line;
}

struct line *write_wait(struct writer *w, enum cue_type span, int64_t frames, struct place place)
{
    return write_span(w, span, effort_wait(w->script->effort, frames), place);
}

void write_chime(struct writer *w, enum role role, struct place place)
{
    write_line(w, LINE_CHIME, place)->role = role;
}

/* Waits for the listener. */
static void write_ready(struct writer *w, struct place place)
{
    const struct settings *settings = w->script->settings;
    write_phrase(w, ROLE_PHRASE, place, PHRASE_READY);
    write_wait(w, SPAN_READY, pace_frames(settings, settings->pace.prepare_ms), place);
}

static bool is_announced(const struct writer *w, int64_t frames)
{
    return frames >= PACE_ANNOUNCED_S * (int64_t)w->script->settings->sound.rate;
}

char *write_time(const struct writer *w, int64_t frames)
{
    int rate = w->script->settings->sound.rate;
    return voice_time(w->script->voice, (int)((frames + rate / 2) / rate));
}

void write_timed(struct writer *w, enum role role, struct place place, enum phrase phrase, int64_t frames)
{
    if (!is_announced(w, frames)) return;
    g_autofree char *time = write_time(w, effort_wait(w->script->effort, frames));
    g_autofree char *text = voice_phrase(w->script->voice, phrase, 0, &(struct field){"time", time}, 1);
    write_speech(w, role, place, 0, text);
}

void write_prepare(struct writer *w, struct place place)
{
    const struct settings *settings = w->script->settings;
    if (w->step->prepare_ms == PREPARE_READY) {
        write_ready(w, place);
        return;
    }
    int64_t frames = pace_prepare_frames(settings, w->step);
    if (script_words(w->script) == WORDS_FULL) write_timed(w, ROLE_PHRASE, place, PHRASE_PREPARE, frames);
    struct line *span = write_wait(w, SPAN_PREPARE, frames, place);
    if (span && is_announced(w, frames)) span->led = settings->sound.rate;
}

void write_hold(struct writer *w, const struct move *move, struct place place)
{
    const struct settings *settings = w->script->settings;
    if (move->hold.kind == HOLD_READY) {
        write_ready(w, place);
        return;
    }
    bool in_seconds = move->hold.kind == HOLD_SECONDS;
    int length = script_hold(w->script, move, place);
    struct line *line = write_line(w, in_seconds ? LINE_HOLD : LINE_ROUNDS, place);
    line->rhythm = pace_rhythm(settings, move);
    line->rounds = in_seconds ? 0 : length;
    line->frames =
        in_seconds ? (int64_t)length * settings->sound.rate : rhythm_frame(&line->rhythm, length, 0);
    switch (move->hold.kind) {
    case HOLD_SECONDS: prompt_hold(line, w->script, length); break;
    case HOLD_BREATHS: prompt_breaths(line, w->script); break;
    default: prompt_times(line, w->script); break;
    }
}
