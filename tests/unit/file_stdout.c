#include "../lib/stereo.h"
#include "file/soundfile.h"
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FRAMES = 100001 };

struct output {
    int own; /* standard output as it was */
    int read_end;
};

static void output_begin(struct output *output, int fd, int read_end)
{
    fflush(stdout);
    *output = (struct output){dup(STDOUT_FILENO), read_end};
    dup2(fd, STDOUT_FILENO);
    close(fd);
}

static void output_begin_pipe(struct output *output)
{
    int ends[2];
    g_assert_true(g_unix_open_pipe(ends, FD_CLOEXEC, NULL));
    output_begin(output, ends[1], ends[0]);
}

static void output_end(struct output *output)
{
    dup2(output->own, STDOUT_FILENO);
    close(output->own);
    if (output->read_end >= 0) close(output->read_end);
}

static void expect_piped(int64_t frames, uint32_t data)
{
    struct output output;
    char bytes[WAV_HEADER + 400];
    g_autofree int16_t *stereo = stereo_sweep(100);
    g_autoptr(GError) error = NULL;
    output_begin_pipe(&output);
    struct soundfile *file = stereo_file("-", 48000, frames, &error);
    bool written = file && soundfile_write(file, stereo, 100, &error) && soundfile_finish(file, NULL, &error);
    ssize_t size = read(output.read_end, bytes, sizeof bytes);
    bool blocks = !(fcntl(STDOUT_FILENO, F_GETFL) & O_NONBLOCK);
    output_end(&output);
    g_assert_no_error(error);
    g_assert_true(written && blocks);
    g_assert_cmpint(size, ==, sizeof bytes);
    stereo_expect_header(bytes, 48000, data);
    g_assert_cmpmem(bytes + WAV_HEADER, 400, stereo, 400);
}

static void test_pipe(void)
{
    expect_piped(100, 400);
    expect_piped(-1, UINT32_MAX);
}

static gboolean read_some(gint fd, GIOCondition condition, gpointer data)
{
    char bytes[10000];
    ssize_t n = read(fd, bytes, sizeof bytes);
    (void)condition;
    *(int64_t *)data += MAX(n, 0);
    return n > 0;
}

/* Never to be stopped; lets the reader have its turn. */
static bool run_context(void *data)
{
    (void)data;
    g_main_context_iteration(NULL, FALSE);
    return false;
}

/* A reader that reads only when it is its turn. */
static void test_slow_reader(void)
{
    struct output output;
    int64_t got = 0;
    g_autofree int16_t *stereo = stereo_sweep(FRAMES);
    g_autoptr(GError) error = NULL;
    output_begin_pipe(&output);
    guint source = g_unix_fd_add(output.read_end, G_IO_IN, read_some, &got);
    struct soundfile *file = stereo_file("-", 48000, -1, &error);
    soundfile_watch(file, run_context, NULL);
    bool written = stereo_write(file, stereo, FRAMES, &error) && soundfile_finish(file, NULL, &error);
    while (got < WAV_HEADER + 4 * FRAMES && g_main_context_iteration(NULL, TRUE)) continue;
    g_source_remove(source);
    output_end(&output);
    g_assert_true(written);
    g_assert_cmpint(got, ==, WAV_HEADER + 4 * FRAMES);
}

/* True when it has been asked for the third time. */
static bool is_over(void *data)
{
    return ++*(int *)data == 3;
}

static void test_no_reader(void)
{
    struct output output;
    int asked = 0;
    g_autofree int16_t *stereo = stereo_sweep(FRAMES);
    g_autoptr(GError) error = NULL;
    output_begin_pipe(&output);
    struct soundfile *file = stereo_file("-", 48000, -1, &error);
    soundfile_watch(file, is_over, &asked);
    bool written = soundfile_write(file, stereo, FRAMES, &error);
    soundfile_abort(file);
    output_end(&output);
    g_assert_false(written);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void test_closed_pipe(void)
{
    struct output output;
    g_autofree int16_t *stereo = stereo_sweep(FRAMES);
    g_autoptr(GError) error = NULL;
    output_begin_pipe(&output);
    struct soundfile *file = stereo_file("-", 48000, -1, &error);
    close(output.read_end);
    output.read_end = -1;
    bool written = soundfile_write(file, stereo, FRAMES, &error);
    soundfile_abort(file);
    output_end(&output);
    g_assert_false(written);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
}

static void test_full_output(void)
{
    struct output output;
    g_autoptr(GError) error = NULL;
    output_begin(&output, open("/dev/full", O_WRONLY), -1);
    struct soundfile *file = stereo_file("-", 48000, -1, &error);
    output_end(&output);
    g_assert_null(file);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    g_assert_nonnull(strstr(
        error->message, "standard output cannot be written: No space left on device (0 bytes were written"));
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stdout/pipe", test_pipe);
    g_test_add_func("/stdout/slow-reader", test_slow_reader);
    g_test_add_func("/stdout/no-reader", test_no_reader);
    g_test_add_func("/stdout/closed-pipe", test_closed_pipe);
    g_test_add_func("/stdout/full-output", test_full_output);
    return g_test_run();
}
