#include "sink_watch.h"

#include <assert.h>
#include <glib.h>
#include <pulse/pulseaudio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { THEIR_FDS = 32 }; /* that libpulse waits for; it has two or three */

struct sink_watch {
    pa_mainloop *loop; /* NULL: it is of no more use */
    pa_context *context;
    void (*found)(const struct answer *sink);
    uint32_t stream, sink; /* the server's numbers; PA_INVALID_INDEX: not known */
    bool placed;           /* the stream has been on a sink, */
    bool moved;            /* and from there to this one */
    struct {
        uint32_t sink, id; /* SINK_UNKNOWN: nothing has been */
    } reported;

    /* For poll_all(), what sink_watch_poll() was given. */
    struct pollfd *fds;
    nfds_t n;
    int64_t due;
    int ready;
};

/* --- what the server says --- */

static void release(pa_operation *operation)
{
    if (operation) pa_operation_unref(operation);
}

/* The same number for the same device, also in another process. A server whose last device has gone makes
 * one of this name, which is not heard. The headphones of a laptop are often a port of the device that its
 * loudspeakers are a port of. */
static uint32_t id_of(const pa_sink_info *sink)
{
    if (strcmp(sink->name, "auto_null") == 0) return SINK_NONE;
    g_autofree char *whole =
        g_strdup_printf("%s/%s", sink->name, sink->active_port ? sink->active_port->name : "");
    return MAX(g_str_hash(whole), SINK_NONE + 1);
}

static void on_sink(pa_context *context, const pa_sink_info *sink, int end, void *data)
{
    struct sink_watch *watch = data;
    (void)context;
    if (end != 0 || sink->index != watch->sink) return;
    uint32_t id = id_of(sink);
    if (id == watch->reported.id) return;
    bool moved = watch->moved || sink->index == watch->reported.sink; /* to another port */
    watch->reported.sink = sink->index;
    watch->reported.id = id;
    const char *port = sink->active_port ? sink->active_port->description : NULL;
    struct answer answer = {.kind = SOUND_SINK, .value = {[SINK_ID] = (int32_t)id, [SINK_MOVED] = moved}};
    snprintf(answer.text, sizeof answer.text, "%.200s%s%.200s", sink->description, port ? ", " : "",
             port ? port : "");
    watch->found(&answer);
}

static void ask_for_sink(struct sink_watch *watch)
{
    release(pa_context_get_sink_info_by_index(watch->context, watch->sink, on_sink, watch));
}

/* Between two devices a stream has none. */
static void on_stream(pa_context *context, const pa_sink_input_info *stream, int end, void *data)
{
    struct sink_watch *watch = data;
    (void)context;
    if (end != 0) return;
    const char *process = pa_proplist_gets(stream->proplist, PA_PROP_APPLICATION_PROCESS_ID);
    if (!process || g_ascii_strtoll(process, NULL, 10) != getpid()) return;
    watch->placed &= stream->index == watch->stream;
    watch->stream = stream->index;
    if (stream->sink == PA_INVALID_INDEX) return;
    bool was_placed = watch->placed;
    watch->placed = true;
    if (stream->sink == watch->sink) return;
    watch->moved = was_placed;
    watch->sink = stream->sink;
    ask_for_sink(watch);
}

static void on_event(pa_context *context, pa_subscription_event_type_t type, uint32_t index, void *data)
{
    struct sink_watch *watch = data;
    int facility = type & PA_SUBSCRIPTION_EVENT_FACILITY_MASK, what = type & PA_SUBSCRIPTION_EVENT_TYPE_MASK;
    if (what == PA_SUBSCRIPTION_EVENT_REMOVE) return;
    if (facility == PA_SUBSCRIPTION_EVENT_SINK && index == watch->sink)
        ask_for_sink(watch);
    else if (facility == PA_SUBSCRIPTION_EVENT_SINK_INPUT &&
             (index == watch->stream || what == PA_SUBSCRIPTION_EVENT_NEW))
        release(pa_context_get_sink_input_info(context, index, on_stream, watch));
}

static void on_state(pa_context *context, void *data)
{
    if (pa_context_get_state(context) != PA_CONTEXT_READY) return;
    pa_context_set_subscribe_callback(context, on_event, data);
    release(pa_context_subscribe(context, PA_SUBSCRIPTION_MASK_SINK | PA_SUBSCRIPTION_MASK_SINK_INPUT, NULL,
                                 NULL));
    release(pa_context_get_sink_input_info_list(context, on_stream, data));
}

/* --- waiting --- */

/* Waits for libpulse's descriptors and for ours. */
static int poll_all(struct pollfd *theirs, unsigned long n, int timeout_ms, void *data)
{
    struct sink_watch *watch = data;
    struct pollfd all[THEIR_FDS + SINK_WATCH_FDS];
    if (n > THEIR_FDS) return -1;
    memcpy(all, theirs, n * sizeof *all);
    memcpy(all + n, watch->fds, watch->n * sizeof *all);

    int64_t left = MAX(watch->due - g_get_monotonic_time(), 0);
    if (timeout_ms >= 0) left = MIN(left, timeout_ms * G_TIME_SPAN_MILLISECOND);
    bool ends = watch->due != INT64_MAX || timeout_ms >= 0;
    struct timespec time = {left / G_USEC_PER_SEC, left % G_USEC_PER_SEC * 1000};
    if (ppoll(all, n + watch->n, ends ? &time : NULL, NULL) <= 0) return 0;

    memcpy(theirs, all, n * sizeof *all);
    memcpy(watch->fds, all + n, watch->n * sizeof *all);
    int ready = 0;
    for (unsigned long i = 0; i < n; i++) ready += theirs[i].revents != 0;
    for (nfds_t i = 0; i < watch->n; i++) watch->ready += watch->fds[i].revents != 0;
    return ready;
}

int sink_watch_poll(struct sink_watch *watch, struct pollfd *fds, nfds_t n, int64_t due)
{
    assert(n <= SINK_WATCH_FDS);
    for (nfds_t i = 0; i < n; i++) fds[i].revents = 0;
    watch->fds = fds;
    watch->n = n;
    watch->due = due;
    watch->ready = 0;
    if (watch->loop && pa_mainloop_iterate(watch->loop, true, NULL) < 0)
        watch->loop = NULL; /* kept: it may be in use by what has failed */
    else if (!watch->loop)
        poll_all(NULL, 0, -1, watch);
    return watch->ready;
}

struct sink_watch *sink_watch_new(void (*found)(const struct answer *sink))
{
    struct sink_watch *watch = g_new0(struct sink_watch, 1);
    watch->found = found;
    watch->stream = watch->sink = watch->reported.sink = PA_INVALID_INDEX;
    watch->loop = pa_mainloop_new();
    if (!watch->loop) return watch;
    pa_mainloop_set_poll_func(watch->loop, poll_all, watch);
    watch->context = pa_context_new(pa_mainloop_get_api(watch->loop), "stretchvoice");
    if (!watch->context) return watch;
    pa_context_set_state_callback(watch->context, on_state, watch);
    pa_context_connect(watch->context, NULL, PA_CONTEXT_NOAUTOSPAWN, NULL);
    return watch;
}
