#include "live/live.h"
#include "asleep.h"
#include "feeder.h"
#include "history.h"
#include "listeners.h"
#include "state.h"
#include "file/paths.h"
#include "ipc/sound_packets.h"
#include "live/others.h"
#include "sound/output.h"
#include <string.h>

enum {
    FIRST = 1,           /* sentences asked for before the device plays: the rest would hold it up */
    HURRY_MS = 100,      /* the words that answer a command may take so long before the session goes on, */
    DONE_MS = 1000,      /* and the command counts as done all the same after so long */
    STOP_MS = 500,       /* a frozen sound server is not waited for */
    LAST_WORD_MS = 3500, /* to be heard, also on a device that is to be opened */
    REMIND_S = 20,       /* between two soft sounds that say that the session waits; */
    SHOWN_MS = 500,      /* it is shown that it waits for a voice that takes longer, */
    HEARD_MS = 2500,     /* and then heard, again and again */
};

struct live {
    const struct play_request *request;
    struct score score;
    struct diags *diags;
    struct output *output;
    struct feeder feeder;
    struct session *session; /* NULL before live_begin() */
    struct state state;
    struct history *history; /* NULL: it is not kept */
    struct listeners *listeners;
    struct others *others;  /* NULL: other programs are left alone */
    struct outline outline; /* for live_scene() */
    int64_t begun;          /* microseconds, monotonic */
    bool started, over;
    int left_step; /* where the last session was interrupted, if this is another; -1 */

    /* Commands. */
    GArray *commands; /* struct command, waiting for the flush */
    guint given;      /* so far */
    bool undone;      /* listeners are yet to hear that commands have been done */
    guint stop_timer, hurry_timer, done_timer;

    /* Sound. */
    char *device;                   /* that played last, */
    uint32_t sink;                  /* and which of its server's devices that was; SINK_UNKNOWN */
    bool carried;                   /* to another one of these; to be applied at the next flush */
    bool device_ready, voice_ready; /* the session does not begin before both are */
    bool waits_for_voice;           /* and says so, */
    bool voice_due;                 /* until the next flush */
    guint voice_timer;
    bool lost, released, opening; /* let go in a long rest, and being taken again */
    guint rest_timer, remind_timer;
    int64_t asleep; /* of asleep_since() */
    bool slept;     /* the machine has: to be paused because of it, at the next flush */
    uint32_t underruns;
    bool underrun_noted, missing_noted;
    unsigned late; /* times that the sound waited for words */
};

static void refill(struct live *live);
static void follow_sink(struct live *live);
static void end_voice_wait(struct live *live);
static void look_for_wait(struct live *live, const struct status *status);

/* ---- listeners ---- */

void live_listen(struct live *live, const struct listener *listener)
{
    listeners_add(live->listeners, listener);
}

/* Takes the error. Only the first call counts. */
static void finish(struct live *live, GError *error)
{
    if (live->over) {
        g_clear_error(&error);
        return;
    }
    live->over = true;
    history_over(live->history);
    if (!error) {
        session_end(live->session);
        state_forget(&live->state);
    }
    listeners_over(live->listeners, error);
    g_clear_error(&error);
}

static void pass_answer(struct live *live, guint number)
{
    g_autofree char *words = session_take_answer(live->session);
    if (words) listeners_answer(live->listeners, number, words);
}

/* Makes one status for all listeners. */
static void end_turn(struct live *live)
{
    if (live->over) return;
    struct status status;
    pass_answer(live, 0);
    live_status(live, &status);
    history_heard(live->history, live->session, ring_taken(output_ring(live->output)));
    listeners_sentences(live->listeners, planner_timeline(live->score.planner), status.frame);
    state_note(&live->state, live->session, &status, live->listeners);
    listeners_status(live->listeners, &status);
    look_for_wait(live, &status);
    session_forget(live->session, ring_taken(output_ring(live->output)));
}

/* ---- a long rest: headphones fall asleep in it, and at last the device is let go ---- */

