#include "sound/output.h"

#include "base/diag.h"
#include "output_private.h"
#include <errno.h>
#include <string.h>

enum {
    START_MS = 5000,        /* a start that takes longer is one on a frozen server */
    RETRY_MS = 300,         /* between two starts; */
    RETRY_EAGER_MS = 10000, /* after so long it grows */
    RETRY_MOST_MS = 5000,   /* up to this */
    MOST_SHOWN = 300,       /* bytes of a problem */
};

/* The last takes any name. */
static const struct backend *const backends[] = {&backend_null_fast, &backend_null, &backend_helper};

static bool is_for(const struct backend *backend, const char *device)
{
    size_t length = strlen(backend->name);
    if (length == 0) return true;
    return g_str_has_prefix(device, backend->name) && (device[length] == '\0' || device[length] == ':');
}

static const struct backend *backend_for(const char *device)
{
    guint i = 0;
    while (!is_for(backends[i], device)) i++;
    return backends[i];
}

static void set_problem(struct output *output, const char *text)
{
    g_free(output->problem);
    output->problem = text ? diag_shown(text, MOST_SHOWN) : NULL;
}

static void set_device(struct output *output, const char *name)
{
    g_free(output->device);
    output->device = g_strdup(name);
}

static void clear_timer(struct output *output)
{
    if (output->timer) g_source_remove(output->timer);
    output->timer = 0;
}

void output_set_timer(struct output *output, guint ms, GSourceFunc function)
{
    clear_timer(output);
    output->timer = g_timeout_add(ms, function, output);
}

/* --- starting and stopping --- */

static gboolean on_no_start(gpointer data)
{
    struct output *output = data;
    output->timer = 0;
    output_fail(output, "the sound server does not answer");
    return G_SOURCE_REMOVE;
}

/* What was stopped before may still be dying, in the middle of its own start: it gets no part of the new
 * one's memory. */
static void start(struct output *output)
{
    if (output->phase == OUTPUT_MISSING) ring_reset(output->ring, 0);
    output_set_timer(output, START_MS, on_no_start);
    output->handle = output->backend->start(&output->host);
    output->host.attempt++;
}

static void stop(struct output *output)
{
    clear_timer(output);
    if (output->handle) output->backend->stop(output->handle);
    output->handle = NULL;
}

static void play(struct output *output, const struct backend_report *report)
{
    bool was_missing = output->phase == OUTPUT_MISSING;
    output->phase = OUTPUT_PLAYING;
    output->opening = output->rest_told = false;
    output->latency = report->latency;
    output->tail = report->tail;
    set_device(output, report->text);
    set_problem(output, NULL);
    ring_attach(output->ring);
    watchdog_start(&output->watchdog, ring_heartbeat(output->ring), g_get_monotonic_time());
    output_tell(output, was_missing ? OUTPUT_BACK : OUTPUT_STARTED);
    output_look_later(output);
}

/* A server that is just starting may not show all its outputs yet. Where one comes back under another name,
 * the listener may stop the session for it: so it has to come twice. */
static void begin(struct output *output, const struct backend_report *report)
{
    bool other = output->phase == OUTPUT_MISSING && g_strcmp0(report->text, output->lost_device) != 0;
    if (!other || output->doubted) {
        play(output, report);
        return;
    }
    output->doubted = true;
    stop(output);
    start(output);
}

/* --- failing --- */

static void give_up(struct output *output)
{
    output->phase = OUTPUT_GIVEN_UP;
    ring_reset(output->ring, 0);
    output_tell(output, OUTPUT_NONE);
    output_tell_flushed(output);
}

static void miss(struct output *output)
{
    output->phase = OUTPUT_MISSING;
    output->lost_at = g_get_monotonic_time();
    output->retry_ms = RETRY_MS;
    output->doubted = false;
    g_free(output->lost_device);
    output->lost_device = g_steal_pointer(&output->device);
}

