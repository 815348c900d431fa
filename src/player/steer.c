#include "session_private.h"
#include <math.h>

enum {
    LEAD_IN_S = 3,  /* a hold with so little left goes on at once */
    RATE_STEP = 10, /* percent of the voice's */
    RATE_LEAST = 50,
    RATE_MOST = 200,
    VOLUME_STEP = 3, /* dB */
    VOLUME_LEAST = -60,
    QUIET_MS = 60,  /* of silence say "paused" before the acknowledging sound does */
    FADE_MS = 5,    /* after a command, what is heard fades in: the acknowledging sound is whole */
    LIMIT_MS = 150, /* of sound that is queued while the words for a command are being spoken */
};

/* ---- the acknowledging sound ---- */

static uint64_t ms_ahead(const struct session *session, int ms)
{
    return session->out + (uint64_t)ms * (uint64_t)session->parts.timing->rate / 1000;
}

void session_acknowledge(struct session *session, enum occasion sound, int after_ms)
{
    uint64_t fallen = session->fell == SESSION_NO_SOUND
                          ? 0
                          : session->fell + (uint64_t)session->parts.tones->tone[OCCASION_LISTENED].frames;
    session->sound = sound;
    session->ack = MAX(ms_ahead(session, after_ms), fallen);
}

static enum occasion sound_of(enum command_id id)
{
    switch (id) {
    case COMMAND_PAUSE: return OCCASION_PAUSED;
    case COMMAND_RESUME: return OCCASION_GOING_ON;
    case COMMAND_STOP: return OCCASION_STOPPED;
    default: return OCCASION_ACK;
    }
}

/* ---- pause and going on ---- */

void session_pause(struct session *session, enum phrase why)
{
    if (session->paused) return;
    announcements_drop(session, false);
    session->paused = true;
    session_acknowledge(session, OCCASION_PAUSED, QUIET_MS);
    answer_paused(session, why);
}

void session_tell(struct session *session, const char *words)
{
    answer_words(session, words);
}

static void lead_in(struct session *session, const struct cue *hold)
{
    const struct script script = planner_script_at(session->parts.planner, session->position);
    GPtrArray *lines = lines_new();
    g_autofree char *left = where_left(session, session->position);
    script_lead_in(&script, hold->place, left, lines);
    announce_lines(session, lines);
    session->go_due = true;
}

/* The hold that it leads in to has changed, and with it the time in its words. */
static void lead_in_again(struct session *session)
{
    if (!session->go_due) return;
    planner_relay(session->parts.planner, session->position);
    const struct cue *hold = status_inside(session_timeline(session), session->position, SPAN_HOLD);
    if (hold) lead_in(session, hold);
}

/* The time that is left of a wait, if this is one. */
static void tell_wait(struct session *session)
{
    g_autofree char *left = where_left(session, session->position);
    GPtrArray *lines = lines_new(),
              *words = left ? voice_sentences(session->parts.script->voice, left) : NULL;
    struct place place = status_place(session_timeline(session), session->position);
    if (words) g_ptr_array_add(lines, line_speech(ROLE_PHRASE, place, words));
    announce_lines(session, lines);
}

/* Where sound was cut off. A sentence begins again. Everywhere else the clock goes on from where it stood: in
 * a hold with more than a moment left behind a lead-in, in a wait when it has been said how long it still
 * lasts.
 */
static void go_on_here(struct session *session)
{
    struct timeline *timeline = session_timeline(session);
    int64_t position = session->position, moment = (int64_t)LEAD_IN_S * session->parts.timing->rate;
    const struct cue *hold = status_inside(timeline, position, SPAN_HOLD);
    const struct cue *speech = status_inside(timeline, position, CUE_SPEECH);
    struct status status;
    session_look(session, position, &status);
    if (speech && status.span == SPAN_GAP) { /* not a prompt in a hold or a wait */
        session->position = speech->frame;
        announce_lines(session, lines_new());
        return;
    }
    timeline_hush(timeline, position);
    if (!hold)
        tell_wait(session);
    else if (hold->frame + hold->frames - position > moment)
        lead_in(session, hold);
}

