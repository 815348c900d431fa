/* Questions at the beginning and after the end. Next and previous answer; silence is an answer too. */
#include "routine/left_out.h"
#include "session_private.h"

enum { HURT_LEVELS = 10 }; /* by which it is easier */

/* The last thing that has begun is a question, or the time for its answer. */
bool session_asks(const struct session *session, int64_t position)
{
    const GArray *cues = timeline_cues(session_timeline(session));
    for (guint i = cues->len; i-- > 0;) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->frame > position || cue->type == SPAN_WAKE || cue->type == SPAN_GAP) continue;
        return cue->role == ROLE_QUESTION ||
               (cue->type == SPAN_ANSWER && cue->frame + cue->frames > position);
    }
    return false;
}

static void rate(struct session *session, enum rating rating)
{
    static const enum phrase phrases[] = {[RATING_EASY] = PHRASE_RATED_EASY,
                                          [RATING_RIGHT] = PHRASE_RATED_RIGHT,
                                          [RATING_HARD] = PHRASE_RATED_HARD};
    const struct script *script = session->parts.script;
    char *text = g_strdup(script->voice->phrases[phrases[rating]]);
    session->rating = rating;
    answer_written(session, text);
    jump_answered(session, script->routine->n_steps + 1, answer_lines(session, text));
}

static void tell_hurt(struct session *session, bool hurts)
{
    const struct script *script = planner_script(session->parts.planner);
    struct effort effort = script->coming;
    if (hurts) effort.level = MAX(0, effort.level - HURT_LEVELS);
    g_autofree char *n = g_strdup_printf("%d", effort.level);
    char *text =
        voice_phrase(script->voice, hurts ? PHRASE_HURT_YES : PHRASE_HURT_NO, 0, &(struct field){"n", n}, 1);
    session->hurts = hurts;
    answer_written(session, text);
    jump_answered(session, step_after(script->routine, script->out, -1), answer_lines(session, text));
    if (hurts) planner_change_effort(session->parts.planner, session->position, effort);
}

bool question_command(struct session *session, enum command_id id)
{
    const bool yes = id == COMMAND_NEXT || id == COMMAND_AHEAD,
               no = id == COMMAND_PREVIOUS || id == COMMAND_BACK, neither = id == COMMAND_BEGIN;
    if (!(yes || no || neither) || !session_asks(session, session->position)) return false;
    if (session_spot(session, session->position).place.step == PLACE_CLOSING)
        rate(session, yes ? RATING_EASY : no ? RATING_HARD : RATING_RIGHT);
    else
        tell_hurt(session, yes);
    return true;
}

enum rating session_rating(const struct session *session)
{
    if (session->rating != RATING_NONE) return session->rating;
    const bool heard = session->parts.script->asks_rating && !session->stopped && session_over(session);
    return heard ? RATING_RIGHT : RATING_NONE;
}

bool session_hurts(const struct session *session)
{
    return session->hurts;
}
