/* Programs that speak, and what they may do to the one that started them. */
#include "voice-helper/process.h"
#include "voice-helper/starts.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static gint64 in_seconds(int seconds)
{
    return g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;
}

static void start(struct process *process, const char *script)
{
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)script, NULL}, *why = NULL;
    g_assert_true(process_start(process, argv, &why));
    g_assert_null(why);
}

/* Runs it to its end. To be freed. */
static char *output_of(const char *script, const char *input)
{
    struct process process;
    g_autofree char *why = NULL;
    start(&process, script);
    g_assert_cmpint(process_talk(&process, input, strlen(input), true, NULL, NULL, in_seconds(20)), ==,
                    WAIT_ENDED);
    g_assert_true(process_succeeded(&process, in_seconds(20), &why));
    char *output = g_strndup((const char *)process.output->data, process.output->len);
    process_end(&process);
    return output;
}

static void test_talks(void)
{
    g_autofree char *output = output_of("cat", "Sit tall.");
    g_assert_cmpstr(output, ==, "Sit tall.");
}

static void test_a_group_of_its_own(void)
{
    int kept = dup(STDIN_FILENO), group = 0, all = 0; /* a descriptor that does not close by itself */
    g_autofree char *output = output_of("cut -d' ' -f5 /proc/self/stat; ls /proc/self/fd | wc -l", "");
    g_assert_cmpint(sscanf(output, "%d %d", &group, &all), ==, 2);
    g_assert_cmpint(group, !=, (int)getpgrp());
    g_assert_cmpint(all, ==, 4); /* three, and the directory that ls reads */
    close(kept);
}

/* One that has ended has no command line, though init may not have reaped it. */
static bool is_there(int pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/cmdline", pid), *line = NULL;
    gsize length = 0;
    return g_file_get_contents(path, &line, &length, NULL) && length > 0;
}

static void expect_gone(int pid)
{
    gint64 deadline = in_seconds(10);
    while (is_there(pid) && g_get_monotonic_time() < deadline) g_usleep(1000);
    g_assert_false(is_there(pid));
}

static bool has_line(GByteArray *output, void *data)
{
    (void)data;
    return memchr(output->data ? output->data : (const guint8 *)"", '\n', output->len) != NULL;
}

/* What a program has started, and not waited for, ends with it. */
static void test_leaves_nothing(void)
{
    struct process process;
    start(&process, "sleep 1000 & echo $!; exec sleep 1000");
    g_assert_cmpint(process_talk(&process, "", 0, false, has_line, NULL, in_seconds(20)), ==, WAIT_DONE);
    int pid = atoi((const char *)process.output->data);
    g_assert_true(is_there(pid));
    process_end(&process);
    expect_gone(pid);
}

/* Also if this program is killed. */
static void test_outlives_nobody(void)
{
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    pid_t other = fork();
    if (other == 0) {
        struct process process;
        start(&process, "sleep 1000 & echo $!; exec sleep 1000");
        process_talk(&process, "", 0, false, has_line, NULL, in_seconds(20));
        if (write(ends[1], process.output->data, process.output->len) > 0) raise(SIGKILL);
        _exit(1);
    }
    char line[32] = "";
    g_assert_cmpint(read(ends[0], line, sizeof line - 1), >, 1);
    waitpid(other, NULL, 0);
    expect_gone(atoi(line));
    close(ends[0]);
    close(ends[1]);
}

/* One that has ended has said all, though a child of its holds its output open. */
static void test_a_child_that_stays(void)
{
    g_autofree char *output = output_of("sleep 1000 & echo said", "");
    g_assert_cmpstr(output, ==, "said\n");
}

static void expect_result(const char *script, const char *input, bool close_in, int seconds,
                          enum wait_result result)
{
    struct process process;
    start(&process, script);
    g_assert_cmpint(
        process_talk(&process, input, strlen(input), close_in, has_line, NULL, in_seconds(seconds)), ==,
        result);
    process_end(&process);
}

static void test_trouble(void)
{
    g_autofree char *long_text = g_strnfill(1 << 20, 'x');
    expect_result("exec sleep 1000", "", true, 0, WAIT_TIMEOUT);
    expect_result("exec cat /dev/zero", "", true, 60, WAIT_FULL);
    expect_result("cat /dev/zero >&2 & read line; echo done", "go\n", true, 60, WAIT_DONE);
    expect_result("exec <&-; echo done; sleep 1000", long_text, true, 60, WAIT_DONE);
    expect_result("exec <&-; sleep 1000", long_text, false, 60, WAIT_ENDED);
    expect_result("exit 3", long_text, true, 60, WAIT_ENDED);
    expect_result("kill -9 $$", "x", false, 60, WAIT_ENDED);
}

static void expect_complaint(const char *script, const char *expected)
{
    struct process process;
    g_autofree char *why = NULL;
    start(&process, script);
    g_assert_cmpint(process_talk(&process, "", 0, true, NULL, NULL, in_seconds(20)), ==, WAIT_ENDED);
    g_assert_false(process_succeeded(&process, in_seconds(20), &why));
    g_assert_cmpstr(why, ==, expected);
    process_end(&process);
}

static void test_complaints(void)
{
    expect_complaint("exit 3", "it ended with status 3");
    expect_complaint("echo one >&2; echo no voice >&2; echo >&2; exit 1", "it ended with status 1: no voice");
    expect_complaint("kill -11 $$", "it was ended by signal 11");
    expect_complaint("head -c 60000 /dev/zero | tr '\\0' x >&2; echo >&2; echo last >&2; exit 1",
                     "it ended with status 1: last");
    expect_complaint("printf 'bad \\377 byte' >&2; exit 1", "it ended with status 1: bad \357\277\275 byte");
}

static void test_no_such_program(void)
{
    struct process process;
    char *argv[] = {(char *)"/nowhere/speak", NULL};
    g_autofree char *why = NULL;
    g_assert_false(process_start(&process, argv, &why));
    g_assert_nonnull(strstr(why, "/nowhere/speak"));
    process_end(&process);
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1); /* no process is left */
}

static void test_starts(void)
{
    struct starts starts = {{0}};
    g_autofree char *why = NULL;
    for (int i = 0; i < STARTS_MOST; i++) g_assert_true(starts_allow(&starts, &why));
    g_assert_null(why);
    g_assert_false(starts_allow(&starts, &why));
    g_assert_cmpstr(why, ==, "it ends again and again");
    for (int i = 0; i < STARTS_MOST; i++) starts.at[i] -= STARTS_S * G_TIME_SPAN_SECOND;
    g_assert_true(starts_allow(&starts, &why));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    signal(SIGPIPE, SIG_IGN);
    g_test_add_func("/process/talks", test_talks);
    g_test_add_func("/process/group", test_a_group_of_its_own);
    g_test_add_func("/process/leaves_nothing", test_leaves_nothing);
    g_test_add_func("/process/outlives_nobody", test_outlives_nobody);
    g_test_add_func("/process/a_child_that_stays", test_a_child_that_stays);
    g_test_add_func("/process/trouble", test_trouble);
    g_test_add_func("/process/complaints", test_complaints);
    g_test_add_func("/process/no_such_program", test_no_such_program);
    g_test_add_func("/process/starts", test_starts);
    return g_test_run();
}
