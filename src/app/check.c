#include "find.h"
#include "file_kind.h"
#include "prepare.h"
#include "subcommands.h"
#include "base/name.h"
#include "file/paths.h"
#include "plan/length.h"
#include "routine/parse.h"
#include <string.h>

struct checking {
    struct prepared prepared; /* the settings in force, and where the problems go */
    GHashTable *seen;         /* files that have been read: nothing is said twice */
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
    AUTO(voice) voice = find_voice(checking->prepared.settings, routine->language, elsewhere);
    if (!voice || voice_same_language(routine->language, voice->language)) return;
    diag_warning(checking->prepared.diags, &(struct diag_location){.path = routine->path},
                 "its language is %s, but the voice '%s' speaks %s", routine->language, voice->name,
                 voice->language);
}

static void check_routine(struct checking *checking, const char *path)
{
    AUTO(routine) routine = routine_salvage(path, checking->prepared.diags);
    if (!routine) return;
    plan_check_length(routine, checking->prepared.settings, checking->prepared.diags);
    check_language(checking, routine);
}

static void check_profile(struct checking *checking, const struct settings *settings)
{
    if (!*settings->voice.profile) return;
    g_autofree char *path = find_voice_path(settings, "", checking->prepared.diags);
    if (path) check_file(checking, FILE_VOICE, path);
}

static void check_settings(struct checking *checking, const char *path)
{
    AUTO(settings) settings = settings_new();
    settings_salvage(settings, path, checking->prepared.diags);
    check_profile(checking, settings);
}

/* Only the speech program knows whether it has such a voice. */
static void try_voice(struct checking *checking)
{
    struct prepared *prepared = &checking->prepared;
    int code = prepare_speech(prepared, 1);
    if (code == EXIT_DONE) {
        const struct speech_options options = {.rate = prepared->settings->sound.rate,
                                               .level = prepared->settings->voice.level,
                                               .chime = prepared->settings->sound.rate,
                                               .helpers = 1,
                                               .lengths_only = true};
        speech_use(prepared->speech, prepared->voice, &options);
        code = prepare_voice_ready(prepared);
    }
    g_clear_pointer(&prepared->speech, speech_free);
    note(checking, code);
}

static void check_voice(struct checking *checking, const char *path)
{
    struct prepared *prepared = &checking->prepared;
    g_autofree char *name = name_of(path);
    prepared->voice = voice_salvage(name, path, true, prepared->diags);
    if (prepared->voice && *prepared->voice->voice) try_voice(checking);
    g_clear_pointer(&prepared->voice, voice_free);
}

/* ---- all of them ---- */

static void (*const checks[])(struct checking *checking, const char *path) = {
    [FILE_ROUTINE] = check_routine,
    [FILE_VOICE] = check_voice,
    [FILE_SETTINGS] = check_settings,
};

static void check_file(struct checking *checking, enum file_kind kind, const char *path)
{
    if (checking->prepared.interrupt.signal || !is_new(checking, path)) return;
    checks[kind](checking, path);
    note(checking, prepare_report(&checking->prepared));
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
        note(checking, prepare_routine(&checking->prepared, name,
                                       NULL)); /* says that there is none, and what there is */
}

static void check_found(struct checking *checking, const char *directories, enum file_kind kind)
{
    g_autoptr(GPtrArray) paths = paths_list(directories);
    for (guint i = 0; i < paths->len; i++) check_file(checking, kind, g_ptr_array_index(paths, i));
}

/* The settings in force, which every file is looked at with, and the voice that they name. */
static void check_in_force(struct checking *checking)
{
    struct prepared *prepared = &checking->prepared;
    prepare_read_settings(prepared, settings_salvage);
    g_autoptr(GPtrArray) paths = paths_settings();
    if (prepared->options->config) is_new(checking, prepared->options->config);
    for (guint i = 0; !prepared->options->config && i < paths->len; i++)
        is_new(checking, g_ptr_array_index(paths, i));
    check_profile(checking, prepared->settings);
    note(checking, prepare_report(prepared));
}

int subcommand_check(const struct options *options)
{
    struct checking checking = {.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    GPtrArray *files = options->arguments;
    struct options loud = *options; /* warnings are what is asked for */
    loud.quiet = FALSE;
    prepare_init(&checking.prepared, &loud);
    check_in_force(&checking);
    for (guint i = 0; i < files->len; i++) check_argument(&checking, g_ptr_array_index(files, i));
    if (files->len == 0) {
        check_found(&checking, "routines", FILE_ROUTINE);
        check_found(&checking, "voices", FILE_VOICE);
    }
    prepare_finish(&checking.prepared);
    g_hash_table_unref(checking.seen);
    return checking.code;
}
