#include "find.h"
#include "find_music.h"
#include "load.h"
#include "recordings.h"
#include "subcommands.h"
#include "base/ini.h"
#include "base/name.h"
#include "config/language.h"
#include "file/cuefile.h"
#include "file/paths.h"
#include "plan/script.h"
#include "routine/compare.h"
#include "routine/parse.h"
#include <limits.h>
#include <string.h>
#include <unistd.h>

enum file_kind { FILE_ROUTINE, FILE_VOICE, FILE_SETTINGS };

struct checking {
    struct loaded loaded; /* the settings in force, and where the problems go */
    GHashTable *seen;     /* files that have been read, so that nothing is reported twice */
    struct recordings *recordings;
    char *note;  /* on the file, a line that is neither a problem nor a warning; NULL: none */
    char *found; /* what the file has, or NULL: "6 steps, about 11 minutes" */
    bool asked;  /* the files that are checked now have been asked for */
    bool quiet;  /* only problems and warnings */
    bool all;    /* no file is named */
    int code;
};

/* ---- which kind a file is ---- */

static const struct ini_section *section_at(const struct ini *ini, guint i)
{
    return &g_array_index(ini->sections, struct ini_section, i);
}

/* The first section with this name, or nearly this name. */
static const struct ini_section *find_nearly(const struct ini *ini, const char *name)
{
    const char *const names[] = {name, NULL};
    for (guint i = 0; i < ini->sections->len; i++)
        if (diag_nearest(section_at(ini, i)->name, names)) return section_at(ini, i);
    return NULL;
}

/* Only steps and moves have the key "say", whatever their names. */
static bool is_routine(const struct ini *ini)
{
    bool says = false;
    for (guint i = 0; i < ini->sections->len && !says; i++) says = ini_entry(section_at(ini, i), "say");
    return says || find_nearly(ini, "routine");
}

/* Settings have a [voice] too, but without these keys; a single one may be a mistake beside sections that
 * only settings have. */
static bool is_voice(const struct ini *ini)
{
    static const char *const keys[] = {"base", "engine", "voice", NULL};
    g_autofree const char **names = settings_sections();
    if (find_nearly(ini, "phrases")) return true;
    for (guint i = 0; i < ini->sections->len; i++) {
        const char *name = section_at(ini, i)->name;
        if (strcmp(name, "voice") != 0 && g_strv_contains(names, name)) return false;
    }
    const struct ini_section *voice = find_nearly(ini, "voice");
    for (const char *const *key = keys; voice && *key; key++)
        if (ini_entry(voice, *key)) return true;
    return false;
}

static bool is_settings(const struct ini *ini)
{
    g_autofree const char **names = settings_sections();
    guint nearly = 0;
    for (guint i = 0; i < ini->sections->len; i++) {
        if (g_strv_contains(names, section_at(ini, i)->name)) return true;
        nearly += diag_nearest(section_at(ini, i)->name, names) != NULL;
    }
    return nearly > 0 && nearly == ini->sections->len;
}

/* By its content, even if a section is only nearly right; if that does not tell, by its name and directory.
 */
static enum file_kind file_kind(const char *path)
{
    AUTO(diags) unused = diags_new(); /* the reader of that kind reports the problems */
    AUTO(ini) ini = ini_read(path, unused);
    g_autofree char *whole = g_canonicalize_filename(path, NULL), *name = g_path_get_basename(whole),
                    *parent = g_path_get_dirname(whole);
    if (ini && is_routine(ini)) return FILE_ROUTINE;
    if (strcmp(name, "stretchvoice.ini") == 0) return FILE_SETTINGS;
    if ((ini && is_voice(ini)) || g_str_has_suffix(parent, "/voices")) return FILE_VOICE;
    return ini && is_settings(ini) ? FILE_SETTINGS : FILE_ROUTINE;
}

/* ---- what all checks share ---- */

/* Keeps the highest code; a signal's is higher than any problem's. */
static void note(struct checking *checking, int code)
{
    checking->code = MAX(checking->code, code);
}

static bool is_new(struct checking *checking, const char *path)
{
    return g_hash_table_add(checking->seen, g_canonicalize_filename(path, NULL));
}

static void check_file(struct checking *checking, enum file_kind kind, const char *path);