/* Leaves a `ready` hold, and ends a pause. */
void session_go_on(struct session *session)
{
    if (session_at_ready(session)) session->released = session->position;
    if (!session->paused) return;
    announcements_drop(session, true);
    session->paused = false;
    go_on_here(session);
}

/* Words that were cut off with the sound are said again; a lead-in begins anew. */
void session_lost(struct session *session, bool lost)
{
    bool back = session->lost && !lost;
    session->lost = lost;
    if (lost && session->parts.bed) bed_fade_in(session->parts.bed);
    if (lost) return;
    session->device_idle = true;
    if (!back || session->paused || session->stopped) return;
    if (session->go_due) announcement_end(session);
    if (announcement_done(session))
        go_on_here(session);
    else
        announcement_again(session);
}

/* ---- level ---- */

static void set_volume(struct session *session, double db)
{
    session->volume = CLAMP(db, VOLUME_LEAST, 0);
    session->mixer.gain = mixer_gain(session->volume);
}

/* A level that is heard needs no spoken words; one that cannot change does. */
static void change_volume(struct session *session, double db)
{
    double before = session->volume;
    set_volume(session, db);
    if (session->volume == before && db != before)
        answer_refused(session, db > before ? PHRASE_LOUDEST : PHRASE_QUIETEST);
    else
        answer_volume(session);
}

/* ---- the voice ---- */

static void change_rate(struct session *session, bool faster)
{
    const struct planner_ops *ops = session->parts.ops;
    int percent = session->rate + (faster ? RATE_STEP : -RATE_STEP);
    bool possible = percent >= RATE_LEAST && percent <= RATE_MOST && ops->set_rate;
    if (!possible || !ops->set_rate(ops->clips.data, percent)) {
        answer_refused(session, faster ? PHRASE_FASTEST : PHRASE_SLOWEST);
        return;
    }
    session->rate = percent;
    planner_speak_again(session->parts.planner, session->position, percent);
    announcement_ask_again(session);
    answer_phrase(session, faster ? PHRASE_FASTER : PHRASE_SLOWER);
}

/* ---- the end ---- */

void session_stop(struct session *session)
{
    announcements_drop(session, true);
    session->stopped = true;
}

/* ---- longer and shorter ---- */

/* The shortest that the hold can become, in its unit of so many seconds: what is over stays, what is being
 * said ends, and there is time to count down. */
static int least(const struct session *session, const struct move *move, double unit)
{
    const struct timeline *timeline = session_timeline(session);
    const struct cue *hold = status_inside(timeline, session->position, SPAN_HOLD);
    if (!hold) return 1;
    int64_t spoken = timeline_spoken(timeline, session->position);
    double elapsed = (double)(spoken - hold->frame) / session->parts.timing->rate;
    int countdown = move->hold.kind == HOLD_SECONDS ? session->parts.script->settings->count.countdown : 0;
    return MAX(1, (int)ceil(elapsed / unit) + countdown);
}

enum { TIMES_LONGER = 2 };

/* What is said about a change, by so many. */
static enum phrase change_phrase(enum hold_kind kind, bool longer)
{
    static const enum phrase phrases[][2] = {
        [HOLD_SECONDS] = {PHRASE_SHORTER, PHRASE_LONGER},
        [HOLD_BREATHS] = {PHRASE_SHORTER_BREATHS, PHRASE_LONGER_BREATHS},
        [HOLD_TIMES] = {PHRASE_FEWER_TIMES, PHRASE_MORE_TIMES},
    };
    return phrases[kind][longer];
}

