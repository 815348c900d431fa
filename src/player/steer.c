#include "player/internal.h"
#include <math.h>

enum {
    PREVIOUS_S = 3,  /* seconds of a step in which `previous` means the one before */
    LEAD_IN_S = 3,   /* a hold with so little left goes on at once */
    VOLUME_STEP = 2, /* dB */
    VOLUME_LEAST = -60,
    QUIET_MS = 60,  /* of silence say "paused" before the acknowledging sound does */
    HURRY_MS = 150, /* of sound that is queued while the words for a command are being spoken */
};

static struct timeline *timeline_of(const struct session *session)
{
    return planner_timeline(session->parts.planner);
}

/* Where a `ready` span ends, at a position or ahead of it, that has not been gone on from. */
static int64_t ready_end(const struct session *session, int64_t position)
{
    const struct timeline *timeline = timeline_of(session);
    const GArray *cues = timeline_cues(timeline);
    for (guint i = timeline_first(timeline, position - 1); i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        int64_t end = cue->frame + cue->frames;
        if (cue->type == SPAN_READY && end >= position && end != session->released) return end;
    }
    return INT64_MAX;
}

int64_t steer_ready(const struct session *session)
{
    return ready_end(session, session->position);
}

/* ---- pause and going on ---- */

/* What waited to be said inside a hold has lost its moment. */
static void give_up_remarks(struct session *session)
{
    g_ptr_array_set_size(session->remarks, 0);
}

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
    const struct cue *hold = status_inside(timeline_of(session), session->position, SPAN_HOLD);
    int64_t least = (int64_t)LEAD_IN_S * session->parts.timing->rate;
    return hold && hold->frame + hold->frames - session->position > least ? hold : NULL;
}

/* An utterance that was cut begins again with its sentence; in a hold and in a rest the clock goes on from
 * where it stood. */
static void begin_sentence_again(struct session *session)
{
    const struct timeline *timeline = timeline_of(session);
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
    give_up_remarks(session);
    session->awake = 0;
    session->stopped = true;
}

static bool is_waiting(const struct session *session)
{
    return !session->paused && session->position >= steer_ready(session);
}

static void go_on(struct session *session)
{
    if (session->position >= steer_ready(session)) session->released = session->position;
    if (session->paused) resume(session);
}

static void toggle(struct session *session)
{
    if (session->paused || is_waiting(session))
        go_on(session);
    else
        pause_session(session, PHRASE_PAUSED);
}

/* ---- jumps ---- */

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

struct place steer_look(struct session *session, int64_t position)
{
    bool jumping = position == session->step_began && timeline_end(timeline_of(session)) == position;
    if (jumping) return (struct place){.step = session->step, .move = -1};
    /* A wait belongs to its own move until it is over, though what comes next begins on the frame of its end. */
    bool waits = ready_end(session, position) == position;
    struct place place = status_place(timeline_of(session), waits ? position - 1 : position);
    if (place.step != session->step) {
        session->step = place.step;
        session->step_began = step_begin(timeline_of(session), position, place.step);
    }
    if (place.rep > 0) session->held = place;
    return place;
}

struct place steer_restart(const struct session *session, struct place place)
{
    bool outside = place.step >= 0 && place.set == 0 && place.rep == 0;
    return outside && session->held.step == place.step ? session->held : place;
}

/* Before the timeline is cut: nothing that belongs to this place is said or waited for any more. */
static void leave(struct session *session)
{
    interlude_end(session);
    give_up_remarks(session);
    session->released = session->position;
}

static void jump(struct session *session, int step)
{
    leave(session);
    planner_jump(session->parts.planner, session->position, (struct script_pos){.step = step});
    session->step = step < session->parts.script->routine->n_steps ? step : PLACE_CLOSING;
    session->step_began = session->position;
    session->held.step = PLACE_HEAD;
    session->jumps++;
    /* One that plays says where it has come by going on there. */
    if (session->paused) answer_landed(session);
}

