#include "report/sheet.h"
#include "paper.h"
#include "picture.h"

enum { DAYS = 14, MINUTE_S = 60 };

struct sheet {
    struct paper paper;
    const struct script *script;
    const struct timeline *timeline;
    int rate;
    int64_t *begins; /* the first frame of each step, and of the closing */
};

/* ---- phrases ---- */

static void say(struct sheet *sheet, enum piece piece, enum phrase phrase)
{
    paper_say(&sheet->paper, piece, sheet->script->voice->phrases[phrase]);
}

/* A phrase with one field. */
static void say_filled(struct sheet *sheet, enum piece piece, enum phrase phrase, const char *name,
                       const char *value)
{
    g_autofree char *text = voice_phrase(sheet->script->voice, phrase, 0, &(struct field){name, value}, 1);
    paper_say(&sheet->paper, piece, text);
}

/* Nothing for a time that is none. */
static void say_rest(struct sheet *sheet, enum phrase phrase, int64_t frames)
{
    int seconds = (int)((frames + sheet->rate / 2) / sheet->rate);
    g_autofree char *time = voice_time(sheet->script->voice, seconds);
    if (seconds > 0) say_filled(sheet, PIECE_HOLD, phrase, "time", time);
}

/* "1:05", "1:00:05" */
static char *clock_of(const struct sheet *sheet, int64_t frame)
{
    int seconds = (int)((frame + sheet->rate / 2) / sheet->rate), minutes = seconds / MINUTE_S;
    return minutes < 60 ? g_strdup_printf("%d:%02d", minutes, seconds % MINUTE_S)
                        : g_strdup_printf("%d:%02d:%02d", minutes / 60, minutes % 60, seconds % MINUTE_S);
}

/* ---- lines of the script ---- */

/* Sentences that end with a wide stop have no blank between them. */
static bool ends_wide(const GString *text)
{
    return text->len > 0 && g_unichar_iswide(g_utf8_get_char(g_utf8_prev_char(text->str + text->len)));
}

/* The sentences of a line as one text, to be freed. */
static char *text_of(const struct line *line)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < line->sentences->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 && !ends_wide(text) ? " " : "",
                               (char *)line->sentences->pdata[i]);
    return g_string_free(text, FALSE);
}

static GPtrArray *block(const struct sheet *sheet, struct script_pos pos)
{
    GPtrArray *lines = lines_new();
    script_block(sheet->script, pos, lines);
    return lines;
}

/* What a role is on paper; N_PIECES: it is for the ear alone. */
static enum piece piece_of(enum role role)
{
    switch (role) {
    case ROLE_SETUP:
    case ROLE_INSTRUCTION:
    case ROLE_CUE:
    case ROLE_RELEASE:
    case ROLE_CAUTION:
    case ROLE_CLOSING: return PIECE_TEXT;
    case ROLE_DOSE: return PIECE_DOSE;
    case ROLE_SIDE: return PIECE_SIDE;
    case ROLE_REST: return PIECE_HOLD;
    case ROLE_PHRASE: return PIECE_NEED;
    default: return N_PIECES;
    }
}

static void put_speech(struct sheet *sheet, const struct line *line)
{
    enum piece piece = piece_of(line->role);
    if (piece == N_PIECES) return;
    g_autofree char *text = text_of(line);
    (piece == PIECE_TEXT ? paper_put : paper_say)(&sheet->paper, piece, text);
}

/* "Breathe in 4 s · Breathe out 6 s": the phases of each breath, or of each of a number of times. */
static void say_rhythm(struct sheet *sheet, const struct move *move)
{
    static const enum phrase
        breath[] = {[CUE_IN] = PHRASE_SHOW_IN, [CUE_KEEP] = PHRASE_SHOW_KEEP, [CUE_OUT] = PHRASE_SHOW_OUT},
        tempo[] = {[CUE_OUT] = PHRASE_SHOW_AWAY, [CUE_KEEP] = PHRASE_SHOW_STAY, [CUE_IN] = PHRASE_SHOW_BACK};
    const struct rhythm rhythm = pace_rhythm(sheet->script->settings, move);
    const enum phrase *words = move->hold.kind == HOLD_BREATHS ? breath : tempo;
    g_autoptr(GString) text = g_string_new(NULL);
    if (rhythm.n < 2) return;
    for (int i = 0; i < rhythm.n; i++) {
        char figure[G_ASCII_DTOSTR_BUF_SIZE];
        double seconds = (double)(rhythm.begin[i + 1] - rhythm.begin[i]) / 100 / rhythm.speed;
        g_ascii_formatd(figure, sizeof figure, "%.3g", seconds);
        g_string_append_printf(text, "%s%s %s s", i ? " · " : "",
                               sheet->script->voice->phrases[words[rhythm.cue[i]]], figure);
    }
    paper_say(&sheet->paper, PIECE_TEXT, text->str);
}

