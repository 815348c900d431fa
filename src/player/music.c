/* What the music of a session goes by: the words of the timeline, and those that are said in between. */
#include "session_private.h"

static bool stands(const struct session *session)
{
    return session->paused || session->stopped || session->awaits_voice;
}

/* Behind a wait, what comes is not known in time. */
static void look_to_wait(const struct session *session, int frames, struct bed_outlook *outlook)
{
    const struct timeline *timeline = session_timeline(session);
    planner_run(session->parts.planner, session->position + frames + bed_ahead(session->parts.bed));
    const int64_t wait = session_wait(session), left = wait - session->position;
    bed_look(timeline, session->position, planner_over(session->parts.planner), outlook);
    if (wait > timeline_end(timeline)) return;
    if (outlook->begin >= left) outlook->begin = outlook->end = BED_NEVER;
    outlook->known = outlook->left = BED_NEVER;
}

/* The announcement comes in between at its position. */
static void add_announcement(const struct session *session, struct bed_outlook *outlook)
{
    const struct announcement *announcement = &session->announcement;
    const int64_t ahead = stands(session) ? 0 : MAX(announcement->position - session->position, 0);
    struct bed_outlook words;
    outlook->known = BED_NEVER;
    if (outlook->begin < ahead) return;
    bed_look(announcement->timeline, announcement->at, true, &words);
    if (outlook->left != BED_NEVER) outlook->left += words.left;
    if (words.begin != BED_NEVER) {
        outlook->begin = ahead + words.begin;
        outlook->end = ahead + words.end;
    } else if (outlook->begin != BED_NEVER) {
        outlook->begin += words.left;
        outlook->end += words.left;
    }
}

int session_music_next(struct session *session, int frames)
{
    struct bed *bed = session->parts.bed;
    struct bed_outlook outlook = {BED_NEVER, BED_NEVER, BED_NEVER, BED_NEVER, BED_PLAYS};
    if (!bed) return frames;
    if (!stands(session)) look_to_wait(session, frames, &outlook);
    if (!announcement_done(session)) add_announcement(session, &outlook);
    if (stands(session)) outlook.wish = session->stopped ? BED_STOPPED : BED_PAUSED;
    const int n = bed_next(bed, &outlook, frames, !session->hurries);
    session->lacks_music = n == 0;
    return n;
}

bool session_music_is_heard(const struct session *session)
{
    const struct bed *bed = session->parts.bed;
    if (!bed || session->lost) return false;
    if (!stands(session) && session_at_ready(session)) return true;
    bool over =
        planner_over(session->parts.planner) && session->position >= timeline_end(session_timeline(session));
    return (stands(session) || over) && bed_is_heard(bed);
}

bool session_lacks_music(const struct session *session)
{
    return session->lacks_music;
}

void session_hurry(struct session *session)
{
    session->hurries = true;
}
