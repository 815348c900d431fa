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
    ini_free(loaded->ini);
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

static void count_warnings(const struct loaded *loaded)
{
    AUTO(diags) diags = diags_new();
    load_lint(loaded->routine, loaded->ini, loaded->settings, loaded->voice, diags);
    load_print_warnings(loaded->routine->path, diags_warnings(diags));
}

bool load_voice(struct loaded *loaded, const char *name)
{
    g_autofree char *path = find_routine(name, loaded->settings, loaded->diags);
    if (!path) return false;
    loaded->ini = ini_read(path, loaded->diags);
    g_autofree char *language = loaded->ini ? routine_language(loaded->ini) : g_strdup("en");
    loaded->voice = find_voice(loaded->settings, language, loaded->diags);
    return loaded->voice != NULL;
}

int load_routine(struct loaded *loaded)
{
    if (loaded->ini) loaded->routine = routine_from_ini(loaded->ini, loaded->diags);
    if (loaded->routine) plan_check_length(loaded->routine, loaded->settings, loaded->diags);
    if (loaded->routine) find_music(loaded->settings, loaded->routine, loaded->diags);
    if (loaded->routine && loaded->voice)
        load_compare_languages(loaded->routine, loaded->voice, loaded->diags);
    if (loaded->counts_warnings && loaded->routine && loaded->voice && diags_errors(loaded->diags) == 0)
        count_warnings(loaded);
    g_clear_pointer(&loaded->ini, ini_free);
    return load_report(loaded);
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
                                          .level_given = load_is_given(loaded->settings, "pace", "level")};
    today_init(&loaded->today, &options);
    score->options.today = &loaded->today;
}

int load_score(struct loaded *loaded, const char *name, struct score *score, struct score_options options)
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
    if (load_voice(loaded, name)) score_speak(score, loaded->settings, loaded->voice);
    code = load_routine(loaded);
    if (code != EXIT_DONE) return code;
    if (loaded->options->today) look_at_history(loaded, score);
    score_write(score, loaded->routine);
    if (loaded->settings->pace.duration_s == 0 || score_fit(score, &error)) return EXIT_DONE;
    return load_complain(loaded, error);
}
