#include "session_private.h"
#include <math.h>

enum {
    LEAD_IN_S = 3,   /* a hold with so little left goes on at once */
    VOLUME_STEP = 2, /* dB */
    VOLUME_LEAST = -60,
    QUIET_MS = 60,  /* of silence say "paused" before the acknowledging sound does */
    LIMIT_MS = 150, /* of sound that is queued while the words for a command are being spoken */
};

/* ---- pause and going on ---- */

static void pause_session(struct session *session, enum phrase why)
{
    if (session->paused) return;
    GPtrArray *waiting = announcements_take_waiting(session);
    session->paused = true;
    session->ack = session->out + (uint64_t)QUIET_MS * (uint64_t)session->parts.timing->rate / 1000;
    answer_phrase(session, why);
    announce_at(session, session->position, waiting);
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
    GPtrArray *lines = lines_new();
    const struct cue *hold = paused_hold(session);
    const struct script script = planner_script_at(session->parts.planner, session->position);
    if (hold) script_lead_in(&script, hold->place, lines);
    begin_sentence_again(session);
    session->paused = false;
    announcement_end(session);
    announce_at(session, session->position, lines);
}

/* Only the acknowledging sound is heard after it. */
static void stop(struct session *session)
{
    g_ptr_array_unref(announcements_take_waiting(session));
    session->wake_until = 0;
    session->stopped = true;
}

static void go_on(struct session *session)
{
    if (session->position >= session_ready_frame(session)) session->released = session->position;
    if (session->paused) resume(session);
}

static void toggle(struct session *session)
{
    if (session->paused || session_waits(session))
        go_on(session);
    else
        pause_session(session, PHRASE_PAUSED);
}

/* ---- level ---- */

/* A level that is heard needs no words; one that cannot change does. */
static void set_volume(struct session *session, double db)
{
    double before = session->volume;
    session->volume = CLAMP(db, VOLUME_LEAST, 0);
    session->mixer.gain = mixer_gain(session->volume);
    if (session->volume == before && db > before) answer_phrase(session, PHRASE_LOUDEST);
    if (session->volume == before && db < before) answer_phrase(session, PHRASE_QUIETEST);
}

void session_unattended(struct session *session)
{
    session->unattended = true;
}

void session_device_idle(struct session *session)
{
    session->device_idle = true;
}

/* ---- jumps ---- */

/* Seconds of a step in which `previous` means the one before. */
enum { PREVIOUS_S = 3 };

/* Before the timeline is cut: nothing that belongs to this place is said or waited for any more. */
static void leave(struct session *session)
{
    g_ptr_array_unref(announcements_take_waiting(session));
    session->released = session->position;
}

static void jump(struct session *session, int step)
{
    leave(session);
    planner_jump(session->parts.planner, session->position, (struct script_pos){.step = step});
    session->noted = (struct step_note){
        .step = step < session->parts.script->routine->n_steps ? step : PLACE_CLOSING,
        .begin = session->position,
        .last_rep.step = PLACE_HEAD,
    };
    session->jumps++;
    /* One that plays says where it has come by going on there. */
    if (session->paused) answer_landed(session, session->noted.step);
}

static void jump_next(struct session *session)
{
    int n_steps = session->parts.script->routine->n_steps;
    struct place place = session_spot(session, session->position).place;
    if (session_waits(session))
        go_on(session);
    else if (place.step == PLACE_CLOSING)
        answer_phrase(session, PHRASE_LAST);
    else
        jump(session, MIN(place.step + 1, n_steps));
}

static void jump_previous(struct session *session)
{
    int n_steps = session->parts.script->routine->n_steps;
    struct spot spot = session_spot(session, session->position);
    struct place place = spot.place;
    bool young = session->position - spot.step.begin < (int64_t)PREVIOUS_S * session->parts.timing->rate;
    if (place.step == PLACE_CLOSING)
        jump(session, n_steps - 1);
    else if (place.step == PLACE_HEAD)
        jump(session, PLACE_HEAD);
    else
        jump(session, young ? MAX(0, place.step - 1) : place.step);
}

static void jump_repeat(struct session *session)
{
    struct place place = session_spot(session, session->position).restart;
    leave(session);
    planner_repeat(session->parts.planner, session->position, place);
}

/* ---- longer and shorter ---- */

/* Seconds of the unit that the hold has: a second, or a breath. */
static double unit(const struct session *session, const struct move *move)
{
    const struct settings *settings = session->parts.script->settings;
    return move->hold.kind == HOLD_BREATHS ? settings->pace.breath_ms / 10.0 / settings->pace.speed : 1;
}

