/* Jumps, and what cuts the timeline: next, previous, repeat, begin. */
#include "session_private.h"

/* In the first seconds of a step, or of another part, `previous` means the one before; a sentence is short.
 */
enum { PREVIOUS_S = 3, PREVIOUS_SENTENCE_S = 1 };

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

static void note_jump(struct session *session, int step)
{
    session->noted = (struct step_note){
        .step = step < session->parts.script->routine->n_steps ? step : PLACE_CLOSING,
        .begin = session->position,
        .last_rep.step = PLACE_HEAD,
    };
    session->entered = session->position;
    session->landed = (struct script_pos){.step = step};
    session->jumps++;
    session->asked_where = 0; /* here it has not been asked yet */
}

/* A step that one has come back to is not the next one. */
static void jump_to(struct session *session, int step, bool back)
{
    leave(session);
    planner_jump(session->parts.planner, session->position, (struct script_pos){.step = step, .back = back});
    note_jump(session, step);
    answer_landed(session, session->noted.step);
    arrive(session);
}

void jump_answered(struct session *session, int step, GPtrArray *lines)
{
    leave(session);
    session->paused = false;
    planner_jump(session->parts.planner, session->position, (struct script_pos){.step = step});
    note_jump(session, step);
    announce_lines(session, lines);
}

void session_jump(struct session *session, int step)
{
    jump_to(session, step, false);
}

/* So many steps on, at most to the closing. */
static void next_steps(struct session *session, int count)
{
    const struct script *script = planner_script(session->parts.planner);
    int step = session_spot(session, session->position).place.step;
    if (step == PLACE_CLOSING) {
        answer_refused(session, PHRASE_LAST);
        return;
    }
    while (count-- > 0 && step < script->routine->n_steps)
        step = step_after(script->routine, script->out, step);
    session_jump(session, step);
}

static void next_step(struct session *session)
{
    next_steps(session, 1);
}

static int64_t young_frames(const struct session *session, int seconds)
{
    return (int64_t)seconds * session->parts.timing->rate;
}

/* The start of this step, or of the one before; and then so many others back, at most to the first. */
static void previous_steps(struct session *session, int count)
{
    const struct script *script = planner_script(session->parts.planner);
    struct spot spot = session_spot(session, session->position);
    int step = spot.place.step;
    bool young = session->position - spot.step.begin < young_frames(session, PREVIOUS_S);
    if (step == PLACE_CLOSING)
        step = step_before(script->out, script->routine->n_steps);
    else if (step > step_after(script->routine, script->out, PLACE_HEAD) && young)
        step = step_before(script->out, step);
    while (--count > 0 && step_before(script->out, step) >= 0) step = step_before(script->out, step);
    jump_to(session, step, true);
}

static void previous_step(struct session *session)
{
    previous_steps(session, 1);
}

/* ---- parts of a step ---- */

static bool same_part(struct script_pos a, struct script_pos b, enum part part)
{
    return a.set == b.set && (part == PART_SET || a.side == b.side) && (part != PART_REP || a.rep == b.rep);
}

static struct script_pos pos_here(const struct session *session)
{
    struct place place = session_spot(session, session->position).restart;
    return planner_pos_of(session->parts.script->routine, place);
}

static bool begins_part(struct script_pos pos, enum part part)
{
    return part == PART_REP || (pos.rep == 0 && (part == PART_SIDE || pos.side == 0));
}

/* Where the part under way began, as far back as that is known. */
static int64_t part_begin(const struct session *session, struct script_pos here, enum part part)
{
    const GArray *cues = timeline_cues(session_timeline(session));
    int64_t begin = session->position, least = begins_part(session->landed, part) ? session->entered : 0;
    for (guint i = cues->len; i-- > 0;) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->frame > session->position || cue->type == SPAN_WAKE) continue;
        if (cue->place.step != here.step || cue->frame < least) break;
        if (!same_part(planner_pos_of(session->parts.script->routine, cue->place), here, part)) break;
        begin = cue->frame;
    }
    return begin;
}