/* What the device had not played yet is heard again when it is back. */
static void lose(struct output *output)
{
    miss(output);
    ring_reset(output->ring, (uint32_t)output->latency);
    output_tell(output, OUTPUT_LOST);
    output_tell_flushed(output);
    start(output);
}

static gboolean on_retry(gpointer data)
{
    struct output *output = data;
    output->timer = 0;
    start(output);
    return G_SOURCE_REMOVE;
}

static void retry(struct output *output)
{
    output_set_timer(output, output->retry_ms, on_retry);
    if (g_get_monotonic_time() - output->lost_at > RETRY_EAGER_MS * 1000)
        output->retry_ms = MIN(output->retry_ms * 3 / 2, RETRY_MOST_MS);
}

/* A device that was let go may not be there when it is taken again. */
static void tell_that_it_is_gone(struct output *output)
{
    if (output->opening) output_tell(output, OUTPUT_LOST);
    output->opening = false;
}

void output_fail(struct output *output, const char *why)
{
    set_problem(output, why); /* first: the text may be the backend's */
    stop(output);
    switch (output->phase) {
    case OUTPUT_STARTING: give_up(output); break;
    case OUTPUT_PLAYING: lose(output); break;
    case OUTPUT_MISSING:
        tell_that_it_is_gone(output);
        retry(output);
        break;
    case OUTPUT_RELEASED:
    case OUTPUT_GIVEN_UP: break;
    }
}

/* --- letting go --- */

void output_release(struct output *output)
{
    if (output->phase != OUTPUT_PLAYING) return;
    stop(output);
    output->phase = OUTPUT_RELEASED;
    ring_reset(output->ring, 0);
    output_tell_flushed(output);
}

void output_open(struct output *output)
{
    if (output->phase != OUTPUT_RELEASED) return;
    miss(output);
    output->opening = true;
    start(output);
}

static void on_report(void *data, const struct backend_report *report)
{
    struct output *output = data;
    switch (report->news) {
    case BACKEND_STARTED: begin(output, report); break;
    case BACKEND_REFUSED:
    case BACKEND_STOPPED: output_fail(output, report->text); break;
    case BACKEND_READ: output_look_at_ring(output); break;
    }
}

/* --- the public side --- */

struct output *output_new(const struct output_options *options)
{
    struct output *output = g_new0(struct output, 1);
    output->options = *options;
    output->options.device = g_strdup(options->device);
    output->options.program = g_strdup(options->program);
    output->ring = ring_new(options->rate, (uint32_t)options->rate);
    if (!output->ring) g_error("no memory for the sound: %s", g_strerror(errno));
    g_queue_init(&output->events);
    output->backend = backend_for(options->device);
    output->host = (struct backend_host){
        .ring = output->ring,
        .device = output->options.device,
        .program = output->options.program,
        .report = on_report,
        .data = output,
    };
    start(output);
    return output;
}

void output_free(struct output *output)
{
    if (!output) return;
    stop(output);
    if (output->teller) g_source_remove(output->teller);
    g_queue_clear(&output->events);
    ring_free(output->ring);
    g_free((char *)output->options.device);
    g_free((char *)output->options.program);
    g_free(output->device);
    g_free(output->lost_device);
    g_free(output->problem);
    g_free(output);
}

struct ring *output_ring(struct output *output)
{
    return output->ring;
}

void output_flush(struct output *output)
{
    if (output->flush_asked) return; /* the same flush; a look at it must not be put off again and again */
    ring_flush(output->ring);
    output->flush_asked = true;
    if (output->phase == OUTPUT_PLAYING)
        output_look_later(output);
    else if (output->phase != OUTPUT_STARTING)
        output_tell_flushed(output); /* nobody has to answer: see ring_reset */
}

const char *output_device(const struct output *output)
{
    return output->device;
}

const char *output_problem(const struct output *output)
{
    return output->problem;
}

int output_latency(const struct output *output)
{
    return output->latency;
}
