#include "find.h"
#include "file_kind.h"
#include "load.h"
#include "subcommands.h"
#include "base/name.h"
#include "file/paths.h"
#include "plan/script.h"
#include "routine/parse.h"
#include <string.h>

struct checking {
    struct loaded loaded; /* the settings in force, and where the problems go */
    GHashTable *seen;     /* files that have been read: nothing is said twice */
    int code;
};

/* The worst is kept; a signal is worse than any problem. */
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

/* One warning where the voice will read texts of another language. */
static void check_language(struct checking *checking, const struct routine *routine)
{
    AUTO(diags) elsewhere = diags_new(); /* the voice's own problems are told where it is checked */
    AUTO(voice) voice = find_voice(checking->loaded.settings, routine->language, elsewhere);
    if (!voice || voice_same_language(routine->language, voice->language)) return;
    diag_warning(checking->loaded.diags, &(struct diag_location){.path = routine->path},
                 "its language is %s, but the voice '%s' speaks %s", routine->language, voice->name,
                 voice->language);
}

static void check_routine(struct checking *checking, const char *path)
{
    AUTO(routine) routine = routine_salvage(path, checking->loaded.diags);
    if (!routine) return;
    plan_check_length(routine, checking->loaded.settings, checking->loaded.diags);
    check_language(checking, routine);
}

static void check_profile(struct checking *checking, const struct settings *settings)
{
    if (!*settings->voice.profile) return;
    g_autofree char *path = find_voice_path(settings, "", checking->loaded.diags);
    if (path) check_file(checking, FILE_VOICE, path);
}

static void check_settings(struct checking *checking, const char *path)
{
    AUTO(settings) settings = settings_new();
    settings_salvage(settings, path, checking->loaded.diags);
    check_profile(checking, settings);
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
    bool ready = started && score_voice_ready(&score, &error);
    int code = ready ? EXIT_DONE : load_complain(loaded, error);
    score_finish(&score);
    return code;
}

static void check_voice(struct checking *checking, const char *path)
{
    struct loaded *loaded = &checking->loaded;
    g_autofree char *name = name_of(path);
    loaded->voice = voice_salvage(name, path, true, loaded->diags);
    if (loaded->voice && *loaded->voice->voice) note(checking, try_voice(loaded));
    g_clear_pointer(&loaded->voice, voice_free);
}

/* ---- all of them ---- */

static void (*const checks[])(struct checking *checking, const char *path) = {
    [FILE_ROUTINE] = check_routine,
    [FILE_VOICE] = check_voice,
    [FILE_SETTINGS] = check_settings,
};

static void check_file(struct checking *checking, enum file_kind kind, const char *path)
{
    if (checking->loaded.interrupt.signal || !is_new(checking, path)) return;
    checks[kind](checking, path);
    note(checking, load_report(&checking->loaded));
}

static int say_there_is_none(struct loaded *loaded, const char *name)
{
    g_free(find_routine(name, loaded->diags));
    return load_report(loaded);
}

/* A file, or what goes by that name. */
static void check_argument(struct checking *checking, const char *name)
{
    g_autofree char *path = paths_find("routines", name);
    if (!path) path = paths_find("voices", name);
    if (!path && g_file_test(name, G_FILE_TEST_EXISTS)) path = g_strdup(name);
    if (path)
        check_file(checking, file_kind(path), path);
    else
        note(checking, say_there_is_none(&checking->loaded, name));
}

static void check_found(struct checking *checking, const char *directories, enum file_kind kind)
{
    g_autoptr(GPtrArray) paths = paths_list(directories);
    for (guint i = 0; i < paths->len; i++) check_file(checking, kind, g_ptr_array_index(paths, i));
}

/* The settings in force, which every file is looked at with, and the voice that they name. */
static void check_in_force(struct checking *checking)
{
    struct loaded *loaded = &checking->loaded;
    load_settings_with(loaded, settings_salvage);
    g_autoptr(GPtrArray) paths = paths_settings();
    if (loaded->options->config) is_new(checking, loaded->options->config);
    for (guint i = 0; !loaded->options->config && i < paths->len; i++)
        is_new(checking, g_ptr_array_index(paths, i));
    check_profile(checking, loaded->settings);
    note(checking, load_report(loaded));
}

int subcommand_check(const struct options *options)
{
    struct checking checking = {.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    GPtrArray *files = options->arguments;
    struct options loud = *options; /* warnings are what is asked for */
    loud.quiet = FALSE;
    load_init(&checking.loaded, &loud);
    check_in_force(&checking);
    for (guint i = 0; i < files->len; i++) check_argument(&checking, g_ptr_array_index(files, i));
    if (files->len == 0) {
        check_found(&checking, "routines", FILE_ROUTINE);
        check_found(&checking, "voices", FILE_VOICE);
    }
    load_finish(&checking.loaded);
    g_hash_table_unref(checking.seen);
    return checking.code;
}
