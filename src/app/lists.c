#include "find.h"
#include "load.h"
#include "print.h"
#include "subcommands.h"
#include "base/name.h"
#include "file/paths.h"
#include "report/json.h"
#include "plan/script.h"
#include "routine/parse.h"
#include <string.h>

/* One routine; without `routine` where its file has problems, and without an estimate where no voice is found
 * for it. */
struct row {
    char *name;
    const char *path;
    struct routine *routine;
    GPtrArray *props;
    double seconds; /* negative: not known */
};

static GPtrArray *props_of(const struct routine *routine)
{
    GPtrArray *props = g_ptr_array_new();
    for (int i = 0; i < routine->n_steps; i++) {
        const char *prop = routine->steps[i].prop;
        if (prop && !g_ptr_array_find_with_equal_func(props, prop, g_str_equal, NULL))
            g_ptr_array_add(props, (char *)prop);
    }
    return props;
}

static double estimate(const struct routine *routine, const struct settings *settings)
{
    AUTO(diags) problems = diags_new();
    AUTO(voice) voice = find_voice(settings, routine->language, problems);
    if (!voice) return -1;
    const struct script script = script_of(routine, settings, voice);
    return script_estimate(&script);
}

/* False, after a complaint, if the file cannot be read at all. */
static bool row_init(struct row *row, const char *path, const struct settings *settings)
{
    AUTO(diags) problems = diags_new();
    *row = (struct row){.path = path, .name = name_of(path), .seconds = -1};
    row->routine = routine_salvage(path, problems);
    bool there = row->routine != NULL;
    if (there) plan_check_length(row->routine, settings, problems);
    if (diags_errors(problems) > 0) g_clear_pointer(&row->routine, routine_free);
    if (row->routine) row->props = props_of(row->routine);
    if (row->routine) row->seconds = estimate(row->routine, settings);
    if (!there) diags_print(problems, stderr);
    return there;
}

static void row_finish(struct row *row)
{
    g_clear_pointer(&row->props, g_ptr_array_unref);
    routine_free(row->routine);
    g_free(row->name);
}

/* ---- for programs ---- */

static void number_or_null(GString *json, const char *name, double value)
{
    if (value < 0)
        json_null(json, name);
    else
        json_number(json, name, (int64_t)(value + 0.5));
}

static void print_json(const struct row *row)
{
    g_autoptr(GString) json = g_string_new(NULL);
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    json_text(json, "name", row->name);
    json_text(json, "title", row->routine ? row->routine->title : NULL);
    json_text(json, "about", row->routine ? row->routine->about : NULL);
    json_texts(json, "props", row->props ? row->props : none);
    number_or_null(json, "steps", row->routine ? row->routine->n_steps : -1);
    number_or_null(json, "seconds_estimate", row->seconds);
    json_text(json, "file", row->path);
    json_print(json, stdout);
}

/* ---- for eyes ---- */

static char *shown(const char *text)
{
    return diag_shown(text, ROUTINE_TEXT);
}

/* printf counts bytes, a terminal letters. */
static int width(const char *text, int columns)
{
    return columns + (int)(strlen(text) - (gsize)g_utf8_strlen(text, -1));
}

static char *length(double seconds)
{
    if (seconds < 0) return g_strdup("");
    int minutes = MAX(1, (int)(seconds / 60 + 0.5));
    return minutes < 100 ? g_strdup_printf("about %d min", minutes)
                         : g_strdup_printf("about %d h %d min", minutes / 60, minutes % 60);
}

static void print_props(const GPtrArray *props)
{
    for (guint i = 0; i < props->len; i++) {
        g_autofree char *prop = shown(g_ptr_array_index(props, i));
        printf("%s%s", i == 0 ? "    needs: " : ", ", prop);
    }
    if (props->len > 0) putchar('\n');
}

static void print_about(const char *about)
{
    if (!about) return;
    g_autofree char *line = shown(about);
    printf("    %s\n", line);
}

/* A line each, and what else is known indented below it. */
static void print_row(const struct row *row)
{
    g_autofree char *name = shown(row->name);
    g_autofree char *path = shown(row->path);
    if (!row->routine) {
        printf("%-*s  has problems; 'stretchvoice check' tells which  %s\n", width(name, 16), name, path);
        return;
    }
    g_autofree char *title = shown(row->routine->title);
    g_autofree char *time = length(row->seconds);
    printf("%-*s  %-*s  %-13s  %s\n", width(name, 16), name, width(title, 24), title, time, path);
    print_about(row->routine->about);
    print_props(row->props);
}

/* Without the voice that is named there is no estimate, nor anything to play. */
static int look_for_voice(struct loaded *loaded)
{
    if (*loaded->settings->voice.profile) voice_free(find_voice(loaded->settings, "", loaded->diags));
    return load_report(loaded);
}

int subcommand_list(const struct options *options)
{
    struct loaded loaded;
    load_init(&loaded, options);
    int code = load_settings(&loaded);
    if (code == EXIT_DONE) code = look_for_voice(&loaded);
    g_autoptr(GPtrArray) paths = paths_list("routines");
    for (guint i = 0; code == EXIT_DONE && i < paths->len; i++) {
        struct row row;
        if (row_init(&row, g_ptr_array_index(paths, i), loaded.settings))
            (options->json ? print_json : print_row)(&row);
        row_finish(&row);
    }
    load_finish(&loaded);
    return code == EXIT_DONE ? print_end() : code;
}
