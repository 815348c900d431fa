/* Makes a routine of the workout of another program. */
#include "import.h"
#include "author.h"
#include "subcommands.h"
#include "base/diag.h"
#include "base/name.h"
#include "base/read.h"
#include "routine/parse.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { MOST_BYTES = 4 << 20 };

static int refuse(int code, const char *path, const char *what)
{
    g_autofree char *shown = diag_shown(path, PATH_MAX);
    fprintf(stderr, "stretchvoice: %s: %s\n", shown, what);
    return code;
}

/* Without a mark, with lines that end in LF. NULL: not text. */
static char *plain_text(const char *bytes, gsize size)
{
    static const char mark[] = "\xEF\xBB\xBF";
    if (strlen(bytes) != size || !g_utf8_validate(bytes, -1, NULL)) return NULL;
    g_autoptr(GString) text = g_string_new(bytes + (g_str_has_prefix(bytes, mark) ? strlen(mark) : 0));
    g_string_replace(text, "\r\n", "\n", 0);
    g_string_replace(text, "\r", "\n", 0);
    return g_strdup(text->str);
}

static bool has_ending(const char *path, const char *ending)
{
    g_autofree char *folded = g_ascii_strdown(path, -1);
    return g_str_has_suffix(folded, ending);
}

/* An object of JSON begins with a name, or is empty. */
static bool begins_as_object(const char *text)
{
    static const char blank[] = " \t\n";
    const char *first = text + strspn(text, blank);
    return *first == '{' && strchr("\"}", first[1 + strspn(first + 1, blank)]);
}

/* By what it begins with, and the file's extension. */
static bool read_workout(struct outline *outline, const char *path, const char *text)
{
    if (begins_as_object(text) || has_ending(path, ".json")) return import_json(outline, text);
    return (has_ending(path, ".csv") || has_ending(path, ".tsv") ? import_csv : import_list)(outline, text);
}

static void print_notes(const struct outline *outline, const char *path)
{
    g_autofree char *shown = diag_shown(path, PATH_MAX);
    for (guint i = 0; i < outline->notes->len; i++)
        fprintf(stderr, "%s: not carried over: %s\n", shown, (char *)outline->notes->pdata[i]);
}

/* Our own text is read as any other; a problem in it is a fault of this program. */
static bool is_right(const char *ini, const char *path)
{
    AUTO(diags) diags = diags_new();
    AUTO(routine) routine = routine_from_text(ini, strlen(ini), path, diags);
    diags_print(diags, stderr);
    return routine != NULL;
}

static int write_routine(const struct options *options, struct outline *outline, const char *file)
{
    g_autofree char *base = g_path_get_basename(file);
    char *dot = strrchr(base, '.');
    if (dot && dot > base) *dot = '\0';
    g_autofree char *name = author_slug(base, "workout"), *own = author_path(name);
    const char *path = options->output ? options->output : own;
    g_autofree char *ini = outline_ini(outline, base);
    g_autoptr(GError) error = NULL;
    print_notes(outline, file);
    if (!ini) return refuse(EXIT_INVALID, file, "no exercise in it");
    if (!is_right(ini, path)) return EXIT_FAILED;
    return author_write(path, ini, &error) ? print_end() : print_error(error);
}

int subcommand_import(const struct options *options)
{
    const char *file = g_ptr_array_index(options->arguments, 0);
    gsize size;
    g_autofree char *problem = NULL, *bytes = read_file(file, MOST_BYTES, &size, &problem);
    if (options->output && !g_str_has_suffix(options->output, ".ini"))
        return refuse(EXIT_USAGE, options->output, "a routine's file ends in .ini");
    if (!bytes) return refuse(EXIT_INVALID, file, problem);
    g_autofree char *text = plain_text(bytes, size);
    AUTO(outline) outline = outline_new();
    if (!text) return refuse(EXIT_INVALID, file, "not text (UTF-8)");
    if (!read_workout(outline, file, text))
        return refuse(
            EXIT_INVALID, file,
            "not a workout that is known (the JSON of Feeel, Just Another Workout Timer, OpenHIIT or "
            "TimeR Machine; a CSV file; or a list with an exercise in each line)");
    return write_routine(options, outline, file);
}
