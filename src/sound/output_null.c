/* The silent outputs: "null" takes frames in real time, "null:fast" as fast as the main loop turns. Both
 * sleep while the ring is idle, and can be made to fail. */
#include "backend.h"
#include "base/diag.h"
#include "ipc/sound_packets.h"

#include <math.h>
#include <string.h>

enum {
    PERIOD_MS = 150, /* between two looks at the ring, */
    LEAST_MS = 10,   /* or less, if something ends earlier */
    LATE_MS = 400,   /* after a longer sleep the time is lost, as on a device */
    TAIL_MS = 20,
    BLOCK = 1024, /* frames */
    REFUSALS = 3, /* of a lost output, before it is back */
    ONE_SINK = SINK_NONE + 1,
    OTHER_SINK,
};

/* What follows the name, such as "null:lost-after=1.5", in seconds of frames taken; for tests. */
enum fault { FAULT_NONE, FAULT_LOST, FAULT_MOVED, FAULT_STUCK, FAULT_CARRIED };

static const struct {
    const char *name;
    enum fault fault;
} faults[] = {
    {"lost-after=", FAULT_LOST},       /* gone, and back after three refusals, about a second */
    {"moved-after=", FAULT_MOVED},     /* the same, but back under another name */
    {"stuck-after=", FAULT_STUCK},     /* takes no more frames, without a word */
    {"carried-after=", FAULT_CARRIED}, /* plays on, on another device of its server */
};

struct null_output {
    const struct backend_host *host;
    guint attempt;
    guint source; /* 0: asleep */
    bool fast, runs;
    enum fault fault;
    uint64_t fault_at; /* frames */
    uint64_t given;    /* frames, silence too */
    gint64 origin;     /* microseconds: when the first of them was due */
};

static int tail(const struct ring *ring)
{
    return TAIL_MS * ring_rate(ring) / 1000;
}

static void report(const struct null_output *null, enum backend_news news, const char *text)
{
    const struct backend_report news_of = {.news = news, .text = text, .tail = tail(null->host->ring)};
    null->host->report(null->host->data, &news_of);
}

static void report_sink(const struct null_output *null, bool moved)
{
    const struct backend_report news = {.news = BACKEND_SINK,
                                        .text = moved ? "another" : "one",
                                        .sink = moved ? OTHER_SINK : ONE_SINK,
                                        .moved = moved};
    null->host->report(null->host->data, &news);
}

/* False if the output has failed: it is gone then. It does so the first time only: what is back stays. */
static bool take(struct null_output *null, uint64_t frames)
{
    int16_t block[RING_CHANNELS * BLOCK];
    bool fails = null->fault != FAULT_NONE && null->attempt == 0 && null->given >= null->fault_at;
    if (fails && null->fault == FAULT_STUCK) return true;
    if (fails && null->fault == FAULT_CARRIED) {
        null->fault = FAULT_NONE;
        report_sink(null, true);
    } else if (fails) {
        report(null, BACKEND_STOPPED, "the output is gone");
        return false;
    }
    for (uint64_t left = frames, count; left > 0; left -= count) {
        count = MIN(left, BLOCK);
        ring_read(null->host->ring, block, (uint32_t)count);
    }
    null->given += frames;
    report(null, BACKEND_READ, NULL);
    return true;
}

/* --- in real time --- */

/* Frames that are due by the clock and have not been given. */
static uint64_t due(struct null_output *null)
{
    gint64 rate = ring_rate(null->host->ring), now = g_get_monotonic_time();
    gint64 left = (now - null->origin) * rate / G_USEC_PER_SEC - (gint64)null->given;
    gint64 most = LATE_MS * rate / 1000;
    if (left > most) {
        null->origin += (left - most) * G_USEC_PER_SEC / rate;
        left = most;
    }
    return (uint64_t)MAX(left, 0);
}

