#include "others-helper/stream.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { FULL = 65536, HALF = 32768, NOW = 1000000000 };

static struct entry entry_at(uint32_t index, uint32_t left, uint32_t right)
{
    return (struct entry){.server = 7,
                          .index = index,
                          .address = (char *)"here",
                          .process = (char *)"42",
                          .group = (char *)"by-name:mpv",
                          .map = (char *)"front-left,front-right",
                          .channels = 2,
                          .levels = {left, right},
                          .time = NOW};
}

static struct stream *add(GPtrArray *all, const struct entry *entry)
{
    struct stream *stream = stream_new(entry);
    stream_set_own(stream, entry, entry_level(entry));
    g_ptr_array_add(all, stream);
    return stream;
}

static struct journal empty_journal(void)
{
    return (struct journal){.file = g_key_file_new()};
}

/* ---- which levels are ours ---- */

static int step_at(const struct stream *stream, uint32_t left, uint32_t right)
{
    const struct entry now = entry_at(1, left, right);
    return stream_step(stream, &now);
}

static void test_what_was_written(void)
{
    struct journal journal = empty_journal();
    g_autoptr(GPtrArray) all = stream_read_all(&journal);
    const struct entry own = entry_at(1, FULL, HALF);
    struct stream *stream = add(all, &own);
    const uint32_t low = level_at(FULL, 5);
    g_assert_cmpint(step_at(stream, FULL, HALF), ==, 0);
    g_assert_cmpint(step_at(stream, low, low / 2), ==,
                    -1); /* the user's, though it would be a step of ours */
    stream->ours = (struct steps){0, 5};
    g_assert_cmpint(step_at(stream, low, low / 2), ==, 5);
    g_assert_cmpint(step_at(stream, low, low), ==, -1); /* another balance */
    stream->ours = (struct steps){LEVEL_STEPS, LEVEL_STEPS};
    g_assert_cmpint(step_at(stream, FULL, HALF), ==, -1); /* turned up again by the user */
    g_key_file_free(journal.file);
}

static void test_other_channels(void)
{
    struct journal journal = empty_journal();
    g_autoptr(GPtrArray) all = stream_read_all(&journal);
    const struct entry own = entry_at(1, FULL, HALF);
    struct stream *stream = add(all, &own);
    struct entry mono = entry_at(1, level_at(FULL, LEVEL_STEPS), 0);
    mono.channels = 1;
    stream->ours = (struct steps){LEVEL_STEPS, LEVEL_STEPS};
    g_assert_cmpint(stream_step(stream, &mono), ==, LEVEL_STEPS);
    stream_set_channels(stream, &mono);
    g_assert_cmpint(stream->entry.channels, ==, 1);
    g_assert_cmpuint(entry_level(&stream->entry), ==, FULL);
    g_assert_cmpint(stream_step(stream, &mono), ==, LEVEL_STEPS);
    g_key_file_free(journal.file);
}

static void test_levels_keep_the_balance(void)
{
    struct entry entry = entry_at(1, 3 * FULL / 2, FULL);
    uint32_t levels[ENTRY_CHANNELS];
    entry_levels_at(&entry, HALF, levels);
    g_assert_cmpuint(levels[0], ==, HALF);
    g_assert_cmpuint(levels[1], ==, (2 * HALF + 1) / 3);
    entry = entry_at(1, 0, 0);
    entry_levels_at(&entry, 0, levels);
    g_assert_cmpuint(levels[0], ==, 0);
}

/* ---- what was left low ---- */

static void test_the_same_comes_before_one_alike(void)
{
    struct journal journal = empty_journal();
    g_autoptr(GPtrArray) all = stream_read_all(&journal);
    const struct entry first = entry_at(1, FULL, FULL),
                       second = entry_at(2, level_at(FULL, 2), level_at(FULL, 2));
    struct stream *alike = add(all, &first), *same = add(all, &second);
    const uint32_t low = level_at(FULL, 4);
    struct entry now = entry_at(2, low, low);
    alike->gone = same->gone = true;
    g_assert_true(stream_find_lowered(all, NULL, &now) == same);
    now.index = 3;
    g_assert_true(stream_find_lowered(all, NULL, &now) == alike);
    now.address = (char *)"there";
    g_assert_null(stream_find_lowered(all, NULL, &now));
    now = entry_at(3, FULL, FULL);
    g_assert_null(stream_find_lowered(all, NULL, &now));
    g_key_file_free(journal.file);
}

/* ---- the journal ---- */

static char *begin_journal(const char *text, gssize size)
{
    char *path = g_build_filename(g_get_user_state_dir(), "stretchvoice", "others.ini", NULL);
    g_autofree char *directory = g_path_get_dirname(path);
    g_mkdir_with_parents(directory, 0700);
    if (text) g_assert_true(g_file_set_contents(path, text, size, NULL));
    return path;
}

