#include "plan/pace.h"

enum {
    LEVEL_STEP = 10,
    HOLD_STEP = 10, /* percent */
    HOLD_LEAST = 50,
};

struct effort effort_from_settings(const struct settings *settings)
{
    return (struct effort){.level = settings->pace.level, .hold = settings->pace.hold};
}

int effort_hold(struct effort effort, const struct hold *hold)
{
    int64_t value = range_at(hold->range, effort.level);
    if (hold->kind == HOLD_SECONDS) value = (value * effort.hold + 50) / 100;
    return (int)MAX(1, value);
}

int effort_reps(struct effort effort, const struct step *step)
{
    return range_at(step->reps, CLAMP(effort.level + effort.reps, 0, 100));
}

int effort_sets(struct effort effort, const struct step *step)
{
    return range_at(step->sets, CLAMP(effort.level + effort.sets, 0, 100));
}

struct step_counts step_counts(const struct step *step, int sets, int reps)
{
    int sides = MAX(1, step->sides.n);
    int64_t begun = (int64_t)sets * sides;
    return (struct step_counts){.sets = sets,
                                .reps = reps,
                                .sides = sides,
                                .rounds = begun * reps,
                                .changes = begun - sets,
                                .repeats = begun * (reps - 1),
                                .rests = sets - 1};
}

bool effort_easier(struct effort *effort)
{
    struct effort before = *effort;
    if (effort->level > 0)
        effort->level = MAX(0, effort->level - LEVEL_STEP);
    else if (effort->hold > HOLD_LEAST)
        effort->hold = MAX(HOLD_LEAST, effort->hold - HOLD_STEP);
    return !effort_equal(*effort, before);
}

bool effort_harder(struct effort *effort, int full)
{
    struct effort before = *effort;
    if (effort->hold < full)
        effort->hold = MIN(full, effort->hold + HOLD_STEP);
    else
        effort->level = MIN(100, effort->level + LEVEL_STEP);
    return !effort_equal(*effort, before);
}

/* ---- breaths and times ---- */

enum { TENTHS = 10 }; /* of a millisecond */

/* Phases that take no time are left out. */
static void add_phase(struct rhythm *rhythm, enum cue_type cue, int64_t tenths)
{
    if (tenths == 0) return;
    rhythm->cue[rhythm->n++] = cue;
    rhythm->begin[rhythm->n] = rhythm->begin[rhythm->n - 1] + tenths;
}

static void add_phases(struct rhythm *rhythm, const struct phases *phases, const enum cue_type *cues)
{
    for (int i = 0; i < phases->n; i++) add_phase(rhythm, cues[i], (int64_t)phases->ms[i] * TENTHS);
}

static void add_breath(struct rhythm *rhythm, const struct phases *breath, int64_t ms)
{
    static const enum cue_type kept[] = {CUE_IN, CUE_KEEP, CUE_OUT, CUE_KEEP}, plain[] = {CUE_IN, CUE_OUT};
    add_phases(rhythm, breath, breath->n == 2 ? plain : kept);
    if (rhythm->n > 0) return;
    add_phase(rhythm, CUE_IN, ms * TENTHS * 4 / 10);
    add_phase(rhythm, CUE_OUT, ms * TENTHS * 6 / 10);
}

static void add_tempo(struct rhythm *rhythm, const struct phases *tempo, int64_t ms)
{
    static const enum cue_type moved[] = {CUE_OUT, CUE_KEEP, CUE_IN}, whole[] = {N_CUE_TYPES};
    add_phases(rhythm, tempo, tempo->n == 1 ? whole : moved);
    if (rhythm->n == 0) add_phase(rhythm, N_CUE_TYPES, ms * TENTHS);
}

struct rhythm pace_rhythm(const struct settings *settings, const struct move *move)
{
    struct rhythm rhythm = {.rate = settings->sound.rate, .speed = settings->pace.speed};
    if (move->hold.kind == HOLD_BREATHS) add_breath(&rhythm, &move->breath, settings->pace.breath_ms);
    if (move->hold.kind == HOLD_TIMES) add_tempo(&rhythm, &move->tempo, settings->pace.tempo_ms);
    return rhythm;
}

