#include "plan/length.h"

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

/* Something that lasts so long, once a side, with the changes between. */
static int64_t sides_ms(const struct sides *sides, int64_t ms, const struct settings *settings)
{
    int n = MAX(1, sides->n);
    return n * ms + (n - 1) * wait_ms(settings, settings->pace.change_ms);
}

static int64_t step_ms(const struct step *step, const struct settings *settings)
{
    int64_t rep = 0;
    int64_t rest = wait_ms(settings, step->rest_ms < 0 ? settings->pace.rest_ms : step->rest_ms);
    for (int i = 0; i < step->n_moves; i++) {
        const struct move *move = &step->moves[i];
        rep += sides_ms(&move->sides, hold_ms(&move->hold, settings), settings);
    }
    int64_t set = sides_ms(&step->sides, step->reps.high * rep, settings);
    return step->sets.high * set + (step->sets.high - 1) * rest;
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
    const struct diag_location place = {routine->path, move->hold.line, section, "hold"};
    diag_wrong(diags, &place, "over the limit of a hold", length, rule);
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