static void next(struct session *session)
{
    int n_steps = session->parts.script->routine->n_steps;
    struct place place = steer_look(session, session->position);
    if (is_waiting(session))
        go_on(session);
    else if (place.step == PLACE_CLOSING)
        answer_phrase(session, PHRASE_LAST);
    else
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
    struct place place = steer_restart(session, steer_look(session, session->position));
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
    const struct timeline *timeline = timeline_of(session);
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

static void stretch(struct session *session, int sign, double seconds)
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

static void change_effort(struct session *session, bool easier)
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

/* ---- the rest ---- */

/* A level that is heard needs no words; one that cannot change does. */
static void set_volume(struct session *session, double db)
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

/* Of the first hold from a place on: before a repetition that is the one of its first move. */
static struct place hold_place(const struct session *session, struct place place)
{
    const struct step *step = &session->parts.script->routine->steps[place.step];
    place.set = MAX(1, place.set);
    place.rep = MAX(1, place.rep);
    if (place.move < 0 && step->moves[0].name) place.move = 0;
    return place;
}

void session_point(struct session *session, const struct status *status, struct session_point *point)
{
    const struct planner *planner = session->parts.planner;
    const struct script *script = planner_script(planner);
    bool in_step = status->restart.step >= 0;
    *point = (struct session_point){
        .place = status->restart,
        .effort = planner_effort(planner, status->frame),
        .coming = script->coming,
        .stretched = in_step ? script_stretched(script, hold_place(session, status->restart)) : 0,
        .volume = session->volume,
    };
}

/* Both sides get the same: an effort takes effect where the planner is led to, not in a repetition. */
void session_resume_at(struct session *session, const struct session_point *point)
{
    struct planner *planner = session->parts.planner;
    struct place place = point->place;
    set_volume(session, point->volume);
    planner_change_effort(planner, 0, point->effort);
    planner_jump(planner, 0, planner_pos_of(planner, place));
    planner_repeat(planner, 0, place);
    planner_change_effort(planner, 0, point->coming);
    if (point->stretched != 0) planner_stretch(planner, 0, hold_place(session, place), point->stretched);
    session->step = place.step;
    session->asleep = true;
    answer_resumed(session, place);
}

void session_hold_back(struct session *session, enum phrase why)
{
    pause_session(session, why);
}

static void apply(struct session *session, struct order order)
{
    double seconds = order.given ? order.value : LONGER_S;
    switch (order.command) {
    case COMMAND_PAUSE: pause_session(session, PHRASE_PAUSED); break;
    case COMMAND_RESUME: go_on(session); break;
    case COMMAND_TOGGLE: toggle(session); break;
    case COMMAND_STOP: stop(session); break;
    case COMMAND_NEXT: next(session); break;
    case COMMAND_PREVIOUS: previous(session); break;
    case COMMAND_REPEAT: repeat(session); break;
    case COMMAND_WHERE: answer_where(session); break;
    case COMMAND_LONGER: stretch(session, 1, seconds); break;
    case COMMAND_SHORTER: stretch(session, -1, seconds); break;
    case COMMAND_EASIER: change_effort(session, true); break;
    case COMMAND_HARDER: change_effort(session, false); break;
    case COMMAND_LOUDER: set_volume(session, session->volume + VOLUME_STEP); break;
    case COMMAND_QUIETER: set_volume(session, session->volume - VOLUME_STEP); break;
    case COMMAND_VOLUME: set_volume(session, order.value); break;
    case COMMAND_STATUS:
    case COMMAND_NONE:
    case N_COMMANDS: return;
    }
}

void session_command(struct session *session, struct order order)
{
    session->hurry = session->out + (uint64_t)HURRY_MS * (uint64_t)session->parts.timing->rate / 1000;
    session->ack = session->out;
    apply(session, order);
}
