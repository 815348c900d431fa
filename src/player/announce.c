/* What is said in answer to a command: inside the hold under way, or between two moments, while the position
 * stands. */
#include "base/sentence.h"
#include "session_private.h"

/* ---- while the position stands ---- */

void announcement_end(struct session *session)
{
    struct announcement *announcement = &session->announcement;
    timeline_free(announcement->timeline);
    g_clear_pointer(&announcement->lines, g_ptr_array_unref);
    *announcement = (struct announcement){0};
}

void announce_at(struct session *session, int64_t position, GPtrArray *lines)
{
    struct announcement *announcement = &session->announcement;
    if (lines->len > 0 && announcement_done(session)) {
        announcement_end(session);
        announcement->timeline = timeline_new(session->parts.timing, &session->parts.ops->clips);
        announcement->lines = lines_new();
        announcement->position = position;
    }
    for (guint i = 0; i < lines->len; i++) {
        planner_request(session->parts.ops, g_ptr_array_index(lines, i));
        g_ptr_array_add(announcement->lines, g_steal_pointer(&lines->pdata[i]));
    }
    g_ptr_array_unref(lines);
}

bool announcement_done(const struct session *session)
{
    const struct announcement *announcement = &session->announcement;
    if (!announcement->timeline) return true;
    return announcement->laid == announcement->lines->len &&
           announcement->at >= timeline_end(announcement->timeline);
}

int announcement_pull(struct session *session, int16_t *out, int frames)
{
    struct announcement *announcement = &session->announcement;
    int n = (int)MIN(frames, timeline_final(announcement->timeline) - announcement->at);
    if (n > 0) mixer_mix(&session->mixer, announcement->timeline, announcement->at, n, out);
    announcement->at += MAX(0, n);
    return MAX(0, n);
}

/* ---- when ---- */

