#include "session_private.h"

/* Seconds of a step in which `previous` means the one before. */
enum { PREVIOUS_S = 3 };

/* Before the timeline is cut: nothing that belongs to this place is said or waited for any more. */
static void leave(struct session *session)
{
    interlude_end(session);
    answer_give_up(session);
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

void jump_next(struct session *session)
{
    int n_steps = session->parts.script->routine->n_steps;
    struct place place = place_look(session, session->position).place;
    if (place_waits(session))
        steer_go_on(session);
    else if (place.step == PLACE_CLOSING)
        answer_phrase(session, PHRASE_LAST);
    else
        jump(session, MIN(place.step + 1, n_steps));
}

void jump_previous(struct session *session)
{
    int n_steps = session->parts.script->routine->n_steps;
    struct spot spot = place_look(session, session->position);
    struct place place = spot.place;
    bool young = session->position - spot.step.begin < (int64_t)PREVIOUS_S * session->parts.timing->rate;
    if (place.step == PLACE_CLOSING)
        jump(session, n_steps - 1);
    else if (place.step == PLACE_HEAD)
        jump(session, PLACE_HEAD);
    else
        jump(session, young ? MAX(0, place.step - 1) : place.step);
}

void jump_repeat(struct session *session)
{
    struct place place = place_look(session, session->position).restart;
    leave(session);
    planner_repeat(session->parts.planner, session->position, place);
}
