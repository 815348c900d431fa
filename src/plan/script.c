#include "plan/script.h"
#include "dose.h"
#include "menu.h"
#include "prompt.h"
#include "write.h"

/* A new effort counts from the next repetition or set on, so it decides whether there is one. */
static struct writer begin(const struct script *script, struct script_pos pos, GPtrArray *lines)
{
    struct writer w = {.script = script, .pos = pos, .lines = lines};
    if (pos.step < 0 || pos.step >= script->routine->n_steps) return w;
    w.step = &script->routine->steps[pos.step];
    int sets = pos.last ? pos.set + 1 : script_sets(script, w.step, pos.set + 1),
        reps = pos.last ? pos.rep + 1 : script_reps(script, w.step, pos.rep + 1);
    w.counts = step_counts(w.step, sets, reps);
    return w;
}

/* ---- phrases ---- */

char *script_title(const struct script *script, int step, enum phrase phrase)
{
    char number[16], steps[16];
    const struct field fields[] = {{"step", write_digits(number, step_number(script->out, step))},
                                   {"steps", write_digits(steps, steps_heard(script->routine, script->out))},
                                   {"title", script->routine->steps[step].title}};
    return voice_phrase(script->voice, phrase, 0, fields, G_N_ELEMENTS(fields));
}

static bool newly_out(const GByteArray *out, const GByteArray *known, int step)
{
    return left_out(out, step) && !left_out(known, step);
}

char *script_titles_out(const struct routine *routine, const struct voice *voice, const GByteArray *out,
                        const GByteArray *known)
{
    GString *titles = g_string_new(NULL);
    int left = 0;
    for (int i = 0; i < routine->n_steps; i++) left += newly_out(out, known, i);
    for (int i = 0; i < routine->n_steps; i++) {
        if (!newly_out(out, known, i)) continue;
        left--;
        if (titles->len > 0)
            g_string_append(titles, voice->phrases[left > 0 ? PHRASE_TITLES_JOIN : PHRASE_TITLES_AND]);
        g_string_append(titles, routine->steps[i].title);
    }
    return g_string_free(titles, titles->len == 0);
}

/* ---- moves ---- */

static void add_cue(struct writer *w, const struct move *move, struct place place)
{
    if (move->cue.template)
        write_text(w, ROLE_CUE, &move->cue, move, place);
    else
        write_first_sentence(w, ROLE_CUE, &move->say, move, place);
}

/* The second side is announced before the silence in which it is changed. */
static void add_side(struct writer *w, struct place place, bool second)
{
    const struct settings *settings = w->script->settings;
    enum phrase right = second ? PHRASE_NOW_RIGHT_SIDE : PHRASE_RIGHT_SIDE,
                left = second ? PHRASE_NOW_LEFT_SIDE : PHRASE_LEFT_SIDE;
    write_phrase(w, ROLE_SIDE, place, place.side == SIDE_RIGHT ? right : left);
    if (second) write_wait(w, SPAN_CHANGE, pace_frames(settings, settings->pace.change_ms), place);
}

/* Gives the line at an index, if there is one, its silence. */
static void settle(struct writer *w, guint index, int64_t frames)
{
    if (index == w->lines->len) return;
    struct line *line = g_ptr_array_index(w->lines, index);
    line->settle = effort_wait(w->script->effort, frames);
}

/* The instruction, in full or as a cue; then time to get into the position. */
static void add_instruction(struct writer *w, const struct move *move, struct place place, bool full)
{
    guint before = w->lines->len;
    if (full) write_text(w, ROLE_INSTRUCTION, &move->say, move, place);
    if (w->lines->len == before) add_cue(w, move, place);
    settle(w, before, pace_settle_frames(w->script->settings, move));
}

/* A rest, with the title of the step that comes next; `next` -1: none does. */
static void add_after(struct writer *w, int ms, int next, struct place place)
{
    int64_t frames = pace_frames(w->script->settings, ms);
    if (frames == 0) return;
    write_timed(w, ROLE_REST, place, PHRASE_REST_AFTER, frames);
    g_autofree char *title = next < 0 ? g_strdup("") : script_title(w->script, next, PHRASE_NEXT_TITLE);
    write_speech(w, ROLE_TITLE, place, next < 0 ? 0 : w->script->routine->steps[next].line, title);
    write_wait(w, SPAN_REST, frames, place);
}

/* One move on one side; `own` is the index of its own side, 0 if it has none. The instruction is for the
 * first time on each side in the first set, and for a repeat. */
