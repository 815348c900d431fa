#include "plan/pace.h"
#include "writer.h"

struct script script_of(const struct routine *routine, const struct settings *settings,
                        const struct voice *voice)
{
    struct effort effort = effort_from_settings(settings);
    return (struct script){routine, settings, voice, effort, effort, NULL};
}

static bool same_hold(struct place a, struct place b)
{
    return a.step == b.step && a.set == b.set && a.rep == b.rep && a.move == b.move;
}

int script_sets(const struct script *script, const struct step *step, int set)
{
    return MAX(set, effort_sets(script->coming, step));
}

int script_stretched(const struct script *script, struct place place)
{
    int by = 0;
    for (guint i = 0; script->stretches && i < script->stretches->len; i++) {
        const struct stretch *stretch = &g_array_index(script->stretches, struct stretch, i);
        if (same_hold(stretch->place, place)) by += stretch->by;
    }
    return by;
}

int script_hold(const struct script *script, const struct move *move, struct place place)
{
    return MAX(1, effort_hold(script->effort, &move->hold) + script_stretched(script, place));
}

/* ---- a repetition ---- */

static void add_cue(struct writer *w, const struct move *move, struct place place)
{
    if (move->cue.template)
        writer_text(w, ROLE_CUE, &move->cue, move, place);
    else
        writer_first_sentence(w, ROLE_CUE, &move->say, move, place);
}

/* The instruction is for the first time on each side in the first set; brief sessions have only the cue. */
static void add_instruction(struct writer *w, const struct move *move, struct place place, bool in_full)
{
    bool brief = w->script->settings->pace.words == WORDS_BRIEF;
    if (in_full || (place.set == 1 && place.rep == 1 && !brief)) {
        guint before = w->lines->len;
        writer_text(w, ROLE_INSTRUCTION, &move->say, move, place);
        if (w->lines->len > before) return;
    }
    add_cue(w, move, place);
}

static void add_side(struct writer *w, struct place place, bool second)
{
    const struct settings *settings = w->script->settings;
    if (second) writer_span(w, SPAN_CHANGE, pace_frames(settings, settings->pace.change_ms), place);
    writer_phrase(w, ROLE_SIDE, place, place.side == SIDE_RIGHT ? PHRASE_RIGHT_SIDE : PHRASE_LEFT_SIDE);
}

static void add_move_release(struct writer *w, const struct move *move, struct place place, bool first)
{
    if (first)
        writer_text(w, ROLE_RELEASE, &move->release, move, place);
    else
        writer_first_sentence(w, ROLE_RELEASE, &move->release, move, place);
}

/* One move on one side; `own` is the index of its own side, 0 if it has none. */
static void add_move(struct writer *w, int index, int own, struct place place, bool in_full)
{
    const struct move *move = &w->step->moves[index];
    if (move->name) place.move = index;
    if (move->sides.n > 0) {
        place.side = move->sides.side[own];
        if (!in_full) add_side(w, place, own > 0);
    }
    add_instruction(w, move, place, in_full);
    writer_hold(w, move, place);
    const struct script_pos *pos = &w->pos;
    add_move_release(w, move, place, pos->set == 0 && pos->side == 0 && pos->rep == 0 && own == 0);
}

static void add_moves(struct writer *w, int index, int own, struct place place, bool in_full)
{
    for (; index < w->step->n_moves; index++, own = 0) {
        int sides = MAX(1, w->step->moves[index].sides.n);
        for (; own < sides; own++, in_full = false) add_move(w, index, own, place, in_full);
    }
}

/* ---- blocks ---- */

/* A new effort counts from the next set on, so it decides whether there is one. */
static struct step_counts counts(const struct writer *w)
{
    return step_counts(w->step, script_sets(w->script, w->step, w->pos.set + 1),
                       effort_reps(w->script->effort, w->step));
}

