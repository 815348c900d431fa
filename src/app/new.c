/* A routine to begin with: a template, or some steps of another routine. */
#include "author.h"
#include "find.h"
#include "load.h"
#include "subcommands.h"
#include "base/duration.h"
#include "base/read.h"
#include "routine/parse.h"
#include <stdio.h>
#include <string.h>

enum { STANDARD_STEPS = 3, MOST_STEPS = 100 };

static int refuse(const char *message)
{
    fprintf(stderr, "stretchvoice: %s\n", message);
    return EXIT_USAGE;
}

/* ---- the template ---- */

static const char TEMPLATE_HEAD[] =
    "; A routine of your own. 'man stretchvoice' and the guide doc/routines.md explain every key.\n"
    "; Lines that begin with ';' are comments. 'stretchvoice check %s' reports every problem,\n"
    "; and 'stretchvoice plan %s' shows what is said, and when.\n"
    "\n"
    "[routine]\n"
    "title    = %s\n"
    "language = en\n"
    "; parts    = back, neck\n"
    "; about    = One line for lists.\n"
    "caution  = Go slowly, and stop if anything hurts.\n"
    "; closing  = Rest for a moment.\n";

/* The three kinds of steps take turns. */
static const char *const TEMPLATE_STEPS[] = {
    "\n"
    "; A hold. Level 0 plays the low end of the range, level 100 the high one. {time} says which it is.\n"
    "[step-%d]\n"
    "title    = Step %d\n"
    "; prop     = a towel\n"
    "setup    = Say how to get into position. Write one action in each sentence.\n"
    "say      = Say what to do, from the torso outward. Stay for {time}. Say where it is felt.\n"
    "cue      = Say it again in one short sentence.\n"
    "hold     = 15-30s\n"
    "release  = Say how to come out of it.\n",
    "\n"
    "; Both sides, and repetitions. {side} and {other} are the sides.\n"
    "[step-%d]\n"
    "title    = Step %d\n"
    "sides    = right, left\n"
    "reps     = 2-3\n"
    "between  = 5s\n"
    "setup    = Say how to get into position.\n"
    "\n"
    "[step-%d.move]\n"
    "say      = Lift your {side} arm. Stay for {time}. Keep your {other} arm where it is.\n"
    "cue      = Lift your {side} arm.\n"
    "hold     = 10-20s\n"
    "release  = Lower your arm.\n",
    "\n"
    "; Movements that are counted: 2 seconds out, 1 to stay, 2 back.\n"
    "[step-%d]\n"
    "title    = Step %d\n"
    "setup    = Say how to get into position.\n"
    "say      = Say what moves, and how. Do it {times} times.\n"
    "cue      = Say it again in one short sentence.\n"
    "hold     = 5-10 times\n"
    "tempo    = 2-1-2\n"
    "release  = Say how to come to rest.\n",
};

/* All numbers and names are written through one table of words, since a template is data. */
static void append_template(GString *text, const char *template, const char *word)
{
    g_auto(GStrv) pieces = g_regex_split_simple("%[ds]", template, 0, 0);
    g_autofree char *joined = g_strjoinv(word, pieces);
    g_string_append(text, joined);
}

static char *template(const char *name, int steps)
{
    GString *text = g_string_new(NULL);
    append_template(text, TEMPLATE_HEAD, name);
    for (int i = 0; i < steps; i++) {
        g_autofree char *number = g_strdup_printf("%d", i + 1);
        append_template(text, TEMPLATE_STEPS[i % (int)G_N_ELEMENTS(TEMPLATE_STEPS)], number);
    }
    return g_string_free(text, FALSE);
}

static int write_new(const char *name, const char *text)
{
    g_autofree char *path = author_path(name);
    g_autoptr(GError) error = NULL;
    return author_write(path, text, &error) ? print_end() : print_error(error);
}

static int new_template(const struct options *options, const char *name)
{
    int steps = STANDARD_STEPS;
    if (options->steps && (!number_parse(options->steps, &steps) || steps < 1 || steps > MOST_STEPS))
        return refuse("--steps must be a whole number from 1 to 100");
    g_autofree char *text = template(name, steps);
    return write_new(name, text);
}

/* ---- steps of another routine ---- */

/* By name, or by number from 1; -1: there is none. */
static int step_of(const struct routine *routine, const char *word)
{
    int number;
    const int named = routine_step(routine, word);
    if (named >= 0 || !number_parse(word, &number)) return named;
    return number >= 1 && number <= routine->n_steps ? number - 1 : -1;
}

