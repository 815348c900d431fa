#include "app/play.h"
#include "app/verbs.h"
#include "file/paths.h"

enum {
    BLOCK = 4096,   /* frames pulled at once */
    AHEAD = 8,      /* lines that are asked for in advance: half a minute, and little to wait behind after a jump */
    HURRY_MS = 100, /* for the words that answer a command to be spoken */
    STOP_MS = 500,  /* for the last fade to be heard; a frozen sound server is not waited for */
};

/* ---- feeding the ring ---- */

static void refill(struct play *play)
{
    static int16_t block[2 * BLOCK];
    struct ring *ring = output_ring(play->output);
    uint32_t space;
    while ((space = ring_space(ring)) > 0) {
        int n = session_pull(play->session, block, (int)MIN(space, BLOCK));
        if (n == 0) break;
        ring_write(ring, block, (uint32_t)n);
    }
    if (session_over(play->session))
        ring_end(ring);
    else if (session_resting(play->session))
        ring_rest(ring);
}

void play_quit(struct play *play, int code)
{
    if (play->code == EXIT_DONE) play->code = code;
    g_main_loop_quit(play->loop);
}

static gboolean stop_waiting(gpointer data)
{
    struct play *play = data;
    play->stop_timer = 0;
    g_main_loop_quit(play->loop);
    return G_SOURCE_REMOVE;
}

/* ---- commands ---- */

/* The words for a command are late: the session does not wait for them. */
static gboolean stop_hurrying(gpointer data)
{
    struct play *play = data;
    play->hurry_timer = 0;
    session_unhurry(play->session);
    refill(play);
    return G_SOURCE_REMOVE;
}

/* Applied at the frame that was heard last, in the order in which they came. */
static void apply_commands(struct play *play)
{
    uint64_t heard;
    if (!ring_flushed(output_ring(play->output), &heard)) return;
    session_rewind(play->session, heard);
    for (guint i = 0; i < play->orders->len; i++)
        session_command(play->session, g_array_index(play->orders, struct order, i));
    g_array_set_size(play->orders, 0);
    refill(play);
    if (session_hurried(play->session) && play->hurry_timer == 0) play->hurry_timer = g_timeout_add(HURRY_MS, stop_hurrying, play);
    play_show(play);
}

void play_command(struct play *play, struct order order)
{
    g_array_append_val(play->orders, order);
    if (order.command == COMMAND_STOP && play->stop_timer == 0) play->stop_timer = g_timeout_add(STOP_MS, stop_waiting, play);
    output_flush(play->output);
}

/* ---- what the output tells ---- */

static void lose_sound(struct play *play)
{
    uint64_t heard;
    if (ring_flushed(output_ring(play->output), &heard)) session_rewind(play->session, heard);
    session_lost(play->session, true);
    const char *why = output_problem(play->output);
    if (!play->prepared.options->quiet)
        play_note(play, "sound lost%s%s; waiting for it", why ? ": " : "", why ? why : "");
}

static void no_output(struct play *play)
{
    const char *why = output_problem(play->output);
    const char *name = g_ptr_array_index(play->prepared.options->arguments, 0);
    g_autofree char *shown = diag_shown(name, 200), *base = g_path_get_basename(shown);
    if (g_str_has_suffix(base, ".ini")) base[strlen(base) - 4] = '\0';
    play_note(play, "no audio output%s%s; 'stretchvoice render %s %s.flac' makes a file of the same session", why ? ": " : "",
              why ? why : "", shown, base);
    play_quit(play, EXIT_NO_OUTPUT);
}

static void started(struct play *play)
{
    play->started = true;
    if (play->prepared.options->verbose)
        play_note(play, "sound: %s, %d frames of latency, ready after %.0f ms", output_device(play->output),
                  output_latency(play->output), (double)(g_get_monotonic_time() - play->begun) / 1000);
}

static void on_event(void *data, enum output_event event)
{
    struct play *play = data;
    switch (event) {
    case OUTPUT_STARTED: started(play); break;
    case OUTPUT_NONE: no_output(play); return;
    case OUTPUT_LOST: lose_sound(play); break;
    case OUTPUT_BACK: session_lost(play->session, false); break;
    case OUTPUT_FLUSHED: apply_commands(play); break;
    case OUTPUT_LOW: break;
    case OUTPUT_DRAINED: play_quit(play, EXIT_DONE); return;
    }
    if (!play->session) return;
    refill(play);
    play_show(play);
}

/* ---- speech ---- */

static void on_speech(void *data)
{
    struct play *play = data;
    if (speech_problem(play->prepared.speech))
        play_quit(play, prepare_voice_ready(&play->prepared));
    else if (play->session)
        refill(play);
}

static void on_signal(void *data)
{
    struct play *play = data;
    play_quit(play, EXIT_SIGNAL + play->prepared.interrupt.signal);
}

/* ---- a session from its beginning to its end ---- */

/* Both helper programs are started before the routine is read: opening a device takes longest. */
static int begin(struct play *play, const char *name)
{
    struct prepared *prepared = &play->prepared;
    int code = prepare_settings(prepared);
    if (code != EXIT_DONE) return code;
    g_autofree char *program = paths_helper("stretchvoice-sound");
    const struct output_options output = {prepared->settings->sound.device, program, prepared->settings->sound.rate, on_event, play};
    play->output = output_new(&output);
    code = prepare_speech(prepared, 1);
    if (code == EXIT_DONE) code = prepare_routine(prepared, name);
    const struct preparing preparing = {.helpers = 1, .ahead = AHEAD};
    return code == EXIT_DONE ? prepare_planner(prepared, &preparing) : code;
}

static void run(struct play *play)
{
    const struct prepared *prepared = &play->prepared;
    const struct session_parts parts = {prepared->planner, &prepared->script, &prepared->timing, &prepared->ops, &prepared->tones};
    play->session = session_new(&parts);
    play_show_begin(play);
    refill(play);
    if (prepared->interrupt.signal) on_signal(play);
    else g_main_loop_run(play->loop);
    play_show(play);
    play_show_end(play);
}

int verb_play(const struct options *options)
{
    struct play play = {.begun = g_get_monotonic_time()};
    prepare_init(&play.prepared, options);
    play.loop = g_main_loop_new(NULL, FALSE);
    play.orders = g_array_new(FALSE, FALSE, sizeof(struct order));
    play.prepared.arrived = on_speech;
    play.prepared.speaking = play_show_fresh;
    play.prepared.interrupt.came = on_signal;
    play.prepared.data = play.prepared.interrupt.data = &play;

    play.code = begin(&play, g_ptr_array_index(options->arguments, 0));
    if (play.code == EXIT_DONE) run(&play);

    if (play.stop_timer) g_source_remove(play.stop_timer);
    if (play.hurry_timer) g_source_remove(play.hurry_timer);
    session_free(play.session);
    output_free(play.output);
    prepare_finish(&play.prepared);
    g_array_unref(play.orders);
    g_main_loop_unref(play.loop);
    return play.code;
}