/* Wakes when there is something to see: the end of a fade, the end of what is queued, or after a period. */
static gboolean on_period(gpointer data)
{
    struct null_output *null = data;
    struct ring *ring = null->host->ring;
    uint64_t unused;
    guint ms = PERIOD_MS;
    if (!take(null, due(null))) return G_SOURCE_REMOVE;
    if (!ring_flushed(ring, &unused)) {
        ms = RING_FADE_MS;
    } else if (!ring_wants(ring)) {
        uint64_t left = ring_queued(ring) + (uint64_t)tail(ring);
        ms = (guint)CLAMP(left * 1000 / (uint64_t)ring_rate(ring), LEAST_MS, PERIOD_MS);
    }
    null->source = ring_rested(ring) ? 0 : g_timeout_add(ms, on_period, null);
    return G_SOURCE_REMOVE;
}

/* --- as fast as it goes --- */

/* Without a clock it cannot find too little in the ring: it takes what there is. Everything else in the main
 * loop goes first, or a session would run away from what steers it. */
static gboolean on_turn(gpointer data)
{
    struct null_output *null = data;
    const struct ring *ring = null->host->ring;
    uint32_t queued = ring_queued(ring);
    uint64_t silence, unused;
    if (queued > 0 || !ring_flushed(ring, &unused) ||
        (ring_drained(ring, &silence) && silence < (uint64_t)tail(ring)))
        return take(null, queued > 0 ? MIN(queued, BLOCK) : BLOCK);
    null->source = 0;
    return G_SOURCE_REMOVE;
}

/* --- the backend --- */

/* "null" "null:FAULT" "null:fast" "null:fast:FAULT" */
static bool read_device(struct null_output *null)
{
    const char *text = null->host->device + strlen("null");
    null->fast = g_str_has_prefix(text, ":fast") && strchr(":", text[strlen(":fast")]);
    if (null->fast) text += strlen(":fast");
    if (*text == '\0') return true;
    for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
        if (!g_str_has_prefix(text + 1, faults[i].name)) continue;
        double seconds = g_ascii_strtod(text + 1 + strlen(faults[i].name), NULL);
        null->fault = faults[i].fault;
        null->fault_at = (uint64_t)(CLAMP(seconds, 0, 1e6) * ring_rate(null->host->ring));
        return true;
    }
    return false;
}

static gboolean on_start(gpointer data)
{
    struct null_output *null = data;
    bool moved = null->fault == FAULT_MOVED && null->attempt > 0, carried = null->fault == FAULT_CARRIED;
    null->origin = g_get_monotonic_time();
    null->runs = true;
    null->source = null->fast ? g_idle_add(on_turn, null) : g_timeout_add(PERIOD_MS, on_period, null);
    report(null, BACKEND_STARTED, moved ? "null, another" : null->fast ? "null:fast" : "null");
    if (carried) report_sink(null, false); /* a device that has moved may be gone now */
    return G_SOURCE_REMOVE;
}

static gboolean on_refusal(gpointer data)
{
    struct null_output *null = data;
    static const char *const names[] = {"null", "null:fast", NULL};
    g_autofree char *why =
        device_no_such("output", null->host->device, diag_nearest(null->host->device, names));
    null->source = 0;
    report(null, BACKEND_REFUSED, why);
    return G_SOURCE_REMOVE;
}

static void *start(struct backend_host *host)
{
    struct null_output *null = g_new0(struct null_output, 1);
    null->host = host;
    null->attempt = host->attempt;
    bool known = read_device(null), comes_back = null->fault == FAULT_LOST || null->fault == FAULT_MOVED;
    bool refused = comes_back && null->attempt >= 1 && null->attempt <= REFUSALS;
    null->source = g_idle_add(known && !refused ? on_start : on_refusal, null);
    return null;
}

static void wake(void *data)
{
    struct null_output *null = data;
    bool asleep = null->source == 0;
    if (!null->runs) return;
    if (null->fast) {
        if (asleep) null->source = g_idle_add(on_turn, null);
        return;
    }
    gint64 given_us = (gint64)null->given * G_USEC_PER_SEC / ring_rate(null->host->ring);
    if (asleep) null->origin = g_get_monotonic_time() - given_us; /* a device's time would have stood still */
    g_clear_handle_id(&null->source, g_source_remove);
    null->source = g_timeout_add(0, on_period, null);
}

static void stop(void *data)
{
    struct null_output *null = data;
    g_clear_handle_id(&null->source, g_source_remove);
    g_free(null);
}

const struct backend backend_null = {start, NULL, wake, stop, .stays = false};
