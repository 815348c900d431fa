#include "dose.h"
#include "plan/pace.h"
#include "plan/script.h"
#include <string.h>

/* Measured with espeak-ng over the shipped routines, at 80 to 250 words a minute: letters to a word, and what
 * each sentence takes beside its letters, as if it had so many more. */
static const double LETTERS_A_WORD = 6.5, LETTERS_MORE = 4.5;

/* Seconds of sounds, as mix/tone makes them. */
static const double END = 0.6, CHIME = 1.2;

/* Seconds of silence between the sentences of a text, and after it. */
struct pauses {
    double inside, after;
};

static double seconds(const struct script *script, int64_t frames)
{
    return (double)frames / script->settings->sound.rate;
}

static double wait_seconds(const struct script *script, int ms)
{
    const double longer = 1 + (double)script->effort.waits / EFFORT_WHOLE;
    return ms / 10.0 / script->settings->pace.speed * longer; /* at a speed in percent */
}

/* As plan/layout has them. */
static struct pauses pauses_of(const struct script *script, enum role role)
{
    double gap = wait_seconds(script, script->settings->pace.gap_ms),
           sentence = wait_seconds(script, script->settings->pace.sentence_ms);
    switch (role) {
    case ROLE_SETUP:
    case ROLE_RELEASE: return (struct pauses){sentence, MAX(gap, sentence)};
    case ROLE_INSTRUCTION: return (struct pauses){sentence, 0}; /* the move's own time follows */
    case ROLE_CUE: return (struct pauses){gap / 2, 0};
    default: return (struct pauses){gap / 2, gap};
    }
}

/* With the pauses. In one pass: a routine may have megabytes of text. */
static double text_seconds(const struct script *script, enum role role, const char *text, gsize bytes)
{
    const struct settings *settings = script->settings;
    const struct pauses pauses = pauses_of(script, role);
    int letters = 0, stops = 0;
    char before = 0;
    for (gsize i = 0; i < bytes; i++) {
        char c = text[i];
        letters += (c & 0xc0) != 0x80; /* not the further bytes of a letter in UTF-8 */
        stops += (c == ' ') & ((before == '.') | (before == '!') | (before == '?'));
        before = c;
    }
    int rate = settings->voice.rate != SETTING_EMPTY ? settings->voice.rate : script->voice->rate;
    double spoken =
        (letters + LETTERS_MORE * (1 + stops)) * 60 / (rate * LETTERS_A_WORD) * 100 / script->rate;
    return spoken + stops * pauses.inside + pauses.after;
}

static double whole_text(const struct script *script, enum role role, const struct text *text)
{
    return text->template ? text_seconds(script, role, text->template, strlen(text->template)) : 0;
}

static double first_sentence(const struct script *script, enum role role, const struct text *text)
{
    if (!text->template) return 0;
    return text_seconds(script, role, text->template, strcspn(text->template, ".!?"));
}

/* About: behind the last stop that is not the text's end. */
static double last_sentence(const struct script *script, enum role role, const char *text)
{
    const char *begin = text;
    for (const char *c = text; *c; c++)
        if (strchr(".!?", *c) && c[1] == ' ' && c[2]) begin = c + 2;
    return text_seconds(script, role, begin, strlen(begin));
}

static double text_or_last(const struct script *script, enum role role, const char *text, bool last)
{
    if (!text) return 0;
    return last ? last_sentence(script, role, text) : text_seconds(script, role, text, strlen(text));
}

/* How to get into position, as far as these words tell it. */
static double setup_seconds(const struct script *script, const struct step *step, const struct text *setup)
{
    const enum words words = script_setup_words(script, step);
    if (words == WORDS_BRIEF) return 0;
    return (words == WORDS_FULL ? whole_text : first_sentence)(script, ROLE_SETUP, setup);
}

