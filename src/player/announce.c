/* When answers are said: in the hold under way, while its clock runs on, or at a break, while the position
 * stands. Each waits until the one before has been said. */
#include "session_private.h"
#include <string.h>

/* ---- while the position stands ---- */

/* What is said there: the sentences of an answer, or, without one, a line that no command takes back. */
struct item {
    struct line *line;
    struct answer *answer; /* NULL: none */
    int64_t begin;         /* on the announcement's timeline, once it is laid out */
};

static void clear_item(gpointer data)
{
    struct item *item = data;
    line_free(item->line);
    answer_free(item->answer);
}

static struct item *item_at(const struct announcement *announcement, guint i)
{
    return &g_array_index(announcement->items, struct item, i);
}

void announcement_end(struct session *session)
{
    struct announcement *announcement = &session->announcement;
    timeline_free(announcement->timeline);
    g_clear_pointer(&announcement->items, g_array_unref);
    *announcement = (struct announcement){0};
}

bool announcement_done(const struct session *session)
{
    const struct announcement *announcement = &session->announcement;
    if (!announcement->timeline) return true;
    return announcement->laid == announcement->items->len &&
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

static void begin_announcement(struct session *session, int64_t position)
{
    struct announcement *announcement = &session->announcement;
    announcement_end(session);
    announcement->timeline = timeline_new(session->parts.timing, &session->parts.ops->clips);
    announcement->items = g_array_new(FALSE, FALSE, sizeof(struct item));
    g_array_set_clear_func(announcement->items, clear_item);
    announcement->position = position;
}

/* Takes both. */
static void add_item(struct session *session, struct line *line, struct answer *answer)
{
    const struct item item = {line, answer, 0};
    planner_request(session->parts.ops, line);
    g_array_append_val(session->announcement.items, item);
}

/* Frames until the acknowledging sound is over: words come after it. */
static int64_t ack_left(const struct session *session)
{
    if (session->ack == SESSION_NO_SOUND) return 0;
    uint64_t end = session->ack + (uint64_t)session->parts.tones->tone[session->sound].frames;
    return (int64_t)(end - MIN(end, session->out));
}

void announce_lines(struct session *session, GPtrArray *lines)
{
    int64_t gap = ack_left(session);
    struct place place = status_place(session_timeline(session), session->position);
    if (lines->len > 0 || gap > 0) begin_announcement(session, session->position);
    if (gap > 0) add_item(session, line_span(SPAN_GAP, gap, place), NULL);
    for (guint i = 0; i < lines->len; i++) add_item(session, g_steal_pointer(&lines->pdata[i]), NULL);
    g_ptr_array_unref(lines);
}

void announcement_ask_again(struct session *session)
{
    const struct announcement *announcement = &session->announcement;
    for (guint i = announcement->laid; announcement->items && i < announcement->items->len; i++)
        planner_request(session->parts.ops, item_at(announcement, i)->line);
}

void announcement_again(struct session *session)
{
    session->announcement.at = 0;
}

static void lay_out_announcement(struct announcement *announcement)
{
    struct timeline *timeline = announcement->timeline;
    if (!timeline) return;
    for (; announcement->laid < announcement->items->len; announcement->laid++) {
        struct item *item = item_at(announcement, announcement->laid);
        item->begin = timeline_end(timeline);
        if (!timeline_append(timeline, item->line)) return;
    }
    timeline_finish(timeline);
}

/* Where the next answer may be said. What comes after a hold is laid out for it. */
static int64_t find_break(const struct session *session)
{
    struct planner *planner = session->parts.planner;
    int64_t at = session->position;
    if (session->paused || session->stopped) return at;
    while ((at = planner_break(planner, session->position)) == INT64_MAX)
        if (planner_run(planner, timeline_end(session_timeline(session))) != PLANNER_AHEAD) break;
    return at;
}

/* Half of what is between two utterances is between two sentences of one. */
static int64_t between_sentences(const struct session *session)
{
    return (session->parts.timing->gap + 1) / 2;
}

/* Takes the answer. False if it has to wait. */
static bool place_at_break(struct session *session, struct answer *answer)
{
    struct announcement *announcement = &session->announcement;
    int64_t at = find_break(session), gap = ack_left(session);
    bool same = announcement->timeline && announcement->position == at;
    if (same) gap -= timeline_end(announcement->timeline) - announcement->at;
    if (at == INT64_MAX || (!same && !announcement_done(session))) return false;
    g_autoptr(GPtrArray) sentences = answer_sentences(session, answer, at);
    if (sentences->len <= answer->said) { /* all of it is over */
        answer_free(answer);
        return true;
    }
    if (!same) begin_announcement(session, at);
    struct place place = status_place(session_timeline(session), at);
    if (at > session->position) gap = same ? 0 : between_sentences(session); /* behind what ends there */
    if (gap > 0) add_item(session, line_span(SPAN_GAP, gap, place), NULL);
    g_ptr_array_remove_range(sentences, 0, answer->said);
    add_item(session, line_speech(ROLE_PHRASE, place, g_steal_pointer(&sentences)), answer);
    return true;
}

/* ---- in a hold ---- */

/* The length of a sentence; roughly, and false, if it has not been spoken yet: then it is asked for. */
static bool spoken_frames(const struct session *session, const char *text, int64_t *frames)
{
    const struct planner_ops *ops = session->parts.ops;
    struct spoken spoken = {0};
    ops->request(ops->clips.data, text, 0);
    bool found = ops->clips.find(ops->clips.data, text, &spoken);
    if (spoken.clip && ops->clips.drop) ops->clips.drop(ops->clips.data, spoken.clip);
    *frames = found ? spoken.frames : (int64_t)strlen(text) * session->parts.timing->rate / 15;
    return found;
}

/* Where each sentence of an answer begins if the first does at `at`, and what it says there. False if one of
 * them has not been spoken yet. */
static bool time_answer(const struct session *session, struct answer *answer, int64_t at, GPtrArray *texts)
{
    bool found = true;
    g_array_set_size(answer->begins, 0);
    for (guint i = answer->said;; i++) {
        g_autoptr(GPtrArray) sentences = answer_sentences(session, answer, at);
        if (i >= sentences->len) break;
        int64_t frames;
        if (!spoken_frames(session, g_ptr_array_index(sentences, i), &frames)) found = false;
        g_ptr_array_add(texts, g_steal_pointer(&sentences->pdata[i]));
        g_array_append_val(answer->begins, at);
        answer->end = at + frames;
        at = answer->end + between_sentences(session);
    }
    return found;
}

/* Where the countdown begins, or else the hold's end. */
static int64_t room_until(const struct session *session, const struct cue *hold)
{
    const GArray *cues = timeline_cues(session_timeline(session));
    int64_t end = hold->frame + hold->frames;
    for (guint i = cues->len; i-- > 0;) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->frame < hold->frame) break;
        if (cue->role == ROLE_COUNTDOWN) end = MIN(end, cue->frame);
    }
    return end;
}

