/* M4A and M4B: ffmpeg makes them of a FLAC and a description in its own format. It gets descriptors, and no
 * text of a routine on its command line. */
#include "dress.h"
#include "config/language.h"
#include "file/runner.h"
#include "report/chapters.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* ---- the description ---- */

static void add_text(GString *out, const char *name, const char *text)
{
    if (!text) return;
    g_string_append_printf(out, "%s=", name);
    for (; *text; text++) {
        if (strchr("=;#\\", *text)) g_string_append_c(out, '\\');
        g_string_append_c(out, *text);
    }
    g_string_append_c(out, '\n');
}

static char *description(const struct dress *dress)
{
    static const char *const names[N_TAGS] = {"title", "artist",  "album",   "date",
                                              "genre", "comment", "language"};
    const GArray *chapters = dress->tags->chapters;
    g_autofree char *track = dress_track(dress->tags);
    GString *out = g_string_new(";FFMETADATA1\n");
    for (int i = 0; i < N_TAGS; i++) add_text(out, names[i], dress_text(dress->tags, i));
    add_text(out, "track", track);
    for (guint i = 0; chapters && i < chapters->len; i++) {
        const struct chapter *chapter = &g_array_index(chapters, struct chapter, i);
        g_string_append_printf(
            out, "[CHAPTER]\nTIMEBASE=1/1000\nSTART=%" G_GINT64_FORMAT "\nEND=%" G_GINT64_FORMAT "\n",
            chapters_ms(chapter->frame, dress->rate),
            chapters_ms(chapters_end(chapters, i, dress->frames), dress->rate));
        add_text(out, "title", chapter->title);
    }
    return g_string_free(out, FALSE);
}

/* ---- the program ---- */

static bool run(const struct dress *dress, const int fds[RUNNER_FDS], GError **error)
{
    char letters[4] = "und";
    if (dress->tags->language) language_three_letters(dress->tags->language, letters);
    g_autofree char *language = g_strconcat("language=", letters, NULL),
                    *bits = g_strdup_printf("%dk", dress->kbps);
    const char *const words[] = {"ffmpeg",     "-nostdin",
                                 "-v",         "error",
                                 "-y",         "-f",
                                 "flac",       "-i",
                                 "/dev/fd/3",  "-f",
                                 "ffmetadata", "-i",
                                 "/dev/fd/4",  "-map",
                                 "0:a",        "-map_metadata",
                                 "1",          "-map_chapters",
                                 "1",          "-metadata:s:a:0",
                                 language,     "-c:a",
                                 "aac",        "-b:a",
                                 bits,         "-fflags",
                                 "+bitexact",  "-flags:a",
                                 "+bitexact",  "-f",
                                 "ipod",       "/dev/fd/5",
                                 NULL};
    return runner_run(&(struct runner){words, {fds[0], fds[1], fds[2]}, RUNNER_FDS, dress->stop, dress->data},
                      error);
}

static bool fail(struct newfile *to, const GError *problem, GError **error)
{
    bool stopped = g_error_matches(problem, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_autofree char *what = g_strdup_printf("cannot be made by ffmpeg: %s", problem->message);
    return newfile_fail(to, error, stopped ? G_IO_ERROR_CANCELLED : G_IO_ERROR_FAILED, what);
}

bool dress_mp4(const struct dress *dress, int from, struct newfile *to, GError **error)
{
    g_autofree char *text = description(dress);
    g_autoptr(GError) problem = NULL;
    int words = runner_memory(text);
    if (words < 0) return newfile_fail(to, error, (int)g_io_error_from_errno(errno), g_strerror(errno));
    bool done = run(dress, (int[]){from, words, newfile_fd(to)}, &problem);
    close(words);
    return done || fail(to, problem, error);
}
