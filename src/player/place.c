#include "session_private.h"

/* Where a `ready` span ends, at a position or ahead of it, that has not been gone on from. */
static int64_t ready_end(const struct session *session, int64_t position)
{
    const struct timeline *timeline = session_timeline(session);
    const GArray *cues = timeline_cues(timeline);
    for (guint i = timeline_first(timeline, position - 1); i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        int64_t end = cue->frame + cue->frames;
        if (cue->type == SPAN_READY && end >= position && end != session->released) return end;
    }
    return INT64_MAX;
}

int64_t place_ready(const struct session *session)
{
    return ready_end(session, session->position);
}

bool place_waits(const struct session *session)
{
    return !session->paused && session->position >= place_ready(session);
}

/* The step of `place` up to `position`: from the timeline, and, where that does not go back far enough or a
 * jump led to the step, from what has been noted. */
static struct step_note look_back(const struct session *session, int64_t position, struct place place)
{
    const GArray *cues = timeline_cues(session_timeline(session));
    const struct step_note *noted = &session->noted;
    bool is_noted = noted->step == place.step;
    struct step_note note = {place.step, position, {.step = PLACE_HEAD}};
    for (guint i = cues->len; i-- > 0;) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->frame > position || cue->type == SPAN_WAKE) continue;
        if (cue->place.step != place.step) return note;
        if (is_noted && cue->frame < noted->begin) break;
        note.begin = cue->frame;
        if (note.last_rep.step < 0 && cue->place.rep > 0) note.last_rep = cue->place;
    }
    if (is_noted) note.begin = MIN(note.begin, noted->begin);
    if (is_noted && note.last_rep.step < 0) note.last_rep = noted->last_rep;
    return note;
}

struct spot place_look(const struct session *session, int64_t position)
{
    const struct timeline *timeline = session_timeline(session);
    bool landing = position == session->noted.begin && timeline_end(timeline) == position;
    /* A wait belongs to its own move, though what comes next begins on the frame of its end. */
    int64_t at = ready_end(session, position) == position ? position - 1 : position;
    struct place place = status_place(timeline, at);
    if (landing) place = (struct place){.step = session->noted.step, .move = -1};
    struct spot spot = {place, place, look_back(session, at, place)};
    bool outside = place.step >= 0 && place.set == 0 && place.rep == 0;
    if (outside && spot.step.last_rep.step == place.step) spot.restart = spot.step.last_rep;
    return spot;
}