/* On the timeline, as it has been timed. False if words of the hold's own are missing. */
static bool put_into_hold(struct session *session, const struct answer *answer, const GPtrArray *texts)
{
    struct planner *planner = session->parts.planner;
    for (guint i = 0; i < texts->len; i++)
        planner_announce(planner, session->position, g_array_index(answer->begins, int64_t, i),
                         g_ptr_array_index(texts, i));
    planner_relay(planner, session->position);
    if (!planner_is_changing(planner)) return true;
    planner_withdraw(planner, session->position);
    return false;
}

enum fit { FIT_PLACED, FIT_WAITS, FIT_NO_ROOM };

static enum fit try_at(struct session *session, struct answer *answer, int64_t at, int64_t until)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    bool found = time_answer(session, answer, at, texts);
    if (found && answer->end > until) return FIT_NO_ROOM;
    return found && put_into_hold(session, answer, texts) ? FIT_PLACED : FIT_WAITS;
}

/* As soon as can be. If its words are missing, for a moment that is ahead, and that much farther each time
 * that they come too late: its numbers are those of that moment. */
static enum fit place_in_hold(struct session *session, struct answer *answer, const struct cue *hold)
{
    struct planner *planner = session->parts.planner;
    int64_t position = session->position, until = room_until(session, hold);
    int64_t earliest =
        MAX(position + ack_left(session), timeline_spoken(session_timeline(session), position));
    if (planner_is_changing(planner)) return FIT_WAITS;
    enum fit fit = try_at(session, answer, earliest, until);
    if (fit != FIT_WAITS) return fit;
    if (answer->at < earliest) {
        answer->lead = MAX(2 * answer->lead, session->parts.timing->rate / 4);
        answer->at = earliest + answer->lead;
    }
    return try_at(session, answer, answer->at, until);
}

/* ---- the queue ---- */

/* The first answer that waits finds its place. False if it has to wait on. */
static bool place_first(struct session *session)
{
    GPtrArray *queue = session->queue;
    struct answer *answer = g_ptr_array_index(queue, 0);
    const struct cue *hold = timeline_hold(session_timeline(session), session->position);
    bool stands = session->paused || session->stopped;
    if (!stands && hold && !answer->late) {
        enum fit fit = place_in_hold(session, answer, hold);
        session->words_missing = fit == FIT_WAITS;
        if (fit == FIT_PLACED) g_ptr_array_add(session->placed, g_ptr_array_steal_index(queue, 0));
        answer->late = fit == FIT_NO_ROOM;
        return fit != FIT_WAITS;
    }
    if (!place_at_break(session, answer)) return false;
    g_ptr_array_steal_index(queue, 0);
    return true;
}

void announcements_lay_out(struct session *session)
{
    planner_relay(session->parts.planner, session->position);
    session->words_missing = false;
    while (session->queue->len > 0 && place_first(session)) continue;
    lay_out_announcement(&session->announcement);
}