static void add_move(struct writer *w, int index, int own, struct place place, bool repeat)
{
    const struct move *move = &w->step->moves[index];
    const struct script_pos *pos = &w->pos;
    if (move->name) place.move = index;
    if (move->sides.n > 0) {
        place.side = move->sides.side[own];
        if (!repeat) add_side(w, place, own > 0);
    }
    add_instruction(w, move, place, repeat || (pos->set == 0 && pos->rep == 0));
    write_hold(w, move, place);
    if (pos->set == 0 && pos->side == 0 && pos->rep == 0 && own == 0)
        write_text(w, ROLE_RELEASE, &move->release, move, place);
    else
        write_first_sentence(w, ROLE_RELEASE, &move->release, move, place);
    add_after(w, move->after_ms, -1, place);
}

/* ---- blocks ---- */

/* The move whose figures a step's own texts may have. */
static const struct move *own_move(const struct step *step)
{
    return step->moves[0].name ? NULL : &step->moves[0];
}

/* What is said before the sides may name the first. */
static struct place at_first_side(const struct writer *w, struct place place)
{
    if (w->step->sides.n > 0) place.side = w->step->sides.side[0];
    return place;
}

static void add_setup(struct writer *w, struct place place)
{
    write_text(w, ROLE_SETUP, &w->step->setup, own_move(w->step), at_first_side(w, place));
    write_prepare(w, place);
}

static void add_step_head(struct writer *w)
{
    const struct script *script = w->script;
    struct place place = {.step = w->pos.step, .move = -1};
    const char *part = script_part(script, w->pos.step);
    g_autofree char *begins =
        part ? voice_phrase(script->voice, PHRASE_TITLE, 0, &(struct field){"title", part}, 1) : NULL;
    if (begins) write_speech(w, ROLE_TITLE, place, 0, begins);
    g_autofree char *count = script_title(script, w->pos.step, PHRASE_STEP);
    write_speech(w, ROLE_TITLE, place, 0, count);
    /* The rest after the step before has said that it is the next. */
    int before = step_before(script->out, w->pos.step);
    bool is_known = w->pos.back || before < 0 ||
                    pace_frames(script->settings, script->routine->steps[before].after_ms) > 0;
    g_autofree char *title = script_title(script, w->pos.step, is_known ? PHRASE_TITLE : PHRASE_NEXT_TITLE);
    write_speech(w, ROLE_TITLE, place, w->step->line, title);
    g_autofree char *dose = dose_of(script, w->step, &w->counts);
    if (dose) write_speech(w, ROLE_DOSE, place, 0, dose);
    add_setup(w, place);
}

/* A phrase about a set and a time before it, to be freed. */
static char *set_phrase(const struct writer *w, enum phrase phrase, int set, int64_t frames)
{
    int rate = w->script->settings->sound.rate, whole = (int)((frames + rate / 2) / rate);
    char seconds[16], number[16], sets[16];
    g_autofree char *time = write_time(w, frames);
    const struct field fields[] = {{"seconds", write_digits(seconds, whole)},
                                   {"time", time},
                                   {"set", write_digits(number, set)},
                                   {"sets", write_digits(sets, w->counts.sets)}};
    return voice_phrase(w->script->voice, phrase, whole, fields, G_N_ELEMENTS(fields));
}

/* "Set 2 of 3 in 5 seconds.", in others than full sessions a soft note. Shorter rests have only just been
 * announced. */
static void add_rest_end(const struct writer *w, struct line *span)
{
    int64_t before = PACE_ANNOUNCED_S * (int64_t)w->script->settings->sound.rate;
    if (span->frames < 2 * before) return;
    if (script_words(w->script) != WORDS_FULL)
        span->led = before;
    else
        prompt_add(span, ROLE_REST, span->frames - before,
                   set_phrase(w, PHRASE_REST_END, span->place.set, before));
}

static void add_rest(struct writer *w, struct place place)
{
    int64_t frames = effort_wait(w->script->effort, pace_rest_frames(w->script->settings, w->step->rest_ms));
    if (frames == 0) return;
    g_autofree char *phrase = set_phrase(w, PHRASE_REST, place.set, frames);
    bool is_something = 2 * frames >= w->script->settings->sound.rate; /* not "Rest, 0 seconds." */
    if (is_something) write_speech(w, ROLE_REST, place, 0, phrase);
    add_rest_end(w, write_span(w, SPAN_REST, frames, place));
}

/* A further set: the rest before it, and the way into position again if that needs words. */
static void add_set_head(struct writer *w)
{
    struct place place = {.step = w->pos.step, .set = w->pos.set + 1, .move = -1};
    add_rest(w, place);
    if (!w->step->again.template) return;
    write_text(w, ROLE_SETUP, &w->step->again, own_move(w->step), at_first_side(w, place));
    write_prepare(w, place);
}