static void add_step_head(struct writer *w)
{
    const struct script *script = w->script;
    struct place place = {.step = w->pos.step, .move = -1};
    char number[16], steps[16];
    writer_figure(number, w->pos.step + 1);
    writer_figure(steps, script->routine->n_steps);
    const struct field fields[] = {{"step", number}, {"steps", steps}, {"title", w->step->title}};
    g_autofree char *count = voice_phrase(script->voice, PHRASE_STEP, 0, fields, G_N_ELEMENTS(fields));
    writer_speech(w, ROLE_TITLE, place, 0, count);
    enum phrase phrase = w->pos.step == 0 ? PHRASE_TITLE : PHRASE_NEXT_TITLE;
    g_autofree char *title = voice_phrase(script->voice, phrase, 0, fields, G_N_ELEMENTS(fields));
    writer_speech(w, ROLE_TITLE, place, w->step->line, title);

    struct place first = place;
    if (w->step->sides.n > 0) first.side = w->step->sides.side[0];
    const struct move *own = w->step->moves[0].name ? NULL : &w->step->moves[0];
    writer_text(w, ROLE_SETUP, &w->step->setup, own, first);
    writer_span(w, SPAN_PREPARE, pace_frames(script->settings, script->settings->pace.prepare_ms), place);
}

static void add_rest(struct writer *w)
{
    const struct script *script = w->script;
    int64_t frames = pace_rest_frames(script->settings, w->step->rest_ms);
    if (frames == 0) return;
    struct place place = {.step = w->pos.step, .set = w->pos.set + 1, .move = -1};
    int rate = script->settings->sound.rate;
    int whole = (int)((frames + rate / 2) / rate);
    char seconds[16], set[16], sets[16];
    writer_figure(seconds, whole);
    writer_figure(set, place.set);
    writer_figure(sets, counts(w).sets);
    const struct field fields[] = {{"seconds", seconds}, {"set", set}, {"sets", sets}};
    g_autofree char *phrase = voice_phrase(script->voice, PHRASE_REST, whole, fields, G_N_ELEMENTS(fields));
    if (whole > 0) writer_speech(w, ROLE_REST, place, 0, phrase); /* "Rest, 0 seconds" */
    writer_span(w, SPAN_REST, frames, place);
    if (frames >= 10 * (int64_t)rate)
        writer_countdown(g_ptr_array_index(w->lines, w->lines->len - 1), script,
                         script->settings->count.countdown);
}

static void add_step_end(struct writer *w)
{
    struct place place = {.step = w->pos.step, .move = -1};
    const struct move *own = w->step->moves[0].name ? NULL : &w->step->moves[0];
    writer_text(w, ROLE_RELEASE, &w->step->release, own, place);
    writer_line(w, LINE_CHIME, place);
}

static bool is_last(const struct writer *w)
{
    const struct step_counts all = counts(w);
    return w->pos.rep + 1 >= all.reps && w->pos.side + 1 >= all.sides && w->pos.set + 1 >= all.sets;
}

static struct place rep_place(const struct writer *w)
{
    struct place place = {.step = w->pos.step, .set = w->pos.set + 1, .rep = w->pos.rep + 1, .move = -1};
    if (w->step->sides.n > 0) place.side = w->step->sides.side[w->pos.side];
    return place;
}

/* What comes before a repetition: the step's head, a rest, a change of side, or its count. */
static void add_rep_head(struct writer *w, struct place place)
{
    const struct script_pos *pos = &w->pos;
    bool first_rep = pos->rep == 0, first_side = pos->side == 0;
    if (first_rep && first_side && pos->set == 0) add_step_head(w);
    if (first_rep && first_side && pos->set > 0) add_rest(w);
    struct place side = place;
    side.rep = 0;
    if (first_rep && w->step->sides.n > 0) add_side(w, side, !first_side);
    if (first_rep) return;
    g_autofree char *count = writer_counted_word(w->script->voice, PHRASE_COUNT, place.rep);
    writer_speech(w, ROLE_COUNT, place, 0, count);
}

static void add_rep(struct writer *w)
{
    struct place place = rep_place(w);
    add_rep_head(w, place);
    add_moves(w, 0, 0, place, false);
    if (is_last(w)) add_step_end(w);
}

/* The props of all steps, joined for the ear, each once, whatever its case; NULL if there is none. */
static char *all_props(const struct script *script)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) props = g_string_new(NULL);
    for (int i = 0; i < script->routine->n_steps; i++) {
        const char *prop = script->routine->steps[i].prop;
        if (!prop || !g_hash_table_add(seen, g_utf8_casefold(prop, -1))) continue;
        if (props->len > 0) g_string_append(props, script->voice->phrases[PHRASE_PROPS_JOIN]);
        g_string_append(props, prop);
    }
    return props->len > 0 ? g_string_free(g_steal_pointer(&props), FALSE) : NULL;
}

