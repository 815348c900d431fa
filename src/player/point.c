#include "session_private.h"

/* Of the first hold from a place on: before a repetition that is the one of its first move. */
static struct place hold_place(const struct session *session, struct place place)
{
    const struct step *step = &session->parts.script->routine->steps[place.step];
    place.set = MAX(1, place.set);
    place.rep = MAX(1, place.rep);
    if (place.move < 0 && step->moves[0].name) place.move = 0;
    return place;
}

void session_bookmark(const struct session *session, const struct status *status, struct bookmark *bookmark)
{
    const struct planner *planner = session->parts.planner;
    const struct script *script = planner_script(planner);
    bool in_step = status->restart.step >= 0;
    *bookmark = (struct bookmark){
        .place = status->restart,
        .effort = planner_effort(planner, status->frame),
        .coming = script->coming,
        .stretched = in_step ? script_stretched(script, hold_place(session, status->restart)) : 0,
        .volume = session->volume,
    };
}

/* Both sides get the same: an effort takes effect where the planner is led to, not in a repetition. */
void session_resume_at(struct session *session, const struct bookmark *bookmark)
{
    struct planner *planner = session->parts.planner;
    struct place place = bookmark->place;
    steer_volume(session, bookmark->volume);
    planner_change_effort(planner, 0, bookmark->effort);
    planner_jump(planner, 0, planner_pos_of(planner, place));
    planner_repeat(planner, 0, place);
    planner_change_effort(planner, 0, bookmark->coming);
    if (bookmark->stretched != 0)
        planner_stretch(planner, 0, hold_place(session, place), bookmark->stretched);
    session->noted.step = place.step;
    session->asleep = true;
    answer_resumed(session, place);
}