static double phrase(const struct script *script, enum phrase phrase)
{
    const char *text = script->voice->phrases[phrase];
    return text_seconds(script, ROLE_PHRASE, text, strlen(text));
}

/* ---- steps ---- */

static int64_t hold_frames(const struct settings *settings, struct effort effort, const struct move *move)
{
    const struct rhythm rhythm = pace_rhythm(settings, move);
    switch (move->hold.kind) {
    case HOLD_SECONDS: return (int64_t)effort_hold(effort, &move->hold) * settings->sound.rate;
    case HOLD_READY: return effort_wait(effort, pace_frames(settings, settings->pace.prepare_ms));
    default: return rhythm_frame(&rhythm, effort_hold(effort, &move->hold), 0);
    }
}

/* What getting into position takes: once, and before each further set whose way into position has words. With
 * `own`, only what the step itself asks for. */
static int64_t prepare_frames(const struct settings *settings, const struct step *step,
                              const struct step_counts *counts, bool own)
{
    if (own && step->prepare_ms == -1) return 0;
    return (1 + (step->again.template ? counts->rests : 0)) * pace_prepare_frames(settings, step);
}

/* One move on one side: the hold, and what lies around it. */
static int64_t move_frames(const struct settings *settings, struct effort effort, const struct move *move,
                           bool own)
{
    int64_t settle = own && move->settle_ms < 0 ? 0 : pace_settle_frames(settings, move);
    return effort_wait(effort, settle + pace_frames(settings, move->after_ms)) +
           hold_frames(settings, effort, move);
}

/* The frames that a step takes without its words, and without getting into position: holds, changes of side,
 * and rests of all kinds. */
static int64_t wordless_frames(const struct settings *settings, struct effort effort, const struct step *step,
                               const struct step_counts *counts, bool own)
{
    int64_t change = effort_wait(effort, pace_frames(settings, settings->pace.change_ms)),
            between = effort_wait(effort, pace_frames(settings, step->between_ms)),
            rest = effort_wait(effort, pace_rest_frames(settings, step->rest_ms));
    int64_t total = counts->changes * change + counts->rests * rest + counts->repeats * between +
                    effort_wait(effort, pace_frames(settings, step->after_ms));
    for (const struct move *move = step->moves; move < step->moves + step->n_moves; move++) {
        int sides = MAX(1, move->sides.n);
        int64_t once = move_frames(settings, effort, move, own);
        total += counts->rounds * (sides * once + (sides - 1) * change);
    }
    return total;
}

/* A phrase that is said only before a wait of some length, and in full sessions. */
static double timed(const struct script *script, enum phrase which, int64_t frames)
{
    bool said = frames >= PACE_ANNOUNCED_S * (int64_t)script->settings->sound.rate;
    return said && script_words(script) == WORDS_FULL ? phrase(script, which) : 0;
}

/* What is heard at all holds of a move in its step. */
static double move_words(const struct script *script, const struct move *move, const struct step_counts *step)
{
    int64_t holds = step->rounds * MAX(1, move->sides.n);
    int64_t in_full = script_words(script) == WORDS_FULL ? holds / (step->sets * step->reps) : 0;
    double say = whole_text(script, ROLE_INSTRUCTION, &move->say),
           release = first_sentence(script, ROLE_RELEASE, &move->release),
           cue = move->cue.template ? whole_text(script, ROLE_CUE, &move->cue)
                                    : first_sentence(script, ROLE_CUE, &move->say),
           after = timed(script, PHRASE_REST_AFTER, pace_frames(script->settings, move->after_ms));
    double side = move->sides.n > 0 ? phrase(script, PHRASE_RIGHT_SIDE) : 0;
    return (double)holds * (END + side + release + after) + (double)in_full * say +
           (double)(holds - in_full) * cue + whole_text(script, ROLE_RELEASE, &move->release) - release;
}

static double spoken(const struct script *script, const char *text)
{
    return text ? text_seconds(script, ROLE_TITLE, text, strlen(text)) : 0;
}

