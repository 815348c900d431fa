/* Which words are heard when, ahead of time: in what has been pulled, and in what will be pulled next. */
#include "session_private.h"

/* Seconds that are laid out ahead: others make way for words before these begin, and not for each of two that
 * are close together. */
enum { AHEAD_S = 3 };

/* Frames `begin` to `end`, numbered as they are pulled, come from a timeline; the first is `frame` there. */
struct piece {
    uint64_t begin, end;
    const struct timeline *timeline;
    int64_t frame;
};

static bool find_words(const struct piece *piece, uint64_t from, uint64_t *begin, uint64_t *end)
{
    if (!piece->timeline || piece->end <= from) return false;
    const GArray *cues = timeline_cues(piece->timeline);
    int64_t first = piece->frame + (int64_t)(MAX(from, piece->begin) - piece->begin);
    for (guint i = timeline_first(piece->timeline, first); i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        int64_t over = cue->frame + cue->frames;
        if (cue->type != CUE_SPEECH || over <= first) continue;
        *begin = piece->begin + (uint64_t)(MAX(cue->frame, piece->frame) - piece->frame);
        *end = MIN(piece->begin + (uint64_t)(over - piece->frame), piece->end);
        return *begin < piece->end;
    }
    return false;
}

static struct piece pulled(const struct session *session, guint i)
{
    const struct segment *segment = &g_array_index(session->segments, struct segment, i);
    const bool last = i + 1 == session->segments->len;
    struct piece piece = {segment->out, last ? session->out : segment[1].out, NULL, segment->frame};
    if (segment->source == SOURCE_TIMELINE) piece.timeline = session_timeline(session);
    if (segment->source == SOURCE_ANNOUNCEMENT) piece.timeline = session->announcement.timeline;
    return piece;
}

/* The timeline from its next frame on, up to a position. */
static struct piece coming(const struct session *session, uint64_t begin, int64_t position)
{
    uint64_t frames = (uint64_t)MAX(0, position - session->position);
    return (struct piece){begin, begin + frames, session_timeline(session), session->position};
}

static struct piece announced(const struct session *session, uint64_t begin)
{
    const struct announcement *announcement = &session->announcement;
    int64_t left = timeline_end(announcement->timeline) - announcement->at;
    return (struct piece){begin, begin + (uint64_t)MAX(0, left), announcement->timeline, announcement->at};
}

/* What is pulled next, in its order. Returns how many pieces. */
static int look_ahead(struct session *session, struct piece pieces[3])
{
    const bool stands = session->paused || session->stopped || session->awaits_voice;
    const bool announces = !announcement_done(session);
    int64_t position = session->position, wait = position;
    int n = 0;
    if (!stands) {
        planner_run(session->parts.planner, position + (int64_t)AHEAD_S * session->parts.timing->rate);
        wait = MIN(session_wait(session), timeline_end(session_timeline(session)));
    }
    if (announces && !stands) position = MIN(MAX(position, session->announcement.position), wait);
    pieces[n++] = coming(session, session->out, announces ? position : wait);
    if (!announces) return n;
    pieces[n] = announced(session, pieces[0].end);
    n++;
    pieces[n] = coming(session, pieces[1].end, wait);
    pieces[n].frame = position;
    pieces[n].end -= (uint64_t)(position - session->position);
    return n + 1;
}

/* Those of one piece. */
static bool next_words(struct session *session, uint64_t from, uint64_t *begin, uint64_t *end)
{
    struct piece pieces[3];
    if (session->lost) return false;
    for (guint i = 0; i < session->segments->len; i++) {
        const struct piece piece = pulled(session, i);
        if (find_words(&piece, from, begin, end)) return true;
    }
    const int n = look_ahead(session, pieces);
    for (int i = 0; i < n; i++)
        if (find_words(&pieces[i], from, begin, end)) return true;
    return false;
}

bool session_words(struct session *session, uint64_t from, uint64_t *begin, uint64_t *end)
{
    uint64_t next, over;
    if (!next_words(session, from, begin, end)) return false;
    while (next_words(session, *end, &next, &over) && next == *end && over > *end) *end = over;
    return true;
}
