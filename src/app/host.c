#include "app/host.h"
#include "app/memory.h"
#include "app/sleep.h"
#include "file/paths.h"
#include <signal.h>
#include <string.h>

enum {
    BLOCK = 4096, /* frames pulled at once */
    AHEAD =
        8, /* lines that are asked for in advance: half a minute, and little to wait behind after a jump */
    HURRY_MS = 100, /* for the words that answer a command to be spoken */
    STOP_MS = 500,  /* for the last fade to be heard; a frozen sound server is not waited for */
};

struct host {
    struct host_options options;
    struct prepared prepared;
    struct output *output;
    struct session *session; /* NULL until it can begin */
    struct memory memory;    /* of the session, on disk */
    struct sleep_watch sleep;
    GArray *orders; /* struct order, waiting for the flush */
    guint stop_timer, hurry_timer, rest_timer;
    char *device;                   /* that played last */
    int64_t begun;                  /* microseconds, monotonic */
    bool device_ready, voice_ready; /* nothing is heard, and nothing told, before both are */
    bool lost;
    bool released, opening; /* the device was let go in a long pause, and is being taken again */
    bool slept;             /* to be paused because of it, at the next flush */
    uint32_t gaps; /* in the sound, so far */
    bool words_late, gap_told;
    bool over;
};

static void finish(struct host *host, int code)
{
    if (host->over) return;
    host->over = true;
    if (code == EXIT_DONE) memory_forget(&host->memory);
    host->options.ops.over(host->options.data, code);
}

static void note(struct host *host, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void note(struct host *host, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    host->options.ops.note(host->options.data, text);
}

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
    session_asleep(host->session);
    host->rest_timer = g_timeout_add(left, release, host);
    return G_SOURCE_REMOVE;
}

static void begin_rest(struct host *host)
{
    if (!host->released && host->rest_timer == 0)
        host->rest_timer = g_timeout_add(1000 * TIMELINE_SILENCE_S, doze, host);
}

static void end_rest(struct host *host)
{
    g_clear_handle_id(&host->rest_timer, g_source_remove);
}

/* ---- feeding the ring ---- */

static void refill(struct host *host)
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

static void changed(struct host *host)
{
    struct status status;
    host_status(host, &status);
    struct session_point point;
    session_point(host->session, &status, &point);
    memory_note(&host->memory, &point);
    host->options.ops.changed(host->options.data);
}

/* ---- orders ---- */

/* The words for a command are late: the session does not wait for them. */
static gboolean stop_hurrying(gpointer data)
{
    struct host *host = data;
    host->hurry_timer = 0;
    session_unhurry(host->session);
    refill(host);
    return G_SOURCE_REMOVE;
}

/* Only a pull shows whether words are missing. */
static void limit_hurry(struct host *host)
{
    if (session_hurried(host->session) && host->hurry_timer == 0)
        host->hurry_timer = g_timeout_add(HURRY_MS, stop_hurrying, host);
}

void host_interrupt(struct host *host)
{
    finish(host, EXIT_SIGNAL + SIGHUP);
}

static gboolean stop_waiting(gpointer data)
{
    struct host *host = data;
    host->stop_timer = 0;
    finish(host, EXIT_DONE);
    return G_SOURCE_REMOVE;
}

static void carry_out(struct host *host, struct order order)
{
    end_rest(host); /* its answer is not cut off */
    session_command(host->session, order);
    if (!host->released || host->opening || session_over(host->session)) return;
    host->opening = true;
    output_open(host->output);
}

/* Carried out at the frame that was heard last, in the order in which they came. */
static void carry_out_all(struct host *host)
{
    uint64_t heard;
    if (!ring_flushed(output_ring(host->output), &heard)) return;
    session_rewind(host->session, heard);
    if (host->orders->len > 0) sleep_watch_slept(&host->sleep); /* whoever gives orders is awake */
    if (host->slept) session_hold_back(host->session, PHRASE_SLEPT);
    host->slept = false;
    for (guint i = 0; i < host->orders->len; i++)
        carry_out(host, g_array_index(host->orders, struct order, i));
    g_array_set_size(host->orders, 0);
    host->options.ops.carried_out(host->options.data);
}

