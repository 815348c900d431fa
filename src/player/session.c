#include "session_private.h"
#include <string.h>

/* Seconds of the past that stay on the timeline, for going back to a sentence's beginning. */
enum { KEEP_S = 5 };

struct session *session_new(const struct session_parts *parts)
{
    struct session *session = g_new0(struct session, 1);
    session->parts = *parts;
    session->volume = parts->script->settings->sound.volume;
    session->mixer = (struct mixer){
        .tones = parts->tones,
        .gain = mixer_gain(session->volume),
        .no_noise = parts->bed,
        .sides = parts->script->settings->sound.sides,
        .least = mixer_gain(SESSION_LEAST_DB),
    };
    session->segments = g_array_new(FALSE, FALSE, sizeof(struct segment));
    session->queue = g_ptr_array_new_with_free_func((GDestroyNotify)answer_free);
    session->placed = g_ptr_array_new_with_free_func((GDestroyNotify)answer_free);
    session->ack = session->go = session->fell = SESSION_NO_SOUND;
    session->released = session->chosen = -1;
    session->discreet =
        settings_for_class(parts->script->settings) && !parts->script->settings->class.answers;
    session->scanning = routine_is_menu(parts->script->routine);
    session->answer = g_string_new(NULL);
    session->part = PART_STEP;
    session->rate = 100;
    session->noted.step = session->noted.last_rep.step = PLACE_HEAD;
    return session;
}

void session_free(struct session *session)
{
    if (!session) return;
    announcement_end(session);
    g_ptr_array_unref(session->queue);
    g_ptr_array_unref(session->placed);
    g_array_unref(session->segments);
    g_string_free(session->answer, TRUE);
    g_free(session);
}

/* ---- where it is ---- */

/* A menu that goes on by itself waits only behind its last title. */
static bool is_passed(const struct session *session, const struct cue *ready)
{
    return session->scanning && ready->place.step + 1 < session->parts.script->routine->n_steps;
}

/* Where a `ready` span ends, at a position or ahead of it, that has not been gone on from. */
static int64_t ready_end(const struct session *session, int64_t position)
{
    const struct timeline *timeline = session_timeline(session);
    const GArray *cues = timeline_cues(timeline);
    for (guint i = timeline_first(timeline, position - 1); i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        int64_t end = cue->frame + cue->frames;
        bool waits = cue->type == SPAN_READY && !is_passed(session, cue);
        if (waits && end >= position && end != session->released) return end;
    }
    return INT64_MAX;
}

int64_t session_wait(const struct session *session)
{
    return session->unattended ? INT64_MAX : ready_end(session, session->position);
}

bool session_at_ready(const struct session *session)
{
    return session->position >= session_wait(session);
}

/* The step of `place` up to `position`: from the timeline, and, where that does not go back far enough or a
 * jump led to the step, from what has been noted. */
static struct step_note look_back(const struct session *session, int64_t position, struct place place)
{
    const GArray *cues = timeline_cues(session_timeline(session));
    const struct step_note *noted = &session->noted;
    bool is_noted = noted->step == place.step;
    struct step_note note = {place.step, position, {.step = PLACE_HEAD}};
    for (guint i = cues->len; i-- > 0;) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->frame > position || cue->type == SPAN_WAKE) continue;
        if (cue->place.step != place.step) return note;
        if (is_noted && cue->frame < noted->begin) break;
        note.begin = cue->frame;
        if (note.last_rep.step < 0 && cue->place.rep > 0) note.last_rep = cue->place;
    }
    if (is_noted) note.begin = MIN(note.begin, noted->begin);
    if (is_noted && note.last_rep.step < 0) note.last_rep = noted->last_rep;
    return note;
}

struct spot session_spot(const struct session *session, int64_t position)
{
    const struct timeline *timeline = session_timeline(session);
    bool landing = position == session->noted.begin && timeline_end(timeline) == position;
    /* A wait belongs to its own move, though what comes next begins on the frame of its end. */
    int64_t at = ready_end(session, position) == position ? position - 1 : position;
    struct place place = status_place(timeline, at);
    if (landing) place = (struct place){.step = session->noted.step, .move = -1};
    struct spot spot = {place, place, look_back(session, at, place)};
    bool outside = place.step >= 0 && place.set == 0 && place.rep == 0;
    if (outside && spot.step.last_rep.step == place.step) spot.restart = spot.step.last_rep;
    return spot;
}

