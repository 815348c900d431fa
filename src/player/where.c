/* Where the session is, in words for the ear: at most seven units of information. */
#include "session_private.h"

static const struct voice *voice_of(const struct session *session)
{
    return session->parts.script->voice;
}

/* ---- the place ---- */

char *where_step(const struct session *session, int step)
{
    const struct voice *voice = voice_of(session);
    if (step == PLACE_HEAD) return g_strdup(voice->phrases[PHRASE_WHERE_HEAD]);
    if (step == PLACE_CLOSING) return g_strdup(voice->phrases[PHRASE_WHERE_CLOSING]);
    return g_strdup(session->parts.script->routine->steps[step].title);
}

static char *figures(const struct session *session, enum phrase phrase, int of, int all)
{
    char a[16], b[16];
    g_snprintf(a, sizeof a, "%d", of);
    g_snprintf(b, sizeof b, "%d", all);
    const struct field fields[] = {{"n", a}, {"of", b}};
    return voice_phrase(voice_of(session), phrase, 0, fields, G_N_ELEMENTS(fields));
}

/* "Cobra, right side, repetition 2 of 4." */
char *where_place(const struct session *session, const struct status *status)
{
    const struct place *place = &status->place;
    const struct voice *voice = voice_of(session);
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(parts, where_step(session, place->step));
    enum phrase side = place->side == SIDE_RIGHT ? PHRASE_WHERE_RIGHT : PHRASE_WHERE_LEFT;
    if (place->side != SIDE_NONE) g_ptr_array_add(parts, g_strdup(voice->phrases[side]));
    if (status->sets > 1 && place->set > 0)
        g_ptr_array_add(parts, figures(session, PHRASE_WHERE_SET, place->set, status->sets));
    if (status->reps > 1 && place->rep > 0)
        g_ptr_array_add(parts, figures(session, PHRASE_WHERE_REP, place->rep, status->reps));
    g_ptr_array_add(parts, NULL);
    g_autofree char *joined = g_strjoinv(voice->phrases[PHRASE_WHERE_JOIN], (char **)parts->pdata);
    return g_strconcat(joined, ".", NULL);
}

/* ---- times ---- */

static char *timed(const struct session *session, enum phrase phrase, double seconds)
{
    int whole = (int)(seconds + 0.5);
    if (whole <= 0) return NULL; /* over */
    const struct voice *voice = voice_of(session);
    g_autofree char *time = voice_time(voice, whole);
    return voice_phrase(voice, phrase, 0, &(struct field){"time", time}, 1);
}

/* In the unit in which the hold is counted. */
static char *hold_left(const struct session *session, const struct status *status)
{
    if (status->units == 0) return timed(session, PHRASE_TIME_LEFT, status->hold_left);
    bool times = status_in_times(status);
    int left = times ? status->units_left : (int)(status->units * status->hold_left / status->hold + 0.5);
    if (left == 0) return NULL;
    return voice_counted(voice_of(session), times ? PHRASE_TIMES_LEFT : PHRASE_BREATHS_LEFT, left);
}

char *where_left(const struct session *session, int64_t frame)
{
    static const enum phrase phrases[N_CUE_TYPES] = {
        [SPAN_PREPARE] = PHRASE_PREPARE, [SPAN_REST] = PHRASE_REST_LEFT, [SPAN_CHANGE] = PHRASE_TIME_LEFT};
    struct status status;
    session_look(session, frame, &status);
    if (status.hold > 0 && planner_is_changing(session->parts.planner)) return NULL; /* not for long */
    if (status.hold > 0) return hold_left(session, &status);
    enum phrase phrase = phrases[status.span];
    return phrase ? timed(session, phrase, status.span_left) : NULL;
}

static char *time_to_go(const struct session *session, const struct status *status)
{
    int left = (int)(status->length - status->position + 0.5);
    if (left < 60) return g_strdup(voice_of(session)->phrases[PHRASE_TO_GO_SHORT]);
    return voice_counted(voice_of(session), PHRASE_TO_GO, (left + 30) / 60);
}

/* ---- answers ---- */

void where_here(const struct session *session, int64_t frame, GPtrArray *sentences)
{
    const struct timeline *timeline = session_timeline(session);
    char *const *phrases = voice_of(session)->phrases;
    struct status status;
    session_look(session, frame, &status);
    bool waits = status.state == STATUS_WAITING && !status.for_voice,
         ready = waits || status_inside(timeline, frame + 1, SPAN_READY);
    if (session->paused) answer_add(session, sentences, g_strdup(phrases[PHRASE_PAUSED]));
    answer_add(session, sentences, where_place(session, &status));
    answer_add(session, sentences,
               ready ? g_strdup(phrases[PHRASE_WHERE_READY]) : where_left(session, frame));
}

char *session_here(const struct session *session, int64_t frame)
{
    g_autoptr(GPtrArray) sentences = g_ptr_array_new_with_free_func(g_free);
    where_here(session, frame, sentences);
    g_ptr_array_add(sentences, NULL);
    return g_strjoinv(" ", (char **)sentences->pdata);
}

void where_now(const struct session *session, int64_t frame, GPtrArray *sentences)
{
    struct status status;
    session_look(session, frame, &status);
    where_here(session, frame, sentences);
    answer_add(session, sentences, time_to_go(session, &status));
}

/* "18:42", by the clock of the user. */
static char *end_clock(const struct session *session, const struct status *status)
{
    gint64 end = session->clock / G_USEC_PER_SEC + (gint64)(status->length - status->position);
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(end);
    return time ? g_date_time_format(time, "%H:%M") : g_strdup("");
}

void where_more(const struct session *session, int64_t frame, GPtrArray *sentences)
{
    const struct voice *voice = voice_of(session);
    struct status status;
    session_look(session, frame, &status);
    g_autofree char *clock = end_clock(session, &status);
    const struct field title = {"title", session->parts.script->routine->title}, until = {"clock", clock};
    answer_add(session, sentences, voice_phrase(voice, PHRASE_TITLE, 0, &title, 1));
    answer_add(session, sentences, voice_phrase(voice, PHRASE_UNTIL, 0, &until, 1));
    answer_add(session, sentences, voice_counted(voice, PHRASE_LEVEL, status.level));
}

/* "We are at step 4: Cobra." */
void where_recap(const struct session *session, int64_t frame, GPtrArray *sentences)
{
    int step = session_spot(session, frame).place.step;
    if (step < 0) return;
    answer_add(session, sentences, script_title(planner_script(session->parts.planner), step, PHRASE_RECAP));
}

/* "Next: Child's pose, in 2 minutes." */
void where_coming(const struct session *session, int64_t frame, GPtrArray *sentences)
{
    const struct voice *voice = voice_of(session);
    const struct script *script = planner_script(session->parts.planner);
    int step = session_spot(session, frame).place.step;
    if (step == PLACE_CLOSING) {
        answer_add(session, sentences, g_strdup(voice->phrases[PHRASE_LAST]));
        return;
    }
    int next = step_after(script->routine, script->out, step);
    if (next == script->routine->n_steps) next = PLACE_CLOSING;
    double seconds = planner_time_to_step(session->parts.planner, frame, step);
    int minutes = (int)(seconds / 60 + 0.5);
    g_autofree char *title = where_step(session, next), *figure = g_strdup_printf("%d", minutes);
    const struct field fields[] = {{"title", title}, {"n", figure}};
    enum phrase phrase = minutes > 0 ? PHRASE_COMING : PHRASE_COMING_SOON;
    answer_add(session, sentences, voice_phrase(voice, phrase, minutes, fields, minutes > 0 ? 2 : 1));
}
