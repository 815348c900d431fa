#include "../lib/stereo.h"
#include "report/chapters.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* How a file says what it is: the limits of the formats. What other programs read of it: cli/chapters. */

enum { RATE = 48000, FRAMES = 30000 };

static char *directory;

static GArray *chapters_of(guint n)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(struct chapter));
    for (guint i = 0; i < n; i++) {
        const struct chapter chapter = {.frame = i, .title = g_strdup_printf("<%u>", i)};
        g_array_append_val(list, chapter);
    }
    return list;
}

static void free_chapters(GArray *list)
{
    for (guint i = 0; i < list->len; i++) g_free(g_array_index(list, struct chapter, i).title);
    g_array_unref(list);
}

static bool try_file(const char *path, guint chapters, GError **error)
{
    GArray *list = chapters_of(chapters);
    const struct tags tags = {.title = "T", .comment = "C", .language = "de", .chapters = list};
    const struct soundfile_options options = {.rate = RATE, .frames = -1, .tags = &tags};
    g_autofree int16_t *stereo = stereo_sweep(FRAMES);
    struct soundfile *file = soundfile_create(path, &options, error);
    bool written = file && soundfile_write(file, stereo, FRAMES, error);
    bool done = written && soundfile_finish(file, NULL, error);
    if (file && !written) soundfile_abort(file);
    free_chapters(list);
    return done;
}

static char *made(const char *name, guint chapters, gsize *size)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autoptr(GError) error = NULL;
    char *bytes;
    try_file(path, chapters, &error);
    g_assert_no_error(error);
    g_assert_true(g_file_get_contents(path, &bytes, size, NULL));
    g_unlink(path);
    return bytes;
}

static guint count(const char *bytes, gsize size, const char *word)
{
    guint n = 0;
    const char *end = bytes + size, *at = bytes;
    while ((at = memmem(at, (gsize)(end - at), word, strlen(word)))) {
        at++;
        n++;
    }
    return n;
}

/* A table has 255 entries; more chapters have a table of tables. */
static void test_id3_tables(void)
{
    static const struct {
        guint chapters, tables;
    } counts[] = {{0, 0}, {1, 1}, {255, 1}, {256, 3}, {600, 4}};
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
        gsize size;
        g_autofree char *bytes = made("x.mp3", counts[i].chapters, &size);
        g_assert_cmpuint(count(bytes, size, "CTOC"), ==, counts[i].tables);
        g_assert_cmpuint(count(bytes, size, "CHAP"), ==, counts[i].chapters);
    }
}

/* Their numbers have three digits. */
static void test_comments_end(void)
{
    for (const char *const *name = (const char *const[]){"x.flac", "x.ogg", "x.opus", NULL}; *name; name++) {
        gsize size;
        g_autofree char *bytes = made(*name, 1200, &size);
        g_assert_cmpuint(count(bytes, size, "CHAPTER999NAME=<998>"), ==, 1);
        g_assert_cmpuint(count(bytes, size, "<999>"), ==, 0);
    }
}

/* All of a WAV: the sizes of its chunks reach exactly to its end. */
static void test_wav_chunks(void)
{
    gsize size, at = 12;
    g_autofree char *bytes = made("x.wav", 3, &size);
    g_assert_cmpuint(stereo_number(bytes, 4), ==, size - 8);
    while (at < size) {
        gsize length = stereo_number(bytes, (int)at + 4);
        at += 8 + length + length % 2;
    }
    g_assert_cmpuint(at, ==, size);
}

static guint files_there(void)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    while (g_dir_read_name(dir)) n++;
    return n;
}

static void expect_full(const char *path, rlim_t bytes)
{
    struct rlimit limit, before;
    g_autoptr(GError) error = NULL;
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
    bool done = try_file(path, 400, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    g_assert_false(done);
    g_assert_nonnull(strstr(error->message, g_strerror(EFBIG)));
    g_assert_cmpuint(files_there(), ==, 0);
}

/* In the tags, and in what is copied behind them. */
static void test_full(void)
{
    for (const char *const *format = (const char *const[]){"wav", "flac", "ogg", "opus", "mp3", NULL};
         *format; format++) {
        g_autofree char *name = g_strconcat("x.", *format, NULL),
                        *path = g_build_filename(directory, name, NULL);
        struct stat plain, whole;
        g_assert_true(try_file(path, 0, NULL));
        g_assert_cmpint(stat(path, &plain), ==, 0);
        g_assert_true(try_file(path, 400, NULL));
        g_assert_cmpint(stat(path, &whole), ==, 0);
        g_unlink(path);
        expect_full(path, (rlim_t)plain.st_size + 10);
        expect_full(path, (rlim_t)whole.st_size - 1);
    }
}

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN);
    g_test_init(&argc, &argv, NULL);
    directory = g_dir_make_tmp("tags-XXXXXX", NULL);
    g_test_add_func("/tags/id3-tables", test_id3_tables);
    g_test_add_func("/tags/comments-end", test_comments_end);
    g_test_add_func("/tags/wav-chunks", test_wav_chunks);
    g_test_add_func("/tags/full", test_full);
    int failed = g_test_run();
    g_rmdir(directory);
    g_free(directory);
    return failed;
}
