#include "live_private.h"
#include "asleep.h"
#include "file/paths.h"
#include "routine/select.h"
#include <string.h>

enum {
    FIRST = 1,           /* sentences asked for before the device plays: the rest would hold it up */
    HURRY_MS = 100,      /* the words that answer a command may take so long before the session goes on, */
    DONE_MS = 1000,      /* and the command counts as done all the same after so long */
    STOP_MS = 500,       /* a frozen sound server is not waited for */
    LAST_WORD_MS = 3500, /* to be heard, also on a device that is to be opened */
    REMIND_S = 20,       /* between two soft sounds that say that the session waits; */
    HEARD_MS = 2500,     /* while it waits for a voice */
};

static void end_voice_wait(struct live *live);
static void look_for_wait(struct live *live, const struct status *status);

/* ---- listeners ---- */

void live_listen(struct live *live, const struct listener *listener)
{
    listeners_add(live->listeners, listener);
}

/* Takes the error. Only the first call counts. */
void live_finish(struct live *live, GError *error)
{
    if (live->over) {
        g_clear_error(&error);
        return;
    }
    live->over = true;
    history_over(live->history, live->session ? session_rating(live->session) : RATING_NONE);
    if (!error) {
        session_end(live->session);
        state_forget(&live->state);
    }
    g_clear_pointer(&live->ear, ear_free);
    listeners_over(live->listeners, error);
    g_clear_error(&error);
}

static void pass_answer(struct live *live, guint number)
{
    g_autofree char *words = session_take_answer(live->session);
    if (words) listeners_answer(live->listeners, number, words);
}

/* Makes one status for all listeners. */
void live_end_turn(struct live *live)
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
    if (!live->feeder.unhurried) until_look(live->until, &status);
    session_forget(live->session, ring_taken(output_ring(live->output)));
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
    device_take(live);
    live_refill(live);
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
    live_finish(live, NULL);
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
    device_end_rest(live); /* its answer is not cut off */
    session_set_time(live->session, g_get_monotonic_time(), g_get_real_time());
    if (command.id == COMMAND_LISTEN && !ear_listen(live->ear))
        session_refuse_listening(live->session);
    else
        session_command(live->session, command);
    struct leaving leaving;
    if (session_take_leaving(live->session, &leaving)) history_leave_out(live->history, &leaving);
    if (session_hurts(live->session) && live->today.asks_hurt) {
        progress_answer(&live->today.day, true);
        live->today.asks_hurt = false;
    }
    until_command(live->until);
    if (live_chosen(live) >= 0) stop_soon(live);
    device_take(live);
}

/* The flush has been answered: all that waits for it happens now, at the frame that was heard last, in the
 * order of its arrival. */
void live_apply_all(struct live *live)
{
    uint64_t heard;
    if (!ring_flushed(output_ring(live->output), &heard)) return;
    session_rewind(live->session, heard);
    history_heard(live->history, live->session, heard);
    if (live->voice_due) end_voice_wait(live);
    ear_apply(live->ear);
    if (live->commands->len > 0) asleep_since(&live->asleep); /* a command means that the user is awake */
    if (live->slept) session_pause(live->session, PHRASE_SLEPT);
    live->slept = false;
    if (live->carried) device_follow_sink(live);
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
    live_refill(live);
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
    live_finish(live, g_error_new_literal(LIVE_ERROR, LIVE_ERROR_INTERRUPTED, "interrupted"));
}

/* ---- feeding the ring ---- */

static void feed(struct live *live)
{
    if ((live->voice_ready || live->waits_for_voice) && !live->released) feeder_fill(&live->feeder);
}

void live_refill(struct live *live)
{
    feed(live);
    look_for_done(live);
}

static void feed_again(void *data)
{
    live_refill(data);
}

/* If both the device and the voice are ready. */
void live_start(struct live *live)
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

gboolean live_begin_voice_wait(gpointer data)
{
    struct live *live = data;
    live->voice_timer = 0;
    live->waits_for_voice = true;
    session_await_voice(live->session, true);
    live_refill(live);
    live_end_turn(live);
    return G_SOURCE_REMOVE;
}

static void end_voice_wait(struct live *live)
{
    live->waits_for_voice = live->voice_due = false;
    live->voice_ready = true;
    g_clear_handle_id(&live->remind_timer, g_source_remove);
    session_await_voice(live->session, false);
    history_written(live->history);
    live_start(live);
}

