#include "base/cleanup.h"
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each test has a child that ends by a signal, and a file that shows what was undone. */
static char *file;

static void put_file(void)
{
    g_assert_true(g_file_set_contents(file, "x", 1, NULL));
}

static bool is_there(void)
{
    return g_file_test(file, G_FILE_TEST_EXISTS);
}

static void remove_it(void *data)
{
    unlink(data);
}

static void expect_ended_by(int signal, void (*child)(int signal))
{
    pid_t pid = fork();
    if (pid == 0) {
        child(signal);
        raise(signal);
        _exit(0);
    }
    int status;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFSIGNALED(status));
    g_assert_cmpint(WTERMSIG(status), ==, signal);
}

static void add_and_await(int signal)
{
    cleanup_add(remove_it, file);
    cleanup_deadly(signal);
}

static void a_deadly_signal_undoes(void)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
    for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
        put_file();
        expect_ended_by(signals[i], add_and_await);
        g_assert_false(is_there());
    }
}

static void add(int signal)
{
    (void)signal;
    cleanup_add(remove_it, file);
}

static void any_other_end_undoes(void)
{
    static const int signals[] = {SIGQUIT, SIGUSR2, SIGTERM, SIGABRT, SIGTRAP};
    for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
        put_file();
        expect_ended_by(signals[i], add);
        g_assert_false(is_there());
    }
}

static gboolean come(gpointer came)
{
    ++*(int *)came;
    return G_SOURCE_CONTINUE;
}

/* The main loop, which the first signal is for, does not run. */
static void send_twice(int signal)
{
    int came = 0;
    guint source = g_unix_signal_add(signal, come, &came);
    cleanup_add(remove_it, file);
    cleanup_deadly_next(signal);
    raise(signal);
    if (!is_there()) _exit(1);
    raise(signal);
    g_source_remove(source);
    _exit(2);
}

static void a_second_signal_ends_what_is_stuck(void)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
    for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
        put_file();
        expect_ended_by(signals[i], send_twice);
        g_assert_false(is_there());
    }
}

/* As a write to a terminal that takes no output. */
static void hang(void *data)
{
    kill(getpid(), *(int *)data);
    pause();
}

static void add_what_hangs(int signal)
{
    static int again;
    again = signal;
    cleanup_add(hang, &again);
}

static void a_cleanup_that_hangs_can_be_ended(void)
{
    expect_ended_by(SIGTERM, add_what_hangs);
}

static void add_and_remove(int signal)
{
    for (int i = 0; i < 100; i++) { /* and the place is free again */
        cleanup_add(remove_it, file);
        cleanup_remove(file);
    }
    cleanup_deadly(signal);
}

static void what_was_taken_off_stays(void)
{
    put_file();
    expect_ended_by(SIGTERM, add_and_remove);
    g_assert_true(is_there());
}

static void do_nothing(int signal)
{
    (void)signal;
}

static void a_child_undoes_nothing_of_its_parent(void)
{
    put_file();
    cleanup_add(remove_it, file);
    cleanup_deadly(SIGTERM);
    expect_ended_by(SIGTERM, do_nothing);
    g_assert_true(is_there());
    cleanup_remove(file);
    signal(SIGTERM, SIG_DFL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = g_dir_make_tmp("cleanup-XXXXXX", NULL);
    file = g_build_filename(directory, "file", NULL);
    g_test_add_func("/a_deadly_signal_undoes", a_deadly_signal_undoes);
    g_test_add_func("/any_other_end_undoes", any_other_end_undoes);
    g_test_add_func("/a_second_signal_ends_what_is_stuck", a_second_signal_ends_what_is_stuck);
    g_test_add_func("/a_cleanup_that_hangs_can_be_ended", a_cleanup_that_hangs_can_be_ended);
    g_test_add_func("/what_was_taken_off_stays", what_was_taken_off_stays);
    g_test_add_func("/a_child_undoes_nothing_of_its_parent", a_child_undoes_nothing_of_its_parent);
    int code = g_test_run();
    g_unlink(file);
    g_rmdir(directory);
    g_free(file);
    return code;
}
