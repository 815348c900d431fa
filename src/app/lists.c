/* What there is: routines, voices, audio outputs, and the settings in force. */
#include "aloud.h"
#include "catalog.h"
#include "find.h"
#include "history_export.h"
#include "load.h"
#include "subcommands.h"
#include "base/name.h"
#include "base/program.h"
#include "config/language.h"
#include "file/paths.h"
#include "history/leaving.h"
#include "history/query.h"
#include "plan/script.h"
#include "report/json.h"
#include "routine/parse.h"
#include "sound/input.h"
#include "sound/output.h"
#include <string.h>

static char *shown(const char *text)
{
    return diag_shown(text, ROUTINE_TEXT);
}

/* The width for printf(), which counts bytes, so that the text fills these columns. */
static int width(const char *text, int columns)
{
    return columns + (int)(strlen(text) - (gsize)g_utf8_strlen(text, -1));
}

static void print_problematic(const char *name, int columns, const char *path)
{
    printf("%-*s  has problems; 'stretchvoice check' shows them  %s\n", width(name, columns), name, path);
}

/* ---- routines: `routine` is NULL if the file has problems ---- */

static gboolean same_prop(gconstpointer a, gconstpointer b)
{
    g_autofree char *folded_a = g_utf8_casefold(a, -1), *folded_b = g_utf8_casefold(b, -1);
    return strcmp(folded_a, folded_b) == 0;
}

/* Each once, however it is spelled. */
static GPtrArray *props_of(const struct routine *routine)
{
    GPtrArray *props = g_ptr_array_new();
    for (int i = 0; routine && i < routine->n_steps; i++) {
        const char *prop = routine->steps[i].prop;
        if (prop && !g_ptr_array_find_with_equal_func(props, prop, same_prop, NULL))
            g_ptr_array_add(props, (char *)prop);
    }
    return props;
}

static GPtrArray *parts_of(const struct routine *routine)
{
    GPtrArray *parts = g_ptr_array_new();
    for (char **part = routine ? routine->parts : NULL; part && *part; part++) g_ptr_array_add(parts, *part);
    return parts;
}

/* When it was last begun, or NULL. `store` may be NULL. To be freed. */
static char *last_done(struct store *store, const struct catalog_entry *entry)
{
    int zone;
    int64_t begun;
    g_autofree char *routine = g_strndup(entry->name, language_stem(entry->name));
    return store && history_last(store, routine, &begun, &zone) ? history_time(begun, zone) : NULL;
}

struct left {
    const struct routine *routine;
    GPtrArray *titles;
};

static void add_left(void *data, const struct left_step *left)
{
    const struct left *all = data;
    int step = routine_step(all->routine, left->step);
    if (step >= 0) g_ptr_array_add(all->titles, (gpointer)all->routine->steps[step].title);
}

/* The titles of the steps that are left out now; borrowed from the routine. `store` may be NULL. */
static GPtrArray *left_out_of(struct store *store, const struct catalog_entry *entry)
{
    GPtrArray *titles = g_ptr_array_new();
    struct left left = {entry->routine, titles};
    g_autofree char *name = g_strndup(entry->name, language_stem(entry->name));
    int64_t now = g_get_real_time() / G_USEC_PER_SEC;
    if (store && entry->routine) leaving_read(store, name, now, add_left, &left, NULL);
    return titles;
}

static void print_routine_json(const struct catalog_entry *entry, struct store *history)
{
    const struct routine *routine = entry->routine;
    g_autoptr(GString) json = g_string_new(NULL);
    g_autoptr(GPtrArray) props = props_of(routine);
    json_text(json, "name", entry->name);
    json_text(json, "title", routine ? routine->title : NULL);
    json_text(json, "about", routine ? routine->about : NULL);
    json_texts(json, "props", props);
    routine ? json_number(json, "steps", routine->n_steps) : json_null(json, "steps");
    entry->seconds < 0 ? json_null(json, "seconds_estimate")
                       : json_number(json, "seconds_estimate", (int64_t)(entry->seconds + 0.5));
    json_text(json, "file", entry->path);
    json_texts(json, "languages", entry->languages);
    g_autoptr(GPtrArray) parts = parts_of(routine);
    json_texts(json, "parts", parts);
    routine && routine->level_hint >= 0 ? json_number(json, "level_hint", routine->level_hint)
                                        : json_null(json, "level_hint");
    g_autofree char *last = last_done(history, entry);
    json_text(json, "last_done", last);
    g_autoptr(GPtrArray) left = left_out_of(history, entry);
    json_texts(json, "left_out", left);
    json_print(json, stdout);
}

