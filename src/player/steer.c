#include "player/internal.h"

enum {
    PREVIOUS_S = 3,  /* seconds of a step in which `previous` means the one before */
    LEAD_IN_S = 3,   /* a hold with so little left goes on at once */
    VOLUME_STEP = 2, /* dB */
    VOLUME_LEAST = -60,
};

static struct timeline *timeline_of(const struct session *session)
{
    return planner_timeline(session->parts.planner);
}

int64_t steer_ready(const struct session *session)
{
    const struct timeline *timeline = timeline_of(session);
    const GArray *cues = timeline_cues(timeline);
    for (guint i = timeline_first(timeline, session->position - 1); i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        int64_t end = cue->frame + cue->frames;
        if (cue->type == SPAN_READY && end >= session->position && end != session->released) return end;
    }
    return INT64_MAX;
}

/* ---- pause and going on ---- */

static void pause_session(struct session *session)
{
    session->paused = true;
    interlude_end(session);
}

/* A hold with more than a moment left, if that is where the position is. */
static const struct cue *paused_hold(const struct session *session)
{
    const struct cue *hold = status_inside(timeline_of(session), session->position, SPAN_HOLD);
    int64_t least = (int64_t)LEAD_IN_S * session->parts.timing->rate;
    return hold && hold->frame + hold->frames - session->position > least ? hold : NULL;
}

/* An utterance that was cut begins again with its sentence; in a hold and in a rest the clock goes on from where it stood. */
static void begin_sentence_again(struct session *session)
{
    const struct timeline *timeline = timeline_of(session);
    if (status_inside(timeline, session->position, SPAN_HOLD) || status_inside(timeline, session->position, SPAN_REST)) return;
    const struct cue *speech = status_inside(timeline, session->position, CUE_SPEECH);
    if (speech) session->position = speech->frame;
}

void steer_resume(struct session *session)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func((GDestroyNotify)line_free);
    if (session->asleep) script_wake(session->parts.script, lines);
    const struct cue *hold = paused_hold(session);
    if (hold && session->paused) script_lead_in(session->parts.script, hold->place, lines);
    if (session->paused) begin_sentence_again(session);
    session->paused = session->asleep = false;
    interlude_begin(session, lines);
}

static bool is_waiting(const struct session *session)
{
    return !session->paused && session->position >= steer_ready(session);
}

static void go_on(struct session *session)
{
    if (is_waiting(session))
        session->released = session->position;
    else if (session->paused)
        steer_resume(session);
}

static void toggle(struct session *session)
{
    if (session->paused || is_waiting(session))
        go_on(session);
    else
        pause_session(session);
}

/* ---- jumps ---- */

struct place steer_look(struct session *session, int64_t position)
{
    bool jumping = position == session->step_began && timeline_end(timeline_of(session)) == position;
    if (jumping) return (struct place){.step = session->step, .move = -1};
    struct place place = status_place(timeline_of(session), position);
    if (place.step != session->step) {
        session->step = place.step;
        session->step_began = position;
    }
    return place;
}

static void jump(struct session *session, int step)
{
    interlude_end(session);
    planner_jump(session->parts.planner, session->position, (struct script_pos){.step = step});
    session->step = step < session->parts.script->routine->n_steps ? step : PLACE_CLOSING;
    session->step_began = session->position;
}

static void next(struct session *session)
{
    int n_steps = session->parts.script->routine->n_steps;
    struct place place = steer_look(session, session->position);
    if (is_waiting(session))
        go_on(session);
    else if (place.step != PLACE_CLOSING)
        jump(session, MIN(place.step + 1, n_steps));
}

static void previous(struct session *session)
{
    int n_steps = session->parts.script->routine->n_steps;
    struct place place = steer_look(session, session->position);
    bool young = session->position - session->step_began < (int64_t)PREVIOUS_S * session->parts.timing->rate;
    if (place.step == PLACE_CLOSING)
        jump(session, n_steps - 1);
    else if (place.step == PLACE_HEAD)
        jump(session, PLACE_HEAD);
    else
        jump(session, young ? MAX(0, place.step - 1) : place.step);
}

static void repeat(struct session *session)
{
    struct place place = steer_look(session, session->position);
    interlude_end(session);
    planner_repeat(session->parts.planner, session->position, place);
}

/* ---- the rest ---- */

static void change_volume(struct session *session, double db)
{
    session->volume = CLAMP(session->volume + db, VOLUME_LEAST, 0);
    session->mixer.gain = mixer_gain(session->volume);
}

void session_command(struct session *session, enum command command)
{
    switch (command) {
    case COMMAND_PAUSE: pause_session(session); break;
    case COMMAND_RESUME: go_on(session); break;
    case COMMAND_TOGGLE: toggle(session); break;
    case COMMAND_STOP: session->stopped = true; break;
    case COMMAND_NEXT: next(session); break;
    case COMMAND_PREVIOUS: previous(session); break;
    case COMMAND_REPEAT: repeat(session); break;
    case COMMAND_LOUDER: change_volume(session, VOLUME_STEP); break;
    case COMMAND_QUIETER: change_volume(session, -VOLUME_STEP); break;
    case COMMAND_NONE: case N_COMMANDS: break;
    }
    session->ack = session->out;
}