/* By so many seconds, in whole breaths, rounded up; or by two times. */
static void stretch(struct session *session, bool longer, double seconds)
{
    struct planner *planner = session->parts.planner;
    const struct settings *settings = session->parts.script->settings;
    struct place place;
    if (!planner_next_hold(planner, session->position, &place)) {
        answer_refused(session, PHRASE_NO_HOLD);
        return;
    }
    const struct move *move = &session->parts.script->routine->steps[place.step].moves[MAX(0, place.move)];
    const struct rhythm rhythm = pace_rhythm(settings, move);
    const bool in_seconds = move->hold.kind == HOLD_SECONDS;
    const double unit = in_seconds ? 1 : (double)rhythm_frame(&rhythm, 1, 0) / rhythm.rate; /* seconds */
    const struct script script = planner_script_at(planner, session->position);
    int before = script_hold(&script, move, place),
        change = move->hold.kind == HOLD_TIMES ? TIMES_LONGER : (int)ceil(seconds / unit);
    int most = MAX(before, (int)(ROUTINE_HOLD_S / unit));
    int after =
        longer ? MIN(before + change, most) : MAX(before - change, MIN(before, least(session, move, unit)));
    if (after == before) {
        answer_refused(session, longer ? PHRASE_LONGEST : PHRASE_SHORTEST);
        return;
    }
    planner_stretch(planner, session->position, place, after - before);
    lead_in_again(session);
    answer_count(session, change_phrase(move->hold.kind, longer), ABS(after - before));
}

/* ---- easier and harder ---- */

/* From where on it is easier or harder; PHRASE_NUMBERS: nowhere. Before the first repetition of a step, the
 * next one is not meant. */
static enum phrase effort_begins(const struct session *session)
{
    struct script_pos pos;
    struct place here = session_spot(session, session->position).place;
    if (!planner_effort_begins(session->parts.planner, session->position, &pos)) return PHRASE_NUMBERS;
    if (pos.step != here.step) return PHRASE_FROM_STEP;
    bool begun = here.set > 0, set = pos.rep == 0;
    if (set && pos.set == 0) return PHRASE_FROM_HERE;
    if (!begun) return set ? PHRASE_FROM_SECOND_SET : PHRASE_FROM_SECOND_REP;
    return set ? PHRASE_FROM_SET : PHRASE_FROM_REP;
}

static void change_effort(struct session *session, bool easier)
{
    struct planner *planner = session->parts.planner;
    struct effort effort = planner_script(planner)->coming;
    bool changed =
        easier ? effort_easier(&effort) : effort_harder(&effort, session->parts.script->settings->pace.hold);
    if (!changed) {
        answer_refused(session, easier ? PHRASE_EASIEST : PHRASE_HARDEST);
        return;
    }
    planner_change_effort(planner, session->position, effort);
    enum phrase from = effort_begins(session);
    if (from == PHRASE_NUMBERS)
        answer_phrase(session, easier ? PHRASE_EASIER : PHRASE_HARDER);
    else
        answer_when(session, easier ? PHRASE_EASIER_FROM : PHRASE_HARDER_FROM, from);
}

/* ---- commands ---- */