void announce(struct session *session, struct answer *answer, bool first)
{
    GPtrArray *queue = session->queue;
    g_autoptr(GPtrArray) sentences = answer_sentences(session, answer, session->position);
    for (guint i = 0; i < sentences->len; i++) answer_written(session, g_ptr_array_index(sentences, i));
    if (session->discreet && !first && answer->kind != ANSWER_RECAP) {
        answer_free(answer);
        return;
    }
    for (guint i = queue->len; i-- > 0;) {
        const struct answer *other = g_ptr_array_index(queue, i);
        if (answer->kind != ANSWER_TEXT && other->kind == answer->kind && other->said == 0)
            g_ptr_array_remove_index(queue, i);
    }
    g_ptr_array_insert(queue, first ? 0 : -1, answer);
}

/* ---- taken back ---- */

static bool has_words(const struct announcement *announcement)
{
    for (guint i = 0; i < announcement->items->len; i++)
        if (item_at(announcement, i)->line->sentences) return true;
    return false;
}

/* The sentences of the announcement that have begun. */
static guint begun_sentences(const struct announcement *announcement)
{
    const GArray *cues = timeline_cues(announcement->timeline);
    guint begun = 0;
    for (guint i = 0; i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->text && cue->frame < announcement->at) begun++;
    }
    return begun;
}

/* Where the first sentence begins that has not begun; its item is under way. */
static int64_t next_sentence(const struct announcement *announcement)
{
    const GArray *cues = timeline_cues(announcement->timeline);
    for (guint i = 0; i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->text && cue->frame >= announcement->at) return cue->frame;
    }
    g_assert_not_reached();
}

/* Removes the items from index `first` on, and of that only what is behind its `said` sentences. */
static void cut_announcement(struct announcement *announcement, guint first, guint said)
{
    const struct item *item = item_at(announcement, first);
    if (first < announcement->laid) {
        timeline_take_back(announcement->timeline, said > 0 ? next_sentence(announcement) : item->begin);
        announcement->laid = first + (said > 0);
    }
    if (said > 0) g_ptr_array_set_size(item->line->sentences, (gint)said);
    g_array_set_size(announcement->items, first + (said > 0));
}

/* The answers in the announcement, as far as they have not begun, go back to the queue. */
static void withdraw_announcement(struct session *session)
{
    struct announcement *announcement = &session->announcement;
    guint begun = begun_sentences(announcement), back = 0, first = 0, first_said = 0;
    for (guint i = 0; i < announcement->items->len; i++) {
        struct item *item = item_at(announcement, i);
        guint n = item->line->sentences ? item->line->sentences->len : 0, said = MIN(begun, n);
        begun -= said;
        if (!item->answer || said == n) continue;
        if (back == 0) first = i, first_said = said;
        item->answer->said += said;
        g_ptr_array_insert(session->queue, (gint)back++, g_steal_pointer(&item->answer));
    }
    if (back > 0) cut_announcement(announcement, first, first_said);
    if (announcement->at == 0 && !has_words(announcement)) announcement_end(session);
}

/* The same from the hold under way. */
static void withdraw_placed(struct session *session)
{
    GPtrArray *placed = session->placed;
    for (guint i = placed->len; i-- > 0;) {
        struct answer *answer = g_ptr_array_index(placed, i);
        guint begun = 0;
        while (begun < answer->begins->len &&
               g_array_index(answer->begins, int64_t, begun) < session->position)
            begun++;
        if (begun == answer->begins->len) continue;
        answer->said += begun;
        g_ptr_array_insert(session->queue, 0, g_ptr_array_steal_index(placed, i));
    }
    planner_withdraw(session->parts.planner, session->position);
}

void announcements_withdraw(struct session *session)
{
    if (announcement_done(session))
        announcement_end(session);
    else
        withdraw_announcement(session);
    withdraw_placed(session);
    for (guint i = 0; i < session->queue->len; i++) {
        struct answer *answer = g_ptr_array_index(session->queue, i);
        answer->late = false; /* there may be room now */
        answer->at = answer->lead = 0;
    }
}

void announcements_drop(struct session *session, bool all)
{
    announcements_withdraw(session);
    announcement_end(session);
    session->go_due = false;
    session->go = SESSION_NO_SOUND;
    g_ptr_array_set_size(session->placed, 0);
    for (guint i = session->queue->len; i-- > 0;) {
        const struct answer *answer = g_ptr_array_index(session->queue, i);
        if (all || answer->said > 0) g_ptr_array_remove_index(session->queue, i);
    }
}

void announcements_forget(struct session *session, int64_t position)
{
    for (guint i = session->placed->len; i-- > 0;) {
        const struct answer *answer = g_ptr_array_index(session->placed, i);
        if (answer->end < position) g_ptr_array_remove_index(session->placed, i);
    }
}
