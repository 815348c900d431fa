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

void plan_check_length(const struct routine *routine, const struct settings *settings, struct diags *diags)
{
    double total = 0; /* exact within any limit, and cannot overflow beyond it */
    for (int i = 0; i < routine->n_steps; i++) total += (double)step_ms(&routine->steps[i], settings);
    if (total <= ROUTINE_SESSION_S * 1000.0) return;
    diag_error(diags, &(struct diag_place){routine->path, 1, NULL, NULL},
               "over the limit of a session "
               "('%.1f hours'; 24 hours of holds and waits, at the high end of every range)",
               total / 3600000);
}
