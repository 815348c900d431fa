#include "plan/pace.h"
#include "plan/script.h"
#include <string.h>

/* Measured with espeak-ng over the shipped routines: characters spoken in a minute at a rate of one word a
 * minute. */
static const double CHARS_A_WORD = 5.5;

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
    double gap =
        settings->pace.gap_ms / 10.0 / settings->pace.speed; /* ms at a speed in percent, to seconds */
    return letters * 60 / (rate * CHARS_A_WORD) + (1 + stops / 2.0) * gap;
}

static double whole_text(const struct script *script, const struct text *text)
{
    return text->template ? text_seconds(script, text->template, strlen(text->template)) : 0;
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

/* All holds of a move in its step: `rounds` on each of the step's sides. */
static double move_seconds(const struct script *script, const struct move *move, int sides, int rounds)
{
    int own = MAX(1, move->sides.n), holds = rounds * sides * own;
    int in_full = script->settings->pace.words == WORDS_FULL ? sides * own : 0;
    double say = whole_text(script, &move->say);
    double cue = move->cue.template ? whole_text(script, &move->cue) : first_sentence(script, &move->say);
    double change = seconds(script, pace_frames(script->settings, script->settings->pace.change_ms));
    return holds * (hold_seconds(script, &move->hold) + first_sentence(script, &move->release)) +
           in_full * say + (holds - in_full) * cue + rounds * sides * (own - 1) * change +
           whole_text(script, &move->release) - first_sentence(script, &move->release);
}

static double step_seconds(const struct script *script, const struct step *step)
{
    const struct settings *settings = script->settings;
    int sets = effort_sets(script->coming, step), sides = MAX(1, step->sides.n);
    int rounds = sets * effort_reps(script->coming, step);
    double total = text_seconds(script, step->title, strlen(step->title)) +
                   whole_text(script, &step->release) +
                   seconds(script, pace_frames(settings, settings->pace.prepare_ms)) +
                   (sets - 1) * seconds(script, pace_rest_frames(settings, step->rest_ms)) +
                   sets * (sides - 1) * seconds(script, pace_frames(settings, settings->pace.change_ms));
    if (settings->pace.words == WORDS_FULL) total += whole_text(script, &step->setup);
    for (int i = 0; i < step->n_moves; i++) total += move_seconds(script, &step->moves[i], sides, rounds);
    return total;
}

/* The part of a step that is still to come, by counting its repetitions. */
static double step_rest(const struct script *script, struct script_pos pos)
{
    const struct step *step = &script->routine->steps[pos.step];
    int reps = effort_reps(script->effort, step), sides = MAX(1, step->sides.n),
        sets = effort_sets(script->coming, step);
    double done = (double)((pos.set * sides + pos.side) * reps + pos.rep) / (sets * sides * reps);
    return step_seconds(script, step) * (1 - MIN(done, 1));
}

double script_estimate_step(const struct script *script, int step)
{
    return step_seconds(script, &script->routine->steps[step]);
}

double script_estimate_from(const struct script *script, struct script_pos pos)
{
    const struct routine *routine = script->routine;
    double total = pos.step < 0 ? whole_text(script, &routine->caution) : 0;
    if (pos.step >= 0 && pos.step < routine->n_steps) total += step_rest(script, pos);
    for (int i = MAX(0, pos.step + 1); i < routine->n_steps; i++)
        total += step_seconds(script, &routine->steps[i]);
    return pos.step <= routine->n_steps ? total + whole_text(script, &routine->closing) : 0;
}

double script_estimate(const struct script *script)
{
    return script_estimate_from(script, SCRIPT_BEGIN);
}