/* ---- the three kinds ---- */

static char *count(int n, const char *what)
{
    return g_strdup_printf("%d %s%s", n, what, n == 1 ? "" : "s");
}

static void note_contents(struct checking *checking, const struct routine *routine, const struct voice *voice)
{
    const struct script script = script_of(routine, checking->loaded.settings, voice);
    g_autofree char *steps = count(routine->n_steps, "step"),
                    *minutes = count(MAX(1, (int)(script_estimate(&script) / 60 + 0.5)), "minute");
    checking->found = g_strdup_printf("%s, about %s, ", steps, minutes);
}

/* How much of it is recorded, for those who are recording it; nothing if `spoken` is negative. */
static void note_recordings(struct checking *checking, const char *path, int spoken, int all)
{
    g_autofree char *shown = diag_shown(path, PATH_MAX);
    if (spoken < 0 || !checking->asked) return;
    checking->note = g_strdup_printf("%s: %d of %d sentences are still spoken by the voice%s", shown, spoken,
                                     all, spoken > 0 ? "; 'stretchvoice record' records them" : "");
}

/* Warnings: a voice that reads texts in another language, and what is probably wrong in the routine. */
static void check_reading(struct checking *checking, const struct routine *routine, const struct ini *ini)
{
    struct diags *diags = checking->loaded.diags;
    const struct settings *settings = checking->loaded.settings;
    AUTO(diags) unused = diags_new(); /* the voice's own problems are reported when it is checked */
    AUTO(voice) voice = find_voice(settings, routine->language, unused);
    if (!voice) return;
    load_compare_languages(routine, voice, diags);
    const bool right = diags_errors(diags) == 0;
    load_lint(routine, ini, settings, voice, diags);
    if (!right) return;
    note_contents(checking, routine, voice);
    const struct script script = script_of(routine, settings, voice);
    int all = 0, spoken = recordings_add_routine(checking->recordings, &script, &all);
    note_recordings(checking, routine->path, spoken, all);
}

/* The file beside it that is the measure of a routine's file: NAME.ini, or else the first NAME.LANG.ini. NULL
 * if it is that itself. To be freed. */
static char *original_of(const char *path)
{
    g_autofree char *directory = g_path_get_dirname(path), *name = name_of(path);
    g_autofree char *stem = g_strndup(name, language_stem(name)), *found = NULL;
    g_autoptr(GDir) files = g_dir_open(directory, 0, NULL);
    for (const char *file; files && (file = g_dir_read_name(files));) {
        g_autofree char *other = name_of(file);
        bool same = g_str_has_suffix(file, ".ini") && strncmp(other, stem, strlen(stem)) == 0 &&
                    language_stem(other) == strlen(stem);
        if (!same || (found && strcmp(found, other) <= 0)) continue;
        g_free(found);
        found = g_steal_pointer(&other);
    }
    if (!found || strcmp(found, name) == 0) return NULL;
    g_autofree char *file = g_strconcat(found, ".ini", NULL);
    return strcmp(directory, ".") == 0 ? g_strdup(file) : g_build_filename(directory, file, NULL);
}

/* Problems: it is not what its name says, or not the same routine as the file in the other language. */
static void check_version(struct checking *checking, const struct version *here)
{
    struct diags *diags = checking->loaded.diags;
    const char *tag = here->routine->name + language_stem(here->routine->name);
    const struct diag_location place = {here->routine->path, 1, "routine", "language"};
    if (*tag && g_ascii_strcasecmp(tag + 1, here->routine->language) != 0)
        diag_wrong(diags, &place, "not the language of the file's name", here->routine->language, tag + 1);
    AUTO(diags) unused = diags_new(); /* its own problems are reported when it is checked */
    g_autofree char *path = original_of(here->routine->path);
    AUTO(ini) ini = path ? ini_read(path, unused) : NULL;
    AUTO(routine) routine = ini ? routine_from_ini(ini, unused) : NULL;
    const struct version there = {routine, ini};
    if (routine && diags_errors(unused) == 0) routine_compare(here, &there, diags);
}

