#include "load.h"
#include "find.h"
#include "find_music.h"
#include "print.h"
#include "base/ini.h"
#include "config/language.h"
#include "file/cuefile.h"
#include "file/paths.h"
#include "plan/script.h"
#include "routine/lint.h"
#include "routine/parse.h"
#include "routine/select.h"
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

void load_init(struct loaded *loaded, const struct options *options)
{
    *loaded = (struct loaded){.options = options, .diags = diags_new()};
    if (options->quiet) diags_mute_warnings(loaded->diags);
    diags_color(loaded->diags, options_color(options, STDERR_FILENO));
    interrupt_init(&loaded->interrupt);
}

void load_finish(struct loaded *loaded)
{
    today_finish(&loaded->today);
    if (loaded->inis) g_ptr_array_unref(loaded->inis);
    voice_free(loaded->voice);
    routine_free(loaded->routine);
    settings_free(loaded->settings);
    diags_free(loaded->diags);
    interrupt_finish(&loaded->interrupt);
}

int load_report(struct loaded *loaded)
{
    bool invalid = diags_errors(loaded->diags) > 0;
    diags_print(loaded->diags, stderr);
    return invalid ? EXIT_INVALID : EXIT_DONE;
}

int load_complain(struct loaded *loaded, const GError *error)
{
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return EXIT_SIGNAL + loaded->interrupt.signal;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE)) return EXIT_SIGNAL + SIGPIPE;
    if (g_error_matches(error, LIVE_ERROR, LIVE_ERROR_VOICE)) return load_report(loaded);
    if (g_error_matches(error, LIVE_ERROR, LIVE_ERROR_LENGTH)) return load_report(loaded);
    return print_error(error);
}

/* ---- settings ---- */

static void set_option(struct loaded *loaded, const char *setting, const char *value, const char *option)
{
    if (!value) return;
    g_autofree char *assignment = g_strdup_printf("%s=%s", setting, value);
    settings_set(loaded->settings, assignment, option, loaded->diags);
}

void load_settings_with(struct loaded *loaded,
                        void (*read)(struct settings *settings, const char *path, struct diags *diags))
{
    const struct options *options = loaded->options;
    loaded->settings = settings_new();
    g_autoptr(GPtrArray) paths = options->config ? g_ptr_array_new() : paths_settings();
    if (options->config) g_ptr_array_add(paths, options->config);
    for (guint i = 0; i < paths->len; i++) read(loaded->settings, g_ptr_array_index(paths, i), loaded->diags);
    for (char **set = options->set; set && *set; set++) {
        g_autofree char *key = g_strndup(*set, strcspn(*set, "="));
        g_autofree char *option = g_strdup_printf("--set %s", key);
        settings_set(loaded->settings, *set, option, loaded->diags);
    }
    set_option(loaded, "voice.profile", options->voice, "--voice");
    set_option(loaded, "voice.language", options->language, "--language");
    set_option(loaded, "pace.level", options->level, "--level");
    set_option(loaded, "pace.duration", options->duration, "--duration");
    set_option(loaded, "sound.device", options->device, "--device");
    set_option(loaded, "listen.mode", options->listen, "--listen");
    set_option(loaded, "music.file", options->music, "--music");
    if (options->mono) loaded->settings->sound.sides = false; /* a channel alone has none */
    cuefiles_read(loaded->settings, loaded->diags);
}

int load_settings(struct loaded *loaded)
{
    load_settings_with(loaded, settings_read);
    return load_report(loaded);
}

/* ---- routine and voice ---- */

void load_compare_languages(const struct routine *routine, const struct voice *voice, struct diags *diags)
{
    const struct diag_location place = {.path = routine->path};
    g_autofree char *spoken = language_spoken(routine->language);
    if (!language_same(routine->language, voice->language))
        diag_warning(diags, &place, "its language is %s, but the voice '%s' speaks %s (%s)",
                     routine->language, voice->name, voice->language,
                     spoken ? "without --voice and voice.profile, a voice of its language speaks"
                            : "espeak-ng does not know that language; --voice names another voice");
    else if (!voice_has_phrases(voice) && !language_same(voice->language, "en"))
        diag_warning(diags, &place,
                     "the program's own phrases are English, since no voice profile is in its language "
                     "(copy voices/en.ini as voices/%s.ini and translate it)",
                     voice->language);
}

void load_lint(const struct routine *routine, const struct ini *ini, const struct settings *settings,
               const struct voice *voice, struct diags *diags)
{
    const bool same = language_same(routine->language, voice->language);
    const struct lint_voice words = {
        .right = same ? voice->phrases[PHRASE_RIGHT] : NULL,
        .left = same ? voice->phrases[PHRASE_LEFT] : NULL,
        .rate = voice->rate,
        .sentence_s = settings->pace.sentence_ms / 1000.0,
        .sentences = voice_sentence_rules(voice),
    };
    routine_lint(routine, ini, &words, diags);
}

void load_print_warnings(const char *what, guint warnings)
{
    if (!warnings) return;
    g_autofree char *shown = diag_shown(what, PATH_MAX);
    fprintf(stderr, "%s: %u warning%s; 'stretchvoice check' names %s\n", shown, warnings,
            warnings == 1 ? "" : "s", warnings == 1 ? "it" : "them");
}

