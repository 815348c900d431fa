#include "routine/routine.h"

void step_finish(struct step *step)
{
    if (step->moves != &step->own) g_free(step->moves);
}

void routine_free(struct routine *routine)
{
    if (!routine) return;
    for (int i = 0; i < routine->n_steps; i++) step_finish(&routine->steps[i]);
    g_free(routine->steps);
    g_free(routine->name);
    g_free(routine->path);
    g_free(routine->source);
    g_string_chunk_free(routine->made);
    g_free(routine);
}
