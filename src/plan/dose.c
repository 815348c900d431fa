#include "dose.h"
#include "base/sentence.h"

/* What all holds of a step have in common; `ready` holds, which last as long as they like, are passed over.
 */
struct common {
    const struct move *hold; /* any of them; NULL: there is none, or they differ */
    bool both_sides;
    int holds; /* in one repetition on a side of the step */
};

static bool same_hold(const struct script *script, const struct move *a, const struct move *b)
{
    return a->hold.kind == b->hold.kind &&
           effort_hold(script->effort, &a->hold) == effort_hold(script->effort, &b->hold);
}

static struct common common_of(const struct script *script, const struct step *step)
{
    struct common common = {.both_sides = true};
    bool differ = false;
    for (const struct move *move = step->moves; move < step->moves + step->n_moves; move++) {
        if (move->hold.kind == HOLD_READY) continue;
        if (!common.hold) common.hold = move;
        differ = differ || !same_hold(script, common.hold, move);
        common.both_sides = common.both_sides && MAX(step->sides.n, move->sides.n) == 2;
        common.holds += MAX(1, move->sides.n);
    }
    if (differ) common.hold = NULL;
    common.both_sides = common.both_sides && common.holds > 0;
    return common;
}

char *script_length(const struct script *script, const struct move *move)
{
    int length = effort_hold(script->effort, &move->hold);
    if (move->hold.kind == HOLD_SECONDS) return voice_time(script->voice, length);
    bool breaths = move->hold.kind == HOLD_BREATHS;
    return voice_counted(script->voice, breaths ? PHRASE_DOSE_BREATHS : PHRASE_DOSE_TIMES, length);
}

/* "3 times", "2 sets of 10", "2 sets"; NULL: once. */
static char *rounds_of(const struct script *script, int n_sets, int n_reps)
{
    if (n_sets == 1 && n_reps == 1) return NULL;
    if (n_sets == 1) return voice_counted(script->voice, PHRASE_DOSE_TIMES, n_reps);
    if (n_reps == 1) return voice_counted(script->voice, PHRASE_DOSE_SETS, n_sets);
    g_autofree char *sets = g_strdup_printf("%d", n_sets), *reps = g_strdup_printf("%d", n_reps);
    const struct field fields[] = {{"sets", sets}, {"reps", reps}};
    return voice_phrase(script->voice, PHRASE_DOSE_SETS_OF, 0, fields, G_N_ELEMENTS(fields));
}

/* "20 seconds each", of one hold in breaths "8 breaths"; NULL: nothing that is true of all, or one hold in
 * seconds, whose length its text says. */
static char *each_of(const struct script *script, const struct common *common, bool once)
{
    if (!common->hold || (once && common->hold->hold.kind == HOLD_SECONDS)) return NULL;
    char *length = script_length(script, common->hold);
    if (once) return length;
    g_autofree char *whole = length;
    return voice_phrase(script->voice, PHRASE_DOSE_EACH, 0, &(struct field){"length", whole}, 1);
}

char *dose_of(const struct script *script, const struct step *step, const struct step_counts *counts)
{
    const struct voice *voice = script->voice;
    const struct common common = common_of(script, step);
    bool once = counts->rounds * common.holds == 1;
    /* A hold in times that is not repeated is what others write as repetitions. */
    bool times =
        common.hold && common.hold->hold.kind == HOLD_TIMES && common.holds == 1 && counts->reps == 1;
    int reps = times ? effort_hold(script->effort, &common.hold->hold) : counts->reps;
    g_autofree char *rounds = rounds_of(script, counts->sets, reps),
                    *each = times ? NULL : each_of(script, &common, once);
    const char *parts[] = {common.both_sides ? voice->phrases[PHRASE_DOSE_BOTH] : NULL, rounds, each};
    g_autoptr(GString) dose = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (!parts[i]) continue;
        if (dose->len > 0) g_string_append(dose, voice->phrases[PHRASE_DOSE_JOIN]);
        g_string_append(dose, parts[i]);
    }
    if (dose->len == 0) return NULL;
    g_autofree char *begun = sentence_begun(dose->str);
    return voice_phrase(voice, PHRASE_DOSE, 0, &(struct field){"dose", begun}, 1);
}
