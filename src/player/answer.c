#include "session_private.h"

static struct line *speech_line(struct session *session, const char *text, struct place place)
{
    struct line *line = g_new0(struct line, 1);
    line->kind = LINE_SPEECH;
    line->role = ROLE_PHRASE;
    line->place = place;
    line->sentences = sentences_split(text);
    planner_request(session->parts.ops, line);
    return line;
}

/* Where the utterance that is under way on the timeline ends; the position if there is none. */
static int64_t after_utterance(const struct session *session)
{
    struct planner *planner = session->parts.planner;
    const GArray *cues = timeline_cues(planner_timeline(planner));
    int64_t begin, end, last = session->position;
    if (!planner_line(planner, session->position, &begin, &end)) return session->position;
    bool speech = status_inside(planner_timeline(planner), session->position, SPAN_REST) == NULL;
    for (guint i = 0; i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        /* In a rest, only the word that is being said is waited for, not the whole countdown. */
        bool under_way = cue->frame < session->position || (speech && session->position > begin);
        if (cue->text && cue->frame >= begin && cue->frame < end && under_way)
            last = MAX(last, cue->frame + cue->frames);
    }
    return last;
}

/* Also while something leads in to the rest of it: between that and the hold there is no word. */
static bool is_in_hold(const struct session *session)
{
    const struct timeline *timeline = session_timeline(session);
    return !session->paused && status_inside(timeline, session->position + 1, SPAN_HOLD);
}

static struct line *gap_line(int64_t frames, struct place place)
{
    struct line *line = g_new0(struct line, 1);
    line->kind = LINE_SPAN;
    line->span = SPAN_GAP;
    line->place = place;
    line->frames = frames;
    return line;
}

static void say_at(struct session *session, struct line *line, int64_t position)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func((GDestroyNotify)line_free);
    int64_t gap = session_ack_left(session);
    if (position == session->position && gap > 0) g_ptr_array_add(lines, gap_line(gap, line->place));
    g_ptr_array_add(lines, line);
    announce(session, position, lines);
}

void answer_say(struct session *session, char *text)
{
    struct line *line =
        speech_line(session, text, status_place(session_timeline(session), session->position));
    g_free(text);
    if (is_in_hold(session))
        g_ptr_array_add(session->remarks, line);
    else
        say_at(session, line, session->paused ? session->position : after_utterance(session));
}

/* Where the line that is under way ends: a hold with its end sound. */
static int64_t line_end(const struct session *session)
{
    int64_t begin, end;
    return planner_line(session->parts.planner, session->position, &begin, &end) ? end : session->position;
}

/* What waits for the end of a hold still does when that has been moved. */
static void follow_end(struct session *session)
{
    struct announcement *announcement = &session->announcement;
    const struct timeline *timeline = session_timeline(session);
    if (announcement->position > session->position &&
        status_inside(timeline, session->position + 1, SPAN_HOLD))
        announcement->position = line_end(session);
}

static void move_lines(GPtrArray *from, GPtrArray *to)
{
    for (guint i = 0; i < from->len; i++) g_ptr_array_add(to, g_steal_pointer(&from->pdata[i]));
    g_ptr_array_set_size(from, 0);
}

void answer_give_up(struct session *session)
{
    g_ptr_array_set_size(session->remarks, 0);
}

GPtrArray *answer_take_waiting(struct session *session)
{
    GPtrArray *waiting = g_ptr_array_new_with_free_func((GDestroyNotify)line_free);
    struct announcement *announcement = &session->announcement;
    if (announcement->lines && announcement->position > session->position)
        move_lines(announcement->lines, waiting);
    move_lines(session->remarks, waiting);
    return waiting;
}

void answer_settle(struct session *session)
{
    struct timeline *timeline = session_timeline(session);
    follow_end(session);
    while (session->remarks->len > 0) {
        struct line *line = g_ptr_array_index(session->remarks, 0);
        enum timeline_remark remark =
            timeline_remark(timeline, session->position, session->position + session_ack_left(session), line);
        if (remark == TIMELINE_WAITING) return;
        g_ptr_array_steal_index(session->remarks, 0);
        if (remark == TIMELINE_SAID)
            line_free(line);
        else
            say_at(session, line, line_end(session));
    }
}

/* ---- texts ---- */

static const struct voice *voice_of(const struct session *session)
{
    return session->parts.script->voice;
}

void answer_phrase(struct session *session, enum phrase phrase)
{
    answer_say(session, g_strdup(voice_of(session)->phrases[phrase]));
}

static char *counted(const struct session *session, enum phrase phrase, int n)
{
    char digits[16];
    g_snprintf(digits, sizeof digits, "%d", n);
    return voice_phrase(voice_of(session), phrase, n, &(struct field){"n", digits}, 1);
}