void live_speech(void *data)
{
    struct live *live = data;
    g_autoptr(GError) error = NULL;
    if (live->over || !live->session) return;
    const bool usable = score_check(&live->score, &error),
               fits = usable && score_fits(&live->score, &error) && until_begin(live->until);
    if (usable && !fits && !error) return;
    if (error) {
        listeners_problems(live->listeners, live->diags);
        live_finish(live, g_steal_pointer(&error));
        return;
    }
    const bool now = live->device_ready && !live->feeder.unhurried;
    if (live->voice_ready ? !speech_ready(live->score.speech) : !score_can_begin(&live->score, now)) return;
    if (live->waits_for_voice) { /* and perhaps says so just now */
        live->voice_due = true;
        output_flush(live->output);
        return;
    }
    bool first = !live->voice_ready;
    live->voice_ready = true;
    if (first) history_written(live->history);
    live_refill(live);
    if (first) live_start(live);
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
    const bool measures = settings->pace.duration_s > 0; /* all of it is spoken before it begins */
    const struct score_options speech = {.helpers = measures ? g_get_num_processors() : 1,
                                         .ahead = FIRST,
                                         .diags = live->diags,
                                         .failed = on_chime,
                                         .arrived = live_speech,
                                         .note = on_note,
                                         .data = live};
    g_autofree char *program = paths_helper("stretchvoice-sound");
    const struct output_options output = {settings->sound.device, program, settings->sound.rate, device_event,
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

/* Its sound takes no time, so nothing can be answered in it. */
static bool is_fast(const struct settings *settings)
{
    return g_str_has_prefix(settings->sound.device, "null:fast");
}

/* Its length chooses its level. */
static bool is_fitted(const struct play_request *request)
{
    return request->settings->pace.duration_s > 0 || request->until > 0;
}

static void look_at_history(struct live *live)
{
    const struct play_request *request = live->request;
    const struct today_options options = {.settings = request->settings,
                                          .voice = request->voice,
                                          .routine = request->routine,
                                          .opening = request->opening,
                                          .data_directory = request->data_directory,
                                          .steps_named = request->steps_named,
                                          .level_given = request->level_given,
                                          .is_fitted = is_fitted(request),
                                          .attended = request->attended && !is_fast(request->settings),
                                          .resumed = request->resume};
    today_init(&live->today, &options);
}

void live_begin(struct live *live)
{
    const struct play_request *request = live->request;
    struct score *score = &live->score;
    score->options.seed = request->seed;
    score->options.until = request->until;
    score->options.out = request->out;
    look_at_history(live);
    score->options.today = &live->today;
    score_write(score, request->routine);
    const struct session_parts parts = {score->planner, &score->script, &score->timing,
                                        &score->ops,    &score->tones,  score->bed};
    live->session = session_new(&parts);
    bool fast = is_fast(request->settings);
    live->feeder = (struct feeder){.unhurried = fast,
                                   .session = live->session,
                                   .ring = output_ring(live->output),
                                   .again = feed_again,
                                   .data = live};
    live->history = history_new(request, &live->today, score->planner, live->listeners);
    state_init(&live->state, request->routine, request->state_directory);
    struct bookmark point;
    bool interrupted = state_recall(&live->state, request->settings, &point);
    live->left_step = interrupted && !request->resume ? point.place.step : -1;
    if (request->resume && interrupted) {
        const struct effort given = effort_from_settings(request->settings);
        if (request->level_given) point.effort.level = point.coming.level = given.level;
        if (request->hold_given) point.effort.hold = point.coming.hold = given.hold;
        if (request->volume_given) point.volume = request->settings->sound.volume;
        score->fitted = true; /* it goes on as it was */
        session_resume_at(live->session, &point);
    } else if (request->resume) {
        listeners_note(live->listeners, "no interrupted session of this routine; from the beginning");
    }
    live->until = until_new(score, live->session);
    asleep_since(&live->asleep);
    live->others = others_new(live->listeners, request->settings, live->session, live->output);
    const struct ear_options ear = {request->settings, request->voice, live->listeners,
                                    live->session,     live->output,   live};
    live->ear = ear_new(&ear);
    live_refill(live);
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
    device_end_rest(live);
    history_free(live->history);
    others_free(live->others);
    ear_free(live->ear);
    until_free(live->until);
    session_free(live->session);
    output_free(live->output);
    score_finish(&live->score);
    state_finish(&live->state);
    today_finish(&live->today);
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
    if (status->listens == LISTENS_NO && ear_is_open(live->ear)) status->listens = LISTENS_FOR_WAKE;
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

/* Those that are left out have no number; but one that is to be played again has that of the file. */
char *live_find_step(const struct live *live, struct command *command)
{
    const struct script *script = planner_script(live->score.planner);
    const GByteArray *out = command->id == COMMAND_UNSKIP ? NULL : script->out;
    if (!command->name) return NULL;
    command->step = step_find(script->routine, out, command->name);
    char *problem =
        command->step < 0 ? step_problem(script->routine, out, command->name, command->step) : NULL;
    command->name = NULL; /* it is not ours */
    return problem;
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
