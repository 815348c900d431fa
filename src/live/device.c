#include "live_private.h"
#include "asleep.h"
#include "ipc/sound_packets.h"

/* ---- a long rest: headphones fall asleep in it, and at last the device is let go ---- */

static gboolean release(gpointer data)
{
    struct live *live = data;
    live->rest_timer = 0;
    live->released = output_release(live->output);
    return G_SOURCE_REMOVE;
}

static gboolean go_idle(gpointer data)
{
    struct live *live = data;
    guint left = (guint)live->request->settings->sound.release_ms - 1000 * TIMELINE_SILENCE_S;
    session_device_idle(live->session);
    live->rest_timer = g_timeout_add(left, release, live);
    return G_SOURCE_REMOVE;
}

static void begin_rest(struct live *live)
{
    if (!live->released && !live->waits_for_voice && live->rest_timer == 0)
        live->rest_timer = g_timeout_add(1000 * TIMELINE_SILENCE_S, go_idle, live);
}

void device_end_rest(struct live *live)
{
    g_clear_handle_id(&live->rest_timer, g_source_remove);
}

/* If it has been let go, and something is to be heard. */
void device_take(struct live *live)
{
    if (!live->released || live->opening || session_over(live->session)) return;
    live->opening = true;
    output_open(live->output);
}

/* ---- events of the output ---- */

static void lose_sound(struct live *live, const char *why)
{
    uint64_t heard;
    if (ring_flushed(output_ring(live->output), &heard)) session_rewind(live->session, heard);
    session_lost(live->session, true);
    device_end_rest(live);
    live->lost = true;
    listeners_loss(live->listeners, g_get_monotonic_time(), why);
    if (live->stop_timer) live_finish(live, NULL); /* nothing more will be heard */
}

/* Never aloud through other speakers unasked. */
static void find_sound(struct live *live, const char *name, bool is_other)
{
    if (live->lost) session_lost(live->session, false); /* else it was only let go */
    live->lost = false;
    if (!is_other) return;
    listeners_news(live->listeners, "sound is back on another output: %s", name);
    if (live->request->settings->sound.on_lost == ON_LOST_PAUSE)
        session_pause(live->session, PHRASE_OTHER_DEVICE);
}

static void find_device(struct live *live)
{
    g_autofree char *before = live->device;
    live->device = g_strdup(output_device(live->output));
    live->released = live->opening = false;
    find_sound(live, live->device, g_strcmp0(live->device, before) != 0);
}

/* The sound server has moved the stream: that is a loss on one device, and a return on another. */
void device_follow_sink(struct live *live)
{
    const struct output_sink *sink = output_sink(live->output);
    bool is_other = sink->moved && live->sink != SINK_UNKNOWN && sink->id != live->sink;
    if (sink->id == SINK_NONE) {
        if (!live->lost) lose_sound(live, "the sound server has no output");
    } else if (sink->id != SINK_UNKNOWN && (is_other || live->lost)) {
        session_lost(live->session, true);
        live->lost = true;
        live->sink = sink->id;
        find_sound(live, sink->name, is_other);
    }
}

/* What is on its way to the device is cut off, as at a command. */
static void look_at_sink(struct live *live)
{
    const struct output_sink *sink = output_sink(live->output);
    if (sink->moved || sink->id == SINK_NONE || live->lost) {
        live->carried = true;
        output_flush(live->output);
    } else {
        live->sink = sink->id;
    }
}

static void no_output(struct live *live)
{
    const char *why = output_problem(live->output);
    g_autofree char *command = diag_shown(live->request->render_command, G_MAXSIZE);
    live_finish(live, g_error_new(LIVE_ERROR, LIVE_ERROR_NO_OUTPUT,
                                  "no audio output%s%s%s; for a file of the same session: %s",
                                  why ? " (" : "", why ? why : "", why ? ")" : "", command));
}

/* After the machine has slept, the user sits in front of it and does not exercise: the session pauses. */
static void look_for_sleep(struct live *live)
{
    struct status status;
    if (!asleep_since(&live->asleep)) return;
    live_status(live, &status);
    if (status.state != STATUS_PLAYING) return;
    listeners_news(live->listeners, "paused: the computer was asleep");
    live->slept = true;
    output_flush(live->output);
}

static void look_for_music(struct live *live)
{
    if (live->missing_noted || !live->score.bed || bed_missed(live->score.bed) == 0) return;
    live->missing_noted = true;
    listeners_news(live->listeners, "the music stopped for a moment: this computer is too busy");
}

/* Noted once a session. While words are late, the sound waits for them: that is not an underrun. */
static void look_for_underrun(struct live *live)
{
    uint32_t underruns = ring_underruns(output_ring(live->output));
    bool ran_dry = underruns != live->underruns && !live->feeder.words_late;
    if (underruns != live->underruns && live->feeder.words_late && !live->waits_for_voice) live->late++;
    live->underruns = underruns;
    live->feeder.words_late = false;
    look_for_music(live);
    if (!ran_dry || live->underrun_noted) return;
    live->underrun_noted = true;
    listeners_news(live->listeners, "the sound stopped for a moment: this computer is too busy");
}

void device_event(void *data, enum output_event event)
{
    struct live *live = data;
    if (!live->session || live->over) return;
    switch (event) {
    case OUTPUT_STARTED:
        live->device_ready = true;
        live->device = g_strdup(output_device(live->output));
        if (live->voice_ready)
            live_start(live);
        else
            live_speech(live); /* what would be waited for otherwise may come later now */
        if (!live->voice_ready && !live->over)
            live->voice_timer = g_timeout_add(VOICE_SHOWN_MS, live_begin_voice_wait, live);
        break;
    case OUTPUT_NONE: no_output(live); return;
    case OUTPUT_LOST: lose_sound(live, output_problem(live->output)); break;
    case OUTPUT_BACK: find_device(live); break;
    case OUTPUT_SINK: look_at_sink(live); break;
    case OUTPUT_FLUSHED: live_apply_all(live); break;
    case OUTPUT_RESTED: begin_rest(live); break;
    case OUTPUT_LOW:
        look_for_sleep(live);
        look_for_underrun(live);
        break;
    case OUTPUT_DRAINED:
        live_end_turn(live); /* the last sentence may have begun since the last one */
        live_finish(live, NULL);
        return;
    }
    if (live->over) return;
    live_refill(live);
    live_end_turn(live);
}