int64_t rhythm_frame(const struct rhythm *rhythm, int round, int phase)
{
    int64_t tenths = round * rhythm->begin[rhythm->n] + rhythm->begin[phase];
    return duration_frames(tenths, rhythm->rate, rhythm->speed * TENTHS);
}

/* ---- waits ---- */

int64_t effort_wait(struct effort effort, int64_t frames)
{
    return (frames * (EFFORT_WHOLE + effort.waits) + EFFORT_WHOLE / 2) / EFFORT_WHOLE;
}

int64_t pace_frames(const struct settings *settings, int ms)
{
    return duration_frames(ms, settings->sound.rate, settings->pace.speed);
}

int64_t pace_rest_frames(const struct settings *settings, int rest_ms)
{
    return pace_frames(settings, rest_ms < 0 ? settings->pace.rest_ms : rest_ms);
}

int64_t pace_prepare_frames(const struct settings *settings, const struct step *step)
{
    return pace_frames(settings, step->prepare_ms < 0 ? settings->pace.prepare_ms : step->prepare_ms);
}

int64_t pace_settle_frames(const struct settings *settings, const struct move *move)
{
    int own = move->settle_ms < 0 ? settings->pace.settle_ms : move->settle_ms;
    return pace_frames(settings, move->hold.kind == HOLD_READY ? settings->pace.gap_ms : own);
}

/* ---- the script's figures ---- */

struct script script_of(const struct routine *routine, const struct settings *settings,
                        const struct voice *voice)
{
    struct effort effort = effort_from_settings(settings);
    const enum words words = (enum words)settings->pace.words;
    return (struct script){.routine = routine,
                           .settings = settings,
                           .voice = voice,
                           .effort = effort,
                           .coming = effort,
                           .words = words == WORDS_AUTO ? WORDS_FULL : words,
                           .rate = 100};
}

enum words script_words(const struct script *script)
{
    const enum words most = script->effort.words;
    return most == WORDS_AUTO || script->words == WORDS_BRIEF ? script->words : most;
}

enum words script_setup_words(const struct script *script, const struct step *step)
{
    const enum words words = script_words(script);
    const bool is_near = step->prepare_ms >= 0 && step->prepare_ms < PACE_ANNOUNCED_S * 1000;
    return words == WORDS_BRIEF && script->words != WORDS_BRIEF && !is_near ? WORDS_KNOWN : words;
}

bool script_closing_known(const struct script *script)
{
    return script->closing_known || script->effort.words == WORDS_KNOWN;
}

struct script script_in_full(const struct script *script)
{
    struct script full = *script;
    full.words = WORDS_FULL;
    full.effort.words = WORDS_AUTO;
    full.caution_known = full.closing_known = false;
    return full;
}

const char *script_part(const struct script *script, int step)
{
    const struct routine *routine = script->routine;
    int before = step_before(script->out, step);
    if (!routine->files || before < 0) return NULL;
    const struct routine *home = routine->steps[step].home;
    return home == routine->steps[before].home ? NULL : home->title;
}

int script_sets(const struct script *script, const struct step *step, int set)
{
    return MAX(set, effort_sets(script->coming, step));
}

int script_reps(const struct script *script, const struct step *step, int rep)
{
    if (step->sides.n > 1) return effort_reps(script->effort, step);
    return MAX(rep, effort_reps(script->coming, step));
}

int script_stretched(const struct script *script, struct place place)
{
    int by = 0;
    for (guint i = 0; script->stretches && i < script->stretches->len; i++) {
        struct stretch stretch = g_array_index(script->stretches, struct stretch, i);
        stretch.place.side = place.side;
        if (place_equal(stretch.place, place)) by += stretch.by;
    }
    return by;
}

int script_hold(const struct script *script, const struct move *move, struct place place)
{
    return MAX(1, effort_hold(script->effort, &move->hold) + script_stretched(script, place));
}