/* What is heard before the first set: number, title, dose, setup, and the time that follows. */
static double head_seconds(const struct script *script, const struct step *step,
                           const struct step_counts *counts)
{
    int64_t frames = prepare_frames(script->settings, step, counts, false),
            once = pace_prepare_frames(script->settings, step);
    g_autofree char *dose = script_words(script) == WORDS_BRIEF ? NULL : dose_of(script, step, counts);
    double prepares = once > 0 ? (double)frames / (double)once : 0,
           setup = setup_seconds(script, step, &step->setup),
           again = (double)counts->rests * setup_seconds(script, step, &step->again);
    return phrase(script, PHRASE_STEP) + spoken(script, step->title) + spoken(script, dose) + setup + again +
           prepares * timed(script, PHRASE_PREPARE, once) +
           seconds(script, effort_wait(script->effort, frames));
}

/* The whole step, or what is left of it from a block on, by counting repetitions. */
static double step_seconds(const struct script *script, struct script_pos pos)
{
    const struct settings *settings = script->settings;
    const struct step *step = &script->routine->steps[pos.step];
    int sets = effort_sets(script->coming, step);
    const struct step_counts counts = step_counts(step, sets, effort_reps(script->coming, step));
    double total =
        seconds(script, wordless_frames(settings, script->coming, step, &counts, false)) +
        (double)counts.repeats * phrase(script, PHRASE_COUNT) +
        counts.sets * step->sides.n * phrase(script, PHRASE_RIGHT_SIDE) +
        (double)counts.rests * timed(script, PHRASE_REST, pace_rest_frames(settings, step->rest_ms)) +
        whole_text(script, ROLE_RELEASE, &step->release) + CHIME +
        timed(script, PHRASE_REST_AFTER, pace_frames(settings, step->after_ms));
    for (int i = 0; i < step->n_moves; i++) total += move_words(script, &step->moves[i], &counts);

    const struct step_counts now = step_counts(step, sets, effort_reps(script->effort, step));
    int rounds = (pos.set * now.sides + pos.side) * now.reps + pos.rep;
    if (rounds > 0) return total * (1 - MIN(rounds / (double)now.rounds, 1));
    return total + spoken(script, script_part(script, pos.step)) + head_seconds(script, step, &counts);
}

double script_estimate_step(const struct script *script, int step)
{
    return step_seconds(script, (struct script_pos){.step = step});
}

/* ---- lines and sessions ---- */

double script_estimate_line(const struct script *script, const struct line *line)
{
    double total = seconds(script, line->frames + line->settle);
    if (line->kind == LINE_HOLD || line->kind == LINE_ROUNDS) total += END;
    if (line->kind == LINE_CHIME) total += CHIME;
    const struct pauses pauses = pauses_of(script, line->role);
    for (guint i = 0; line->sentences && i < line->sentences->len; i++) {
        const char *sentence = g_ptr_array_index(line->sentences, i);
        total += text_seconds(script, line->role, sentence, strlen(sentence));
        if (i > 0) total += pauses.inside - pauses.after;
    }
    return total;
}

/* What is heard before the first step. */
static double opening_seconds(const struct script *script)
{
    const char *title = script->routine->title; /* is said with the numbers of steps and minutes */
    double total =
        script->settings->sound.wake_ms / 1000.0 + text_seconds(script, ROLE_TITLE, title, strlen(title)) +
        phrase(script, PHRASE_STEPS) + phrase(script, PHRASE_MINUTES) +
        text_or_last(script, ROLE_CAUTION, script->routine->caution.template, script->caution_known);
    for (guint i = 0; script->opening && i < script->opening->len; i++)
        total += spoken(script, g_ptr_array_index(script->opening, i));
    return total;
}

