#include "host_private.h"
#include "file/paths.h"
#include <string.h>

void host_finish(struct host *host, int code)
{
    if (host->over) return;
    host->over = true;
    if (code == EXIT_DONE) {
        session_end(host->session);
        memory_forget(&host->memory);
    }
    host->options.ops.over(host->options.data, code);
}

void host_note(struct host *host, const char *format, ...)
{
    if (host->prepared.options->quiet) return;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    host->options.ops.note(host->options.data, text);
}

void host_changed(struct host *host)
{
    struct status status;
    session_forget(host->session, ring_taken(output_ring(host->output)));
    host_status(host, &status);
    struct bookmark point;
    session_bookmark(host->session, &status, &point);
    if (!memory_note(&host->memory, &point))
        host_note(host, "where the session is cannot be written down, so --resume will not find it: see %s",
                  host->memory.path);
    host->options.ops.changed(host->options.data);
}

/* ---- speech ---- */

static void on_speech(void *data)
{
    struct host *host = data;
    if (host->over) return;
    if (speech_problem(host->prepared.speech)) {
        host_finish(host, prepare_voice_ready(&host->prepared));
        return;
    }
    if (!host->session || !speech_ready(host->prepared.speech)) return;
    bool first = !host->voice_ready;
    host->voice_ready = true;
    host_refill(host);
    if (first) host_begin_playing(host);
}

static void on_message(void *data)
{
    struct host *host = data;
    host->options.ops.note(host->options.data, NULL);
}

static void on_signal(void *data)
{
    struct host *host = data;
    host_finish(host, EXIT_SIGNAL + host->prepared.interrupt.signal);
}

/* ---- a session from its beginning to its end ---- */

/* On the command line, and so meant for this time. */
static bool is_given(const struct host *host, const char *section, const char *key)
{
    const char *path = settings_location(host->prepared.settings, section, key).path;
    return path && g_str_has_prefix(path, "--");
}

static void resume_at(struct host *host, struct bookmark *point)
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
    struct bookmark point;
    memory_init(&host->memory, prepared->routine);
    if (host->options.resume && memory_recall(&host->memory, &point))
        resume_at(host, &point);
    else if (host->options.resume)
        host_note(host, "no interrupted session of this routine; from the beginning");
    sleep_watch_init(&host->sleep);
    host_refill(host);
}

static bool begin_sound(struct host *host)
{
    const struct settings *settings = host->prepared.settings;
    g_autofree char *program = paths_helper("stretchvoice-sound");
    const struct output_options output = {settings->sound.device, program, settings->sound.rate,
                                          host_on_output, host};
    g_autoptr(GError) error = NULL;
    host->output = output_new(&output, &error);
    if (!host->output) fprintf(host->options.messages, "stretchvoice: %s\n", error->message);
    return host->output != NULL;
}

/* Both helper programs are started as soon as can be. No more is spoken meanwhile than is heard first: the
 * rest would hold up the output. */
static int begin(struct host *host)
{
    struct prepared *prepared = &host->prepared;
    int code = prepare_settings(prepared);
    if (code == EXIT_DONE) code = prepare_speech(prepared, 1);
    if (code != EXIT_DONE) return code;
    if (!begin_sound(host)) return EXIT_FAILED;
    const struct preparing preparing = {.helpers = 1, .ahead = 1};
    code = prepare_routine(prepared, host->options.name, &preparing);
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
    host->commands = g_array_new(FALSE, FALSE, sizeof(struct command));
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
    if (host->tell_timer) g_source_remove(host->tell_timer);
    host_end_rest(host);
    session_free(host->session);
    output_free(host->output);
    prepare_finish(&host->prepared);
    memory_finish(&host->memory);
    g_array_unref(host->commands);
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