static gboolean release(gpointer data)
{
    struct live *live = data;
    live->rest_timer = 0;
    live->released = true;
    output_release(live->output);
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

static void end_rest(struct live *live)
{
    g_clear_handle_id(&live->rest_timer, g_source_remove);
}

/* If it has been let go, and something is to be heard. */
static void take_device(struct live *live)
{
    if (!live->released || live->opening || session_over(live->session)) return;
    live->opening = true;
    output_open(live->output);
}

/* From now on something is heard. */
static void notify_started(struct live *live)
{
    if (live->started) return;
    live->started = true;
    history_start(live->history);
    listeners_started(live->listeners);
}

static gboolean remind(gpointer data)
{
    struct live *live = data;
    session_remind(live->session);
    take_device(live);
    refill(live);
    notify_started(live);
    return G_SOURCE_CONTINUE;
}

static void look_for_wait(struct live *live, const struct status *status)
{
    guint ms = status->for_voice ? HEARD_MS : 1000 * REMIND_S;
    if (status->state != STATUS_WAITING)
        g_clear_handle_id(&live->remind_timer, g_source_remove);
    else if (live->remind_timer == 0)
        live->remind_timer = g_timeout_add(ms, remind, live);
}

/* ---- commands ---- */

static gboolean end_stop(gpointer data)
{
    struct live *live = data;
    live->stop_timer = 0;
    finish(live, NULL);
    return G_SOURCE_REMOVE;
}

/* The last word is waited for, but not a sound server that does not even take the command. */
static gboolean look_at_stop(gpointer data)
{
    struct live *live = data;
    if (live->commands->len > 0) return end_stop(live);
    live->stop_timer = g_timeout_add(LAST_WORD_MS, end_stop, live);
    return G_SOURCE_REMOVE;
}

static void stop_soon(struct live *live)
{
    if (live->stop_timer == 0) live->stop_timer = g_timeout_add(live->lost ? 0 : STOP_MS, look_at_stop, live);
}

guint live_command(struct live *live, struct command command)
{
    if (live->over) return 0;
    g_array_append_val(live->commands, command);
    if (command.id == COMMAND_STOP) stop_soon(live);
    output_flush(live->output);
    return ++live->given;
}

static void apply(struct live *live, struct command command)
{
    end_rest(live); /* its answer is not cut off */
    session_set_time(live->session, g_get_monotonic_time(), g_get_real_time());
    session_command(live->session, command);
    if (live_chosen(live) >= 0) stop_soon(live);
    take_device(live);
}

/* The flush has been answered: all that waits for it happens now, at the frame that was heard last, in the
 * order of its arrival. */
static void apply_all(struct live *live)
{
    uint64_t heard;
    if (!ring_flushed(output_ring(live->output), &heard)) return;
    session_rewind(live->session, heard);
    history_heard(live->history, live->session, heard);
    if (live->voice_due) end_voice_wait(live);
    if (live->commands->len > 0) asleep_since(&live->asleep); /* a command means that the user is awake */
    if (live->slept) session_pause(live->session, PHRASE_SLEPT);
    live->slept = false;
    if (live->carried) follow_sink(live);
    live->carried = false;
    pass_answer(live, 0);
    for (guint i = 0, n = live->commands->len; i < n; i++) {
        apply(live, g_array_index(live->commands, struct command, i));
        pass_answer(live, live->given - n + i + 1);
    }
    history_moved(live->history, live->session, heard);
    live->undone |= live->commands->len > 0;
    g_array_set_size(live->commands, 0);
}

/* The words for a command are late: go on without them. */
static gboolean stop_hurrying(gpointer data)
{
    struct live *live = data;
    live->hurry_timer = 0;
    session_lift_limit(live->session);
    refill(live);
    return G_SOURCE_REMOVE;
}

static gboolean notify_done(gpointer data)
{
    struct live *live = data;
    g_clear_handle_id(&live->done_timer, g_source_remove);
    live->undone = false;
    listeners_done(live->listeners);
    return G_SOURCE_REMOVE;
}

/* Commands have been done once what they ask for is laid out. */
static void look_for_done(struct live *live)
{
    if (session_pull_limited(live->session) && live->hurry_timer == 0)
        live->hurry_timer = g_timeout_add(HURRY_MS, stop_hurrying, live);
    if (!live->undone || live->commands->len > 0) return;
    if (session_changes_done(live->session))
        notify_done(live);
    else if (live->done_timer == 0)
        live->done_timer = g_timeout_add(DONE_MS, notify_done, live);
}

void live_interrupt(struct live *live)
{
    finish(live, g_error_new_literal(LIVE_ERROR, LIVE_ERROR_INTERRUPTED, "interrupted"));
}

/* ---- feeding the ring ---- */

static void feed(struct live *live)
{
    if ((live->voice_ready || live->waits_for_voice) && !live->released) feeder_fill(&live->feeder);
}

static void refill(struct live *live)
{
    feed(live);
    look_for_done(live);
}

static void feed_again(void *data)
{
    refill(data);
}

/* If both the device and the voice are ready. */
static void start(struct live *live)
{
    if (!live->device_ready || !live->voice_ready) return;
    g_clear_handle_id(&live->voice_timer, g_source_remove);
    score_look_ahead(&live->score);
    if (live->request->verbose)
        listeners_note(live->listeners, "sound: %s, %d frames of latency, ready after %.0f ms", live->device,
                       output_latency(live->output), (double)(g_get_monotonic_time() - live->begun) / 1000);
    notify_started(live);
}

/* ---- events of speech ---- */

static gboolean begin_voice_wait(gpointer data)
{
    struct live *live = data;
    live->voice_timer = 0;
    live->waits_for_voice = true;
    session_await_voice(live->session, true);
    refill(live);
    end_turn(live);
    return G_SOURCE_REMOVE;
}

static void end_voice_wait(struct live *live)
{
    live->waits_for_voice = live->voice_due = false;
    live->voice_ready = true;
    g_clear_handle_id(&live->remind_timer, g_source_remove);
    session_await_voice(live->session, false);
    start(live);
}

static void on_speech(void *data)
{
    struct live *live = data;
    g_autoptr(GError) error = NULL;
    if (live->over || !live->session) return;
    if (!score_check(&live->score, &error)) {
        listeners_problems(live->listeners, live->diags);
        finish(live, g_steal_pointer(&error));
        return;
    }
    if (live->voice_ready ? !speech_ready(live->score.speech) : !score_can_begin(&live->score)) return;
    if (live->waits_for_voice) { /* and perhaps says so just now */
        live->voice_due = true;
        output_flush(live->output);
        return;
    }
    bool first = !live->voice_ready;
    live->voice_ready = true;
    refill(live);
    if (first) start(live);
}

static void on_note(void *data, const char *line)
{
    listeners_note(((const struct live *)data)->listeners, "%s", line);
}

static void on_chime(void *data)
{
    const struct live *live = data;
    listeners_problems(live->listeners, live->diags);
}

/* ---- events of the output ---- */

static void lose_sound(struct live *live, const char *why)
{
    uint64_t heard;
    if (ring_flushed(output_ring(live->output), &heard)) session_rewind(live->session, heard);
    session_lost(live->session, true);
    end_rest(live);
    live->lost = true;
    listeners_loss(live->listeners, g_get_monotonic_time(), why);
    if (live->stop_timer) finish(live, NULL); /* nothing more will be heard */
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
static void follow_sink(struct live *live)
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
    finish(live, g_error_new(LIVE_ERROR, LIVE_ERROR_NO_OUTPUT,
                             "no audio output%s%s%s; for a file of the same session: %s", why ? " (" : "",
                             why ? why : "", why ? ")" : "", command));
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

static void on_output(void *data, enum output_event event)
{
    struct live *live = data;
    if (!live->session || live->over) return;
    switch (event) {
    case OUTPUT_STARTED:
        live->device_ready = true;
        live->device = g_strdup(output_device(live->output));
        start(live);
        if (!live->voice_ready) live->voice_timer = g_timeout_add(SHOWN_MS, begin_voice_wait, live);
        break;
    case OUTPUT_NONE: no_output(live); return;
    case OUTPUT_LOST: lose_sound(live, output_problem(live->output)); break;
    case OUTPUT_BACK: find_device(live); break;
    case OUTPUT_SINK: look_at_sink(live); break;
    case OUTPUT_FLUSHED: apply_all(live); break;
    case OUTPUT_RESTED: begin_rest(live); break;
    case OUTPUT_LOW:
        look_for_sleep(live);
        look_for_underrun(live);
        break;
    case OUTPUT_DRAINED:
        end_turn(live); /* the last sentence may have begun since the last one */
        finish(live, NULL);
        return;
    }
    if (live->over) return;
    refill(live);
    end_turn(live);
}

/* ---- a session from its beginning to its end ---- */

struct live *live_new(const struct play_request *request, GError **error)
{
    struct live *live = g_new0(struct live, 1);
    const struct settings *settings = request->settings;
    live->request = request;
    live->begun = g_get_monotonic_time();
    live->diags = diags_new();
    if (request->quiet) diags_mute_warnings(live->diags);
    live->commands = g_array_new(FALSE, FALSE, sizeof(struct command));
    live->listeners = listeners_new(request->quiet);
    const struct score_options speech = {.helpers = 1,
                                         .ahead = FIRST,
                                         .diags = live->diags,
                                         .failed = on_chime,
                                         .arrived = on_speech,
                                         .note = on_note,
                                         .data = live};
    g_autofree char *program = paths_helper("stretchvoice-sound");
    const struct output_options output = {settings->sound.device, program, settings->sound.rate, on_output,
                                          live};
    if (score_init(&live->score, &speech, error)) live->output = output_new(&output, error);
    if (live->output) return live;
    live_free(live);
    return NULL;
}

void live_speak(struct live *live)
{
    score_speak(&live->score, live->request->settings, live->request->voice);
}

void live_begin(struct live *live)
{
    const struct play_request *request = live->request;
    struct score *score = &live->score;
    score->options.seed = request->seed;
    score_write(score, request->routine);
    const struct session_parts parts = {score->planner, &score->script, &score->timing,
                                        &score->ops,    &score->tones,  score->bed};
    live->session = session_new(&parts);
    bool fast = g_str_has_prefix(request->settings->sound.device, "null:fast");
    live->feeder = (struct feeder){.unhurried = fast,
                                   .session = live->session,
                                   .ring = output_ring(live->output),
                                   .again = feed_again,
                                   .data = live};
    live->history = history_new(request, score->planner, live->listeners);
    state_init(&live->state, request->routine, request->state_directory);
    struct bookmark point;
    bool interrupted = state_recall(&live->state, request->settings, &point);
    live->left_step = interrupted && !request->resume ? point.place.step : -1;
    if (request->resume && interrupted) {
        if (request->level_given) point.effort = point.coming = effort_from_settings(request->settings);
        if (request->volume_given) point.volume = request->settings->sound.volume;
        session_resume_at(live->session, &point);
    } else if (request->resume) {
        listeners_note(live->listeners, "no interrupted session of this routine; from the beginning");
    }
    asleep_since(&live->asleep);
    live->others = others_new(live, request->settings, live->session, live->output);
    refill(live);
}

void live_settle(struct live *live)
{
    if (live) history_settle(live->history);
}

void live_free(struct live *live)
{
    if (!live) return;
    g_clear_handle_id(&live->stop_timer, g_source_remove);
    g_clear_handle_id(&live->remind_timer, g_source_remove);
    g_clear_handle_id(&live->voice_timer, g_source_remove);
    g_clear_handle_id(&live->hurry_timer, g_source_remove);
    feeder_finish(&live->feeder);
    g_clear_handle_id(&live->done_timer, g_source_remove);
    end_rest(live);
    history_free(live->history);
    others_free(live->others);
    session_free(live->session);
    output_free(live->output);
    score_finish(&live->score);
    state_finish(&live->state);
    diags_free(live->diags);
    listeners_free(live->listeners);
    g_array_unref(live->commands);
    g_free(live->device);
    g_free(live);
}

/* ---- looking ---- */

void live_status(const struct live *live, struct status *status)
{
    session_status(live->session, ring_taken(output_ring(live->output)), status);
    status->late = live->late;
}

char *live_here(const struct live *live)
{
    struct status status;
    live_status(live, &status);
    return session_here(live->session, status.frame);
}

/* With no output named, whatever plays is the default. */
void live_scene(struct live *live, const struct status *status, struct scene *scene)
{
    const struct script script = planner_script_at(live->score.planner, status->frame);
    bool named = *live->request->settings->sound.device != '\0';
    outline_look(&live->outline, &script, status->place.step);
    scene_look(scene, status, &script, &live->outline, named ? live_device(live) : NULL);
}

const char *live_left_at(const struct live *live)
{
    return live->left_step >= 0 ? live->request->routine->steps[live->left_step].title : NULL;
}

const char *live_device(const struct live *live)
{
    return live->lost ? NULL : output_device(live->output);
}

int live_chosen(const struct live *live)
{
    return session_chosen(live->session);
}

void live_unattended(struct live *live)
{
    session_unattended(live->session);
}

bool live_has_started(const struct live *live)
{
    return live->started || live->lost || live->waits_for_voice;
}

const struct play_request *live_request(const struct live *live)
{
    return live->request;
}

double live_step_seconds(const struct live *live, int step)
{
    return script_estimate_step(planner_script(live->score.planner), step);
}
