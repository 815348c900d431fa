#include "load.h"
#include "subcommands.h"
#include "file/newfile.h"
#include "report/captions.h"
#include <string.h>

enum { AHEAD = 64 }; /* sentences: keeps every speech program busy */

/* The format that the file's name ends in; NULL if it is none of ours. */
static const char *format_of(const char *path)
{
    const char *dot = strrchr(path, '.'), *const *format = captions_formats();
    while (dot && *format && g_ascii_strcasecmp(dot + 1, *format) != 0) format++;
    return dot ? *format : NULL;
}

static int refuse(const char *path)
{
    g_autofree char *formats = g_strjoinv(", ", (char **)captions_formats());
    g_autofree char *shown = diag_shown(path, 200);
    fprintf(stderr, "stretchvoice: no such format ('%s'; the file's name ends in one of %s)\n", shown,
            formats);
    return EXIT_USAGE;
}

/* The place is taken first: one that cannot be had costs no wait for speech. */
static int write_captions(struct loaded *loaded, struct score *score, const char *format, const char *path)
{
    g_autoptr(GError) error = NULL;
    struct newfile *file = newfile_create(path, &error);
    if (!file) return load_complain(loaded, error);
    if (!score_lay_out(score, &error)) {
        newfile_discard(file);
        return load_complain(loaded, error);
    }
    g_autofree char *text = captions_text(format, loaded->routine->title, planner_timeline(score->planner),
                                          loaded->settings->sound.rate);
    if (newfile_write(file, text, strlen(text), &error) && newfile_sync(file, &error))
        return newfile_commit(file, &error) ? EXIT_DONE : load_complain(loaded, error);
    newfile_discard(file);
    return load_complain(loaded, error);
}

int subcommand_captions(const struct options *options)
{
    const char *name = g_ptr_array_index(options->arguments, 0),
               *path = g_ptr_array_index(options->arguments, 1);
    const char *format = format_of(path);
    if (!format) return refuse(path);
    struct loaded loaded;
    struct score score;
    load_init(&loaded, options);
    const struct score_options wanted = {
        .helpers = g_get_num_processors(), .ahead = AHEAD, .lengths_only = true};
    int code = load_score(&loaded, name, &score, wanted);
    if (code == EXIT_DONE) code = write_captions(&loaded, &score, format, path);
    score_finish(&score);
    load_finish(&loaded);
    return code;
}
