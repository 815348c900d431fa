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

/* Where the step that is under way at a position began, as far as the timeline remembers. */
static int64_t step_begin(const struct timeline *timeline, int64_t position, int step)
{
    const GArray *cues = timeline_cues(timeline);
    int64_t begin = position;
    for (guint i = cues->len; i-- > 0;) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->frame > position || cue->type == SPAN_WAKE) continue;
        if (cue->place.step != step) break;
        begin = cue->frame;
    }
    return begin;
}

struct place place_look(struct session *session, int64_t position)
{
    bool jumping = position == session->step_began && timeline_end(session_timeline(session)) == position;
    if (jumping) return (struct place){.step = session->step, .move = -1};
    /* A wait belongs to its own move, though what comes next begins on the frame of its end. */
    bool waits = ready_end(session, position) == position;
    struct place place = status_place(session_timeline(session), waits ? position - 1 : position);
    if (place.step != session->step) {
        session->step = place.step;
        session->step_began = step_begin(session_timeline(session), position, place.step);
    }
    if (place.rep > 0) session->held = place;
    return place;
}

struct place place_restart(const struct session *session, struct place place)
{
    bool outside = place.step >= 0 && place.set == 0 && place.rep == 0;
    return outside && session->held.step == place.step ? session->held : place;
}