/* One for each step. NULL after a problem. */
static bool *chosen_steps(const struct routine *routine, const char *only, struct diags *diags)
{
    bool *chosen = g_new0(bool, (gsize)routine->n_steps);
    g_auto(GStrv) words = g_strsplit(only ? only : "", ",", -1);
    for (int i = 0; !only && i < routine->n_steps; i++) chosen[i] = true;
    for (char **word = words; *word; word++) {
        const int step = step_of(routine, g_strstrip(*word));
        if (step < 0) {
            const struct diag_location location = {.path = routine->path};
            diag_wrong(diags, &location, "no such step", *word,
                       "--only takes names or numbers of its steps, with commas between");
            g_free(chosen);
            return NULL;
        }
        chosen[step] = true;
    }
    return chosen;
}

static bool is_chosen(const struct routine *routine, const bool *chosen, const char *section)
{
    g_autofree char *step = g_strndup(section, strcspn(section, "."));
    const int index = routine_step(routine, step);
    return index < 0 || chosen[index]; /* [routine] stays */
}

/* Where a section's lines begin: with the comments that stand right above it. `lines` count from 0. */
static guint first_line(char **lines, guint header)
{
    header = MIN(header, g_strv_length(lines));
    while (header > 0 && (*lines[header - 1] == ';' || *lines[header - 1] == '#')) header--;
    return header;
}

/* The line of `music`, which lies beside the routine, if the new one lies elsewhere; 0: none. */
static int music_line(const struct routine *routine, const struct ini_section *section, const char *path)
{
    g_autofree char *from = g_path_get_dirname(routine->path), *to = g_path_get_dirname(path);
    const struct ini_entry *music =
        strcmp(section->name, "routine") == 0 ? ini_entry(section, "music") : NULL;
    return music && strcmp(from, to) != 0 ? music->line : 0;
}

/* Where the lines of a section end: with those of the next one. */
static guint end_line(char **lines, const struct ini *ini, guint i)
{
    if (i + 1 == ini->sections->len) return g_strv_length(lines);
    return first_line(lines, (guint)g_array_index(ini->sections, struct ini_section, i + 1).line - 1);
}

/* What stands between two numbers of lines, but for one line. */
static void append_lines(GString *text, char **lines, guint begin, guint end, int without)
{
    for (guint line = begin; line < end; line++)
        if ((int)line + 1 != without)
            g_string_append_printf(text, "%s%s", lines[line], lines[line + 1] ? "\n" : "");
}

/* The sections as they are written, with their comments. */
static char *selection(const struct routine *routine, const struct ini *ini, const bool *chosen,
                       const char *path)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* of UTF-8, which only the beginning of a file may have */
    gsize size;
    g_autofree char *problem = NULL, *source = read_file(routine->path, INI_LIMIT, &size, &problem);
    const bool marked = source && g_str_has_prefix(source, mark);
    g_auto(GStrv) lines = g_strsplit(source ? source + (marked ? strlen(mark) : 0) : "", "\n", -1);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "; Steps of %s.\n", routine->name);
    for (guint i = 0, begin = 0; i < ini->sections->len; i++) {
        const struct ini_section *section = &g_array_index(ini->sections, struct ini_section, i);
        const guint end = end_line(lines, ini, i);
        if (is_chosen(routine, chosen, section->name))
            append_lines(text, lines, begin, end, music_line(routine, section, path));
        begin = end;
    }
    return g_string_free(text, FALSE);
}

static int new_selection(const struct options *options, const char *name)
{
    struct loaded loaded;
    load_init(&loaded, options);
    int code = load_settings(&loaded);
    g_autofree char *path =
        code == EXIT_DONE ? find_routine(options->from, loaded.settings, loaded.diags) : NULL;
    AUTO(ini) ini = path ? ini_read(path, loaded.diags) : NULL;
    if (ini) loaded.routine = routine_from_ini(ini, loaded.diags);
    if (code == EXIT_DONE) code = load_report(&loaded);
    g_autofree bool *chosen =
        code == EXIT_DONE ? chosen_steps(loaded.routine, options->only, loaded.diags) : NULL;
    if (code == EXIT_DONE) code = load_report(&loaded);
    if (chosen) {
        g_autofree char *own = author_path(name);
        g_autofree char *text = selection(loaded.routine, ini, chosen, own);
        code = write_new(name, text);
    }
    load_finish(&loaded);
    return code;
}

int subcommand_new(const struct options *options)
{
    const char *name = g_ptr_array_index(options->arguments, 0);
    if (!author_is_name(name))
        return refuse("the name of a routine has letters, digits, '-' and '_', and no path or extension");
    if (options->only && !options->from)
        return refuse("--only chooses steps of the routine that --from names");
    if (options->steps && options->from)
        return refuse("--steps is for a template, and --from takes steps as they are");
    return options->from ? new_selection(options, name) : new_template(options, name);
}