static void close_journal(struct journal *journal)
{
    close(journal->lock);
    g_key_file_free(journal->file);
    g_free(journal->path);
    g_free(journal->saved);
}

static void test_journal(void)
{
    g_autofree char *path = begin_journal(NULL, 0), *problem = NULL;
    struct journal journal, second;
    const struct entry own = entry_at(1, FULL, HALF);
    g_assert_cmpint(journal_open(&journal, &problem), ==, JOURNAL_OPEN);
    g_assert_cmpint(journal_open(&second, &problem), ==, JOURNAL_BUSY);
    g_assert_null(problem);
    g_autoptr(GPtrArray) all = stream_read_all(&journal);
    add(all, &own)->entry.time = g_get_real_time() / G_USEC_PER_SEC;
    g_assert_true(stream_note(all, &journal, "here", true));
    close_journal(&journal);

    g_assert_cmpint(journal_open(&journal, &problem), ==, JOURNAL_OPEN);
    g_autoptr(GPtrArray) left = stream_read_all(&journal);
    g_assert_cmpuint(left->len, ==, 1);
    const struct stream *stream = g_ptr_array_index(left, 0);
    g_assert_cmpstr(stream->entry.group, ==, own.group);
    g_assert_cmpuint(stream->entry.levels[1], ==, HALF);
    g_assert_true(stream->gone);
    g_assert_true(stream_note(left, &journal, "there", false)); /* stays for the server that it is of */
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_true(stream_note(left, &journal, "here", false));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    close_journal(&journal);
}

static void test_entries_that_make_no_sense(void)
{
    static const char text[] =
        "[stream 1]\nserver=7\n[stream 2]\nlevels=-1;\ntime=9999999999\n"
        "[stream 3]\nlevels=65536;\ntime=1\n[stream 4]\nlevels=65536;\ntime=9999999999\n";
    g_autofree char *path = begin_journal(text, -1), *problem = NULL;
    struct journal journal;
    g_assert_cmpint(journal_open(&journal, &problem), ==, JOURNAL_OPEN);
    g_autoptr(GPtrArray) left = stream_read_all(&journal);
    g_assert_cmpuint(left->len, ==, 1);
    const struct stream *stream = g_ptr_array_index(left, 0);
    g_assert_cmpstr(stream->entry.process, ==, "");
    close_journal(&journal);
    g_unlink(path);
}

static void test_what_is_no_journal_is_set_aside(void)
{
    g_autofree char *huge = g_strnfill(2 << 20, '#');
    const struct {
        const char *text;
        gssize size;
    } cases[] = {{"\0\377rubbish", 9}, {"[music]\nfile=x\n", -1}, {"[stream]\n", -1}, {huge, -1}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = begin_journal(cases[i].text, cases[i].size), *problem = NULL;
        g_autofree char *aside = g_strconcat(path, ".old", NULL);
        struct journal journal;
        g_assert_cmpint(journal_open(&journal, &problem), ==, JOURNAL_OPEN);
        g_assert_nonnull(strstr(problem, aside));
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
        g_assert_cmpint(g_unlink(aside), ==, 0);
        close_journal(&journal);
    }
}

static void test_an_empty_one_goes(void)
{
    g_autofree char *path = begin_journal("", 0), *problem = NULL;
    struct journal journal;
    g_assert_cmpint(journal_open(&journal, &problem), ==, JOURNAL_OPEN);
    g_assert_null(problem);
    g_assert_true(journal_save(&journal));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    close_journal(&journal);
}

int main(int argc, char **argv)
{
    g_autofree char *home = g_dir_make_tmp("state-XXXXXX", NULL),
                    *directory = g_build_filename(home, "stretchvoice", NULL),
                    *lock = g_build_filename(directory, "others.lock", NULL);
    g_setenv("XDG_STATE_HOME", home, TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stream/what-was-written", test_what_was_written);
    g_test_add_func("/stream/other-channels", test_other_channels);
    g_test_add_func("/stream/balance", test_levels_keep_the_balance);
    g_test_add_func("/stream/same-before-alike", test_the_same_comes_before_one_alike);
    g_test_add_func("/stream/journal", test_journal);
    g_test_add_func("/stream/no-sense", test_entries_that_make_no_sense);
    g_test_add_func("/stream/set-aside", test_what_is_no_journal_is_set_aside);
    g_test_add_func("/stream/empty", test_an_empty_one_goes);
    int result = g_test_run();
    g_unlink(lock);
    g_rmdir(directory);
    g_rmdir(home);
    return result;
}