static void run(struct session *session, struct command command)
{
    double seconds = command.given ? command.value : LONGER_S;
    switch (command.id) {
    case COMMAND_PAUSE: session_pause(session, PHRASE_PAUSED); break;
    case COMMAND_RESUME: session_go_on(session); break;
    case COMMAND_STOP:
        session_stop(session);
        answer_phrase(session, PHRASE_STOPPED);
        break;
    case COMMAND_NEXT: jump_next(session, command.part, command.count); break;
    case COMMAND_PREVIOUS: jump_previous(session, command.part, command.count); break;
    case COMMAND_GOTO: jump_goto(session, command.step); break;
    case COMMAND_SKIP: jump_skip(session, &command); break;
    case COMMAND_UNSKIP: jump_unskip(session, command.step); break;
    case COMMAND_REPEAT: jump_repeat(session); break;
    case COMMAND_AHEAD: jump_next(session, session->part, 1); break;
    case COMMAND_BACK: jump_previous(session, session->part, 1); break;
    case COMMAND_WIDER: jump_choose(session, true); break;
    case COMMAND_FINER: jump_choose(session, false); break;
    case COMMAND_BEGIN: jump_begin(session); break;
    case COMMAND_WHERE: answer_where(session); break;
    case COMMAND_COMING: answer_coming(session); break;
    case COMMAND_LONGER: stretch(session, true, seconds); break;
    case COMMAND_SHORTER: stretch(session, false, seconds); break;
    case COMMAND_EASIER: change_effort(session, true); break;
    case COMMAND_HARDER: change_effort(session, false); break;
    case COMMAND_LOUDER: change_volume(session, session->volume + VOLUME_STEP); break;
    case COMMAND_QUIETER: change_volume(session, session->volume - VOLUME_STEP); break;
    case COMMAND_FASTER: change_rate(session, true); break;
    case COMMAND_SLOWER: change_rate(session, false); break;
    case COMMAND_VOLUME: change_volume(session, command.value); break;
    case COMMAND_RECAP: answer_recap(session); break;
    case COMMAND_SAY_KEYS: answer_keys(session); break;
    case COMMAND_LISTEN:
    case COMMAND_TOGGLE:
    case COMMAND_STATUS:
    case COMMAND_NONE:
    case N_COMMANDS: break;
    }
}

void session_command(struct session *session, struct command command)
{
    if (session->stopped) return;
    if (command.id == COMMAND_LISTEN) {
        session_listen(session, true);
        return;
    }
    if (!command.given) command.part = PART_STEP;
    session->pull_limit = ms_ahead(session, LIMIT_MS);
    if (command.id != COMMAND_RECAP)
        session_acknowledge(session, OCCASION_ACK, FADE_MS); /* it interrupts no one */
    announcements_withdraw(session);
    bool menu = routine_is_menu(session->parts.script->routine);
    if (menu && menu_command(session, command.id)) return;
    if (question_command(session, command.id)) return;
    if (command.id == COMMAND_TOGGLE)
        command.id = session->paused || session_at_ready(session) ? COMMAND_RESUME : COMMAND_PAUSE;
    if (command.id != COMMAND_RECAP) session->sound = sound_of(command.id);
    run(session, command);
}

/* ---- going on in another process ---- */

/* The first hold from a place on: before a repetition that is the one of its first move. */
static struct place first_hold(const struct session *session, struct place place)
{
    const struct step *step = &session->parts.script->routine->steps[place.step];
    place.set = MAX(1, place.set);
    place.rep = MAX(1, place.rep);
    if (place.move < 0 && step->moves[0].name) place.move = 0;
    return place;
}

void session_bookmark(const struct session *session, const struct status *status, struct bookmark *bookmark)
{
    const struct script script = planner_script_at(session->parts.planner, status->frame);
    bool in_step = status->restart.step >= 0;
    *bookmark = (struct bookmark){
        .place = status->restart,
        .effort = script.effort,
        .coming = script.coming,
        .stretched = in_step ? script_stretched(&script, first_hold(session, status->restart)) : 0,
        .volume = session->volume,
        .out = script.out,
    };
}

/* Both sides get the same: an effort takes effect where the planner is led to, not in a repetition. */
void session_resume_at(struct session *session, const struct bookmark *bookmark)
{
    struct planner *planner = session->parts.planner;
    struct place place = bookmark->place;
    set_volume(session, bookmark->volume);
    for (int i = 0; i < session->parts.script->routine->n_steps; i++)
        if (i != place.step && left_out(bookmark->out, i)) planner_leave_out(planner, 0, i, true);
    planner_change_effort(planner, 0, bookmark->effort);
    planner_jump(planner, 0, (struct script_pos){.step = place.step});
    planner_repeat(planner, 0, place, false);
    planner_change_effort(planner, 0, bookmark->coming);
    if (bookmark->stretched != 0)
        planner_stretch(planner, 0, first_hold(session, place), bookmark->stretched);
    session->noted.step = place.step;
    session->device_idle = true;
    answer_resumed(session, place);
}
