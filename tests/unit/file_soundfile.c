#undef _FORTIFY_SOURCE /* which would make openat() an inline function */
#include "../lib/stereo.h"
#include "file/soundfile.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FRAMES = 100001 };

/* ---- system calls that fail when a test wants them to ---- */

static int lseek_fails, fstat_fails; /* the call that fails; 1 is the next, 0: none */
static bool no_tmpfile;

off_t lseek(int fd, off_t offset, int whence)
{
    if (lseek_fails == 0 || --lseek_fails > 0) return lseek64(fd, offset, whence);
    errno = EIO;
    return -1;
}

int fstat(int fd, struct stat *status)
{
    if (fstat_fails == 0 || --fstat_fails > 0) return fstatat(fd, "", status, AT_EMPTY_PATH);
    errno = EIO;
    return -1;
}

int openat(int directory, const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = va_arg(arguments, mode_t);
    va_end(arguments);
    if (!no_tmpfile || (flags & O_TMPFILE) != O_TMPFILE)
        return (int)syscall(SYS_openat, directory, path, flags, mode);
    errno = EOPNOTSUPP;
    return -1;
}

/* ---- a directory, and what lies in it ---- */

static char *directory;

static char *place(const char *name)
{
    return g_build_filename(directory, name, NULL);
}

static guint files_there(void)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    while (g_dir_read_name(dir)) n++;
    return n;
}

/* A file of the directory that is open, by way of /proc; NULL if there is none. */
static char *unfinished(void)
{
    g_autofree char *below = g_strconcat(directory, "/", NULL);
    g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename("/proc/self/fd", name, NULL);
        g_autofree char *target = g_file_read_link(path, NULL);
        if (target && g_str_has_prefix(target, below)) return g_steal_pointer(&path);
    }
    return NULL;
}