/* The dose has said how many breaths or times a step of one move has. */
static void put_hold(struct sheet *sheet, const struct step *step, const struct move *move)
{
    const enum hold_kind kind = move->hold.kind;
    if (kind == HOLD_READY) {
        say(sheet, PIECE_HOLD, PHRASE_SHEET_READY);
        return;
    }
    g_autofree char *length = script_length(sheet->script, move);
    if (kind == HOLD_SECONDS)
        say_filled(sheet, PIECE_HOLD, PHRASE_SHEET_HOLD, "time", length);
    else if (step->n_moves > 1)
        say_filled(sheet, PIECE_HOLD, PHRASE_DOSE, "dose", length);
    say_rhythm(sheet, move);
}

/* ---- a step ---- */

/* Index of the move that a line is about; -1: it is about the step. */
static int move_of(const struct line *line)
{
    return line->place.rep > 0 ? MAX(0, line->place.move) : -1;
}

/* What waits are announced with is for the ear alone. */
static bool is_read(const struct line *line)
{
    return line->kind == LINE_SPEECH && line->role != ROLE_PHRASE;
}

static bool is_hold(const struct line *line)
{
    bool ready = line->kind == LINE_SPAN && line->span == SPAN_READY;
    return line->kind == LINE_HOLD || line->kind == LINE_ROUNDS || ready;
}

/* A move on its first side, and that the other is the same. */
static void put_move(struct sheet *sheet, const struct step *step, int index, const GPtrArray *lines)
{
    const struct move *move = &step->moves[index];
    const struct sides *sides = &move->sides;
    for (guint i = 0; i < lines->len; i++) {
        const struct line *line = lines->pdata[i];
        if (move_of(line) != index || (sides->n > 1 && line->place.side == sides->side[1])) continue;
        if (is_read(line))
            put_speech(sheet, line);
        else if (is_hold(line))
            put_hold(sheet, step, move);
    }
}

static void put_other_side(struct sheet *sheet, const struct sides *sides)
{
    if (sides->n < 2) return;
    say(sheet, PIECE_SIDE, sides->side[1] == SIDE_RIGHT ? PHRASE_SHEET_THEN_RIGHT : PHRASE_SHEET_THEN_LEFT);
}

/* What is said of the step itself before its moves, or, with `end`, after them. */
static void put_step_lines(struct sheet *sheet, const GPtrArray *lines, bool end)
{
    for (guint i = 0; i < lines->len; i++) {
        const struct line *line = lines->pdata[i];
        bool ends = line->role == ROLE_RELEASE || line->role == ROLE_REST;
        bool about_step = is_read(line) && move_of(line) < 0;
        if (end && line->place.set > 0) continue; /* the rest before the last set */
        if (about_step && ends == end) put_speech(sheet, line);
    }
}

static void put_moves(struct sheet *sheet, const struct step *step, const GPtrArray *lines)
{
    bool listed = step->n_moves > 1;
    for (int i = 0; i < step->n_moves; i++) {
        if (listed) paper_item(&sheet->paper, LIST_MOVES);
        put_move(sheet, step, i, lines);
        put_other_side(sheet, &step->moves[i].sides);
    }
    if (listed) paper_close(&sheet->paper, LIST_MOVES);
    put_other_side(sheet, &step->sides);
}

/* The rests, and the way into position after one. */
static void put_rests(struct sheet *sheet, int index, const struct step_counts *counts)
{
    const struct settings *settings = sheet->script->settings;
    const struct step *step = &sheet->script->routine->steps[index];
    if (counts->reps > 1)
        say_rest(sheet, PHRASE_SHEET_BETWEEN_TIMES, pace_frames(settings, step->between_ms));
    if (counts->sets < 2) return;
    say_rest(sheet, PHRASE_SHEET_BETWEEN_SETS, pace_rest_frames(settings, step->rest_ms));
    g_autoptr(GPtrArray) lines = block(sheet, (struct script_pos){.step = index, .set = 1});
    for (guint i = 0; i < lines->len; i++) {
        const struct line *line = lines->pdata[i];
        if (line->kind == LINE_SPEECH && line->role == ROLE_SETUP) put_speech(sheet, line);
    }
}

static void put_when(struct sheet *sheet, int index)
{
    g_autofree char *begin = clock_of(sheet, sheet->begins[index]),
                    *end = clock_of(sheet, sheet->begins[index + 1]);
    const struct field fields[] = {{"begin", begin}, {"end", end}};
    g_autofree char *when =
        voice_phrase(sheet->script->voice, PHRASE_SHEET_WHEN, 0, fields, G_N_ELEMENTS(fields));
    paper_say(&sheet->paper, PIECE_WHEN, when);
}

static void put_step(struct sheet *sheet, int index)
{
    const struct effort effort = sheet->script->effort;
    const struct step *step = &sheet->script->routine->steps[index];
    const struct step_counts counts = step_counts(step, effort_sets(effort, step), effort_reps(effort, step));
    g_autoptr(GPtrArray) first = block(sheet, (struct script_pos){.step = index});
    const struct script_pos end = {
        .step = index, .set = counts.sets - 1, .side = counts.sides - 1, .rep = counts.reps - 1};
    g_autoptr(GPtrArray) last = block(sheet, end);
    paper_item(&sheet->paper, LIST_STEPS);
    paper_put(&sheet->paper, PIECE_STEP, step->title);
    put_when(sheet, index);
    if (step->prop) say_filled(sheet, PIECE_NEED, PHRASE_PROPS, "props", step->prop);
    put_step_lines(sheet, first, false);
    put_moves(sheet, step, first);
    put_rests(sheet, index, &counts);
    put_step_lines(sheet, last, true);
}