void answer_count(struct session *session, enum phrase phrase, int n)
{
    answer_say(session, counted(session, phrase, n));
}

static void append(GString *text, const struct session *session, char *part)
{
    if (text->len > 0) g_string_append(text, voice_of(session)->phrases[PHRASE_WHERE_JOIN]);
    g_string_append(text, part);
    g_free(part);
}

static char *figures(const struct session *session, enum phrase phrase, int of, int all)
{
    char a[16], b[16];
    g_snprintf(a, sizeof a, "%d", of);
    g_snprintf(b, sizeof b, "%d", all);
    const struct field fields[] = {{"n", a}, {"of", b}};
    return voice_phrase(voice_of(session), phrase, 0, fields, G_N_ELEMENTS(fields));
}

static char *where_step(const struct session *session, const struct status *status)
{
    const struct voice *voice = voice_of(session);
    if (status->place.step == PLACE_HEAD) return g_strdup(voice->phrases[PHRASE_WHERE_HEAD]);
    if (status->place.step == PLACE_CLOSING) return g_strdup(voice->phrases[PHRASE_WHERE_CLOSING]);
    return g_strdup(status->routine->steps[status->place.step].title);
}

static char *where_left(const struct session *session, const struct status *status)
{
    int seconds = (int)(status->length - status->position + 0.5);
    if (seconds < 60) return g_strdup(voice_of(session)->phrases[PHRASE_WHERE_SHORT]);
    return counted(session, PHRASE_WHERE_ALL, (seconds + 30) / 60);
}

/* "Cobra, repetition 2 of 4, 12 seconds left in the hold, 9 minutes in all." */
void answer_where(struct session *session)
{
    struct status status;
    session_status(session, session->out, &status);
    const struct place *place = &status.place;
    const struct voice *voice = voice_of(session);
    g_autoptr(GString) text = g_string_new(NULL);
    append(text, session, where_step(session, &status));
    if (place->side != SIDE_NONE)
        append(text, session,
               g_strdup(voice->phrases[place->side == SIDE_RIGHT ? PHRASE_WHERE_RIGHT : PHRASE_WHERE_LEFT]));
    if (status.sets > 1 && place->set > 0)
        append(text, session, figures(session, PHRASE_WHERE_SET, place->set, status.sets));
    if (status.reps > 1 && place->rep > 0)
        append(text, session, figures(session, PHRASE_WHERE_REP, place->rep, status.reps));
    if (status.hold > 0)
        append(text, session, counted(session, PHRASE_WHERE_HOLD, MAX(1, (int)(status.hold_left + 0.5))));
    append(text, session, where_left(session, &status));
    g_string_append_c(text, '.');
    answer_say(session, g_string_free(g_steal_pointer(&text), FALSE));
}

/* The step's number and title, or that it is the beginning or the end. */
void answer_landed(struct session *session, int at)
{
    const struct routine *routine = session->parts.script->routine;
    if (at < 0) {
        answer_phrase(session, at == PLACE_HEAD ? PHRASE_WHERE_HEAD : PHRASE_WHERE_CLOSING);
        return;
    }
    char step[16], steps[16];
    g_snprintf(step, sizeof step, "%d", at + 1);
    g_snprintf(steps, sizeof steps, "%d", routine->n_steps);
    const struct field fields[] = {{"step", step}, {"steps", steps}, {"title", routine->steps[at].title}};
    g_autofree char *number = voice_phrase(voice_of(session), PHRASE_STEP, 0, fields, G_N_ELEMENTS(fields));
    g_autofree char *title = voice_phrase(voice_of(session), PHRASE_TITLE, 0, fields, G_N_ELEMENTS(fields));
    answer_say(session, g_strdup_printf("%s %s", number, title));
}

static void wait_for_position(struct session *session, struct place place)
{
    const struct settings *settings = session->parts.script->settings;
    GPtrArray *lines = g_ptr_array_new_with_free_func((GDestroyNotify)line_free);
    g_ptr_array_add(lines, gap_line(pace_frames(settings, settings->pace.prepare_ms), place));
    announce(session, session->position, lines);
}

/* What comes before the first set says by itself where one is. */
void answer_resumed(struct session *session, struct place place)
{
    if (place.set > 0) answer_landed(session, place.step);
    if (place.rep == 0) return;
    if (place.side != SIDE_NONE)
        answer_phrase(session, place.side == SIDE_RIGHT ? PHRASE_RIGHT_SIDE : PHRASE_LEFT_SIDE);
    wait_for_position(session, place);
}
