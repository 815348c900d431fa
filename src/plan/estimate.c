#include "plan/pace.h"
#include "plan/script.h"
#include <string.h>

/* Measured with espeak-ng over the shipped routines, at 80 to 250 words a minute: letters to a word, and what
 * each sentence takes beside its letters, as if it had so many more. */
static const double LETTERS_A_WORD = 6.5, LETTERS_MORE = 4.5;

/* Seconds of sounds, as mix/tone makes them. */
static const double END = 0.6, CHIME = 1.2;

/* Letters, and stops before a blank, in one pass: a routine may have megabytes of text. */
static void measure(const char *text, gsize bytes, int *letters, int *stops)
{
    *letters = *stops = 0;
    char before = 0;
    for (gsize i = 0; i < bytes; i++) {
        char c = text[i];
        *letters += (c & 0xc0) != 0x80; /* not the further bytes of a letter in UTF-8 */
        *stops += (c == ' ') & ((before == '.') | (before == '!') | (before == '?'));
        before = c;
    }
}

/* With the pauses: one gap after a text, half of one between two sentences. */
static double text_seconds(const struct script *script, const char *text, gsize bytes)
{
    const struct settings *settings = script->settings;
    int rate = settings->voice.rate != SETTING_EMPTY ? settings->voice.rate : script->voice->rate;
    int letters, stops;
    measure(text, bytes, &letters, &stops);
    /* Milliseconds at a speed in percent, to seconds. */
    double gap = settings->pace.gap_ms / 10.0 / settings->pace.speed;
    double spoken = (letters + LETTERS_MORE * (1 + stops)) * 60 / (rate * LETTERS_A_WORD);
    return spoken + (1 + stops / 2.0) * gap;
}

static double whole_text(const struct script *script, const struct text *text)
{
    return text->template ? text_seconds(script, text->template, strlen(text->template)) : 0;
}

static double phrase(const struct script *script, enum phrase phrase)
{
    const char *text = script->voice->phrases[phrase];
    return text_seconds(script, text, strlen(text));
}

static double first_sentence(const struct script *script, const struct text *text)
{
    if (!text->template) return 0;
    gsize bytes = strcspn(text->template, ".!?");
    return text_seconds(script, text->template, bytes);
}

static double seconds(const struct script *script, int64_t frames)
{
    return (double)frames / script->settings->sound.rate;
}

static double hold_seconds(const struct script *script, const struct hold *hold)
{
    const struct settings *settings = script->settings;
    switch (hold->kind) {
    case HOLD_SECONDS: return effort_hold(script->coming, hold);
    case HOLD_BREATHS:
        return seconds(script, pace_breath_frames(settings, effort_hold(script->coming, hold)));
    default: return seconds(script, pace_frames(settings, settings->pace.prepare_ms));
    }
}

static double change_seconds(const struct script *script)
{
    return seconds(script, pace_frames(script->settings, script->settings->pace.change_ms));
}

/* All holds of a move in its step. */
static double move_seconds(const struct script *script, const struct move *move,
                           const struct step_counts *step)
{
    const struct move_counts counts = move_counts(move, step->rounds);
    int64_t in_full =
        script->settings->pace.words == WORDS_FULL ? counts.holds / (step->sets * step->reps) : 0;
    double say = whole_text(script, &move->say), release = first_sentence(script, &move->release);
    double cue = move->cue.template ? whole_text(script, &move->cue) : first_sentence(script, &move->say);
    double side = move->sides.n > 0 ? phrase(script, PHRASE_RIGHT_SIDE) : 0;
    return (double)counts.holds * (hold_seconds(script, &move->hold) + END + side + release) +
           (double)in_full * say + (double)(counts.holds - in_full) * cue +
           (double)counts.changes * change_seconds(script) + whole_text(script, &move->release) - release;
}

/* What is said and waited for between repetitions, sides and sets. */
static double between_seconds(const struct script *script, const struct step *step,
                              const struct step_counts *counts)
{
    double rest = seconds(script, pace_rest_frames(script->settings, step->rest_ms));
    if (rest > 0 && script->settings->pace.words == WORDS_FULL) rest += phrase(script, PHRASE_REST);
    return (double)(counts->rounds - counts->sets * counts->sides) * phrase(script, PHRASE_COUNT) +
           counts->sets * step->sides.n * phrase(script, PHRASE_RIGHT_SIDE) +
           (double)counts->changes * change_seconds(script) + (double)counts->rests * rest;
}

/* What comes before its first set. */
static double entry_seconds(const struct script *script, const struct step *step)
{
    const struct settings *settings = script->settings;
    double setup = settings->pace.words == WORDS_FULL ? whole_text(script, &step->setup) : 0;
    return phrase(script, PHRASE_STEP) + text_seconds(script, step->title, strlen(step->title)) + setup +
           seconds(script, pace_frames(settings, settings->pace.prepare_ms));
}

static double sets_seconds(const struct script *script, const struct step *step)
{
    const struct step_counts counts =
        step_counts(step, effort_sets(script->coming, step), effort_reps(script->coming, step));
    double total = between_seconds(script, step, &counts) + whole_text(script, &step->release) + CHIME;
    for (int i = 0; i < step->n_moves; i++) total += move_seconds(script, &step->moves[i], &counts);
    return total;
}

static double step_seconds(const struct script *script, const struct step *step)
{
    return entry_seconds(script, step) + sets_seconds(script, step);
}

