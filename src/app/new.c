/* A routine to begin with: a template, or some steps of another routine. */
#include "author.h"
#include "find.h"
#include "load.h"
#include "subcommands.h"
#include "base/duration.h"
#include "base/read.h"
#include "routine/parse.h"
#include "routine/select.h"
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
    for (const char *field; (field = strchr(template, '%')); template = field + strlen("%d")) {
        g_string_append_len(text, template, field - template);
        g_string_append(text, word);
    }
    g_string_append(text, template);
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

/* Whether a section belongs to a step: its own, or that of a move. Without a step: whether it is none's. */
static bool belongs_to(const struct routine *routine, int step, const char *section)
{
    g_autofree char *name = g_strndup(section, strcspn(section, "."));
    return routine_step(routine, name) == step;
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

/* A routine's file, to take sections from. */
struct source {
    const struct routine *routine;
    const struct ini *ini;
    char **lines;
    const char *path; /* of the new file */
};

/* The sections of a step as they are written, with their comments; `step` -1: those of none. */
static void append_sections(GString *text, const struct source *source, int step)
{
    for (guint i = 0, begin = 0; i < source->ini->sections->len; i++) {
        const struct ini_section *section = &g_array_index(source->ini->sections, struct ini_section, i);
        const guint end = end_line(source->lines, source->ini, i);
        if (belongs_to(source->routine, step, section->name)) {
            append_lines(text, source->lines, begin, end, music_line(source->routine, section, source->path));
            if (text->len > 0 && text->str[text->len - 1] != '\n') g_string_append_c(text, '\n');
        }
        begin = end;
    }
}

/* NULL and a problem if the file cannot be read again. To be freed. */
static char *selection(const struct routine *routine, const struct ini *ini, const GArray *steps,
                       const char *path, struct diags *diags)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* of UTF-8, which only the beginning of a file may have */
    gsize size;
    g_autofree char *problem = NULL, *text = read_file(routine->path, INI_LIMIT, &size, &problem);
    if (!text) {
        diag_error(diags, &(struct diag_location){.path = routine->path}, "%s", problem);
        return NULL;
    }
    const bool marked = g_str_has_prefix(text, mark);
    g_auto(GStrv) lines = g_strsplit(text + (marked ? strlen(mark) : 0), "\n", -1);
    const struct source source = {routine, ini, lines, path};
    GString *made = g_string_new(NULL);
    g_string_append_printf(made, "; Steps of %s.\n", routine->name);
    append_sections(made, &source, -1);
    for (guint i = 0; i < steps->len; i++) append_sections(made, &source, g_array_index(steps, int, i));
    return g_string_free(made, FALSE);
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
    const struct selection wanted = {.only = options->only, .skip = options->skip};
    g_autoptr(GArray) steps =
        code == EXIT_DONE ? routine_select(loaded.routine, &wanted, loaded.diags) : NULL;
    if (code == EXIT_DONE) code = load_report(&loaded);
    if (steps) {
        g_autofree char *own = author_path(name);
        g_autofree char *text = selection(loaded.routine, ini, steps, own, loaded.diags);
        code = text ? write_new(name, text) : load_report(&loaded);
    }
    load_finish(&loaded);
    return code;
}

int subcommand_new(const struct options *options)
{
    const char *name = g_ptr_array_index(options->arguments, 0);
    if (!author_is_name(name))
        return refuse("the name of a routine has letters, digits, '-' and '_', and no path or extension");
    if ((options->only || options->skip) && !options->from)
        return refuse("--only and --skip choose steps of the routine that --from names");
    if (options->steps && options->from)
        return refuse("--steps is for a template, and --from takes steps as they are");
    return options->from ? new_selection(options, name) : new_template(options, name);
}
