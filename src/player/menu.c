/* A menu is a session whose steps are titles: next and previous choose one, and what otherwise goes on begins
 * it. */
#include "session_private.h"

/* A press so soon after a title has begun means the one before, since a hand and a headset take their time.
 */
enum { LATE_MS = 500 };

static int step_at(const struct session *session)
{
    return session_spot(session, session->position).place.step;
}

static int meant_step(const struct session *session)
{
    if (session->parts.script->routine->kind == ROUTINE_QUESTION)
        return 0; /* also before it has been asked */
    struct spot spot = session_spot(session, session->position);
    int64_t late = (int64_t)LATE_MS * session->parts.timing->rate / 1000;
    bool young = session->scanning && session->position - spot.step.begin < late;
    return spot.place.step > 0 && young ? spot.place.step - 1 : spot.place.step;
}

/* Before the first title it leads there. */
static void choose(struct session *session)
{
    int step = meant_step(session);
    if (step < 0) {
        session_jump(session, 0);
        return;
    }
    session->chosen = step;
    session->wake_until = 0;
    session_stop(session);
}

/* From the last title to the first, and back. From now on the menu waits behind each. */
static void go(struct session *session, int by)
{
    int n = session->parts.script->routine->n_steps, step = step_at(session);
    session->scanning = false;
    if (step < 0) step = by > 0 ? -1 : 0;
    session_jump(session, (step + by + n) % n);
}

bool menu_command(struct session *session, enum command_id id)
{
    switch (id) {
    case COMMAND_RESUME:
    case COMMAND_BEGIN:
    case COMMAND_TOGGLE: choose(session); return true;
    case COMMAND_NEXT:
    case COMMAND_AHEAD: go(session, 1); return true;
    case COMMAND_PREVIOUS:
    case COMMAND_BACK: go(session, -1); return true;
    case COMMAND_REPEAT:
    case COMMAND_WHERE: go(session, 0); return true;
    case COMMAND_RECAP: return true; /* it has no steps of exercises */
    case COMMAND_WIDER:
    case COMMAND_FINER:
    case COMMAND_GOTO:
    case COMMAND_SKIP:
    case COMMAND_UNSKIP:
    case COMMAND_COMING:
    case COMMAND_LONGER:
    case COMMAND_SHORTER:
    case COMMAND_EASIER:
    case COMMAND_HARDER: answer_refused(session, PHRASE_NOT_IN_MENU); return true;
    default: return false; /* pause, stop and the volume are as ever */
    }
}

int session_chosen(const struct session *session)
{
    return session->chosen;
}
