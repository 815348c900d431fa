#include "check.h"
#include <string.h>

/* ---- fields ---- */

enum {
    FIELD_TITLE = 1 << 0,
    FIELD_REPS = 1 << 1,
    FIELD_SETS = 1 << 2,
    FIELD_SET = 1 << 3,
    FIELD_SECONDS = 1 << 4,
    FIELD_BREATHS = 1 << 5,
    FIELD_SIDE = 1 << 6,
    FIELD_OTHER = 1 << 7,
    N_FIELDS = 8,
    FIELDS_STEP = FIELD_TITLE | FIELD_REPS | FIELD_SETS,
    FIELDS_MOVE = FIELDS_STEP | FIELD_SET,
    FIELDS_SIDED = FIELD_SIDE | FIELD_OTHER, /* {a|b} goes with them */
};

static const char *const FIELD_NAMES[N_FIELDS] = {"title",   "reps",    "sets", "set",
                                                  "seconds", "breaths", "side", "other"};

struct scope {
    const struct routine *routine;
    const struct step *step; /* NULL: the routine itself */
    const struct move *move; /* NULL: the step itself */
    struct diags *diags;
};

static char *section_name(const struct scope *scope)
{
    if (!scope->step) return g_strdup("routine");
    bool own = !scope->move || !scope->move->name;
    return own ? g_strdup(scope->step->name) : g_strdup_printf("%s.%s", scope->step->name, scope->move->name);
}

static void check_text(const struct scope *scope, const char *key, const struct text *text, unsigned fields)
{
    const char *names[N_FIELDS + 1] = {NULL};
    gsize n = 0;
    if (!text->template || !strpbrk(text->template, "{}")) return;
    for (int i = 0; i < N_FIELDS; i++)
        if (fields & 1u << i) names[n++] = FIELD_NAMES[i];
    g_autofree char *section = section_name(scope);
    const struct diag_location place = {scope->routine->path, text->line, section, key};
    template_check(text->template, names, fields & FIELD_SIDE, &place, scope->diags);
}

static unsigned hold_fields(const struct hold *hold)
{
    if (hold->kind == HOLD_READY) return 0;
    if (!hold->range.high) return FIELD_SECONDS | FIELD_BREATHS;
    return hold->kind == HOLD_SECONDS ? FIELD_SECONDS : FIELD_BREATHS;
}

void routine_check_move(const struct routine *routine, const struct step *step, const struct move *move,
                        struct diags *diags)
{
    const struct scope scope = {routine, step, move, diags};
    bool sided = step->sides.n || move->sides.n;
    unsigned fields = FIELDS_MOVE | hold_fields(&move->hold) | (sided ? FIELDS_SIDED : 0);
    check_text(&scope, "say", &move->say, fields);
    check_text(&scope, "cue", &move->cue, fields);
    check_text(&scope, "release", &move->release, fields);
}

void routine_check_step(const struct routine *routine, const struct step *step, struct diags *diags)
{
    const struct scope scope = {routine, step, NULL, diags};
    bool own = step->n_moves && !step->moves[0].name;
    unsigned fields = FIELDS_STEP | (own ? hold_fields(&step->moves[0].hold) : 0);
    check_text(&scope, "setup", &step->setup, fields | (step->sides.n ? FIELDS_SIDED : 0));
    check_text(&scope, "release", &step->release, fields);
    for (int i = 0; i < step->n_moves; i++) routine_check_move(routine, step, &step->moves[i], diags);
}

void routine_check_texts(const struct routine *routine, struct diags *diags)
{
    struct scope scope = {routine, NULL, NULL, diags};
    check_text(&scope, "caution", &routine->caution, FIELD_TITLE);
    check_text(&scope, "closing", &routine->closing, FIELD_TITLE);
    for (int i = 0; i < routine->n_steps; i++) routine_check_step(routine, &routine->steps[i], diags);
}