/* ---- pulling ---- */

static void note_segment(struct session *session, struct segment next)
{
    const GArray *segments = session->segments;
    if (segments->len > 0) {
        const struct segment *last = &g_array_index(segments, struct segment, segments->len - 1);
        int64_t ran = (int64_t)(next.out - last->out);
        bool stands = next.source == SOURCE_SILENCE && last->position == next.position;
        if (last->source == next.source && (stands || last->frame + ran == next.frame)) return;
    }
    g_array_append_val(session->segments, next);
}

/* The frame before which an announcement is due; it is not done. */
static int64_t next_announcement(const struct session *session)
{
    return announcement_done(session) ? INT64_MAX : MAX(session->position, session->announcement.position);
}

static int pull_timeline(struct session *session, int16_t *out, int frames)
{
    int64_t stop = MIN(session->position + frames, next_announcement(session));
    planner_run(session->parts.planner, MIN(stop, session_wait(session)));
    stop = MIN(MIN(stop, session_wait(session)), timeline_final(session_timeline(session)));
    int n = (int)MAX(0, stop - session->position);
    if (n > 0) mixer_mix(&session->mixer, session_timeline(session), session->position, n, out);
    session->position += n;
    return n;
}

/* The acknowledging sound and music are heard also where nothing else is. */
static int pull_silence(const struct session *session, uint64_t at, int16_t *out, int frames)
{
    const bool falls = session->ack == SESSION_NO_SOUND && session->fell != SESSION_NO_SOUND;
    const uint64_t begin = falls ? session->fell : session->ack;
    uint64_t end =
        begin + (uint64_t)session->parts.tones->tone[falls ? OCCASION_LISTENED : session->sound].frames;
    const bool acks = begin != SESSION_NO_SOUND && at < end;
    if (!acks && !session_music_is_heard(session)) return 0;
    int n = acks ? (int)MIN((uint64_t)frames, end - at) : frames;
    memset(out, 0, (size_t)n * 2 * sizeof *out);
    return n;
}

/* A device that has just been opened is woken when there is something to be heard on it, and before that. */
static bool is_waking(struct session *session, uint64_t at)
{
    if (session->device_idle && !session_resting(session)) {
        session->wake_until = at + (uint64_t)session->parts.timing->wake;
        session->device_idle = false;
    }
    return at < session->wake_until;
}

static int pull_noise(const struct session *session, uint64_t at, int16_t *out, int frames)
{
    int64_t left = (int64_t)(session->wake_until - at);
    int n = (int)MIN(frames, left);
    memset(out, 0, (size_t)n * 2 * sizeof *out);
    mixer_add_noise(&session->mixer, session->parts.timing->wake - left, n, out);
    return n;
}

static int pull_some(struct session *session, uint64_t at, int16_t *out, int frames)
{
    struct segment segment = {at, SOURCE_TIMELINE, session->position, session->position};
    int n = 0;
    bool stands = session->paused || session->stopped;
    bool announcement = stands || next_announcement(session) == session->position;
    if (is_waking(session, at)) {
        segment.source = SOURCE_SILENCE;
        n = pull_noise(session, at, out, frames);
    } else if (announcement && !announcement_done(session)) {
        segment.source = SOURCE_ANNOUNCEMENT;
        segment.frame = session->announcement.at;
        n = announcement_pull(session, out, frames);
    } else if (!stands && !session->awaits_voice) {
        n = pull_timeline(session, out, frames);
    }
    if (n == 0) {
        segment.source = SOURCE_SILENCE;
        n = pull_silence(session, at, out, frames);
    }
    if (n > 0) note_segment(session, segment);
    return n;
}

/* A sound that lies over what else is pulled. */
static void mix_over(const struct session *session, uint64_t begin, const struct tone *tone, enum side side,
                     int16_t *out, int frames)
{
    if (begin == SESSION_NO_SOUND) return;
    int before = (int)MIN((uint64_t)frames, begin - MIN(begin, session->out));
    int64_t from = (int64_t)(session->out + (uint64_t)before - begin);
    struct mixer mixer = session->mixer;
    mixer.gain = MAX(mixer.gain, mixer.least);
    mixer_add(&mixer, tone, side, from, frames - before, out + 2 * before);
}

/* A hold that was led in to begins again with its sound. */
static void go_after_lead_in(struct session *session, uint64_t at)
{
    if (!session->go_due || !announcement_done(session)) return;
    session->go_due = false;
    session->go = at;
    const struct cue *hold = timeline_hold(session_timeline(session), session->position);
    session->go_side = hold ? hold->place.side : SIDE_NONE;
}

