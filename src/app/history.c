/* stretchvoice history: shows what has been practised, hands it to other programs, forgets it. */
#include "history_export.h"
#include "history_view.h"
#include "subcommands.h"
#include "base/diag.h"
#include "file/newfile.h"
#include <stdio.h>
#include <string.h>

enum { SHOWN_PATH = 300 };

/* ---- opening ---- */

static int fail(const char *path, const GError *error)
{
    g_autofree char *shown = diag_shown(path, SHOWN_PATH);
    fprintf(stderr, "stretchvoice: the history '%s': %s\n", shown, error->message);
    return EXIT_FAILED;
}

/* `*store` stays NULL where there is no history yet. A disk that cannot be written can still be read. */
static int open_history(const char *path, bool thorough, struct store **store)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *said = NULL;
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) return EXIT_DONE;
    *store = store_open(path, thorough, &said, &error);
    if (said) fprintf(stderr, "stretchvoice: %s\n", said);
    if (g_error_matches(error, HISTORY_ERROR, HISTORY_READ_ONLY)) {
        g_clear_error(&error);
        *store = store_open_to_read(path, STORE_PATIENT_MS, &error);
    }
    return error ? fail(path, error) : EXIT_DONE;
}

/* ---- showing ---- */

static int64_t today(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    return calendar_day(g_date_time_to_unix(now),
                        (int)(g_date_time_get_utc_offset(now) / G_TIME_SPAN_SECOND));
}

static int write_picture(const struct history_view *view, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *svg = history_view_svg(view);
    struct newfile *file = newfile_create(path, &error);
    if (!file) return print_error(error);
    if (newfile_write(file, svg, strlen(svg), &error) && newfile_sync(file, &error)) {
        if (newfile_commit(file, &error)) return EXIT_DONE;
    } else {
        newfile_discard(file);
    }
    return print_error(error);
}

static int show(const struct options *options, const struct history_view *view)
{
    if (options->svg) return write_picture(view, options->svg);
    if (options->plain)
        history_view_print_plain(view);
    else
        history_view_print(view, options_color(options, fileno(stdout)));
    return print_end();
}

/* Damage that opening did not find is found by reading. */
static int load_and_show(const struct options *options, const char *path, struct store **store)
{
    g_autoptr(GError) error = NULL;
    struct history_view view = {0};
    int code = EXIT_DONE;
    bool loaded = history_view_load(&view, *store, today(), &error);
    if (g_error_matches(error, HISTORY_ERROR, HISTORY_DAMAGED)) {
        g_clear_error(&error);
        history_view_finish(&view);
        g_clear_pointer(store, store_free);
        code = open_history(path, true, store);
        loaded = history_view_load(&view, *store, today(), &error);
    }
    if (!loaded)
        code = fail(path, error);
    else if (code == EXIT_DONE)
        code = show(options, &view);
    history_view_finish(&view);
    return code;
}

static int export_all(struct store *store, enum export_format format, const char *path)
{
    g_autoptr(GError) error = NULL;
    if (history_export(store, format, &error)) return print_end();
    print_end();
    return fail(path, error);
}

/* ---- forgetting ---- */

static bool read_day(const char *text, int64_t *day)
{
    static const char form[] = "dddd-dd-dd";
    if (strlen(text) != strlen(form)) return false;
    for (gsize i = 0; form[i]; i++)
        if (form[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != form[i]) return false;
    g_autofree char *midnight = g_strconcat(text, "T00:00:00Z", NULL);
    g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(midnight, NULL);
    if (!date) return false;
    *day = calendar_day(g_date_time_to_unix(date), 0);
    return true;
}

static int refuse(const char *what, const char *value, const char *right)
{
    g_autofree char *shown = diag_shown(value, 100);
    fprintf(stderr, "stretchvoice: history forget: not %s ('%s'; %s)\n", what, shown, right);
    return EXIT_USAGE;
}

static int no_session(guint64 id)
{
    fprintf(stderr, "stretchvoice: there is no session %" G_GUINT64_FORMAT "; 'history' shows the numbers\n",
            id);
    return EXIT_INVALID;
}

static int forget(const struct options *options, struct store *store, const char *path)
{
    g_autoptr(GError) error = NULL;
    guint64 id = 0;
    int64_t day = 0;
    const char *word = options->before ? NULL : g_ptr_array_index(options->arguments, 1);
    if (options->before && !read_day(options->before, &day))
        return refuse("a day", options->before, "write 2026-11-30");
    if (word && !g_ascii_string_to_unsigned(word, 10, 1, G_MAXINT64, &id, NULL))
        return refuse("the number of a session", word, "'history' shows it");
    int n = !store ? 0
            : word ? history_forget(store, (int64_t)id, &error)
                   : history_forget_before(store, day, &error);
    if (n < 0) return fail(path, error);
    if (word && n == 0) return no_session(id);
    printf("%d %s forgotten\n", n, n == 1 ? "session" : "sessions");
    return print_end();
}

/* ---- the subcommand ---- */

/* What is wrong with the command line, or NULL. */
static const char *problem_of(const struct options *options)
{
    const GPtrArray *words = options->arguments;
    int formats = !!options->json + !!options->csv + !!options->jrnl + !!options->ics + !!options->svg;
    bool forgets = words->len > 0;
    if (forgets && strcmp(words->pdata[0], "forget") != 0) return "'history' takes no argument but 'forget'";
    if (formats + !!options->plain > 1)
        return "history: --plain, --json, --csv, --jrnl, --ics and --svg exclude each other";
    if (options->before && !forgets) return "history: --before DATE belongs to 'history forget'";
    if (forgets && formats > 0) return "'history forget' prints no sessions";
    if (forgets && (words->len == 2) == !!options->before)
        return "'history forget' needs the number of a session, or --before DATE";
    return NULL;
}

int subcommand_history(const struct options *options)
{
    const char *problem = problem_of(options);
    if (problem) {
        fprintf(stderr, "stretchvoice: %s\n", problem);
        return EXIT_USAGE;
    }
    struct store *store = NULL;
    const gboolean wanted[N_EXPORT_FORMATS] = {[EXPORT_JSON] = options->json,
                                               [EXPORT_CSV] = options->csv,
                                               [EXPORT_JRNL] = options->jrnl,
                                               [EXPORT_ICS] = options->ics};
    enum export_format format = 0;
    while (format < N_EXPORT_FORMATS && !wanted[format]) format++;
    g_autofree char *path = store_path(NULL);
    int code = open_history(path, false, &store);
    if (code == EXIT_DONE)
        code = options->arguments->len > 0 ? forget(options, store, path)
               : format < N_EXPORT_FORMATS ? export_all(store, format, path)
                                           : load_and_show(options, path, &store);
    store_free(store);
    return code;
}
