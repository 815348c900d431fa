/* stretchvoice rate: how the last session was, told afterwards. */
#include "history_export.h"
#include "subcommands.h"
#include "base/diag.h"
#include "base/duration.h"
#include "history/query.h"
#include <stdio.h>
#include <string.h>

enum { SHOWN = 300, PAIN_MOST = 10, NOTE_MOST = 2000 /* bytes */ };

static int refuse(const char *what, const char *value, const char *right)
{
    g_autofree char *shown = diag_shown(value, SHOWN);
    fprintf(stderr, "stretchvoice: rate: not %s ('%s'; %s)\n", what, shown, right);
    return EXIT_USAGE;
}

static int check(const struct options *options, int *pain)
{
    static const char *const ratings[] = {"easy", "right", "hard", NULL};
    const char *rating = g_ptr_array_index(options->arguments, 0);
    *pain = PAIN_NONE;
    if (!g_strv_contains(ratings, rating)) return refuse("a rating", rating, "easy, right or hard");
    if (options->pain && (!number_parse(options->pain, pain) || *pain < 0 || *pain > PAIN_MOST))
        return refuse("a pain", options->pain, "0 to 10");
    if (options->note && (!g_utf8_validate(options->note, -1, NULL) || strlen(options->note) > NOTE_MOST))
        return refuse("a note", options->note, "up to 2000 bytes of UTF-8");
    return EXIT_DONE;
}

static void print_session(void *data, const struct history_session *session)
{
    bool *found = data;
    *found = true;
    g_autofree char *title = diag_shown(session->title, SHOWN),
                    *begun = history_time(session->begun, session->begun_zone);
    printf("%s, %.10s %.5s: %s", title, begun, begun + strlen("2026-11-30T"), session->rating);
    if (session->pain != PAIN_NONE) printf(", pain %d", session->pain);
    putchar('\n');
}

static int fail(const char *path, const GError *error)
{
    g_autofree char *shown = diag_shown(path, SHOWN);
    fprintf(stderr, "stretchvoice: the history '%s': %s\n", shown, error->message);
    return EXIT_FAILED;
}

int subcommand_rate(const struct options *options)
{
    int pain;
    bool found = false;
    g_autoptr(GError) error = NULL;
    g_autofree char *said = NULL, *path = store_path(NULL);
    const int code = check(options, &pain);
    if (code != EXIT_DONE) return code;
    const bool exists = g_file_test(path, G_FILE_TEST_EXISTS);
    AUTO(store) store = exists ? store_open(path, false, &said, &error) : NULL;
    if (said) fprintf(stderr, "stretchvoice: %s\n", said);
    if (store)
        history_rate(store, g_ptr_array_index(options->arguments, 0), pain, options->note, print_session,
                     &found, &error);
    if (error) return fail(path, error);
    if (found) return print_end();
    fputs("stretchvoice: there is no session to rate\n", stderr);
    return EXIT_INVALID;
}