static void count_warnings(const struct loaded *loaded, const struct routine *routine, const struct ini *ini)
{
    AUTO(diags) diags = diags_new();
    load_lint(routine, ini, loaded->settings, loaded->voice, diags);
    load_print_warnings(routine->path, diags_warnings(diags));
}

struct names load_names(const struct options *options, guint n)
{
    return (struct names){(const char *const *)options->arguments->pdata, n};
}

static void free_ini(gpointer ini)
{
    ini_free(ini);
}

bool load_voice(struct loaded *loaded, struct names names)
{
    loaded->inis = g_ptr_array_new_with_free_func(free_ini);
    for (guint i = 0; i < names.n; i++) {
        g_autofree char *path = find_routine(names.name[i], loaded->settings, loaded->diags);
        struct ini *ini = path ? ini_read(path, loaded->diags) : NULL;
        if (ini) g_ptr_array_add(loaded->inis, ini);
    }
    if (loaded->inis->len == 0) return false;
    g_autofree char *language = routine_language(loaded->inis->pdata[0]);
    loaded->voice = find_voice(loaded->settings, language, loaded->diags);
    return loaded->voice != NULL;
}

static struct routine *read_routine(const struct loaded *loaded, const struct ini *ini)
{
    struct routine *routine = routine_from_ini(ini, loaded->diags);
    plan_check_length(routine, loaded->settings, loaded->diags);
    if (loaded->voice) load_compare_languages(routine, loaded->voice, loaded->diags);
    if (loaded->counts_warnings && loaded->voice && diags_errors(loaded->diags) == 0)
        count_warnings(loaded, routine, ini);
    return routine;
}

/* That of the first routine that has some. */
static void take_music(const struct loaded *loaded, const GPtrArray *routines)
{
    guint i = routines->len - 1;
    for (guint other = i; other-- > 0;)
        if (((const struct routine *)routines->pdata[other])->music.template) i = other;
    find_music(loaded->settings, routines->pdata[i], loaded->diags);
}

static void free_routine(gpointer routine)
{
    routine_free(routine);
}

/* Of one file whose steps are all wanted, nothing is changed. `routines` is taken. */
static struct routine *session_of(struct loaded *loaded, GPtrArray *routines)
{
    const struct options *options = loaded->options;
    const struct selection selection = {.from = options->from_step,
                                        .only = options->only,
                                        .skip = options->skip,
                                        .shuffle = options->shuffle,
                                        .seed = score_seed(options->seed)};
    if (routines->len == 1 && selection_is_all(&selection)) {
        g_ptr_array_set_free_func(routines, NULL);
        struct routine *routine = routines->pdata[0];
        g_ptr_array_unref(routines);
        return routine;
    }
    struct routine *routine = routine_join(routines);
    g_autoptr(GArray) steps = routine_select(routine, &selection, loaded->diags);
    if (steps) routine_keep(routine, steps);
    if (steps && routines->len > 1) plan_check_length(routine, loaded->settings, loaded->diags);
    return routine;
}

int load_routine(struct loaded *loaded)
{
    g_autoptr(GPtrArray) routines = g_ptr_array_new_with_free_func(free_routine);
    for (guint i = 0; i < loaded->inis->len; i++)
        g_ptr_array_add(routines, read_routine(loaded, loaded->inis->pdata[i]));
    if (routines->len > 0) take_music(loaded, routines);
    g_clear_pointer(&loaded->inis, g_ptr_array_unref);
    if (diags_errors(loaded->diags) == 0) loaded->routine = session_of(loaded, g_steal_pointer(&routines));
    return load_report(loaded);
}

int load_session(struct loaded *loaded, struct names names)
{
    int code = load_settings(loaded);
    if (code != EXIT_DONE) return code;
    load_voice(loaded, names);
    return load_routine(loaded);
}

static void print_warning(void *data)
{
    load_report(data);
}

bool load_is_given(const struct settings *settings, const char *section, const char *key)
{
    const char *path = settings_location(settings, section, key).path;
    return path && g_str_has_prefix(path, "--");
}

static void look_at_history(struct loaded *loaded, struct score *score)
{
    const struct today_options options = {.settings = loaded->settings,
                                          .voice = loaded->voice,
                                          .routine = loaded->routine,
                                          .opening = score->options.opening,
                                          .steps_named = loaded->options->only,
                                          .level_given = load_is_given(loaded->settings, "pace", "level"),
                                          .is_fitted = loaded->settings->pace.duration_s > 0};
    today_init(&loaded->today, &options);
    score->options.today = &loaded->today;
}

int load_score(struct loaded *loaded, struct names names, struct score *score, struct score_options options)
{
    g_autoptr(GError) error = NULL;
    *score = (struct score){0};
    options.diags = loaded->diags;
    options.cancel = &loaded->interrupt.signal;
    options.failed = print_warning;
    options.data = loaded;
    int code = load_settings(loaded);
    if (code != EXIT_DONE) return code;
    if (!score_init(score, &options, &error)) return load_complain(loaded, error);
    if (load_voice(loaded, names)) score_speak(score, loaded->settings, loaded->voice);
    code = load_routine(loaded);
    if (code != EXIT_DONE) return code;
    if (loaded->options->today) look_at_history(loaded, score);
    score_write(score, loaded->routine);
    if (loaded->settings->pace.duration_s == 0 || score_fit(score, &error)) return EXIT_DONE;
    return load_complain(loaded, error);
}
