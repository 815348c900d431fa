/* M4A and M4B: ffmpeg makes them of a FLAC and a description in its own format. It gets descriptors, and no
 * text of a routine on its command line. */
#include "dress.h"
#include "config/language.h"
#include "report/chapters.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SOUND_FD = 3, WORDS_FD, OUTPUT_FD, WAIT_MS = 50, MOST_WORDS = 300 };

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

/* A file in memory; -1 and errno if that fails. */
static int memory_of(const char *text)
{
    int fd = memfd_create("stretchvoice", MFD_CLOEXEC);
    gsize size = strlen(text);
    if (fd < 0 || TEMP_FAILURE_RETRY(write(fd, text, size)) == (ssize_t)size) return fd;
    close(fd);
    return -1;
}

static void end_with_parent(gpointer data)
{
    (void)data;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static bool start(const struct dress *dress, const int fds[3], int messages, GPid *pid, GError **error)
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
    static const int targets[] = {SOUND_FD, WORDS_FD, OUTPUT_FD};
    return g_spawn_async_with_pipes_and_fds(
        NULL, words, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, end_with_parent, NULL, -1,
        messages, messages, fds, targets, 3, pid, NULL, NULL, NULL, error);
}

/* The exit status; -1 if it was told to stop. */
static int wait_end(const struct dress *dress, GPid pid)
{
    int status = 0;
    bool stopped = false;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (!stopped && dress->stop && dress->stop(dress->data)) {
            kill(pid, SIGKILL);
            stopped = true;
        }
        poll(NULL, 0, WAIT_MS);
    }
    return stopped ? -1 : status;
}

/* What it said last is why. */
static bool fail(struct newfile *to, int status, int messages, GError **error)
{
    char words[MOST_WORDS + 1] = "";
    if (status < 0) return newfile_fail(to, error, G_IO_ERROR_CANCELLED, "was given up");
    ssize_t n = pread(messages, words, MOST_WORDS, 0);
    words[MAX(n, 0)] = '\0';
    g_autofree char *line = chapters_text(g_strstrip(words), MOST_WORDS);
    g_autofree char *what = g_strdup_printf("cannot be made by ffmpeg: %s", *line ? line : "it has failed");
    return newfile_fail(to, error, G_IO_ERROR_FAILED, what);
}

bool dress_mp4(const struct dress *dress, int from, struct newfile *to, GError **error)
{
    g_autofree char *text = description(dress);
    int words = memory_of(text), messages = memory_of("");
    GPid pid;
    bool done = words >= 0 && messages >= 0;
    if (!done) newfile_fail(to, error, (int)g_io_error_from_errno(errno), g_strerror(errno));
    done = done && start(dress, (int[]){from, words, newfile_fd(to)}, messages, &pid, error);
    if (done) {
        int status = wait_end(dress, pid);
        done = status == 0 || fail(to, status, messages, error);
    }
    if (words >= 0) close(words);
    if (messages >= 0) close(messages);
    return done;
}