static double closing_seconds(const struct script *script)
{
    const struct text *own = &script->routine->closing;
    const char *closing = own->template ? own->template : script->voice->phrases[PHRASE_CLOSING];
    if (script_words(script) == WORDS_BRIEF) return CHIME;
    return CHIME + text_or_last(script, ROLE_CLOSING, closing, script_closing_known(script));
}

/* A step that has not begun has the coming effort. */
double script_estimate_from(const struct script *script, struct script_pos pos)
{
    const struct routine *routine = script->routine;
    struct script later = *script;
    later.effort = script->coming;
    if (pos.step > routine->n_steps) return 0;
    const bool begun = pos.set > 0 || pos.side > 0 || pos.rep > 0;
    double total = closing_seconds(&later);
    if (pos.step < 0)
        total += opening_seconds(script);
    else if (pos.step < routine->n_steps)
        total += step_seconds(begun ? script : &later, pos);
    for (int i = step_after(routine, script->out, pos.step); i < routine->n_steps;
         i = step_after(routine, script->out, i))
        total += script_estimate_step(&later, i);
    return total;
}

double script_estimate(const struct script *script)
{
    return script_estimate_from(script, SCRIPT_BEGIN);
}

/* ---- the limits ---- */

/* What a hold's length follows from, beside the number in it. */
static char *reason(const struct settings *settings, const struct move *move)
{
    bool in_breaths = move->hold.kind == HOLD_BREATHS;
    const char *name = in_breaths ? "breath" : "tempo";
    int n = in_breaths ? move->breath.n : move->tempo.n;
    if (move->hold.kind == HOLD_SECONDS) return g_strdup_printf("pace.hold = %d%%", settings->pace.hold);
    if (n > 0) return g_strdup_printf("its own %s and pace.speed = %d%%", name, settings->pace.speed);
    g_autofree char *length = duration_text(in_breaths ? settings->pace.breath_ms : settings->pace.tempo_ms);
    return g_strdup_printf("pace.%s = %s and pace.speed = %d%%", name, length, settings->pace.speed);
}

/* In whole seconds, rounded up. */
static char *length_text(int64_t ms)
{
    return duration_text((ms + 999) / 1000 * 1000);
}

static void check_hold(const struct routine *routine, const struct step *step, const struct move *move,
                       const struct settings *settings, int64_t ms, struct diags *diags)
{
    if (ms <= ROUTINE_HOLD_S * 1000) return;
    g_autofree char *section = g_strjoin(".", step->name, move->name, NULL);
    g_autofree char *length = length_text(ms), *why = reason(settings, move),
                    *rule = g_strdup_printf("at most 1h; it follows from %s", why);
    const struct diag_location location = {routine->path, move->hold.line, section, "hold"};
    diag_wrong(diags, &location, "over the limit of a hold", length, rule);
}

void plan_check_length(const struct routine *routine, const struct settings *settings, struct diags *diags)
{
    const struct effort most = {.level = 100, .hold = settings->pace.hold};
    struct settings in_ms = *settings;
    double total = 0; /* exact within any limit, and cannot overflow beyond it */
    in_ms.sound.rate = 1000;
    for (const struct step *step = routine->steps; step < routine->steps + routine->n_steps; step++) {
        const struct step_counts counts = step_counts(step, step->sets.high, step->reps.high);
        total += (double)wordless_frames(&in_ms, most, step, &counts, true) +
                 (double)prepare_frames(&in_ms, step, &counts, true);
        for (const struct move *move = step->moves; move < step->moves + step->n_moves; move++)
            check_hold(routine, step, move, settings, hold_frames(&in_ms, most, move), diags);
    }
    if (total <= ROUTINE_SESSION_S * 1000.0) return;
    g_autofree char *length = length_text((int64_t)MIN(total, 0x1p62));
    diag_wrong(diags, &(struct diag_location){routine->path, 1, NULL, NULL}, "over the limit of a session",
               length, "at most 24h of holds and waits, at the high end of every range");
}