/* The part of a step that is still to come, by counting its repetitions. */
static double step_rest(const struct script *script, struct script_pos pos)
{
    const struct step *step = &script->routine->steps[pos.step];
    const struct step_counts counts =
        step_counts(step, effort_sets(script->coming, step), effort_reps(script->effort, step));
    int rounds = (pos.set * counts.sides + pos.side) * counts.reps + pos.rep;
    double done = rounds / (double)counts.rounds;
    double entry = done > 0 ? 0 : entry_seconds(script, step);
    return entry + sets_seconds(script, step) * (1 - MIN(done, 1));
}

double script_estimate_line(const struct script *script, const struct line *line)
{
    double total = seconds(script, line->frames);
    if (line->kind == LINE_HOLD || line->kind == LINE_BREATHS) total += END;
    if (line->kind == LINE_CHIME) total += CHIME;
    for (guint i = 0; line->sentences && i < line->sentences->len; i++) {
        const char *sentence = g_ptr_array_index(line->sentences, i);
        total += text_seconds(script, sentence, strlen(sentence));
    }
    return total;
}

double script_estimate_step(const struct script *script, int step)
{
    return step_seconds(script, &script->routine->steps[step]);
}

/* Its title is said with the numbers of steps and minutes. */
static double head_seconds(const struct script *script)
{
    const struct routine *routine = script->routine;
    return script->settings->sound.wake_ms / 1000.0 +
           text_seconds(script, routine->title, strlen(routine->title)) + phrase(script, PHRASE_STEPS) +
           phrase(script, PHRASE_MINUTES) + whole_text(script, &routine->caution);
}

static double closing_seconds(const struct script *script)
{
    if (script->settings->pace.words == WORDS_BRIEF) return CHIME;
    const struct text *closing = &script->routine->closing;
    return CHIME + (closing->template ? whole_text(script, closing) : phrase(script, PHRASE_CLOSING));
}

double script_estimate_from(const struct script *script, struct script_pos pos)
{
    const struct routine *routine = script->routine;
    double total = pos.step < 0 ? head_seconds(script) : 0;
    if (pos.step >= 0 && pos.step < routine->n_steps) total += step_rest(script, pos);
    for (int i = MAX(0, pos.step + 1); i < routine->n_steps; i++)
        total += step_seconds(script, &routine->steps[i]);
    return pos.step <= routine->n_steps ? total + closing_seconds(script) : 0;
}

double script_estimate(const struct script *script)
{
    return script_estimate_from(script, SCRIPT_BEGIN);
}

/* ---- the limits ---- */

/* A wait at the pace's speed. */
static int64_t wait_ms(const struct settings *settings, int64_t ms)
{
    return duration_frames(ms, 1000, settings->pace.speed);
}

static int64_t hold_ms(const struct hold *hold, const struct settings *settings)
{
    int64_t high = hold->range.high;
    switch (hold->kind) {
    case HOLD_SECONDS: return MAX(1, (high * settings->pace.hold + 50) / 100) * 1000;
    case HOLD_BREATHS: return wait_ms(settings, high * settings->pace.breath_ms);
    default: return wait_ms(settings, settings->pace.prepare_ms);
    }
}

static int64_t step_ms(const struct step *step, const struct settings *settings)
{
    const struct step_counts counts = step_counts(step, step->sets.high, step->reps.high);
    int64_t change = wait_ms(settings, settings->pace.change_ms);
    int64_t rest = wait_ms(settings, step->rest_ms < 0 ? settings->pace.rest_ms : step->rest_ms);
    int64_t total = counts.changes * change + counts.rests * rest;
    for (int i = 0; i < step->n_moves; i++) {
        const struct move_counts move = move_counts(&step->moves[i], counts.rounds);
        total += move.holds * hold_ms(&step->moves[i].hold, settings) + move.changes * change;
    }
    return total;
}

/* ---- a hold ---- */

/* What makes it as long as it is. */
static char *hold_rule(enum hold_kind kind, const struct settings *settings)
{
    g_autofree char *breath = duration_text(settings->pace.breath_ms);
    if (kind == HOLD_SECONDS) return g_strdup_printf("1:00:00, and pace.hold is %d%%", settings->pace.hold);
    return g_strdup_printf("1:00:00, and pace.breath is %s, pace.speed %d%%", breath, settings->pace.speed);
}

static void check_hold(const struct routine *routine, const struct step *step, const struct move *move,
                       const struct settings *settings, struct diags *diags)
{
    int64_t ms = hold_ms(&move->hold, settings);
    if (ms <= ROUTINE_HOLD_S * 1000) return;
    g_autofree char *section = g_strjoin(".", step->name, move->name, NULL);
    g_autofree char *length = duration_clock(ms), *rule = hold_rule(move->hold.kind, settings);
    const struct diag_location location = {routine->path, move->hold.line, section, "hold"};
    diag_wrong(diags, &location, "over the limit of a hold", length, rule);
}

static void check_holds(const struct routine *routine, const struct settings *settings, struct diags *diags)
{
    for (int i = 0; i < routine->n_steps; i++)
        for (int j = 0; j < routine->steps[i].n_moves; j++)
            check_hold(routine, &routine->steps[i], &routine->steps[i].moves[j], settings, diags);
}

/* ---- a session ---- */

void plan_check_length(const struct routine *routine, const struct settings *settings, struct diags *diags)
{
    double total = 0; /* exact within any limit, and cannot overflow beyond it */
    check_holds(routine, settings, diags);
    for (int i = 0; i < routine->n_steps; i++) total += (double)step_ms(&routine->steps[i], settings);
    if (total <= ROUTINE_SESSION_S * 1000.0) return;
    g_autofree char *length = duration_clock((int64_t)MIN(total, 0x1p62));
    diag_wrong(diags, &(struct diag_location){routine->path, 1, NULL, NULL}, "over the limit of a session",
               length, "24:00:00 of holds and waits, at the high end of every range");
}