/* "Number 2 of 5.", "Last one." */
static void add_count(struct writer *w, struct place place)
{
    char n[16], of[16];
    const struct field fields[] = {{"n", write_digits(n, place.rep)},
                                   {"of", write_digits(of, w->counts.reps)}};
    enum phrase phrase = place.rep < w->counts.reps ? PHRASE_COUNT : PHRASE_COUNT_LAST;
    g_autofree char *count = voice_phrase(w->script->voice, phrase, 0, fields, G_N_ELEMENTS(fields));
    write_speech(w, ROLE_COUNT, place, 0, count);
}

/* What comes before a repetition: the step's head, a rest, a change of side, or its count. */
static void add_rep_head(struct writer *w, struct place place)
{
    const struct script_pos *pos = &w->pos;
    if (pos->rep > 0) {
        write_wait(w, SPAN_REST, pace_frames(w->script->settings, w->step->between_ms), place);
        add_count(w, place);
        return;
    }
    if (pos->side == 0 && pos->set == 0) add_step_head(w);
    if (pos->side == 0 && pos->set > 0) add_set_head(w);
    place.rep = 0;
    if (w->step->sides.n > 0) add_side(w, place, pos->side > 0);
}

/* A repetition on one side, or, with `from`, what is left of it from that move on, which is said in full. */
static void add_rep(struct writer *w, const struct place *from)
{
    const struct step *step = w->step;
    const struct script_pos *pos = &w->pos;
    struct place place = {.step = pos->step, .set = pos->set + 1, .rep = pos->rep + 1, .move = -1};
    if (step->sides.n > 0) place.side = step->sides.side[pos->side];
    int first = from ? MAX(0, from->move) : 0;
    const struct sides *sides = &step->moves[first].sides;
    int own = from && sides->n > 1 && sides->side[1] == from->side ? 1 : 0;
    if (!from)
        add_rep_head(w, place);
    else if (pos->setup)
        add_setup(w, (struct place){.step = pos->step, .move = -1});
    for (int i = first; i < step->n_moves; i++, own = 0)
        for (; own < MAX(1, step->moves[i].sides.n); own++, from = NULL)
            add_move(w, i, own, place, from != NULL);
    if (place.rep < w->counts.reps || pos->side + 1 < w->counts.sides || place.set < w->counts.sets) return;
    place = (struct place){.step = pos->step, .move = -1};
    write_text(w, ROLE_RELEASE, &step->release, own_move(step), place);
    write_chime(w, ROLE_STEP, place);
    int next = step_after(w->script->routine, w->script->out, pos->step);
    add_after(w, step->after_ms, next < w->script->routine->n_steps ? next : -1, place);
}

/* The props of all steps, joined for the ear, each once, whatever its case; NULL if there is none. */
static char *all_props(const struct script *script)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) props = g_string_new(NULL);
    for (int i = 0; i < script->routine->n_steps; i++) {
        const char *prop = script->routine->steps[i].prop;
        if (!prop || left_out(script->out, i) || !g_hash_table_add(seen, g_utf8_casefold(prop, -1))) continue;
        if (props->len > 0) g_string_append(props, script->voice->phrases[PHRASE_PROPS_JOIN]);
        g_string_append(props, prop);
    }
    return props->len > 0 ? g_string_free(g_steal_pointer(&props), FALSE) : NULL;
}

enum { ANSWER_S = 8 };

static void add_question(struct writer *w, struct place place, enum phrase phrase)
{
    write_speech(w, ROLE_QUESTION, place, 0, w->script->voice->phrases[phrase]);
    write_span(w, SPAN_ANSWER, ANSWER_S * (int64_t)w->script->settings->sound.rate, place);
}

