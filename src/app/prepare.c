#include "prepare.h"
#include "find.h"
#include "file/paths.h"
#include "plan/script.h"
#include "routine/parse.h"
#include <string.h>

enum {
    STORE_BUDGET = 8 << 20, /* bytes of clips kept for being said again */
    WAIT_MS = 1000,
};

void prepare_init(struct prepared *prepared, const struct options *options)
{
    *prepared = (struct prepared){.options = options, .messages = stderr, .diags = diags_new()};
    if (options->quiet) diags_mute_warnings(prepared->diags);
    interrupt_init(&prepared->interrupt);
}

void prepare_finish(struct prepared *prepared)
{
    planner_free(prepared->planner);
    speech_free(prepared->speech);
    tones_finish(&prepared->tones);
    voice_free(prepared->voice);
    routine_free(prepared->routine);
    settings_free(prepared->settings);
    diags_free(prepared->diags);
    interrupt_finish(&prepared->interrupt);
}

int prepare_report(struct prepared *prepared)
{
    bool invalid = diags_errors(prepared->diags) > 0;
    diags_print(prepared->diags, prepared->messages);
    return invalid ? EXIT_INVALID : EXIT_DONE;
}

/* ---- settings ---- */

static void read_files(struct prepared *prepared,
                       void (*read)(struct settings *settings, const char *path, struct diags *diags))
{
    const char *config = prepared->options->config;
    g_autoptr(GPtrArray) paths = paths_settings();
    if (config)
        read(prepared->settings, config, prepared->diags);
    else
        for (guint i = 0; i < paths->len; i++)
            read(prepared->settings, g_ptr_array_index(paths, i), prepared->diags);
}

static void set_option(struct prepared *prepared, const char *setting, const char *value, const char *option)
{
    if (!value) return;
    g_autofree char *assignment = g_strdup_printf("%s=%s", setting, value);
    settings_set(prepared->settings, assignment, option, prepared->diags);
}

void prepare_read_settings(struct prepared *prepared,
                           void (*read)(struct settings *settings, const char *path, struct diags *diags))
{
    const struct options *options = prepared->options;
    prepared->settings = settings_new();
    read_files(prepared, read);
    for (char **set = options->set; set && *set; set++) {
        g_autofree char *key = g_strndup(*set, strcspn(*set, "="));
        g_autofree char *option = g_strdup_printf("--set %s", key);
        settings_set(prepared->settings, *set, option, prepared->diags);
    }
    set_option(prepared, "voice.profile", options->voice, "--voice");
    set_option(prepared, "pace.level", options->level, "--level");
    set_option(prepared, "sound.device", options->device, "--device");
}

int prepare_settings(struct prepared *prepared)
{
    prepare_read_settings(prepared, settings_read);
    return prepare_report(prepared);
}

/* ---- speech ---- */

int prepare_speech(struct prepared *prepared, guint helpers)
{
    g_autofree char *program = paths_helper("stretchvoice-speech");
    g_autoptr(GError) error = NULL;
    prepared->speech = speech_new(program, helpers, &error);
    if (prepared->speech) return EXIT_DONE;
    fprintf(prepared->messages, "stretchvoice: no speech: %s\n", error->message);
    return EXIT_FAILED;
}

/* What cannot be said costs a chime and one line; the session goes on. */
static void failed(void *data, const char *text, int source, const char *why)
{
    struct prepared *prepared = data;
    g_autofree char *shown = diag_shown(text, 60);
    const struct diag_location place = {.path = source > 0 ? prepared->routine->path : prepared->voice->path,
                                        .line = source};
    diag_warning(prepared->diags, &place, "a chime takes the place of a sentence: %s ('%s')", why, shown);
    diags_print(prepared->diags, prepared->messages);
    if (prepared->said) prepared->said(prepared->data);
    prepared->problems++;
}

static void arrived(void *data)
{
    struct prepared *prepared = data;
    if (prepared->arrived) prepared->arrived(prepared->data);
}

static void begin_speaking(struct prepared *prepared, const struct preparing *preparing)
{
    const struct settings *settings = prepared->settings;
    const struct speech_options speech = {
        .rate = settings->sound.rate,
        .level = settings->voice.level,
        .chime = tones_chime_frames(settings->sound.rate),
        .budget = STORE_BUDGET,
        .ahead = MAX(preparing->ahead, 16),
        .lengths_only = preparing->lengths_only,
        .failed = failed,
        .arrived = arrived,
        .data = prepared,
    };
    speech_use(prepared->speech, prepared->voice, &speech);
}

/* ---- routine and voice ---- */

static void warn_of_language(struct prepared *prepared)
{
    const struct routine *routine = prepared->routine;
    const struct voice *voice = prepared->voice;
    if (voice_same_language(routine->language, voice->language)) return;
    const struct diag_location place = {.path = routine->path};
    diag_warning(prepared->diags, &place, "its language is %s, but the voice '%s' speaks %s",
                 routine->language, voice->name, voice->language);
}

/* The voice comes first, so that the helpers get it ready while the steps are read: there may be ten
 * thousand. */