/* Frames until the acknowledging sound is over: words come after it. */
static int64_t ack_left(const struct session *session)
{
    if (session->ack == SESSION_NO_ACK) return 0;
    uint64_t end = session->ack + (uint64_t)session->parts.tones->ack.frames;
    return (int64_t)(end - MIN(end, session->out));
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

/* Where the line that is under way ends: a hold with its end sound. */
static int64_t line_end(const struct session *session)
{
    int64_t begin, end;
    return planner_line(session->parts.planner, session->position, &begin, &end) ? end : session->position;
}

static struct line *new_line(const struct session *session, GPtrArray *sentences)
{
    return line_speech(ROLE_PHRASE, status_place(session_timeline(session), session->position), sentences);
}

static void say_at(struct session *session, struct line *line, int64_t position)
{
    GPtrArray *lines = lines_new();
    int64_t gap = ack_left(session);
    if (position == session->position && gap > 0)
        g_ptr_array_add(lines, line_span(SPAN_GAP, gap, line->place));
    g_ptr_array_add(lines, line);
    announce_at(session, position, lines);
}

void answer_written(struct session *session, const char *text)
{
    g_string_append_printf(session->answer, "%s%s", session->answer->len > 0 ? " " : "", text);
}

/* Says a text as soon as nothing else is being said: in the hold under way, or between two moments. */
static void announce(struct session *session, const char *text)
{
    answer_written(session, text);
    struct line *line = new_line(session, sentences_split(text));
    if (session->paused)
        say_at(session, line, session->position);
    else if (planner_announce(session->parts.planner, session->position, line->sentences))
        line_free(line);
    else
        say_at(session, line, after_utterance(session));
}

/* ---- what waits for its moment ---- */

void announcements_lay_out(struct session *session)
{
    struct planner *planner = session->parts.planner;
    struct announcement *announcement = &session->announcement;
    planner_relay(planner, session->position, session->position + ack_left(session));
    /* What waits for the end of a hold still does when that has been moved. */
    if (announcement->position > session->position &&
        timeline_hold(session_timeline(session), session->position))
        announcement->position = line_end(session);
    g_autoptr(GPtrArray) late = planner_take_announcements(planner, false);
    for (guint i = 0; i < late->len; i++)
        say_at(session, new_line(session, g_ptr_array_ref(g_ptr_array_index(late, i))), line_end(session));
    if (!announcement->timeline) return;
    const GPtrArray *lines = announcement->lines;
    while (announcement->laid < lines->len &&
           timeline_append(announcement->timeline, g_ptr_array_index(lines, announcement->laid)))
        announcement->laid++;
    if (announcement->laid == lines->len) timeline_finish(announcement->timeline);
}

GPtrArray *announcements_take_waiting(struct session *session)
{
    GPtrArray *waiting = lines_new();
    struct announcement *announcement = &session->announcement;
    if (announcement->lines && announcement->position > session->position)
        g_ptr_array_extend_and_steal(waiting, g_steal_pointer(&announcement->lines));
    g_autoptr(GPtrArray) unheard = planner_take_announcements(session->parts.planner, true);
    for (guint i = 0; i < unheard->len; i++)
        g_ptr_array_add(waiting, new_line(session, g_ptr_array_ref(g_ptr_array_index(unheard, i))));
    announcement_end(session);
    return waiting;
}

/* ---- the texts of answers ---- */

static const struct voice *voice_of(const struct session *session)
{
    return session->parts.script->voice;
}

/* Takes the text. */
static void say(struct session *session, char *text)
{
    announce(session, text);
    g_free(text);
}

void answer_phrase(struct session *session, enum phrase phrase)
{
    announce(session, voice_of(session)->phrases[phrase]);
}

void answer_count(struct session *session, enum phrase phrase, int n)
{
    say(session, script_counted(voice_of(session), phrase, n));
}

static char *figures(const struct session *session, enum phrase phrase, int of, int all)
{
    char a[16], b[16];
    g_snprintf(a, sizeof a, "%d", of);
    g_snprintf(b, sizeof b, "%d", all);
    const struct field fields[] = {{"n", a}, {"of", b}};
    return voice_phrase(voice_of(session), phrase, 0, fields, G_N_ELEMENTS(fields));
}

static char *where_step(const struct session *session, int step)
{
    const struct voice *voice = voice_of(session);
    if (step == PLACE_HEAD) return g_strdup(voice->phrases[PHRASE_WHERE_HEAD]);
    if (step == PLACE_CLOSING) return g_strdup(voice->phrases[PHRASE_WHERE_CLOSING]);
    return g_strdup(session->parts.script->routine->steps[step].title);
}

/* "Cobra, repetition 2 of 4, 12 seconds left in the hold, 9 minutes in all." */
void answer_where(struct session *session)
{
    struct status status;
    session_status(session, session->out, &status);
    const struct place *place = &status.place;
    const struct voice *voice = voice_of(session);
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(parts, where_step(session, place->step));
    enum phrase side = place->side == SIDE_RIGHT ? PHRASE_WHERE_RIGHT : PHRASE_WHERE_LEFT;
    if (place->side != SIDE_NONE) g_ptr_array_add(parts, g_strdup(voice->phrases[side]));
    if (status.sets > 1 && place->set > 0)
        g_ptr_array_add(parts, figures(session, PHRASE_WHERE_SET, place->set, status.sets));
    if (status.reps > 1 && place->rep > 0)
        g_ptr_array_add(parts, figures(session, PHRASE_WHERE_REP, place->rep, status.reps));
    int hold_left = MAX(1, (int)(status.hold_left + 0.5)),
        left = (int)(status.length - status.position + 0.5);
    if (status.hold > 0) g_ptr_array_add(parts, script_counted(voice, PHRASE_WHERE_HOLD, hold_left));
    g_ptr_array_add(parts, left < 60 ? g_strdup(voice->phrases[PHRASE_WHERE_SHORT])
                                     : script_counted(voice, PHRASE_WHERE_ALL, (left + 30) / 60));
    g_ptr_array_add(parts, NULL);
    g_autofree char *text = g_strjoinv(voice->phrases[PHRASE_WHERE_JOIN], (char **)parts->pdata);
    say(session, g_strconcat(text, ".", NULL));
}

/* The step's number and title, or that it is the beginning or the end. */
static char *landed(const struct session *session, int at)
{
    if (at < 0) return g_strconcat(where_step(session, at), ".", NULL);
    g_autofree char *number = script_title(session->parts.script, at, PHRASE_STEP);
    g_autofree char *title = script_title(session->parts.script, at, PHRASE_TITLE);
    return g_strdup_printf("%s %s", number, title);
}

/* One that plays says where it has come by going on there. */
void answer_landed(struct session *session, int at)
{
    g_autofree char *text = landed(session, at);
    (session->paused ? announce : answer_written)(session, text);
}

/* What comes before the first set gives the step's title itself. */
void answer_resumed(struct session *session, struct place place)
{
    const struct settings *settings = session->parts.script->settings;
    if (place.set > 0) say(session, landed(session, place.step));
    if (place.rep == 0) return;
    if (place.side != SIDE_NONE)
        answer_phrase(session, place.side == SIDE_RIGHT ? PHRASE_RIGHT_SIDE : PHRASE_LEFT_SIDE);
    GPtrArray *lines = lines_new();
    g_ptr_array_add(lines, line_span(SPAN_GAP, pace_frames(settings, settings->pace.prepare_ms), place));
    announce_at(session, session->position, lines);
}