/* ---- the session ---- */

/* "8 steps · about 23 minutes · Level 0", to be freed. */
static char *facts_of(const struct sheet *sheet)
{
    const struct script *script = sheet->script;
    int64_t seconds = timeline_end(sheet->timeline) / sheet->rate;
    int minutes = (int)((seconds + MINUTE_S / 2) / MINUTE_S);
    g_autofree char *steps =
                        voice_counted(script->voice, PHRASE_STEPS, steps_heard(script->routine, script->out)),
                    *about = voice_counted(script->voice, PHRASE_MINUTES, MAX(1, minutes)),
                    *level = voice_counted(script->voice, PHRASE_SHOW_LEVEL, script->effort.level);
    return g_strjoin(" · ", steps, about, level, NULL);
}

static void put_picture(struct sheet *sheet, const char *facts)
{
    g_autofree char *svg = picture_svg(sheet->timeline, sheet->rate, facts);
    paper_picture(&sheet->paper, svg, sheet->script->voice->phrases[PHRASE_SHEET_PICTURE]);
}

static void put_head(struct sheet *sheet)
{
    const struct routine *routine = sheet->script->routine;
    g_autofree char *facts = facts_of(sheet);
    paper_put(&sheet->paper, PIECE_TITLE, routine->title);
    if (routine->about) paper_put(&sheet->paper, PIECE_ABOUT, routine->about);
    paper_say(&sheet->paper, PIECE_FACTS, facts);
    put_picture(sheet, facts);
}

/* Props and caution, which are all that the session's head says beside its title. */
static void put_warnings(struct sheet *sheet)
{
    g_autoptr(GPtrArray) lines = block(sheet, SCRIPT_BEGIN);
    for (guint i = 0; i < lines->len; i++) {
        const struct line *line = lines->pdata[i];
        if (line->kind != LINE_SPEECH) continue;
        if (line->role == ROLE_CAUTION) say(sheet, PIECE_HEADING, PHRASE_SHEET_CAUTION);
        put_speech(sheet, line);
    }
}

/* The routine's own words at the end. */
static void put_closing(struct sheet *sheet)
{
    if (!sheet->script->routine->closing.template) return;
    g_autoptr(GPtrArray) lines = block(sheet, (struct script_pos){.step = sheet->script->routine->n_steps});
    for (guint i = 0; i < lines->len; i++) {
        const struct line *line = lines->pdata[i];
        if (line->kind == LINE_SPEECH) put_speech(sheet, line);
    }
}

static void put_days(struct sheet *sheet)
{
    g_autofree char *days = g_strdup_printf("%d", DAYS);
    say_filled(sheet, PIECE_HEADING, PHRASE_SHEET_DAYS, "n", days);
    say(sheet, PIECE_TEXT, PHRASE_SHEET_MARK);
    paper_boxes(&sheet->paper, DAYS);
}

/* Where each step begins, and the closing; one that is left out begins where the next one does. To be freed.
 */
static int64_t *find_begins(const struct timeline *timeline, const struct script *script)
{
    const int n_steps = script->routine->n_steps;
    const GArray *cues = timeline_cues(timeline);
    int64_t *begins = g_new0(int64_t, (gsize)n_steps + 1);
    for (guint i = cues->len; i > 0; i--) {
        const struct cue *cue = &g_array_index(cues, struct cue, i - 1);
        int step = cue->place.step == PLACE_CLOSING ? n_steps : cue->place.step;
        if (step >= 0 && cue->type != SPAN_WAKE) begins[step] = cue->frame;
    }
    for (int i = n_steps - 1; i >= 0; i--)
        if (left_out(script->out, i)) begins[i] = begins[i + 1];
    return begins;
}

const char *const *sheet_formats(void)
{
    return paper_formats();
}

char *sheet_text(const char *format, const struct script *script, const struct timeline *timeline)
{
    const struct routine *routine = script->routine;
    const char *words = voice_has_phrases(script->voice) ? script->voice->language : "en";
    const struct script full = script_in_full(script);
    g_autofree int64_t *begins = find_begins(timeline, script);
    struct sheet sheet = {
        .script = &full, .timeline = timeline, .rate = script->settings->sound.rate, .begins = begins};
    paper_begin(&sheet.paper, format, routine->title, routine->language,
                language_same(routine->language, words) ? NULL : words);
    put_head(&sheet);
    put_warnings(&sheet);
    say(&sheet, PIECE_HEADING, PHRASE_SHEET_EXERCISES);
    for (int i = 0; i < routine->n_steps; i++)
        if (!left_out(script->out, i)) put_step(&sheet, i);
    paper_close(&sheet.paper, LIST_STEPS);
    put_closing(&sheet);
    put_days(&sheet);
    return paper_end(&sheet.paper);
}