/* Whether the file system has files without a name. */
static bool has_tmpfile(void)
{
    int fd = open(directory, O_TMPFILE | O_RDWR, 0600);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

static void make_file(const char *path, int rate, const int16_t *stereo, int64_t frames)
{
    g_autoptr(GError) error = NULL;
    struct soundfile *file = stereo_file(path, rate, frames, &error);
    g_assert_no_error(error);
    g_assert_true(stereo_write(file, stereo, frames, &error));
    soundfile_finish(file, NULL, &error);
    g_assert_no_error(error);
}

static int16_t *read_file(const char *path, SF_INFO *info, int64_t *frames)
{
    *info = (SF_INFO){0};
    SNDFILE *file = sf_open(path, SFM_READ, info);
    g_assert_nonnull(file);
    int16_t *stereo = g_new0(int16_t, 2 * 2 * FRAMES);
    *frames = sf_readf_short(file, stereo, 2 * FRAMES);
    sf_close(file);
    return stereo;
}

/* ---- whole files ---- */

static void expect_alike(const int16_t *a, const int16_t *b, double tolerance)
{
    double error = 0, sum = 0;
    for (int64_t i = 0; i < 2 * FRAMES; i++) {
        error += (a[i] - b[i]) * (a[i] - b[i]);
        sum += a[i] * a[i];
    }
    g_assert_cmpfloat(error, <=, tolerance * sum);
}

static void expect_round_trip(const char *format, int rate)
{
    bool exact = strcmp(format, "wav") == 0 || strcmp(format, "flac") == 0,
         opus = strcmp(format, "opus") == 0;
    g_autofree char *name = g_strdup_printf("x.%s", format), *path = place(name);
    g_autofree int16_t *stereo = stereo_sweep(FRAMES);
    make_file(path, rate, stereo, FRAMES);
    SF_INFO info;
    int64_t frames;
    g_autofree int16_t *back = read_file(path, &info, &frames);
    int64_t wanted = opus ? llround(FRAMES * 48000.0 / rate) : FRAMES;
    g_assert_cmpint(info.samplerate, ==, opus ? 48000 : rate);
    g_assert_cmpint(info.channels, ==, 2);
    g_assert_cmpint(llabs(frames - wanted), <=, wanted == FRAMES ? 0 : 1);
    if (wanted == FRAMES) expect_alike(stereo, back, exact ? 0 : 0.05);
    g_assert_cmpuint(files_there(), ==, 1);
    g_unlink(path);
}

static void test_round_trips(void)
{
    for (const char *const *format = soundfile_formats(); *format; format++) {
        expect_round_trip(*format, 48000);
        expect_round_trip(*format, 44100);
    }
}

static void test_known(void)
{
    static const char *const known[] = {"a.wav", "-", "/x/y.FLAC", "a b.ogg", "a.b.opus", "x.mp3"};
    static const char *const unknown[] = {"wav", "a.wave", "a.wav/b", "", ".", "a.", "a.aiff", "--"};
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) g_assert_true(soundfile_known(known[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(unknown); i++) g_assert_false(soundfile_known(unknown[i]));
}

static void expect_same_twice(const char *format)
{
    g_autofree char *one = g_strdup_printf("1.%s", format), *two = g_strdup_printf("2.%s", format);
    g_autofree char *first = place(one), *second = place(two), *bytes = NULL, *again = NULL;
    g_autofree int16_t *stereo = stereo_sweep(FRAMES);
    gsize size, size_again;
    make_file(first, 48000, stereo, FRAMES);
    make_file(second, 48000, stereo, FRAMES);
    g_assert_true(g_file_get_contents(first, &bytes, &size, NULL));
    g_assert_true(g_file_get_contents(second, &again, &size_again, NULL));
    g_assert_cmpmem(bytes, size, again, size_again);
    g_unlink(first);
    g_unlink(second);
}

static void test_same_twice(void)
{
    expect_same_twice("wav");
    expect_same_twice("flac");
    expect_same_twice("mp3");
}

static void test_plain_wav(void)
{
    g_autofree char *path = place("x.wav"), *bytes = NULL;
    g_autofree int16_t *stereo = stereo_sweep(FRAMES);
    gsize size;
    make_file(path, 44100, stereo, FRAMES);
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    g_assert_cmpuint(size, ==, WAV_HEADER + 4 * FRAMES);
    stereo_expect_header(bytes, 44100, 4 * FRAMES);
    g_assert_cmpmem(bytes + WAV_HEADER, 4 * FRAMES, stereo, 4 * FRAMES);
    g_unlink(path);
}

/* ---- the name ---- */

static mode_t mode_of(const char *path)
{
    struct stat status;
    g_assert_cmpint(stat(path, &status), ==, 0);
    return status.st_mode & 0777;
}

static void expect_mode(const char *path, mode_t before, mode_t after)
{
    if (before)
        g_assert_true(g_file_set_contents_full(path, "old", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    if (before) g_assert_cmpint(chmod(path, before), ==, 0);
    make_file(path, 48000, (int16_t[2]){0}, 1);
    g_assert_cmpint(mode_of(path), ==, after);
    g_unlink(path);
}

/* A new file has the mode that umask leaves, another keeps its own. */
static void test_mode(void)
{
    g_autofree char *path = place("x.wav");
    mode_t before = umask(027);
    for (int i = 0; i < 2; i++) {
        no_tmpfile = i == 1;
        expect_mode(path, 0, 0640);
        expect_mode(path, 0600, 0600);
        expect_mode(path, 0666, 0666);
        expect_mode(path, 0755, 0755);
    }
    no_tmpfile = false;
    umask(before);
}

static void expect_content(const char *path, const char *content)
{
    g_autofree char *bytes = NULL;
    g_assert_true(g_file_get_contents(path, &bytes, NULL, NULL));
    g_assert_cmpstr(bytes, ==, content);
}

static void expect_replaced_at_the_end(guint unfinished_files)
{
    g_autofree char *path = place("x.flac"), *link = place("link.flac");
    g_autofree int16_t *stereo = stereo_sweep(FRAMES);
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(path, "old", -1, NULL));
    g_assert_cmpint(symlink("x.flac", link), ==, 0);
    struct soundfile *file = stereo_file(link, 48000, -1, &error);
    g_assert_true(soundfile_write(file, stereo, FRAMES, &error));
    g_assert_cmpuint(files_there(), ==, 2 + unfinished_files);
    expect_content(path, "old");
    soundfile_abort(file);
    g_assert_cmpuint(files_there(), ==, 2);
    expect_content(path, "old");
    make_file(link, 48000, stereo, FRAMES);
    g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    g_assert_false(g_file_test(path, G_FILE_TEST_IS_SYMLINK));
    g_assert_cmpuint(files_there(), ==, 2);
    g_unlink(link);
    g_unlink(path);
}

static void test_replaced_at_the_end(void)
{
    expect_replaced_at_the_end(has_tmpfile() ? 0 : 1);
    no_tmpfile = true;
    expect_replaced_at_the_end(1);
    no_tmpfile = false;
    soundfile_abort(NULL);
}

/* The files of a session's steps are all unfinished until its end. */
static void test_many_hidden(void)
{
    enum { MANY = 50 };
    struct newfile *files[MANY];
    no_tmpfile = true;
    for (int i = 0; i < MANY; i++) {
        g_autofree char *name = g_strdup_printf("%d", i), *path = place(name);
        files[i] = newfile_create(path, NULL);
        g_assert_nonnull(files[i]);
    }
    no_tmpfile = false;
    g_assert_cmpuint(files_there(), ==, MANY);
    for (int i = 0; i < MANY; i++) newfile_discard(files[i * 7 % MANY]);
    g_assert_cmpuint(files_there(), ==, 0);
}

/* The target of a link that leads nowhere is made. */
static void test_dangling_link(void)
{
    g_autofree char *inner = place("inner"), *target = place("inner/x.wav"), *link = place("link.wav"),
                    *second = place("inner/link.wav");
    g_assert_cmpint(g_mkdir(inner, 0700), ==, 0);
    g_assert_cmpint(symlink("inner/link.wav", link), ==, 0);
    g_assert_cmpint(symlink("x.wav", second), ==, 0);
    make_file(link, 48000, (int16_t[2]){0}, 1);
    g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    g_assert_true(g_file_test(second, G_FILE_TEST_IS_SYMLINK));
    g_assert_true(g_file_test(target, G_FILE_TEST_IS_REGULAR));
    g_assert_false(g_file_test(target, G_FILE_TEST_IS_SYMLINK));
    g_unlink(link);
    g_unlink(second);
    g_unlink(target);
    g_rmdir(inner);
}

static void expect_refused(const char *path, int64_t frames, const char *what)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(stereo_file(path, 48000, frames, &error));
    g_assert_nonnull(error);
    g_assert_nonnull(strstr(error->message, what));
    g_assert_null(stereo_file(path, 48000, frames, NULL));
}

static void test_refused(void)
{
    g_autofree char *dir = place("dir.wav"), *fifo = place("fifo.wav"), *nowhere = place("no/where.wav");
    g_autofree char *device = place("device.flac");
    g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    g_assert_cmpint(symlink("/dev/null", device), ==, 0);
    expect_refused(dir, -1, "is not a regular file");
    expect_refused(fifo, -1, "is not a regular file");
    expect_refused(device, -1, "is not a regular file");
    expect_refused(nowhere, -1, g_strerror(ENOENT));
    g_assert_cmpuint(files_there(), ==, 3);
    g_rmdir(dir);
    g_unlink(fifo);
    g_unlink(device);
}

static void test_too_long(void)
{
    g_autofree char *wav = place("x.wav"), *flac = place("x.flac");
    const int64_t most = ((INT64_C(1) << 32) - 1 - 36) / 4;
    g_autoptr(GError) error = NULL;
    expect_refused(wav, most + 1, "flac");
    expect_refused("-", most + 1, "flac");
    soundfile_abort(stereo_file(wav, 48000, most, &error));
    soundfile_abort(stereo_file(flac, 48000, most + 1, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(files_there(), ==, 0);
}

/* The same limit tells whether it is worth while to measure first. */
static void test_wants_length(void)
{
    const double most = ((INT64_C(1) << 32) - 1 - 36) / 4;
    g_assert_true(soundfile_wants_length("-", 1));
    g_assert_true(soundfile_wants_length("x.wav", most));
    g_assert_true(soundfile_wants_length("x.WAV", most * 0.8));
    g_assert_false(soundfile_wants_length("x.wav", most * 0.7));
    g_assert_false(soundfile_wants_length("x.flac", most * 2));
}

static void test_wrong_length(void)
{
    g_autofree char *path = place("x.wav");
    g_autoptr(GError) error = NULL;
    struct soundfile *file = stereo_file(path, 48000, 100, &error);
    g_assert_true(soundfile_write(file, (int16_t[2]){0}, 1, &error));
    g_assert_false(soundfile_finish(file, NULL, &error));
    g_assert_nonnull(strstr(error->message, "1 frames instead of 100"));
    g_assert_cmpuint(files_there(), ==, 0);
}

/* ---- a disk that is full ---- */

static void limit_size(rlim_t bytes)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = MIN(bytes, limit.rlim_max);
    setrlimit(RLIMIT_FSIZE, &limit);
}

/* Noise, which nothing compresses; the same every time. */
static bool fill(const char *path, GError **error)
{
    struct soundfile *file = stereo_file(path, 48000, -1, error);
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    int16_t block[2 * 1000];
    if (!file) return false;
    for (int done = 0; done < 50000; done += 1000) {
        for (gsize i = 0; i < G_N_ELEMENTS(block); i++)
            block[i] = (int16_t)g_rand_int_range(rand, -9000, 9000);
        if (!soundfile_write(file, block, 1000, error)) {
            soundfile_abort(file);
            return false;
        }
    }
    return soundfile_finish(file, NULL, error);
}

static void expect_full(const char *path, rlim_t limit)
{
    g_autoptr(GError) error = NULL;
    limit_size(limit);
    bool done = fill(path, &error);
    limit_size(RLIM_INFINITY);
    g_assert_false(done);
    g_assert_nonnull(strstr(error->message, g_strerror(EFBIG)));
    g_assert_nonnull(strstr(error->message, "bytes were written"));
    g_assert_cmpuint(files_there(), ==, 0);
}

/* At the first byte, in a header, on the way, and at the very last byte. */
static void test_full(void)
{
    for (const char *const *format = soundfile_formats(); *format; format++) {
        g_autofree char *name = g_strdup_printf("x.%s", *format), *path = place(name);
        struct stat whole;
        g_assert_true(fill(path, NULL));
        g_assert_cmpint(stat(path, &whole), ==, 0);
        g_unlink(path);
        expect_full(path, 0);
        expect_full(path, 1);
        expect_full(path, 5000);
        expect_full(path, 6001);
        expect_full(path, whole.st_size - 1);
    }
}

/* What was written is looked at again: here somebody has damaged it meanwhile. */
static void expect_lost(const char *format)
{
    g_autofree char *name = g_strdup_printf("x.%s", format), *path = place(name);
    g_autofree int16_t *stereo = stereo_sweep(FRAMES);
    g_autoptr(GError) error = NULL;
    struct soundfile *file = stereo_file(path, 48000, -1, &error);
    g_assert_true(soundfile_write(file, stereo, FRAMES, &error));
    g_autofree char *temp = unfinished();
    g_assert_cmpint(truncate(temp, 3000), ==, 0);
    g_assert_false(soundfile_finish(file, NULL, &error));
    g_assert_nonnull(strstr(error->message, " back")); /* "reads back as", or "cannot be read back" */
    g_assert_cmpuint(files_there(), ==, 0);
}

static void test_lost(void)
{
    expect_lost("wav");
    expect_lost("opus");
}

/* ---- calls that fail ---- */

static bool try_file(const char *path, int *fails, int which)
{
    g_autofree int16_t *stereo = stereo_sweep(FRAMES);
    g_autoptr(GError) error = NULL;
    *fails = which;
    struct soundfile *file = stereo_file(path, 48000, -1, &error);
    bool written = file && soundfile_write(file, stereo, FRAMES, &error);
    bool done = written && soundfile_finish(file, NULL, &error);
    if (file && !written) soundfile_abort(file);
    if (!done) g_assert_nonnull(error);
    return done;
}

/* Each call of a kind fails once: no file then, or the same as ever. */
static void expect_no_other_file(const char *format, int *fails)
{
    g_autofree char *name = g_strdup_printf("x.%s", format), *path = place(name), *bytes = NULL;
    gsize size;
    int which = 1;
    g_assert_true(try_file(path, fails, 0));
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    do {
        g_autofree char *again = NULL;
        gsize size_again;
        g_unlink(path);
        bool done = try_file(path, fails, which++);
        g_assert_cmpuint(files_there(), ==, done ? 1 : 0);
        if (done && strcmp(format, "ogg") != 0 && strcmp(format, "opus") != 0) {
            g_assert_true(g_file_get_contents(path, &again, &size_again, NULL));
            g_assert_cmpmem(again, size_again, bytes, size);
        }
    } while (*fails == 0);
    *fails = 0;
    g_unlink(path);
}

static void test_failing_calls(void)
{
    for (const char *const *format = soundfile_formats(); *format; format++) {
        expect_no_other_file(*format, &lseek_fails);
        expect_no_other_file(*format, &fstat_fails);
    }
}

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN);
    g_test_init(&argc, &argv, NULL);
    directory = g_dir_make_tmp("soundfile-XXXXXX", NULL);
    g_test_add_func("/soundfile/known", test_known);
    g_test_add_func("/soundfile/round-trips", test_round_trips);
    g_test_add_func("/soundfile/same-twice", test_same_twice);
    g_test_add_func("/soundfile/plain-wav", test_plain_wav);
    g_test_add_func("/soundfile/mode", test_mode);
    g_test_add_func("/soundfile/replaced-at-the-end", test_replaced_at_the_end);
    g_test_add_func("/soundfile/many-hidden", test_many_hidden);
    g_test_add_func("/soundfile/refused", test_refused);
    g_test_add_func("/soundfile/too-long", test_too_long);
    g_test_add_func("/soundfile/dangling-link", test_dangling_link);
    g_test_add_func("/soundfile/wants-length", test_wants_length);
    g_test_add_func("/soundfile/wrong-length", test_wrong_length);
    g_test_add_func("/soundfile/full", test_full);
    g_test_add_func("/soundfile/lost", test_lost);
    g_test_add_func("/soundfile/failing-calls", test_failing_calls);
    int failed = g_test_run();
    g_rmdir(directory);
    g_free(directory);
    return failed;
}
