#include "session_private.h"

void interlude_end(struct session *session)
{
    struct interlude *interlude = &session->interlude;
    timeline_free(interlude->timeline);
    g_clear_pointer(&interlude->lines, g_ptr_array_unref);
    *interlude = (struct interlude){0};
}

static void begin(struct session *session, int64_t position)
{
    interlude_end(session);
    session->interlude.timeline = timeline_new(session->parts.timing, &session->parts.ops->clips);
    session->interlude.lines = g_ptr_array_new_with_free_func((GDestroyNotify)line_free);
    session->interlude.position = position;
}

void interlude_say(struct session *session, int64_t position, GPtrArray *lines)
{
    struct interlude *interlude = &session->interlude;
    if (lines->len > 0 && interlude_done(session)) begin(session, position);
    for (guint i = 0; i < lines->len; i++) {
        planner_request(session->parts.ops, g_ptr_array_index(lines, i));
        g_ptr_array_add(interlude->lines, g_steal_pointer(&lines->pdata[i]));
    }
    g_ptr_array_unref(lines);
}

static void lay_out(struct interlude *interlude)
{
    while (interlude->laid < interlude->lines->len &&
           timeline_append(interlude->timeline, g_ptr_array_index(interlude->lines, interlude->laid)))
        interlude->laid++;
    if (interlude->laid == interlude->lines->len) timeline_finish(interlude->timeline);
}

bool interlude_done(struct session *session)
{
    struct interlude *interlude = &session->interlude;
    if (!interlude->timeline) return true;
    lay_out(interlude);
    return interlude->laid == interlude->lines->len && interlude->at >= timeline_end(interlude->timeline);
}

int interlude_pull(struct session *session, int16_t *out, int frames)
{
    struct interlude *interlude = &session->interlude;
    int n = (int)MIN(frames, timeline_final(interlude->timeline) - interlude->at);
    if (n > 0) mixer_mix(&session->mixer, interlude->timeline, interlude->at, n, out);
    interlude->at += MAX(0, n);
    return MAX(0, n);
}
