/* Jumps, and what cuts the timeline: next, previous, repeat, begin. */
#include "session_private.h"

/* Seconds of a step in which `previous` means the one before. */
enum { PREVIOUS_S = 3 };

/* Before the timeline is cut: nothing that belongs to this place is said or waited for any more. */
static void leave(struct session *session)
{
    announcements_drop(session, true);
    session->released = session->position;
}

/* The first word comes when the acknowledging sound is over. */
static void arrive(struct session *session)
{
    if (!session->paused) announce_lines(session, lines_new());
}

/* A step that one has come back to is not the next one. */
static void jump_to(struct session *session, int step, bool back)
{
    leave(session);
    planner_jump(session->parts.planner, session->position, (struct script_pos){.step = step, .back = back});
    session->noted = (struct step_note){
        .step = step < session->parts.script->routine->n_steps ? step : PLACE_CLOSING,
        .begin = session->position,
        .last_rep.step = PLACE_HEAD,
    };
    session->jumps++;
    session->asked_where = 0; /* here it has not been asked yet */
    answer_landed(session, session->noted.step);
    arrive(session);
}

void session_jump(struct session *session, int step)
{
    jump_to(session, step, false);
}

void jump_next(struct session *session)
{
    int n_steps = session->parts.script->routine->n_steps;
    struct place place = session_spot(session, session->position).place;
    if (session_at_ready(session) && !session->paused)
        session_go_on(session);
    else if (place.step == PLACE_CLOSING)
        answer_refused(session, PHRASE_LAST);
    else
        session_jump(session, MIN(place.step + 1, n_steps));
}

void jump_previous(struct session *session)
{
    struct spot spot = session_spot(session, session->position);
    int step = spot.place.step;
    bool young = session->position - spot.step.begin < (int64_t)PREVIOUS_S * session->parts.timing->rate;
    if (step == PLACE_CLOSING)
        step = session->parts.script->routine->n_steps - 1;
    else if (step >= 0 && young)
        step = MAX(0, step - 1);
    jump_to(session, step, true);
}

void jump_repeat(struct session *session)
{
    struct place place = session_spot(session, session->position).restart;
    bool again = session_asked_again(session, &session->asked_repeat);
    leave(session);
    planner_repeat(session->parts.planner, session->position, place, again);
    arrive(session);
}

/* ---- begin ---- */

/* The end of the wait that is under way at a position; negative if none is. */
static int64_t wait_end(const struct session *session, const struct status *status)
{
    static const bool waits[N_CUE_TYPES] = {
        [SPAN_READY] = true, [SPAN_PREPARE] = true, [SPAN_REST] = true, [SPAN_CHANGE] = true};
    const struct cue *span = waits[status->span]
                                 ? status_inside(session_timeline(session), status->frame + 1, status->span)
                                 : NULL;
    return span ? span->frame + span->frames : -1;
}

/* A hold that is paused goes on without many words. */
static void begin_again(struct session *session)
{
    if (!session->paused) {
        answer_refused(session, PHRASE_BEGUN);
        return;
    }
    announcements_drop(session, true);
    session->paused = false;
    session->go_due = true;
    arrive(session);
}

/* Out of a wait, or out of the words and into the hold of this step; behind its last one it is the next step.
 */
void jump_begin(struct session *session)
{
    struct status status;
    session_look(session, session->position, &status);
    if (session_at_ready(session)) {
        session_go_on(session);
        return;
    }
    if (status.hold > 0) {
        begin_again(session);
        return;
    }
    int64_t end = wait_end(session, &status);
    leave(session);
    session->paused = false;
    if (end < 0) end = planner_skip_to_hold(session->parts.planner, session->position);
    if (end < 0) {
        jump_next(session);
        return;
    }
    session->position = session->released = end;
    arrive(session);
}