int prepare_routine(struct prepared *prepared, const char *name, const struct preparing *preparing)
{
    g_autofree char *path = find_routine(name, prepared->diags);
    if (!path) return prepare_report(prepared);
    AUTO(ini) ini = ini_read(path, prepared->diags);
    g_autofree char *language = ini ? routine_language(ini) : g_strdup("en");
    prepared->voice = find_voice(prepared->settings, language, prepared->diags);
    if (preparing && prepared->voice) begin_speaking(prepared, preparing);
    if (ini) prepared->routine = routine_from_ini(ini, prepared->diags); /* with errors, only looked at */
    if (prepared->routine) plan_check_length(prepared->routine, prepared->settings, prepared->diags);
    if (prepared->routine && prepared->voice) warn_of_language(prepared);
    return prepare_report(prepared);
}

int prepare_try(const struct options *options, const char *name, FILE *messages)
{
    struct options quiet = *options; /* warnings come when it begins */
    quiet.quiet = true;
    struct prepared prepared;
    prepare_init(&prepared, &quiet);
    prepared.messages = messages;
    int code = prepare_settings(&prepared);
    if (code == EXIT_DONE) code = prepare_routine(&prepared, name, NULL);
    prepare_finish(&prepared);
    return code;
}

/* ---- the planner ---- */

static bool find_clip(void *data, const char *text, struct spoken *spoken)
{
    struct prepared *prepared = data;
    struct clip *clip = speech_find(prepared->speech, text);
    if (clip) *spoken = (struct spoken){clip->frames, clip->chime, clip};
    return clip != NULL;
}

static void drop_clip(void *data, struct clip *clip)
{
    (void)data;
    clip_unref(clip);
}

static void request_clip(void *data, const char *text, int source)
{
    struct prepared *prepared = data;
    speech_request(prepared->speech, text, source);
}

static void measure_tones(struct prepared *prepared)
{
    tones_init(&prepared->tones, prepared->settings);
    timing_from_settings(&prepared->timing, prepared->settings);
    for (int i = 0; i < N_CUE_TYPES; i++) prepared->timing.tone[i] = prepared->tones.cue[i].frames;
}

int prepare_planner(struct prepared *prepared, const struct preparing *preparing)
{
    const struct settings *settings = prepared->settings;
    measure_tones(prepared);
    prepared->mixer = (struct mixer){.tones = &prepared->tones, .gain = mixer_gain(settings->sound.volume)};
    prepared->script = script_of(prepared->routine, settings, prepared->voice);
    prepared->ops = (struct planner_ops){{prepared, find_clip, drop_clip}, request_clip};
    prepared->ahead = preparing->ahead;
    prepared->planner = planner_new(&prepared->script, &prepared->timing, &prepared->ops, preparing->ahead);
    return EXIT_DONE;
}

int prepare_all(struct prepared *prepared, const char *name, const struct preparing *preparing)
{
    int code = prepare_settings(prepared);
    if (code == EXIT_DONE) code = prepare_speech(prepared, preparing->helpers);
    if (code == EXIT_DONE) code = prepare_routine(prepared, name, preparing);
    if (code == EXIT_DONE) code = prepare_planner(prepared, preparing);
    return code;
}

int prepare_wait(struct prepared *prepared)
{
    speech_wait(prepared->speech, WAIT_MS);
    return prepared->interrupt.signal ? EXIT_SIGNAL + prepared->interrupt.signal : EXIT_DONE;
}

/* Each problem where the profile names what it is about. */
static void report_voice(struct prepared *prepared, const char *problems)
{
    g_auto(GStrv) lines = g_strsplit(problems, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *tab = strchr(*line, '\t');
        if (tab) *tab = '\0';
        const struct diag_location place = voice_location(prepared->voice, tab ? *line : NULL);
        diag_error(prepared->diags, &place, "%s", tab ? tab + 1 : *line);
    }
}

int prepare_voice_ready(struct prepared *prepared)
{
    int code = EXIT_DONE;
    while (code == EXIT_DONE && !speech_ready(prepared->speech)) code = prepare_wait(prepared);
    if (code != EXIT_DONE) return code;
    const char *problem = speech_problem(prepared->speech);
    if (!problem) return EXIT_DONE;
    if (speech_lost(prepared->speech)) {
        fprintf(prepared->messages, "stretchvoice: no speech: %s\n", problem);
        return EXIT_FAILED;
    }
    report_voice(prepared, problem);
    return prepare_report(prepared);
}

static int lay_out(struct prepared *prepared, struct planner *planner)
{
    int code = EXIT_DONE;
    while (code == EXIT_DONE && planner_run(planner, INT64_MAX) == PLANNER_WAITING)
        code = prepare_wait(prepared);
    return code;
}

int prepare_whole(struct prepared *prepared)
{
    int code = prepare_voice_ready(prepared);
    return code == EXIT_DONE ? lay_out(prepared, prepared->planner) : code;
}

int prepare_length(struct prepared *prepared, int64_t *frames)
{
    AUTO(planner)
    planner = planner_new(&prepared->script, &prepared->timing, &prepared->ops, prepared->ahead);
    struct timeline *timeline = planner_timeline(planner);
    enum planner_state state = PLANNER_AHEAD;
    int code = EXIT_DONE;
    /* A minute at a time, letting go of what is behind: a session may last a day. */
    while (code == EXIT_DONE && state != PLANNER_OVER) {
        state = planner_run(planner, timeline_final(timeline) + 60 * (int64_t)prepared->timing.rate);
        planner_forget(planner, timeline_final(timeline));
        if (state == PLANNER_WAITING) code = prepare_wait(prepared);
    }
    *frames = timeline_end(timeline);
    return code;
}
