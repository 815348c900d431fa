#include "app/prepare.h"
#include "app/verbs.h"
#include "report/captions.h"
#include <string.h>

enum { AHEAD = 64 }; /* lines: keeps every speech program busy */

/* The format that the file's name ends in; NULL if it is none of ours. */
static const char *format_of(const char *path)
{
    for (const char *const *format = captions_formats(); *format; format++) {
        g_autofree char *ending = g_strconcat(".", *format, NULL);
        if (g_str_has_suffix(path, ending)) return *format;
    }
    return NULL;
}

static int refuse(const char *path)
{
    g_autofree char *formats = g_strjoinv(", ", (char **)captions_formats());
    g_autofree char *shown = diag_shown(path, 200);
    fprintf(stderr, "stretchvoice: no such format ('%s'; the file's name ends in one of %s)\n", shown,
            formats);
    return EXIT_USAGE;
}

/* Beside the file, then renamed, so that no half of it can be met under its name. */
static int write_file(const struct prepared *prepared, const char *format, const char *path)
{
    g_autofree char *text =
        captions_text(format, prepared->routine->title, planner_timeline(prepared->planner),
                      prepared->settings->sound.rate);
    g_autoptr(GError) error = NULL;
    if (g_file_set_contents_full(path, text, (gssize)strlen(text), G_FILE_SET_CONTENTS_CONSISTENT, 0666,
                                 &error))
        return EXIT_DONE;
    g_autofree char *shown = diag_shown(error->message, 500);
    fprintf(stderr, "stretchvoice: the captions cannot be written: %s\n", shown);
    return EXIT_FAILED;
}

int verb_captions(const struct options *options)
{
    const char *name = g_ptr_array_index(options->arguments, 0),
               *path = g_ptr_array_index(options->arguments, 1);
    const char *format = format_of(path);
    if (!format) return refuse(path);
    struct prepared prepared;
    prepare_init(&prepared, options);
    const struct preparing preparing = {
        .helpers = g_get_num_processors(), .ahead = AHEAD, .lengths_only = true};
    int code = prepare_all(&prepared, name, &preparing);
    if (code == EXIT_DONE) code = prepare_whole(&prepared);
    if (code == EXIT_DONE) code = write_file(&prepared, format, path);
    prepare_finish(&prepared);
    return code;
}