void host_order(struct host *host, struct order order)
{
    if (host->over) return;
    g_array_append_val(host->orders, order);
    if (order.command == COMMAND_STOP && host->stop_timer == 0)
        host->stop_timer = g_timeout_add(host->lost ? 0 : STOP_MS, stop_waiting, host);
    output_flush(host->output);
}

/* ---- what the output tells ---- */

static void begin_playing(struct host *host)
{
    if (!host->device_ready || !host->voice_ready) return;
    host->device = g_strdup(output_device(host->output));
    if (host->prepared.options->verbose)
        note(host, "sound: %s, %d frames of latency, ready after %.0f ms", host->device,
             output_latency(host->output), (double)(g_get_monotonic_time() - host->begun) / 1000);
    host->options.ops.started(host->options.data);
}

static void lose_sound(struct host *host)
{
    uint64_t heard;
    if (ring_flushed(output_ring(host->output), &heard)) session_rewind(host->session, heard);
    session_lost(host->session, true);
    end_rest(host);
    host->lost = true;
    const char *why = output_problem(host->output);
    note(host, "sound lost%s%s; waiting for it", why ? ": " : "", why ? why : "");
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
    note(host, "sound is back on another output: %s", device);
    if (host->prepared.settings->sound.on_lost == ON_LOST_PAUSE)
        session_hold_back(host->session, PHRASE_OTHER_DEVICE);
}

static void no_output(struct host *host)
{
    const char *why = output_problem(host->output);
    g_autofree char *shown = diag_shown(host->options.name, 200), *base = g_path_get_basename(shown);
    if (g_str_has_suffix(base, ".ini")) base[strlen(base) - 4] = '\0';
    note(host, "no audio output%s%s; 'stretchvoice render %s %s.flac' makes a file of the same session",
         why ? ": " : "", why ? why : "", shown, base);
    finish(host, EXIT_NO_OUTPUT);
}

/* A machine that slept in the middle of a session: whoever opens it again is not lying on the mat. */
static void look_for_sleep(struct host *host)
{
    struct status status;
    if (!sleep_watch_slept(&host->sleep)) return;
    host_status(host, &status);
    if (status.state != STATUS_PLAYING) return;
    note(host, "paused: the computer was asleep");
    host->slept = true;
    output_flush(host->output);
}

/* Told once: whoever hears it again knows why. Where words are late the sound waits for them, and that is no gap. */
static void look_for_gap(struct host *host)
{
    uint32_t gaps = ring_underruns(output_ring(host->output));
    bool ran_dry = gaps != host->gaps && !host->words_late;
    host->gaps = gaps;
    host->words_late = false;
    if (!ran_dry || host->gap_told) return;
    host->gap_told = true;
    note(host, "the sound stopped for a moment: this computer is too busy");
}

static void on_event(void *data, enum output_event event)
{
    struct host *host = data;
    if (!host->session || host->over) return;
    switch (event) {
    case OUTPUT_STARTED:
        host->device_ready = true;
        begin_playing(host);
        break;
    case OUTPUT_NONE: no_output(host); return;
    case OUTPUT_LOST: lose_sound(host); break;
    case OUTPUT_BACK: find_sound(host); break;
    case OUTPUT_FLUSHED: carry_out_all(host); break;
    case OUTPUT_RESTED: begin_rest(host); break;
    case OUTPUT_LOW:
        look_for_sleep(host);
        look_for_gap(host);
        break;
    case OUTPUT_DRAINED: finish(host, EXIT_DONE); return;
    }
    if (host->over) return;
    refill(host);
    limit_hurry(host);
    changed(host);
}

/* ---- speech ---- */

static void on_speech(void *data)
{
    struct host *host = data;
    if (host->over) return;
    if (speech_problem(host->prepared.speech)) {
        finish(host, prepare_voice_ready(&host->prepared));
        return;
    }
    if (!host->session || !speech_ready(host->prepared.speech)) return;
    bool first = !host->voice_ready;
    host->voice_ready = true;
    refill(host);
    if (first) begin_playing(host);
}

