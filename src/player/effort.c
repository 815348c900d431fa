#include "session_private.h"
#include <math.h>

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

void effort_stretch(struct session *session, int sign, double seconds)
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

void effort_change(struct session *session, bool easier)
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