int session_pull(struct session *session, int16_t *out, int frames)
{
    if (session->lost) return 0;
    int done = 0;
    session->lacks_music = false;
    announcements_lay_out(session);
    if (session_pull_limited(session))
        frames = (int)MIN((uint64_t)frames, session->pull_limit - MIN(session->pull_limit, session->out));
    while (done < frames) {
        if (done > 0) announcements_lay_out(session);
        go_after_lead_in(session, session->out + (uint64_t)done);
        int n = session_music_next(session, frames - done);
        if (n > 0) n = pull_some(session, session->out + (uint64_t)done, out + 2 * done, n);
        if (n == 0) break;
        if (session->parts.bed) bed_mix(session->parts.bed, out + 2 * done, n, session->mixer.gain);
        done += n;
    }
    const struct tones *tones = session->parts.tones;
    if (session->listens) listen_duck(out, done);
    mix_over(session, session->fell, &tones->tone[OCCASION_LISTENED], SIDE_NONE, out, done);
    mix_over(session, session->ack, &tones->tone[session->sound], SIDE_NONE, out, done);
    mix_over(session, session->go, &tones->tone[OCCASION_GO], session->go_side, out, done);
    session->out += (uint64_t)done;
    session->hurries = false;
    return done;
}

int64_t session_position(const struct session *session)
{
    return session->position;
}

/* ---- what was heard ---- */

/* The last segment that begins at `out` or before; NULL if nothing was pulled yet. */
static const struct segment *segment_at(const struct session *session, uint64_t out)
{
    for (guint i = session->segments->len; i-- > 0;) {
        const struct segment *segment = &g_array_index(session->segments, struct segment, i);
        if (segment->out <= out) return segment;
    }
    return NULL;
}

/* The position on the timeline when `out` frames have been heard: in silence and announcements it stands. */
static int64_t position_at(const struct session *session, uint64_t out)
{
    const struct segment *segment = segment_at(session, out);
    if (out >= session->out || !segment) return session->position;
    return segment->position + (segment->source == SOURCE_TIMELINE ? (int64_t)(out - segment->out) : 0);
}

void session_rewind(struct session *session, uint64_t heard)
{
    if (heard >= session->out) return;
    const struct segment *last = segment_at(session, heard);
    struct segment segment = last ? *last : (struct segment){.out = heard};
    int64_t position = position_at(session, heard);
    /* An announcement that was pulled, but not heard, is to come. */
    for (guint i = session->segments->len; i-- > 0;) {
        const struct segment *dropped = &g_array_index(session->segments, struct segment, i);
        if (dropped->out < heard) break;
        if (dropped->source == SOURCE_ANNOUNCEMENT) session->announcement.at = dropped->frame;
        g_array_set_size(session->segments, i);
    }
    if (segment.out < heard && segment.source == SOURCE_ANNOUNCEMENT)
        session->announcement.at = segment.frame + (int64_t)(heard - segment.out);
    session->position = position;
    session->out = heard;
    if (session->parts.bed) bed_rewind(session->parts.bed, (int64_t)heard);
    session->wake_until = MIN(session->wake_until, heard + (uint64_t)session->parts.timing->wake);
    session->ack = session->fell = SESSION_NO_SOUND;
    if (session->go == SESSION_NO_SOUND || session->go < heard) return;
    session->go_due = true; /* it is to come */
    session->go = SESSION_NO_SOUND;
}

char *session_take_answer(struct session *session)
{
    if (session->answer->len == 0) return NULL;
    char *answer = g_strdup(session->answer->str);
    g_string_truncate(session->answer, 0);
    return answer;
}

bool session_changes_done(const struct session *session)
{
    return session->lost || (!planner_is_changing(session->parts.planner) && !session->words_missing);
}

bool session_pull_limited(const struct session *session)
{
    return session->pull_limit > 0 && !session_changes_done(session);
}

void session_lift_limit(struct session *session)
{
    session->pull_limit = 0;
}

/* ---- status ---- */