/* Says where that is if it does not say so itself. */
static void enter(struct session *session, struct script_pos pos)
{
    leave(session);
    planner_enter(session->parts.planner, session->position, pos);
    session->entered = session->position;
    session->landed = pos;
    answer_entered(session, pos);
}

static void next_part(struct session *session, enum part part)
{
    struct script_pos here = pos_here(session), pos = here;
    const struct script script = planner_script_at(session->parts.planner, session->position);
    bool more = here.step >= 0;
    do more = more && script_next(&script, &pos) && pos.step == here.step;
    while (more && same_part(pos, here, part));
    if (more)
        enter(session, pos);
    else
        next_step(session);
}

static void previous_part(struct session *session, enum part part)
{
    struct script_pos here = pos_here(session), pos = {.step = here.step}, begin = pos, before = pos;
    const struct script script = planner_script_at(session->parts.planner, session->position);
    bool young = session->position - part_begin(session, here, part) < young_frames(session, PREVIOUS_S);
    bool is_first = true;
    if (here.step < 0 || here.step >= script.routine->n_steps) {
        previous_step(session);
        return;
    }
    while (!same_part(begin, here, part)) {
        if (!script_next(&script, &pos) || pos.step != here.step) break;
        if (same_part(pos, begin, part)) continue;
        before = begin;
        begin = pos;
        is_first = false;
    }
    if (young && is_first)
        previous_step(session);
    else
        enter(session, young ? before : begin);
}

/* ---- sentences ---- */

/* Where the timeline has been cut, nothing leads back over it. */
static void go_to(struct session *session, int64_t frame)
{
    if (frame == session->position) session->entered = frame;
    session->position = frame;
    arrive(session);
}

static void next_sentence(struct session *session)
{
    leave(session);
    int64_t frame = planner_next_sentence(session->parts.planner, session->position);
    if (frame < 0)
        next_step(session);
    else
        go_to(session, frame);
}

/* The one under way from its beginning, or the one before it, as far back as they are known. */
static void previous_sentence(struct session *session)
{
    const GArray *cues = timeline_cues(session_timeline(session));
    int64_t young = young_frames(session, PREVIOUS_SENTENCE_S);
    for (guint i = cues->len; i-- > 0;) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->frame < session->entered) break;
        if (!cue->text || cue->frame + young > session->position) continue;
        leave(session);
        go_to(session, cue->frame);
        return;
    }
    previous_part(session, PART_REP);
}

/* ---- the commands ---- */

void jump_next(struct session *session, enum part part, int count)
{
    bool paused = session->paused;
    if (session_at_ready(session) && !paused && count <= 1)
        session_go_on(session);
    else if (part == PART_STEP)
        next_steps(session, MAX(1, count));
    else if (part == PART_SENTENCE)
        next_sentence(session);
    else
        next_part(session, part);
}

void jump_previous(struct session *session, enum part part, int count)
{
    if (part == PART_STEP)
        previous_steps(session, MAX(1, count));
    else if (part == PART_SENTENCE)
        previous_sentence(session);
    else
        previous_part(session, part);
}

/* One that has been left out is played again. */
void jump_goto(struct session *session, int step)
{
    const struct script *script = planner_script(session->parts.planner);
    bool back = step <= session_spot(session, session->position).place.step;
    if (left_out(script->out, step))
        planner_leave_out(session->parts.planner, session->position, step, false);
    jump_to(session, step, back);
}

/* ---- leaving out ---- */

/* With today; 0: for good. */
static int days_of(const struct command *command)
{
    return command->given || command->for_good || command->days > 0 ? command->days : 1;
}

enum { WEEK = 7 };