static void check_routine(struct checking *checking, const char *path)
{
    struct diags *diags = checking->loaded.diags;
    AUTO(ini) ini = ini_read(path, diags);
    AUTO(routine) routine = ini ? routine_from_ini(ini, diags) : NULL;
    if (!routine) return;
    plan_check_length(routine, checking->loaded.settings, diags);
    g_free(find_own_music(routine, diags));
    const struct version here = {routine, ini};
    if (diags_errors(diags) == 0) check_version(checking, &here);
    check_reading(checking, routine, ini);
}

static void check_profile(struct checking *checking, const struct settings *settings)
{
    g_autofree char *path = find_voice_path(settings, checking->loaded.diags);
    if (path) check_file(checking, FILE_VOICE, path);
}

static void check_settings(struct checking *checking, const char *path)
{
    AUTO(settings) settings = settings_new();
    settings_salvage(settings, path, checking->loaded.diags);
    cuefiles_read(settings, checking->loaded.diags);
    find_missing_music(settings, checking->loaded.diags);
    check_profile(checking, settings);
}

/* A program may be there, and unable to speak. */
static bool hear(struct score *score, const struct voice *voice, GError **error)
{
    struct clip *clip = NULL;
    if (!score_voice_ready(score, error)) return false;
    while (voice_is_program(voice) && !(clip = speech_find(score->speech, voice->phrases[PHRASE_LOUDNESS])))
        if (!score_wait(score, error)) return false;
    clip_unref(clip);
    return true;
}

/* Only the speech program knows whether it has such a voice. */
static int try_voice(struct loaded *loaded)
{
    struct score score;
    const struct score_options options = {
        .helpers = 1, .lengths_only = true, .diags = loaded->diags, .cancel = &loaded->interrupt.signal};
    g_autoptr(GError) error = NULL;
    bool started = score_init(&score, &options, &error);
    if (started) score_speak(&score, loaded->settings, loaded->voice);
    bool heard = started && hear(&score, loaded->voice, &error);
    int code = heard ? EXIT_DONE : load_complain(loaded, error);
    score_finish(&score);
    return code;
}

/* Not a program that is not named rightly. Among all profiles, one for a package that is not installed is no
 * problem: 'voices' says so. */
static bool can_be_tried(const struct checking *checking, const struct voice *voice)
{
    g_autofree char *program = NULL;
    if (voice_is_program(voice) && diags_errors(checking->loaded.diags) > 0) return false;
    return *voice->voice && (!checking->all || !*voice->package || find_voice_program(voice, &program));
}

/* With the settings that shape what is said, such as how long a session is. */
static void check_clips(struct checking *checking, const char *path)
{
    struct voice *voice = checking->loaded.voice;
    voice_apply_settings(voice, checking->loaded.settings);
    int all = 0, spoken = recordings_add_voice(checking->recordings, voice, &all);
    note_recordings(checking, path, spoken, all);
}

static void check_voice(struct checking *checking, const char *path)
{
    struct loaded *loaded = &checking->loaded;
    loaded->voice = find_voice_at(path, loaded->diags);
    if (loaded->voice && diags_errors(loaded->diags) == 0) {
        voice_report_lacking(loaded->voice, loaded->diags);
        voice_report_unused(loaded->voice, loaded->diags);
    }
    if (loaded->voice && can_be_tried(checking, loaded->voice)) note(checking, try_voice(loaded));
    if (loaded->voice) check_clips(checking, path);
    g_clear_pointer(&loaded->voice, voice_free);
}

/* ---- all of them ---- */

static void (*const checks[])(struct checking *checking, const char *path) = {
    [FILE_ROUTINE] = check_routine,
    [FILE_VOICE] = check_voice,
    [FILE_SETTINGS] = check_settings,
};

/* "neck.ini: 6 steps, about 11 minutes, no problems": not for a pipe. */
static void print_right(const struct checking *checking, const char *path, guint warnings)
{
    if (checking->quiet || !isatty(STDOUT_FILENO)) return;
    g_autofree char *shown = diag_shown(path, PATH_MAX), *number = count((int)warnings, "warning");
    printf("%s: %s%s\n", shown, checking->found ? checking->found : "", warnings ? number : "no problems");
}

static void print_note(struct checking *checking)
{
    if (checking->note && !checking->quiet) fprintf(stderr, "%s\n", checking->note);
    g_clear_pointer(&checking->note, g_free);
}

