/* What is said in answer to a command: inside the hold under way, or between two moments, while the position
 * stands. */
#include "session_private.h"

/* ---- while the position stands ---- */

void announcement_end(struct session *session)
{
    struct announcement *announcement = &session->announcement;
    timeline_free(announcement->timeline);
    g_clear_pointer(&announcement->lines, g_ptr_array_unref);
    *announcement = (struct announcement){0};
}

static void begin(struct session *session, int64_t position)
{
    announcement_end(session);
    session->announcement.timeline = timeline_new(session->parts.timing, &session->parts.ops->clips);
    session->announcement.lines = lines_new();
    session->announcement.position = position;
}

void announce_at(struct session *session, int64_t position, GPtrArray *lines)
{
    struct announcement *announcement = &session->announcement;
    if (lines->len > 0 && announcement_done(session)) begin(session, position);
    for (guint i = 0; i < lines->len; i++) {
        planner_request(session->parts.ops, g_ptr_array_index(lines, i));
        g_ptr_array_add(announcement->lines, g_steal_pointer(&lines->pdata[i]));
    }
    g_ptr_array_unref(lines);
}

static void lay_out(struct announcement *announcement)
{
    const GPtrArray *lines = announcement->lines;
    if (!announcement->timeline) return;
    while (announcement->laid < lines->len &&
           timeline_append(announcement->timeline, g_ptr_array_index(lines, announcement->laid)))
        announcement->laid++;
    if (announcement->laid == announcement->lines->len) timeline_finish(announcement->timeline);
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

static struct place current_place(const struct session *session)
{
    return status_place(session_timeline(session), session->position);
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

void announce(struct session *session, const char *text)
{
    struct line *line = line_speech(ROLE_PHRASE, current_place(session), sentences_split(text));
    if (session->paused)
        say_at(session, line, session->position);
    else if (planner_announce(session->parts.planner, session->position, line->sentences))
        line_free(line);
    else
        say_at(session, line, after_utterance(session));
}

/* ---- what waits for its moment ---- */

/* What waits for the end of a hold still does when that has been moved. */
static void follow_end(struct session *session)
{
    struct announcement *announcement = &session->announcement;
    if (announcement->position > session->position &&
        timeline_hold(session_timeline(session), session->position))
        announcement->position = line_end(session);
}

static struct line *line_of(const struct session *session, GPtrArray *sentences)
{
    return line_speech(ROLE_PHRASE, current_place(session), g_ptr_array_ref(sentences));
}

void announcements_lay_out(struct session *session)
{
    struct planner *planner = session->parts.planner;
    planner_relay(planner, session->position, session->position + ack_left(session));
    follow_end(session);
    g_autoptr(GPtrArray) late = planner_take_announcements(planner, false);
    for (guint i = 0; i < late->len; i++)
        say_at(session, line_of(session, g_ptr_array_index(late, i)), line_end(session));
    lay_out(&session->announcement);
}

GPtrArray *announcements_take_waiting(struct session *session)
{
    GPtrArray *waiting = lines_new();
    struct announcement *announcement = &session->announcement;
    if (announcement->lines && announcement->position > session->position)
        g_ptr_array_extend_and_steal(waiting, g_steal_pointer(&announcement->lines));
    g_autoptr(GPtrArray) unheard = planner_take_announcements(session->parts.planner, true);
    for (guint i = 0; i < unheard->len; i++)
        g_ptr_array_add(waiting, line_of(session, g_ptr_array_index(unheard, i)));
    announcement_end(session);
    return waiting;
}
