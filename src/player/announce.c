#include "session_private.h"

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
    session->announcement.lines = g_ptr_array_new_with_free_func((GDestroyNotify)line_free);
    session->announcement.position = position;
}

void announce(struct session *session, int64_t position, GPtrArray *lines)
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
    while (
        announcement->laid < announcement->lines->len &&
        timeline_append(announcement->timeline, g_ptr_array_index(announcement->lines, announcement->laid)))
        announcement->laid++;
    if (announcement->laid == announcement->lines->len) timeline_finish(announcement->timeline);
}

bool announcement_done(struct session *session)
{
    struct announcement *announcement = &session->announcement;
    if (!announcement->timeline) return true;
    lay_out(announcement);
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
