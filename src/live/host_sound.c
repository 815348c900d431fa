#include "host_private.h"
#include "app/instead.h"

enum {
    BLOCK = 4096, /* frames pulled at once */
    AHEAD = 8,    /* sentences asked for in advance: half a minute, and little to wait behind after a jump */
};

/* ---- a long rest: headphones fall asleep in it, and at last the device is let go ---- */

static gboolean release(gpointer data)
{
    struct host *host = data;
    host->rest_timer = 0;
    host->released = true;
    output_release(host->output);
    return G_SOURCE_REMOVE;
}

static gboolean doze(gpointer data)
{
    struct host *host = data;
    guint left = (guint)host->prepared.settings->sound.release_ms - 1000 * TIMELINE_SILENCE_S;
    session_device_idle(host->session);
    host->rest_timer = g_timeout_add(left, release, host);
    return G_SOURCE_REMOVE;
}

static void begin_rest(struct host *host)
{
    if (!host->released && host->rest_timer == 0)
        host->rest_timer = g_timeout_add(1000 * TIMELINE_SILENCE_S, doze, host);
}

void host_end_rest(struct host *host)
{
    g_clear_handle_id(&host->rest_timer, g_source_remove);
}

/* ---- feeding the ring ---- */

static void feed(struct host *host)
{
    static int16_t block[2 * BLOCK];
    struct ring *ring = output_ring(host->output);
    uint32_t space;
    bool dry = false; /* a pause may have more to say than the ring holds */
    if (!host->voice_ready) return;
    while (!dry && !host->released && (space = ring_space(ring)) > 0) {
        int n = session_pull(host->session, block, (int)MIN(space, BLOCK));
        ring_write(ring, block, (uint32_t)n);
        dry = n == 0;
    }
    if (dry && session_over(host->session))
        ring_end(ring);
    else if (dry && session_resting(host->session))
        ring_rest(ring);
    else if (dry)
        host->words_late = true;
}

void host_refill(struct host *host)
{
    feed(host);
    host_tell_carried_out(host);
}

/* ---- what the output tells ---- */

void host_begin_playing(struct host *host)
{
    if (!host->device_ready || !host->voice_ready) return;
    planner_look_ahead(host->prepared.planner, AHEAD);
    host->device = g_strdup(output_device(host->output));
    if (host->prepared.options->verbose)
        host_note(host, "sound: %s, %d frames of latency, ready after %.0f ms", host->device,
                  output_latency(host->output), (double)(g_get_monotonic_time() - host->begun) / 1000);
    host->options.ops.started(host->options.data);
}

static void lose_sound(struct host *host)
{
    uint64_t heard;
    if (ring_flushed(output_ring(host->output), &heard)) session_rewind(host->session, heard);
    session_lost(host->session, true);
    host_end_rest(host);
    host->lost = true;
    const char *why = output_problem(host->output);
    host_note(host, "sound lost%s%s; waiting for it", why ? ": " : "", why ? why : "");
}

/* Never aloud through other speakers unasked. */
static void find_sound(struct host *host)
{
    const char *device = output_device(host->output);
    bool other = g_strcmp0(device, host->device) != 0;
    g_free(host->device);
    host->device = g_strdup(device);
    host->released = host->opening = false;
    if (host->lost) session_lost(host->session, false); /* else it was only let go */
    host->lost = false;
    if (!other) return;
    host_note(host, "sound is back on another output: %s", device);
    if (host->prepared.settings->sound.on_lost == ON_LOST_PAUSE)
        session_pause(host->session, PHRASE_OTHER_DEVICE);
}

static void no_output(struct host *host)
{
    const char *why = output_problem(host->output);
    g_autofree char *command =
        instead_command(host->prepared.options, host->options.name, host->prepared.routine);
    g_autofree char *shown = diag_shown(command, G_MAXSIZE);
    g_autofree char *text = g_strdup_printf("no audio output%s%s%s; for a file of the same session: %s",
                                            why ? " (" : "", why ? why : "", why ? ")" : "", shown);
    host->options.ops.note(host->options.data, text);
    host_finish(host, EXIT_NO_OUTPUT);
}

/* A machine that slept in the middle of a session: whoever opens it again is not lying on the mat. */
static void look_for_sleep(struct host *host)
{
    struct status status;
    if (!sleep_watch_slept(&host->sleep)) return;
    host_status(host, &status);
    if (status.state != STATUS_PLAYING) return;
    host_note(host, "paused: the computer was asleep");
    host->slept = true;
    output_flush(host->output);
}

/* Told once: whoever hears it again knows why. Where words are late the sound waits for them, and that is no
 * gap. */
static void look_for_gap(struct host *host)
{
    uint32_t gaps = ring_underruns(output_ring(host->output));
    bool ran_dry = gaps != host->gaps && !host->words_late;
    host->gaps = gaps;
    host->words_late = false;
    if (!ran_dry || host->gap_told) return;
    host->gap_told = true;
    host_note(host, "the sound stopped for a moment: this computer is too busy");
}

void host_on_output(void *data, enum output_event event)
{
    struct host *host = data;
    if (!host->session || host->over) return;
    switch (event) {
    case OUTPUT_STARTED:
        host->device_ready = true;
        host_begin_playing(host);
        break;
    case OUTPUT_NONE: no_output(host); return;
    case OUTPUT_LOST: lose_sound(host); break;
    case OUTPUT_BACK: find_sound(host); break;
    case OUTPUT_FLUSHED: host_carry_out(host); break;
    case OUTPUT_RESTED: begin_rest(host); break;
    case OUTPUT_LOW:
        look_for_sleep(host);
        look_for_gap(host);
        break;
    case OUTPUT_DRAINED: host_finish(host, EXIT_DONE); return;
    }
    if (host->over) return;
    host_refill(host);
    host_changed(host);
}
