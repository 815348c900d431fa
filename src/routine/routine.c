#include "routine/routine.h"

void step_finish(struct step *step)
{
    g_free(step->name);
    g_free(step->title);
    g_free(step->prop);
    for (int i = 0; i < step->n_moves; i++) g_free(step->moves[i].name);
    g_free(step->moves);
}

void routine_free(struct routine *routine)
{
    if (!routine) return;
    for (int i = 0; i < routine->n_steps; i++) step_finish(&routine->steps[i]);
    g_free(routine->steps);
    g_free(routine->name);
    g_free(routine->path);
    g_free(routine->source);
    g_free(routine->title);
    g_free(routine->language);
    g_free(routine->about);
    g_free(routine);
}