static char *length(double seconds)
{
    if (seconds < 0) return g_strdup("length unknown");
    int minutes = MAX(1, (int)(seconds / 60 + 0.5));
    return minutes < 100 ? g_strdup_printf("about %d min", minutes)
                         : g_strdup_printf("about %d h %d min", minutes / 60, minutes % 60);
}

/* An indented line, if there are so many of them. */
static void print_words(const char *what, const GPtrArray *words, guint least)
{
    if (words->len < least) return;
    for (guint i = 0; i < words->len; i++) {
        g_autofree char *word = shown(g_ptr_array_index(words, i));
        if (i == 0)
            printf("    %s: %s", what, word);
        else
            printf(", %s", word);
    }
    putchar('\n');
}

static void print_about(const struct catalog_entry *entry)
{
    if (!entry->routine) return;
    g_autoptr(GPtrArray) parts = parts_of(entry->routine);
    print_words("for", parts, 1);
    if (entry->routine->level_hint >= 0) printf("    begin at level %d\n", entry->routine->level_hint);
}

/* A line each, and what else is known indented below it. */
static void print_routine(const struct catalog_entry *entry, struct store *history)
{
    const struct routine *routine = entry->routine;
    g_autofree char *name = shown(entry->name), *path = shown(entry->path);
    if (!routine) {
        print_problematic(name, 16, path);
        return;
    }
    g_autofree char *title = shown(routine->title), *time = length(entry->seconds);
    printf("%-*s  %-*s  %-13s  %s\n", width(name, 16), name, width(title, 24), title, time, path);
    g_autofree char *about = routine->about ? shown(routine->about) : NULL;
    if (about) printf("    %s\n", about);
    g_autoptr(GPtrArray) props = props_of(routine);
    print_words("needs", props, 1);
    print_words("languages", entry->languages, 2);
    g_autoptr(GPtrArray) left = left_out_of(history, entry);
    print_words("left out", left, 1);
    g_autofree char *last = last_done(history, entry);
    if (last) printf("    last done: %.10s\n", last);
}

/* Where there are none, that is said. */
static int say_routines(struct loaded *loaded)
{
    struct menu menu;
    bool made = menu_init(&menu, ROUTINE_LIST, loaded->options->part, loaded->settings, loaded->diags);
    int code = made ? aloud_say(loaded, &menu) : load_report(loaded);
    menu_finish(&menu);
    return code;
}

struct listing {
    const struct options *options;
    GHashTable *parts;     /* char *: of the body, that routines are for */
    struct store *history; /* NULL: there is none, or it cannot be read */
    guint found;
    char *path; /* of the last file with warnings, or NULL */
    guint files, warnings;
};

static void list_routine(void *data, const struct catalog_entry *entry)
{
    struct listing *listing = data;
    for (char **part = entry->routine ? entry->routine->parts : NULL; part && *part; part++)
        g_hash_table_add(listing->parts, g_strdup(*part));
    if (!catalog_is_for(entry, listing->options->part)) return;
    listing->found++;
    (listing->options->json ? print_routine_json : print_routine)(entry, listing->history);
    if (listing->options->about && !listing->options->json) print_about(entry);
    if (!entry->warnings) return;
    g_free(listing->path);
    listing->path = g_strdup(entry->path);
    listing->files++;
    listing->warnings += entry->warnings;
}