void session_forget(struct session *session, uint64_t heard)
{
    int64_t position = position_at(session, heard);
    session->noted = session_spot(session, position).step;
    while (session->segments->len > 1 && g_array_index(session->segments, struct segment, 1).out <= heard)
        g_array_remove_index(session->segments, 0);
    planner_forget(session->parts.planner, position - (int64_t)KEEP_S * session->parts.timing->rate);
    announcements_forget(session, position);
    if (session->parts.bed) bed_forget(session->parts.bed, (int64_t)heard);
}

void session_look(const struct session *session, int64_t position, struct status *status)
{
    const struct timeline *timeline = session_timeline(session);
    double seconds = (double)timeline_end(timeline) / session->parts.timing->rate;
    const struct script script = planner_script_at(session->parts.planner, position);
    const struct spot spot = session_spot(session, position);
    bool known = planner_over(session->parts.planner);
    bool waits = session->awaits_voice || (position == session->position && session_at_ready(session));
    status_look(status, &script, timeline, position, spot.place);
    status->restart = spot.restart;
    status->level = script.coming.level;
    status->holds = script.coming.hold;
    status->state = session->stopped  ? STATUS_OVER
                    : session->lost   ? STATUS_LOST
                    : session->paused ? STATUS_PAUSED
                    : waits           ? STATUS_WAITING
                                      : STATUS_PLAYING;
    status->for_voice = status->state == STATUS_WAITING && session->awaits_voice;
    status->volume = session->volume;
    status->frames = known ? timeline_end(timeline) : -1;
    status->length = seconds + (known ? 0 : planner_estimate(session->parts.planner));
    status->step_frame = spot.step.begin;
    status->jumps = session->jumps;
    status->asks = session_asks(session, position);
    status->listens = session->listens ? LISTENS_NOW : LISTENS_NO;
}

void session_status(const struct session *session, uint64_t heard, struct status *status)
{
    const struct segment *segment = segment_at(session, heard);
    session_look(session, position_at(session, heard), status);
    status->stands = status->for_voice || (segment && segment->source != SOURCE_TIMELINE);
    bool announcing = segment && segment->source == SOURCE_ANNOUNCEMENT &&
                      !(heard >= session->out && announcement_done(session));
    status->speaking = announcing || (status->speaking && status->state == STATUS_PLAYING && !status->stands);
}

void session_end(struct session *session)
{
    session->stopped = true;
}

bool session_over(const struct session *session)
{
    if (session_music_is_heard(session)) return false;
    if (session->stopped) return announcement_done(session) && session->queue->len == 0;
    return planner_over(session->parts.planner) &&
           session->position >= timeline_end(session_timeline(session)) && !session_at_ready(session) &&
           announcement_done(session);
}

bool session_resting(const struct session *session)
{
    bool stands = session->paused || session->lost || session_over(session) || session_at_ready(session);
    if (session->awaits_voice && next_announcement(session) > session->position) return true;
    return stands && announcement_done(session) && !session_music_is_heard(session);
}

/* What is asked again so soon is asked for more. */
#define AGAIN_US (10 * G_TIME_SPAN_SECOND)

bool session_asked_again(const struct session *session, int64_t *asked)
{
    bool again = *asked != 0 && session->now - *asked <= AGAIN_US;
    *asked = again ? 0 : session->now;
    return again;
}

void session_set_time(struct session *session, int64_t now, int64_t clock)
{
    session->now = now;
    session->clock = clock;
}

void session_device_idle(struct session *session)
{
    session->device_idle = true;
}

void session_await_voice(struct session *session, bool awaits)
{
    session->awaits_voice = awaits;
    session->ack = SESSION_NO_SOUND;
}

static void remind_at_once(struct session *session)
{
    session->sound = OCCASION_WAIT;
    session->ack = session->out;
}

/* After four seconds of silence headphones may sleep: those who wait for the voice hear it more often. */
void session_remind(struct session *session)
{
    if (session->paused || session->lost || session->stopped || !announcement_done(session)) return;
    if (session->awaits_voice) remind_at_once(session);
    if (session->awaits_voice || !session_at_ready(session)) return;
    GPtrArray *lines = lines_new();
    struct place place = status_place(session_timeline(session), session->position - 1);
    g_ptr_array_add(lines, line_span(SPAN_GAP, session->parts.tones->tone[OCCASION_WAIT].frames, place));
    session->ack = SESSION_NO_SOUND;
    announce_lines(session, lines);
    session->device_idle = true;
    session->sound = OCCASION_WAIT;
    session->ack = session->out + (uint64_t)session->parts.timing->wake;
}

void session_unattended(struct session *session)
{
    session->unattended = true;
}
