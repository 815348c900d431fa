#include "ui/trail.h"
#include <string.h>

static bool is_prompt(const struct status *status)
{
    return status->span == SPAN_HOLD || status->role == ROLE_COUNTDOWN || status->role == ROLE_HALFWAY ||
           status->role == ROLE_LEFT;
}

static void note_sentence(struct trail *trail, const struct status *status)
{
    trail->over = !status->text || !status->speaking;
    if (!status->text || is_prompt(status)) return;
    if (g_strcmp0(trail->sentence, status->text) == 0) return;
    g_free(trail->sentence);
    trail->sentence = g_strdup(status->text);
    trail->unsaid = status->unsaid;
}

/* The steps from the one that was left up to the present one. */
static void note_steps(struct trail *trail, const struct status *status)
{
    int n_steps = status->routine->n_steps;
    int from = trail->step, to = status->place.step == PLACE_CLOSING ? n_steps : status->place.step;
    bool jumped = status->jumps != trail->jumps;
    for (int i = MAX(from, 0); from != PLACE_CLOSING && i < to && i < n_steps; i++)

        if (trail->marks->data[i] != TRAIL_DONE)
            trail->marks->data[i] = jumped || left_out(status->out, i) ? TRAIL_SKIPPED : TRAIL_DONE;
    trail->step = status->place.step;
    trail->jumps = status->jumps;
}

void trail_note(struct trail *trail, const struct status *status)
{
    if (!trail->marks) {
        trail->marks = g_byte_array_new();
        g_byte_array_set_size(trail->marks, (guint)status->routine->n_steps);
        memset(trail->marks->data, TRAIL_AHEAD, trail->marks->len);
        trail->first = trail->step = status->place.step;
        trail->jumps = status->jumps;
    }
    note_sentence(trail, status);
    note_steps(trail, status);
}

void trail_finish(struct trail *trail)
{
    g_free(trail->sentence);
    if (trail->marks) g_byte_array_unref(trail->marks);
    *trail = (struct trail){0};
}

enum trail_mark trail_mark(const struct trail *trail, int step)
{
    if (!trail->marks || step >= (int)trail->marks->len) return TRAIL_AHEAD;
    return step < trail->first ? TRAIL_DONE : (enum trail_mark)trail->marks->data[step];
}

int trail_done(const struct trail *trail)
{
    int done = 0;
    for (guint i = 0; trail->marks && i < trail->marks->len; i++)
        done += trail_mark(trail, (int)i) == TRAIL_DONE;
    return done;
}
