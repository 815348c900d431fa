#include "session_private.h"

enum {
    LEAD_IN_S = 3,   /* a hold with so little left goes on at once */
    VOLUME_STEP = 2, /* dB */
    VOLUME_LEAST = -60,
    QUIET_MS = 60,  /* of silence say "paused" before the acknowledging sound does */
    HURRY_MS = 150, /* of sound that is queued while the words for a command are being spoken */
};

/* ---- pause and going on ---- */

static void pause_session(struct session *session, enum phrase why)
{
    if (session->paused) return;
    GPtrArray *waiting = answer_take_waiting(session);
    interlude_end(session);
    session->paused = true;
    session->ack = session->out + (uint64_t)QUIET_MS * (uint64_t)session->parts.timing->rate / 1000;
    answer_phrase(session, why);
    interlude_say(session, session->position, waiting);
}

/* A hold with more than a moment left, if that is where the position is. */
static const struct cue *paused_hold(const struct session *session)
{
    const struct cue *hold = status_inside(session_timeline(session), session->position, SPAN_HOLD);
    int64_t least = (int64_t)LEAD_IN_S * session->parts.timing->rate;
    return hold && hold->frame + hold->frames - session->position > least ? hold : NULL;
}

/* An utterance that was cut begins again with its sentence; in a hold and in a rest the clock goes on from
 * where it stood. */
static void begin_sentence_again(struct session *session)
{
    const struct timeline *timeline = session_timeline(session);
    if (status_inside(timeline, session->position, SPAN_HOLD) ||
        status_inside(timeline, session->position, SPAN_REST))
        return;
    const struct cue *speech = status_inside(timeline, session->position, CUE_SPEECH);
    if (speech) session->position = speech->frame;
}

/* Goes on from the position, with what leads in to it. */
static void resume(struct session *session)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func((GDestroyNotify)line_free);
    const struct cue *hold = paused_hold(session);
    const struct script script = planner_script_at(session->parts.planner, session->position);
    if (hold) script_lead_in(&script, hold->place, lines);
    begin_sentence_again(session);
    session->paused = false;
    interlude_end(session);
    interlude_say(session, session->position, lines);
}

/* Only the acknowledging sound is heard after it. */
static void stop(struct session *session)
{
    interlude_end(session);
    answer_give_up(session);
    session->awake = 0;
    session->stopped = true;
}

void steer_go_on(struct session *session)
{
    if (session->position >= place_ready(session)) session->released = session->position;
    if (session->paused) resume(session);
}

static void toggle(struct session *session)
{
    if (session->paused || place_waits(session))
        steer_go_on(session);
    else
        pause_session(session, PHRASE_PAUSED);
}

/* ---- level ---- */

/* A level that is heard needs no words; one that cannot change does. */
void steer_volume(struct session *session, double db)
{
    double before = session->volume;
    session->volume = CLAMP(db, VOLUME_LEAST, 0);
    session->mixer.gain = mixer_gain(session->volume);
    if (session->volume == before && db > before) answer_phrase(session, PHRASE_LOUDEST);
    if (session->volume == before && db < before) answer_phrase(session, PHRASE_QUIETEST);
}

void session_asleep(struct session *session)
{
    session->asleep = true;
}

/* ---- commands ---- */

void session_hold_back(struct session *session, enum phrase why)
{
    pause_session(session, why);
}

static void apply(struct session *session, struct command command)
{
    double seconds = command.given ? command.value : LONGER_S;
    switch (command.id) {
    case COMMAND_PAUSE: pause_session(session, PHRASE_PAUSED); break;
    case COMMAND_RESUME: steer_go_on(session); break;
    case COMMAND_TOGGLE: toggle(session); break;
    case COMMAND_STOP: stop(session); break;
    case COMMAND_NEXT: jump_next(session); break;
    case COMMAND_PREVIOUS: jump_previous(session); break;
    case COMMAND_REPEAT: jump_repeat(session); break;
    case COMMAND_WHERE: answer_where(session); break;
    case COMMAND_LONGER: effort_stretch(session, 1, seconds); break;
    case COMMAND_SHORTER: effort_stretch(session, -1, seconds); break;
    case COMMAND_EASIER: effort_change(session, true); break;
    case COMMAND_HARDER: effort_change(session, false); break;
    case COMMAND_LOUDER: steer_volume(session, session->volume + VOLUME_STEP); break;
    case COMMAND_QUIETER: steer_volume(session, session->volume - VOLUME_STEP); break;
    case COMMAND_VOLUME: steer_volume(session, command.value); break;
    case COMMAND_STATUS:
    case COMMAND_NONE:
    case N_COMMANDS: return;
    }
}

void session_command(struct session *session, struct command command)
{
    session->hurry = session->out + (uint64_t)HURRY_MS * (uint64_t)session->parts.timing->rate / 1000;
    session->ack = session->out;
    apply(session, command);
}