static char *leaving_words(const struct session *session, int days, int step)
{
    const struct voice *voice = session->parts.script->voice;
    const bool weeks = days > 0 && days % WEEK == 0;
    const int count = weeks ? days / WEEK : days;
    const enum phrase phrase = days == 0   ? PHRASE_LEFT_OUT
                               : days == 1 ? PHRASE_LEFT_OUT_TODAY
                               : weeks     ? PHRASE_LEFT_OUT_WEEKS
                                           : PHRASE_LEFT_OUT_DAYS;
    g_autofree char *n = g_strdup_printf("%d", count);
    const struct field fields[] = {{"title", session->parts.script->routine->steps[step].title}, {"n", n}};
    return voice_phrase(voice, phrase, count, fields, G_N_ELEMENTS(fields));
}

/* The first moment of the day in so many days, in seconds since 1970. */
static int64_t day_in(const struct session *session, int days)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(session->clock / G_USEC_PER_SEC);
    g_autoptr(GDateTime) then = now ? g_date_time_add_days(now, days) : NULL;
    g_autoptr(GDateTime) begin =
        then ? g_date_time_new_local(g_date_time_get_year(then), g_date_time_get_month(then),
                                     g_date_time_get_day_of_month(then), 0, 0, 0)
             : NULL;
    return begin ? g_date_time_to_unix(begin) : 0;
}

/* Out of the present step, with the words that say so. */
static void leave_present(struct session *session, int step, const char *words)
{
    const struct script *script = planner_script(session->parts.planner);
    int next = step_after(script->routine, script->out, step);
    if (session->paused) {
        jump_to(session, next, false);
        answer_words(session, words);
        return;
    }
    jump_answered(session, next, answer_lines(session, g_strdup(words)));
    answer_written(session, words);
    answer_landed(session, session->noted.step);
}

void jump_skip(struct session *session, const struct command *command)
{
    int present = session_spot(session, session->position).place.step,
        step = command->given ? command->step : present;
    if (step < 0) {
        answer_refused(session, PHRASE_NO_STEP);
        return;
    }
    int days = days_of(command);
    g_autofree char *words = leaving_words(session, days, step);
    session->leaving = (struct leaving){step, true, days > 0 ? day_in(session, days) : 0};
    session->leaves = true;
    planner_leave_out(session->parts.planner, session->position, step, true);
    if (step == present)
        leave_present(session, step, words);
    else
        answer_words(session, words);
}

void jump_unskip(struct session *session, int step)
{
    const struct script *script = session->parts.script;
    const struct field title = {"title", script->routine->steps[step].title};
    session->leaving = (struct leaving){step, false, 0};
    session->leaves = true;
    planner_leave_out(session->parts.planner, session->position, step, false);
    g_autofree char *words = voice_phrase(script->voice, PHRASE_TAKEN_IN, 0, &title, 1);
    answer_words(session, words);
}

bool session_take_leaving(struct session *session, struct leaving *leaving)
{
    bool leaves = session->leaves;
    *leaving = session->leaving;
    session->leaves = false;
    return leaves;
}

static const enum phrase part_names[N_PARTS] = {PHRASE_BY_SENTENCE, PHRASE_BY_REP, PHRASE_BY_SIDE,
                                                PHRASE_BY_SET, PHRASE_BY_STEP};

void jump_choose(struct session *session, bool wider)
{
    enum part before = session->part;
    if (wider && before + 1 < N_PARTS) session->part++;
    if (!wider && before > 0) session->part--;
    (session->part == before ? answer_refused : answer_phrase)(session, part_names[session->part]);
}

void jump_repeat(struct session *session)
{
    struct place place = session_spot(session, session->position).restart;
    bool again = session_asked_again(session, &session->asked_repeat);
    leave(session);
    planner_repeat(session->parts.planner, session->position, place, again);
    session->entered = session->position;
    session->landed = planner_pos_of(session->parts.script->routine, place);
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
        next_step(session);
        return;
    }
    session->released = end;
    go_to(session, end);
}
