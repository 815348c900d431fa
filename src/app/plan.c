/* plan and captions: the whole session laid out, without sound. */
#include "load.h"
#include "subcommands.h"
#include "file/newfile.h"
#include "report/listing.h"
#include <string.h>

enum { AHEAD = 64 }; /* sentences: keeps every speech program busy */

/* Loads the routine that is the first argument, then runs this. */
static int with_score(const struct options *options, int (*run)(struct loaded *loaded, struct score *score))
{
    struct loaded loaded;
    struct score score;
    load_init(&loaded, options);
    const struct score_options wanted = {
        .helpers = g_get_num_processors(), .ahead = AHEAD, .lengths_only = true};
    int code = load_score(&loaded, g_ptr_array_index(options->arguments, 0), &score, wanted);
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
    return with_score(options, print_plan);
}

/* ---- captions ---- */

/* The format that the extension names, or NULL. */
static const char *format_of(const char *path)
{
    const char *dot = strrchr(path, '.'), *const *format = captions_formats();
    while (dot && *format && g_ascii_strcasecmp(dot + 1, *format) != 0) format++;
    return dot ? *format : NULL;
}

/* The file is opened first: if it cannot be written, that costs no wait for speech. */
static int write_captions(struct loaded *loaded, struct score *score)
{
    const char *path = g_ptr_array_index(loaded->options->arguments, 1);
    g_autoptr(GError) error = NULL;
    struct newfile *file = newfile_create(path, &error);
    bool written = file && score_lay_out(score, &error);
    if (written) {
        g_autofree char *text = captions_text(format_of(path), loaded->routine->title,
                                              planner_timeline(score->planner), loaded->settings->sound.rate);
        written = newfile_write(file, text, strlen(text), &error) && newfile_sync(file, &error) &&
                  newfile_commit(g_steal_pointer(&file), &error);
    }
    newfile_discard(file);
    return written ? EXIT_DONE : load_complain(loaded, error);
}

int subcommand_captions(const struct options *options)
{
    const char *path = g_ptr_array_index(options->arguments, 1);
    if (!format_of(path)) return print_no_format(path, captions_formats(), "");
    return with_score(options, write_captions);
}
