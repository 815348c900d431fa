/* plan, captions and sheet: the whole session laid out, without sound. */
#include "load.h"
#include "subcommands.h"
#include "file/newfile.h"
#include "report/listing.h"
#include "report/sheet.h"
#include <string.h>

enum { AHEAD = 64 }; /* sentences: keeps every speech program busy */

/* Loads the routines that the first `n` arguments name, then runs this. */
static int with_score(const struct options *options, guint n,
                      int (*run)(struct loaded *loaded, struct score *score))
{
    struct loaded loaded;
    struct score score;
    load_init(&loaded, options);
    const struct score_options wanted = {
        .helpers = g_get_num_processors(), .ahead = AHEAD, .lengths_only = true};
    int code = load_score(&loaded, load_names(options, n), &score, wanted);
    if (code == EXIT_DONE) code = run(&loaded, &score);
    score_finish(&score);
    load_finish(&loaded);
    return code;
}

/* ---- plan ---- */

static int print_plan(struct loaded *loaded, struct score *score)
{
    void (*listing)(FILE *, const struct routine *, const struct timeline *, int) =
        loaded->options->json ? listing_json : listing_table;
    g_autoptr(GError) error = NULL;
    if (!score_lay_out(score, &error)) return load_complain(loaded, error);
    listing(stdout, loaded->routine, planner_timeline(score->planner), loaded->settings->sound.rate);
    return print_end();
}

int subcommand_plan(const struct options *options)
{
    return with_score(options, options->arguments->len, print_plan);
}

/* ---- files ---- */

/* The format that the extension names, or NULL. */
static const char *format_of(const char *path, const char *const *formats)
{
    const char *dot = strrchr(path, '.');
    while (dot && *formats && g_ascii_strcasecmp(dot + 1, *formats) != 0) formats++;
    return dot ? *formats : NULL;
}

static const char *path_of(const struct options *options)
{
    return g_ptr_array_index(options->arguments, options->arguments->len - 1);
}

/* The file is opened first: if it cannot be written, that costs no wait for speech. */
static int write_file(struct loaded *loaded, struct score *score,
                      char *(*text_of)(const struct loaded *loaded, const struct score *score))
{
    g_autoptr(GError) error = NULL;
    struct newfile *file = newfile_create(path_of(loaded->options), &error);
    bool written = file && score_lay_out(score, &error);
    if (written) {
        g_autofree char *text = text_of(loaded, score);
        written = newfile_write(file, text, strlen(text), &error) && newfile_sync(file, &error) &&
                  newfile_commit(g_steal_pointer(&file), &error);
    }
    newfile_discard(file);
    return written ? EXIT_DONE : load_complain(loaded, error);
}

/* ---- captions ---- */

static char *make_captions(const struct loaded *loaded, const struct score *score)
{
    const char *format = format_of(path_of(loaded->options), captions_formats());
    return captions_text(format, loaded->routine->title, planner_timeline(score->planner),
                         loaded->settings->sound.rate);
}

static int write_captions(struct loaded *loaded, struct score *score)
{
    return write_file(loaded, score, make_captions);
}

int subcommand_captions(const struct options *options)
{
    const char *path = path_of(options);
    if (!format_of(path, captions_formats())) return print_no_format(path, captions_formats(), "");
    return with_score(options, options->arguments->len - 1, write_captions);
}

/* ---- sheet ---- */

/* Standard output is for reading, unless --format says otherwise. NULL: not known. */
static const char *sheet_format(const struct options *options)
{
    const char *path = path_of(options);
    if (!options->format) return strcmp(path, "-") == 0 ? "txt" : format_of(path, sheet_formats());
    const char *const *format = sheet_formats();
    while (*format && strcmp(*format, options->format) != 0) format++;
    return *format;
}

static char *make_sheet(const struct loaded *loaded, const struct score *score)
{
    return sheet_text(sheet_format(loaded->options), &score->script, planner_timeline(score->planner));
}

static int print_sheet(struct loaded *loaded, struct score *score)
{
    g_autoptr(GError) error = NULL;
    if (!score_lay_out(score, &error)) return load_complain(loaded, error);
    g_autofree char *text = make_sheet(loaded, score);
    fputs(text, stdout);
    return print_end();
}

static int write_sheet(struct loaded *loaded, struct score *score)
{
    if (strcmp(path_of(loaded->options), "-") == 0) return print_sheet(loaded, score);
    return write_file(loaded, score, make_sheet);
}

static int no_sheet_format(const struct options *options)
{
    if (!options->format)
        return print_no_format(path_of(options), sheet_formats(), ", or - for standard output");
    g_autofree char *shown = diag_shown(options->format, 200);
    fprintf(stderr, "stretchvoice: --format must be html, md or txt, not '%s'; see 'stretchvoice --help'\n",
            shown);
    return EXIT_USAGE;
}

int subcommand_sheet(const struct options *options)
{
    if (!sheet_format(options)) return no_sheet_format(options);
    return with_score(options, options->arguments->len - 1, write_sheet);
}