static void on_message(void *data)
{
    struct host *host = data;
    host->options.ops.note(host->options.data, NULL);
}

static void on_signal(void *data)
{
    struct host *host = data;
    finish(host, EXIT_SIGNAL + host->prepared.interrupt.signal);
}

/* ---- a session from its beginning to its end ---- */

/* On the command line, and so meant for this time. */
static bool is_given(const struct host *host, const char *section, const char *key)
{
    return g_str_has_prefix(settings_source(host->prepared.settings, section, key), "--");
}

static void resume_at(struct host *host, struct session_point *point)
{
    const struct settings *settings = host->prepared.settings;
    if (is_given(host, "pace", "level") || is_given(host, "pace", "hold"))
        point->effort = point->coming = effort_from_settings(settings);
    if (is_given(host, "sound", "volume")) point->volume = settings->sound.volume;
    session_resume_at(host->session, point);
}

static void begin_session(struct host *host)
{
    const struct prepared *prepared = &host->prepared;
    const struct session_parts parts = {prepared->planner, &prepared->script, &prepared->timing,
                                        &prepared->ops, &prepared->tones};
    host->session = session_new(&parts);
    struct session_point point;
    memory_init(&host->memory, prepared->routine);
    if (host->options.resume && memory_recall(&host->memory, &point))
        resume_at(host, &point);
    else if (host->options.resume)
        note(host, "no interrupted session of this routine; from the beginning");
    sleep_watch_init(&host->sleep);
    refill(host);
}

/* Both helper programs are started before the routine is read: opening a device takes longest. */
static int begin(struct host *host)
{
    struct prepared *prepared = &host->prepared;
    int code = prepare_settings(prepared);
    if (code != EXIT_DONE) return code;
    g_autofree char *program = paths_helper("stretchvoice-sound");
    const struct output_options output = {prepared->settings->sound.device, program,
                                          prepared->settings->sound.rate, on_event, host};
    host->output = output_new(&output);
    code = prepare_speech(prepared, 1);
    if (code == EXIT_DONE) code = prepare_routine(prepared, host->options.name);
    const struct preparing preparing = {.helpers = 1, .ahead = AHEAD};
    if (code == EXIT_DONE) code = prepare_planner(prepared, &preparing);
    if (code == EXIT_DONE && prepared->interrupt.signal) code = EXIT_SIGNAL + prepared->interrupt.signal;
    if (code == EXIT_DONE) begin_session(host);
    return code;
}

int host_new(const struct host_options *options, struct host **result)
{
    struct host *host = *result = g_new0(struct host, 1);
    host->options = *options;
    host->begun = g_get_monotonic_time();
    host->options.name = g_strdup(options->name);
    host->orders = g_array_new(FALSE, FALSE, sizeof(struct order));
    prepare_init(&host->prepared, options->options);
    host->prepared.messages = options->messages;
    host->prepared.arrived = on_speech;
    host->prepared.said = on_message;
    host->prepared.interrupt.came = on_signal;
    host->prepared.data = host->prepared.interrupt.data = host;
    int code = begin(host);
    if (code != EXIT_DONE) {
        host_free(host);
        *result = NULL;
    }
    return code;
}

void host_free(struct host *host)
{
    if (!host) return;
    if (host->stop_timer) g_source_remove(host->stop_timer);
    if (host->hurry_timer) g_source_remove(host->hurry_timer);
    end_rest(host);
    session_free(host->session);
    output_free(host->output);
    prepare_finish(&host->prepared);
    memory_finish(&host->memory);
    g_array_unref(host->orders);
    g_free((char *)host->options.name);
    g_free(host->device);
    g_free(host);
}

void host_status(struct host *host, struct status *status)
{
    session_status(host->session, ring_taken(output_ring(host->output)), status);
}

const char *host_device(const struct host *host)
{
    return output_device(host->output);
}

const struct prepared *host_prepared(const struct host *host)
{
    return &host->prepared;
}