static void check_file(struct checking *checking, enum file_kind kind, const char *path)
{
    if (checking->loaded.interrupt.signal || !is_new(checking, path)) return;
    const int before = checking->code;
    checking->code = EXIT_DONE;
    checks[kind](checking, path);
    const guint warnings = diags_warnings(checking->loaded.diags);
    note(checking, load_report(&checking->loaded));
    print_note(checking);
    if (checking->code == EXIT_DONE) print_right(checking, path, warnings);
    if (warnings && checking->loaded.options->strict) note(checking, EXIT_INVALID);
    g_clear_pointer(&checking->found, g_free);
    note(checking, before);
}

static void check_path(struct checking *checking, const char *path)
{
    check_file(checking, file_kind(path), path);
}

/* All files of a routine's name. False if there is none. */
static bool check_versions(struct checking *checking, const char *name)
{
    bool found = false;
    g_autoptr(GPtrArray) paths = paths_list("routines", checking->loaded.diags);
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *other = name_of(paths->pdata[i]);
        const gsize stem = language_stem(other);
        if (strcmp(other, name) != 0 && (strlen(name) != stem || strncmp(other, name, stem) != 0)) continue;
        check_path(checking, paths->pdata[i]);
        found = true;
    }
    return found;
}

/* A name or a path. */
static void check_argument(struct checking *checking, const char *name)
{
    if (!name_is_path(name) && check_versions(checking, name)) return;
    g_autofree char *path = find_is_workout(name) ? NULL
                            : name_is_path(name)  ? paths_find("routines", name)
                                                  : paths_find("voices", name);
    if (!path && !find_is_workout(name) && g_file_test(name, G_FILE_TEST_EXISTS)) path = g_strdup(name);
    if (path) {
        check_path(checking, path);
    } else {
        g_free(
            find_routine(name, checking->loaded.settings, checking->loaded.diags)); /* says what is missing */
        note(checking, load_report(&checking->loaded));
    }
}

static void check_found(struct checking *checking, const char *directories, enum file_kind kind)
{
    g_autoptr(GPtrArray) paths = paths_list(directories, checking->loaded.diags);
    note(checking, load_report(&checking->loaded));
    for (guint i = 0; i < paths->len; i++) check_file(checking, kind, g_ptr_array_index(paths, i));
}

/* The settings in force, which every check uses, and the voice that they name. */
static void check_in_force(struct checking *checking)
{
    struct loaded *loaded = &checking->loaded;
    load_settings_with(loaded, settings_salvage);
    g_autoptr(GPtrArray) paths = paths_settings();
    if (loaded->options->config) is_new(checking, loaded->options->config);
    for (guint i = 0; !loaded->options->config && i < paths->len; i++)
        is_new(checking, g_ptr_array_index(paths, i));
    checking->recordings = recordings_new(loaded->settings);
    check_profile(checking, loaded->settings);
    note(checking, load_report(loaded));
    checking->asked = true;
}

/* Last, when all that is checked is known. */
static void check_recordings(struct checking *checking)
{
    struct diags *diags = checking->loaded.diags;
    if (checking->loaded.interrupt.signal) return;
    recordings_check(checking->recordings, diags);
    if (diags_warnings(diags) && checking->loaded.options->strict) note(checking, EXIT_INVALID);
    note(checking, load_report(&checking->loaded));
}

int subcommand_check(const struct options *options)
{
    struct checking checking = {.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                                .quiet = options->quiet};
    GPtrArray *files = options->arguments;
    struct options loud = *options; /* warnings are what is asked for */
    loud.quiet = FALSE;
    load_init(&checking.loaded, &loud);
    check_in_force(&checking);
    for (guint i = 0; i < files->len; i++) check_argument(&checking, g_ptr_array_index(files, i));
    checking.all = files->len == 0;
    if (checking.all) {
        check_found(&checking, "routines", FILE_ROUTINE);
        check_found(&checking, "voices", FILE_VOICE);
    }
    check_recordings(&checking);
    fflush(stdout); /* what went wrong is known by the exit code */
    load_finish(&checking.loaded);
    recordings_free(checking.recordings);
    g_hash_table_unref(checking.seen);
    return checking.code;
}
