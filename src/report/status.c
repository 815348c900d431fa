#include "report/status.h"

static const char *const names[] = {
    [STATUS_PLAYING] = "playing", [STATUS_PAUSED] = "paused", [STATUS_WAITING] = "waiting",
    [STATUS_LOST] = "lost",       [STATUS_OVER] = "idle",
};

const char *status_state_name(enum status_state state)
{
    return names[state];
}

static const struct cue *cue_at(const struct timeline *timeline, guint i)
{
    return &g_array_index(timeline_cues(timeline), struct cue, i);
}

struct place status_place(const struct timeline *timeline, int64_t frame)
{
    struct place place = {.step = PLACE_HEAD, .move = -1};
    guint n = timeline_cues(timeline)->len;
    /* The longest cue may have ended long ago: what began last is what counts, so look back from the end. */
    for (guint i = n; i-- > 0;) {
        const struct cue *cue = cue_at(timeline, i);
        if (cue->frame <= frame && cue->type != SPAN_WAKE) return cue->place;
    }
    return place;
}

const struct cue *status_inside(const struct timeline *timeline, int64_t frame, enum cue_type type)
{
    guint n = timeline_cues(timeline)->len;
    for (guint i = timeline_first(timeline, frame); i < n && cue_at(timeline, i)->frame < frame; i++) {
        const struct cue *cue = cue_at(timeline, i);
        if (cue->type == type && cue->frame + cue->frames > frame) return cue;
    }
    return NULL;
}

static void look_at_text(struct status *status, const struct timeline *timeline, int64_t frame)
{
    guint n = timeline_cues(timeline)->len;
    for (guint i = timeline_first(timeline, frame); i < n && cue_at(timeline, i)->frame <= frame; i++) {
        const struct cue *cue = cue_at(timeline, i);
        if (!cue->text || cue->frame + cue->frames <= frame) continue;
        status->text = cue->text;
        status->unsaid = cue->type == CUE_CHIME;
    }
}

static void look_at_hold(struct status *status, const struct timeline *timeline, int64_t frame, double rate)
{
    const struct cue *hold = status_inside(timeline, frame + 1, SPAN_HOLD);
    if (!hold) return;
    status->hold = (double)hold->frames / rate;
    status->hold_left = (double)(hold->frame + hold->frames - frame) / rate;
}

void status_look(struct status *status, const struct script *script, const struct timeline *timeline,
                 int64_t frame, struct place place)
{
    const struct routine *routine = script->routine;
    int rate = script->settings->sound.rate;
    *status = (struct status){.routine = routine, .frame = frame, .position = (double)frame / rate};
    status->place = place;
    if (place.step >= 0) {
        const struct step *step = &routine->steps[place.step];
        status->reps = effort_reps(script->effort, step);
        status->sets = script_sets(script, step, place.set);
    }
    look_at_text(status, timeline, frame);
    look_at_hold(status, timeline, frame, rate);
}