static void add_session_title(struct writer *w, struct place place)
{
    const struct script *script = w->script;
    int n_minutes = MAX(1, (int)(script_estimate(script) / 60 + 0.5));
    g_autofree char *steps = script_counted(script->voice, PHRASE_STEPS, script->routine->n_steps);
    g_autofree char *minutes = script_counted(script->voice, PHRASE_MINUTES, n_minutes);
    const struct field fields[] = {{"title", script->routine->title}, {"steps", steps}, {"minutes", minutes}};
    g_autofree char *title = voice_phrase(script->voice, PHRASE_SESSION, 0, fields, G_N_ELEMENTS(fields));
    writer_speech(w, ROLE_TITLE, place, 0, title);
}

static void add_session_head(struct writer *w)
{
    struct place place = {.step = PLACE_HEAD, .move = -1};
    const struct settings *settings = w->script->settings;
    writer_span(w, SPAN_WAKE, duration_frames(settings->sound.wake_ms, settings->sound.rate, 100), place);
    add_session_title(w, place);
    g_autofree char *props = all_props(w->script);
    if (props && settings->pace.words == WORDS_FULL) {
        const struct field field = {"props", props};
        g_autofree char *phrase = voice_phrase(w->script->voice, PHRASE_PROPS, 0, &field, 1);
        writer_speech(w, ROLE_PHRASE, place, 0, phrase);
    }
    writer_text(w, ROLE_CAUTION, &w->script->routine->caution, NULL, place);
}

static void add_closing(struct writer *w)
{
    struct place place = {.step = PLACE_CLOSING, .move = -1};
    const struct text *closing = &w->script->routine->closing;
    if (closing->template)
        writer_text(w, ROLE_CLOSING, closing, NULL, place);
    else
        writer_phrase(w, ROLE_CLOSING, place, PHRASE_CLOSING);
    writer_line(w, LINE_CHIME, place);
}

static struct writer begin(const struct script *script, struct script_pos pos, GPtrArray *lines)
{
    bool in_step = pos.step >= 0 && pos.step < script->routine->n_steps;
    return (struct writer){script, in_step ? &script->routine->steps[pos.step] : NULL, pos, lines};
}

void script_block(const struct script *script, struct script_pos pos, GPtrArray *lines)
{
    struct writer w = begin(script, pos, lines);
    if (w.step)
        add_rep(&w);
    else if (pos.step < 0)
        add_session_head(&w);
    else if (pos.step == script->routine->n_steps)
        add_closing(&w);
}

void script_repeat(const struct script *script, struct script_pos pos, struct place from, GPtrArray *lines)
{
    struct writer w = begin(script, pos, lines);
    if (!w.step || from.rep == 0) {
        script_block(script, pos, lines);
        return;
    }
    int index = MAX(0, from.move);
    const struct sides *own = &w.step->moves[index].sides;
    add_moves(&w, index, own->n > 1 && own->side[1] == from.side ? 1 : 0, rep_place(&w), true);
    if (is_last(&w)) add_step_end(&w);
}

void script_lead_in(const struct script *script, struct place place, GPtrArray *lines)
{
    const struct settings *settings = script->settings;
    struct writer w = begin(script, (struct script_pos){.step = place.step}, lines);
    g_assert(w.step); /* only holds are led in */
    const struct move *move = &w.step->moves[MAX(0, place.move)];
    add_cue(&w, move, place);
    writer_span(&w, SPAN_PREPARE, (int64_t)settings->pace.lead_in_s * settings->sound.rate, place);
    if (settings->pace.lead_in_s > 0)
        writer_countdown(g_ptr_array_index(lines, lines->len - 1), script, settings->pace.lead_in_s);
}

bool script_next(const struct script *script, struct script_pos *pos)
{
    const struct writer w = begin(script, *pos, NULL);
    const struct step_counts all = w.step ? counts(&w) : (struct step_counts){0};
    if (pos->step > script->routine->n_steps) return false;
    if (pos->rep + 1 < all.reps)
        pos->rep++;
    else if (pos->side + 1 < all.sides)
        *pos = (struct script_pos){pos->step, pos->set, pos->side + 1, 0};
    else if (pos->set + 1 < all.sets)
        *pos = (struct script_pos){pos->step, pos->set + 1, 0, 0};
    else
        *pos = (struct script_pos){.step = pos->step + 1};
    return true;
}