/* All in one line. */
static void print_warnings(const struct listing *listing)
{
    g_autofree char *files = g_strdup_printf("%u files", listing->files);
    load_print_warnings(listing->files == 1 ? listing->path : files, listing->warnings);
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int complain_of_part(const struct listing *listing)
{
    g_autofree const char **names = (const char **)g_hash_table_get_keys_as_array(listing->parts, NULL);
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    for (const char **name = names; *name; name++) g_ptr_array_add(sorted, (char *)*name);
    g_ptr_array_sort(sorted, compare_names);
    g_ptr_array_add(sorted, NULL);
    g_autofree char *all = g_strjoinv(", ", (char **)sorted->pdata), *part = shown(listing->options->part);
    fprintf(stderr, "stretchvoice: no routine is for this part of the body ('%s'; there are: %s)\n", part,
            *all ? all : "none");
    return EXIT_INVALID;
}

static int print_list(struct loaded *loaded)
{
    g_autofree char *path = store_path(NULL);
    AUTO(store) history = store_open_to_read(path, STORE_PATIENT_MS, NULL);
    struct listing listing = {.options = loaded->options,
                              .history = history,
                              .parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    catalog_each(loaded->settings, list_routine, &listing);
    if (!loaded->options->quiet) print_warnings(&listing);
    int code = listing.found || !loaded->options->part ? print_end() : complain_of_part(&listing);
    g_hash_table_unref(listing.parts);
    g_free(listing.path);
    return code;
}

/* Without the voice that the settings name there is no estimate, nor anything to play. */
static int list_routines(struct loaded *loaded)
{
    int code = load_settings(loaded);
    if (code != EXIT_DONE) return code;
    if (*loaded->settings->voice.profile) voice_free(find_voice(loaded->settings, "", loaded->diags));
    code = load_report(loaded);
    if (code != EXIT_DONE) return code;
    return loaded->options->aloud ? say_routines(loaded) : print_list(loaded);
}

int subcommand_list(const struct options *options)
{
    struct loaded loaded;
    if (options->aloud && options->json) {
        fputs("stretchvoice: --speak says the list and --json prints it: give one of them\n", stderr);
        return EXIT_USAGE;
    }
    load_init(&loaded, options);
    int code = list_routines(&loaded);
    load_finish(&loaded);
    return code;
}

/* ---- voices: `voice` is NULL if the file has problems ---- */

/* As the engine names it: the voice, perhaps a variant. */
static char *speaker_of(const struct voice *voice)
{
    return g_strconcat(voice->voice, *voice->variant ? "+" : "", voice->variant, NULL);
}

/* That the program which speaks is missing, and what to do, or NULL if it is there. To be freed. */
static char *not_installed(const struct voice *voice)
{
    g_autofree char *program = NULL;
    if (find_voice_program(voice, &program)) return NULL;
    g_autofree char *install = program_install(program ? program : "", voice->package);
    return install ? g_strdup_printf("not installed (%s)", install) : g_strdup("not installed");
}

static void print_voice_json(const char *name, const char *path, const struct voice *voice)
{
    g_autoptr(GString) json = g_string_new(NULL);
    g_autofree char *speaker = voice ? speaker_of(voice) : NULL;
    json_text(json, "name", name);
    json_text(json, "language", voice ? voice->language : NULL);
    json_text(json, "engine", voice ? voice->engine : NULL);
    json_text(json, "voice", speaker);
    json_text(json, "file", path);
    g_autofree char *missing = voice ? not_installed(voice) : NULL;
    json_bool(json, "installed", voice && !missing);
    json_print(json, stdout);
}

static void print_voice(const char *raw_name, const char *raw_path, const struct voice *voice)
{
    g_autofree char *name = shown(raw_name), *path = shown(raw_path);
    if (!voice) {
        print_problematic(name, 12, path);
        return;
    }
    g_autofree char *raw_speaker = speaker_of(voice), *speaker = shown(raw_speaker);
    g_autofree char *language = shown(voice->language), *engine = shown(voice->engine);
    g_autofree char *missing = not_installed(voice);
    printf("%-*s  %-8s  %-8s  %-*s  %s\n", width(name, 12), name, language, engine, width(speaker, 20),
           speaker, missing ? missing : path);
}

static void list_voice(const char *path, bool json)
{
    AUTO(diags) problems = diags_new();
    g_autofree char *name = name_of(path);
    AUTO(voice) voice = find_voice_at(path, problems);
    bool valid = diags_errors(problems) == 0;
    if (voice)
        (json ? print_voice_json : print_voice)(name, path, valid ? voice : NULL);
    else /* it cannot be read at all */
        diags_print(problems, stderr);
}

int subcommand_voices(const struct options *options)
{
    AUTO(diags) unread = diags_new();
    g_autoptr(GPtrArray) paths = paths_list("voices", unread);
    diags_print(unread, stderr);
    for (guint i = 0; i < paths->len; i++) list_voice(g_ptr_array_index(paths, i), options->json);
    return print_end();
}

/* ---- devices ---- */

int subcommand_devices(const struct options *options)
{
    int standard;
    g_autofree char *program = paths_helper("stretchvoice-sound");
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) names = (options->inputs ? input_list : output_list)(program, &standard, &error);
    if (!names) {
        g_prefix_error(&error,
                       "the %s cannot be listed: ", options->inputs ? "microphones" : "audio outputs");
        return print_error(error);
    }
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        if (options->json) {
            g_autoptr(GString) json = g_string_new(NULL);
            json_text(json, "name", name);
            json_bool(json, "default", (int)i == standard);
            json_print(json, stdout);
        } else {
            g_autofree char *safe = shown(name);
            printf("%-7s  %s\n", (int)i == standard ? "default" : "", safe);
        }
    }
    return print_end();
}

/* ---- config ---- */

int subcommand_config(const struct options *options)
{
    struct loaded loaded;
    load_init(&loaded, options);
    int code = load_settings(&loaded);
    if (code == EXIT_DONE) {
        g_autofree char *ini = settings_ini(loaded.settings, true);
        fputs(ini, stdout);
        code = print_end();
    }
    load_finish(&loaded);
    return code;
}