/* The seconds that a command means: whole breaths are rounded up. */
static int in_units(const struct session *session, const struct move *move, double seconds)
{
    return (int)ceil(seconds / unit(session, move));
}

/* The shortest that the hold can become: what is over stays, what is being said ends, and there is time to
 * count down. */
static int least(const struct session *session, const struct move *move)
{
    const struct settings *settings = session->parts.script->settings;
    const struct timeline *timeline = session_timeline(session);
    const struct cue *hold = status_inside(timeline, session->position, SPAN_HOLD);
    if (!hold) return 1;
    int64_t spoken = timeline_spoken(timeline, session->position);
    double elapsed = (double)(spoken - hold->frame) / session->parts.timing->rate;
    int units = in_units(session, move, elapsed);
    return MAX(1, units + (move->hold.kind == HOLD_BREATHS ? 0 : settings->count.countdown));
}

static enum phrase stretch_phrase(const struct move *move, bool longer)
{
    if (move->hold.kind == HOLD_BREATHS) return longer ? PHRASE_LONGER_BREATHS : PHRASE_SHORTER_BREATHS;
    return longer ? PHRASE_LONGER : PHRASE_SHORTER;
}

static void effort_stretch(struct session *session, int sign, double seconds)
{
    struct planner *planner = session->parts.planner;
    struct place place;
    if (!planner_next_hold(planner, session->position, &place)) {
        answer_phrase(session, PHRASE_NO_HOLD);
        return;
    }
    const struct move *move = &session->parts.script->routine->steps[place.step].moves[MAX(0, place.move)];
    const struct script script = planner_script_at(planner, session->position);
    int before = script_hold(&script, move, place);
    int wanted = before + sign * in_units(session, move, seconds);
    int most = MAX(before, (int)(ROUTINE_HOLD_S / unit(session, move)));
    int after = sign > 0 ? MIN(wanted, most) : MAX(wanted, MIN(before, least(session, move)));
    int by = after - before;
    if (by * sign <= 0) {
        answer_phrase(session, sign > 0 ? PHRASE_LONGEST : PHRASE_SHORTEST);
        return;
    }
    planner_stretch(planner, session->position, place, by);
    answer_count(session, stretch_phrase(move, sign > 0), ABS(by));
}

/* ---- easier and harder ---- */

static void effort_change(struct session *session, bool easier)
{
    struct planner *planner = session->parts.planner;
    struct effort effort = planner_script(planner)->coming;
    bool changed =
        easier ? effort_easier(&effort) : effort_harder(&effort, session->parts.script->settings->pace.hold);
    if (changed) planner_change_effort(planner, session->position, effort);
    if (easier)
        answer_phrase(session, changed ? PHRASE_EASIER : PHRASE_EASIEST);
    else
        answer_phrase(session, changed ? PHRASE_HARDER : PHRASE_HARDEST);
}

/* ---- commands ---- */

void session_pause(struct session *session, enum phrase why)
{
    pause_session(session, why);
}

static void apply(struct session *session, struct command command)
{
    double seconds = command.given ? command.value : LONGER_S;
    switch (command.id) {
    case COMMAND_PAUSE: pause_session(session, PHRASE_PAUSED); break;
    case COMMAND_RESUME: go_on(session); break;
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
    case COMMAND_LOUDER: set_volume(session, session->volume + VOLUME_STEP); break;
    case COMMAND_QUIETER: set_volume(session, session->volume - VOLUME_STEP); break;
    case COMMAND_VOLUME: set_volume(session, command.value); break;
    case COMMAND_STATUS:
    case COMMAND_NONE:
    case N_COMMANDS: return;
    }
}

void session_command(struct session *session, struct command command)
{
    session->pull_limit = session->out + (uint64_t)LIMIT_MS * (uint64_t)session->parts.timing->rate / 1000;
    session->ack = session->out;
    apply(session, command);
}

/* ---- going on in another process ---- */

/* Both sides get the same: an effort takes effect where the planner is led to, not in a repetition. */
void session_resume_at(struct session *session, const struct bookmark *bookmark)
{
    struct planner *planner = session->parts.planner;
    struct place place = bookmark->place;
    set_volume(session, bookmark->volume);
    planner_change_effort(planner, 0, bookmark->effort);
    planner_jump(planner, 0, planner_pos_of(planner, place));
    planner_repeat(planner, 0, place);
    planner_change_effort(planner, 0, bookmark->coming);
    if (bookmark->stretched != 0)
        planner_stretch(planner, 0, session_hold_place(session, place), bookmark->stretched);
    session->noted.step = place.step;
    session->device_idle = true;
    answer_resumed(session, place);
}
