/* stretchvoice level: shows how hard each routine has become, and sets it. */
#include "load.h"
#include "subcommands.h"
#include "base/duration.h"
#include "history/kept.h"
#include "live/today.h"
#include "report/json.h"
#include <stdio.h>

enum { SHOWN = 300 };

struct showing {
    const struct options *options;
    const struct settings *settings;
    int shown;
};

/* ---- showing ---- */

static void print_plain(const char *name, const struct today *today)
{
    const struct progress *next = &today->day.next;
    g_autofree char *shown = diag_shown(name, SHOWN);
    printf("%s: level %d", shown, today->day.level);
    if (next->proposed != LEVEL_NONE && next->proposed != today->day.level)
        printf("; %d would suit you now ('stretchvoice level %s %d')", next->proposed, shown, next->proposed);
    putchar('\n');
}

static void print_json(const char *name, const struct today *today)
{
    const struct progress *next = &today->day.next;
    g_autoptr(GString) json = g_string_new(NULL);
    json_text(json, "name", name);
    json_number(json, "level", today->day.level);
    next->proposed == LEVEL_NONE ? json_null(json, "proposed")
                                 : json_number(json, "proposed", next->proposed);
    json_print(json, stdout);
}

/* The level of a session that would begin now. */
static void show(void *data, const char *name)
{
    struct showing *showing = data;
    struct today today;
    const struct routine routine = {.name = (char *)name, .kind = ROUTINE_DONE};
    const struct today_options options = {.settings = showing->settings, .routine = &routine};
    today_init(&today, &options);
    (showing->options->json ? print_json : print_plain)(name, &today);
    today_finish(&today);
    showing->shown++;
}

static int fail(const char *path, const GError *error)
{
    g_autofree char *shown = diag_shown(path, SHOWN);
    fprintf(stderr, "stretchvoice: the history '%s': %s\n", shown, error->message);
    return EXIT_FAILED;
}

static int show_all(struct showing *showing)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = store_path(NULL);
    AUTO(store) store = store_open_to_read(path, STORE_PATIENT_MS, &error);
    const bool none = g_error_matches(error, HISTORY_ERROR, HISTORY_NONE);
    if (!none && (!store || !kept_routines(store, show, showing, &error))) return fail(path, error);
    if (showing->shown == 0 && !showing->options->json)
        printf("no routine has been played yet; each begins at level %d\n", showing->settings->pace.level);
    return print_end();
}

/* ---- setting ---- */

/* What keeps the level from being used, or NULL. */
static const char *obstacle(const struct settings *settings)
{
    if (!settings->history.keep) return "history.keep is no";
    return settings->progress.level == PROGRESS_OFF ? "progress.level is off" : NULL;
}

static int set(const struct showing *showing, const char *name, const char *word)
{
    int level;
    g_autoptr(GError) error = NULL;
    g_autofree char *said = NULL, *path = store_path(NULL);
    if (!number_parse(word, &level) || level < 0 || level > LEVEL_MOST) {
        g_autofree char *shown = diag_shown(word, SHOWN);
        fprintf(stderr, "stretchvoice: level: not a level ('%s'; 0 to 100)\n", shown);
        return EXIT_USAGE;
    }
    AUTO(store) store = store_open(path, false, &said, &error);
    if (said) fprintf(stderr, "stretchvoice: %s\n", said);
    if (!store || !kept_set_level(store, name, level, &error)) return fail(path, error);
    const char *why = obstacle(showing->settings);
    if (why) fprintf(stderr, "stretchvoice: the level is kept, but not used: %s\n", why);
    if (!why && level > showing->settings->progress.most)
        fprintf(stderr, "stretchvoice: it is played at level %d, since progress.most is %d\n",
                showing->settings->progress.most, showing->settings->progress.most);
    return EXIT_DONE;
}

/* ---- the subcommand ---- */

static int with_routine(struct loaded *loaded, struct showing *showing)
{
    const GPtrArray *words = loaded->options->arguments;
    load_voice(loaded, load_names(loaded->options, 1));
    int code = load_routine(loaded);
    if (code != EXIT_DONE) return code;
    g_autofree char *name = today_name(loaded->routine);
    if (words->len > 1) return set(showing, name, g_ptr_array_index(words, 1));
    show(showing, name);
    return print_end();
}

int subcommand_level(const struct options *options)
{
    struct loaded loaded;
    load_init(&loaded, options);
    int code = load_settings(&loaded);
    struct showing showing = {.options = options, .settings = loaded.settings};
    if (code == EXIT_DONE)
        code = options->arguments->len > 0 ? with_routine(&loaded, &showing) : show_all(&showing);
    load_finish(&loaded);
    return code;
}