static void add_session_head(struct writer *w)
{
    const struct script *script = w->script;
    const struct voice *voice = script->voice;
    const struct settings *settings = script->settings;
    struct place place = {.step = PLACE_HEAD, .move = -1};
    write_span(w, SPAN_WAKE, duration_frames(settings->sound.wake_ms, settings->sound.rate, 100), place);

    int n_minutes = script->minutes > 0 ? script->minutes : MAX(1, (int)(script_estimate(script) / 60 + 0.5));
    g_autofree char *steps = voice_counted(voice, PHRASE_STEPS, steps_heard(script->routine, script->out));
    g_autofree char *minutes = voice_counted(voice, PHRASE_MINUTES, n_minutes);
    const struct field fields[] = {{"title", script->routine->title}, {"steps", steps}, {"minutes", minutes}};
    g_autofree char *title = voice_phrase(voice, PHRASE_SESSION, 0, fields, G_N_ELEMENTS(fields));
    write_speech(w, ROLE_TITLE, place, 0, title);
    for (guint i = 0; script->opening && i < script->opening->len; i++)
        write_speech(w, ROLE_PHRASE, place, 0, g_ptr_array_index(script->opening, i));

    g_autofree char *props = all_props(script);
    if (props && script_words(script) == WORDS_FULL) {
        g_autofree char *phrase = voice_phrase(voice, PHRASE_PROPS, 0, &(struct field){"props", props}, 1);
        write_speech(w, ROLE_PHRASE, place, 0, phrase);
    }
    write_text(w, ROLE_CAUTION, &script->routine->caution, NULL, place);
    if (script->asks_hurt) add_question(w, place, PHRASE_HURT);
}

static void add_closing(struct writer *w)
{
    struct place place = {.step = PLACE_CLOSING, .move = -1};
    write_span(w, SPAN_GAP, w->script->silence, place);
    if (w->script->routine->closing.template)
        write_text(w, ROLE_CLOSING, &w->script->routine->closing, NULL, place);
    else
        write_phrase(w, ROLE_CLOSING, place, PHRASE_CLOSING);
    write_chime(w, ROLE_DONE, place);
    if (!w->script->asks_rating) return;
    add_question(w, place, PHRASE_RATE);
    write_phrase(w, ROLE_PHRASE, place, PHRASE_RATED_RIGHT);
}

/* What is heard of the lines from an index on follows from the effort that they were made with. */
static void take_effort(const struct script *script, GPtrArray *lines, guint from)
{
    for (guint i = from; i < lines->len; i++) ((struct line *)lines->pdata[i])->effort = script->effort;
}

void script_block(const struct script *script, struct script_pos pos, GPtrArray *lines)
{
    const guint before = lines->len;
    struct writer w = begin(script, pos, lines);
    if (script->routine->kind != ROUTINE_DONE)
        menu_block(script, pos, lines);
    else if (w.step)
        add_rep(&w, NULL);
    else if (pos.step < 0)
        add_session_head(&w);
    else if (pos.step == script->routine->n_steps)
        add_closing(&w);
    take_effort(script, lines, before);
}

void script_repeat(const struct script *script, struct script_pos pos, struct place from, GPtrArray *lines)
{
    const guint before = lines->len;
    const struct script full = script_in_full(script);
    struct writer w = begin(&full, pos, lines);
    if (w.step && from.rep > 0)
        add_rep(&w, &from);
    else
        script_block(&full, pos, lines);
    take_effort(script, lines, before);
}

/* Side and cue: what to do. */
static void add_reminder(struct writer *w, struct place place)
{
    enum phrase side = place.side == SIDE_RIGHT ? PHRASE_RIGHT_SIDE : PHRASE_LEFT_SIDE;
    if (place.side != SIDE_NONE) write_phrase(w, ROLE_SIDE, place, side);
    guint before = w->lines->len;
    add_cue(w, &w->step->moves[MAX(0, place.move)], place);
    settle(w, before, pace_frames(w->script->settings, w->script->settings->pace.gap_ms));
}

void script_lead_in(const struct script *script, struct place place, const char *left, GPtrArray *lines)
{
    const struct settings *settings = script->settings;
    struct writer w = begin(script, (struct script_pos){.step = place.step}, lines);
    g_assert(w.step); /* only holds are led in */
    add_reminder(&w, place);
    if (left) write_speech(&w, ROLE_PHRASE, place, 0, left);
    if (settings->pace.lead_in_s == 0) return;
    write_phrase(&w, ROLE_PHRASE, place, PHRASE_GOING_ON);
    struct line *span =
        write_span(&w, SPAN_PREPARE, (int64_t)settings->pace.lead_in_s * settings->sound.rate, place);
    prompt_countdown(span, script, settings->pace.lead_in_s);
}

bool script_next(const struct script *script, struct script_pos *pos)
{
    const struct step_counts all = begin(script, *pos, NULL).counts;
    if (pos->step > script->routine->n_steps) return false;
    if (pos->rep + 1 < all.reps)
        pos->rep++;
    else if (pos->side + 1 < all.sides)
        *pos = (struct script_pos){.step = pos->step, .set = pos->set, .side = pos->side + 1};
    else if (pos->set + 1 < all.sets)
        *pos = (struct script_pos){.step = pos->step, .set = pos->set + 1};
    else
        *pos = (struct script_pos){.step = step_after(script->routine, script->out, pos->step)};
    return true;
}
