/* Helper programs that end, hang, talk nonsense or are not there; and what is left when the main program
 * goes. */
#include "../lib/speaking.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SENTENCES = 60 };

/* The first child of a process, 0 if there is none. */
static pid_t child_of(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", pid, pid);
    g_autofree char *children = NULL;
    return g_file_get_contents(path, &children, NULL, NULL) ? (pid_t)atoi(children) : 0;
}

static bool has_children_file(void)
{
    bool there = g_file_test("/proc/thread-self/children", G_FILE_TEST_EXISTS);
    if (!there) g_test_skip("this kernel does not list a process's children");
    return there;
}

/* The helper's child that hangs. */
static pid_t begin_hanging(struct speaking *speaking, pid_t helper)
{
    pid_t utterance = 0;
    clip_unref(speaking_clip(speaking, "One."));
    speech_request(speaking->speech, "hang-now", 0);
    while (utterance == 0) utterance = child_of(helper);
    return utterance;
}

static char *sentence(int i)
{
    return g_strdup_printf("Sentence number %d.", i);
}

static void request_all(struct speaking *speaking)
{
    for (int i = 0; i < SENTENCES; i++) {
        g_autofree char *text = sentence(i);
        speech_request(speaking->speech, text, i + 1);
    }
}

/* Everything that was asked for comes, whatever happened meanwhile, and is the same as ever. */
static void assert_all(struct speaking *speaking)
{
    struct speaking undisturbed;
    speaking_begin(&undisturbed, 1, "tone", "");
    for (int i = 0; i < SENTENCES; i++) {
        g_autofree char *text = sentence(i);
        struct clip *clip = speaking_clip(speaking, text);
        struct clip *expected = speaking_clip(&undisturbed, text);
        g_assert_false(clip->chime);
        assert_same_clip(clip, expected);
        clip_unref(clip);
        clip_unref(expected);
    }
    g_assert_cmpuint(speaking->failures->len, ==, 0);
    speaking_end(&undisturbed);
}

static void test_killed(void)
{
    if (!has_children_file()) return;
    struct speaking speaking;
    speaking_begin(&speaking, 1, "tone", "");
    request_all(&speaking);
    clip_unref(speaking_clip(&speaking, "Sentence number 3."));
    kill(child_of(getpid()), SIGKILL);
    clip_unref(speaking_clip(&speaking, "Sentence number 20."));
    kill(child_of(getpid()), SIGKILL);
    assert_all(&speaking);
    g_assert_null(speech_problem(speaking.speech));
    speaking_end(&speaking);
}

static void test_one_of_two_killed(void)
{
    if (!has_children_file()) return;
    struct speaking speaking;
    speaking_begin(&speaking, 2, "tone", "");
    request_all(&speaking);
    kill(child_of(getpid()), SIGKILL);
    assert_all(&speaking);
    speaking_end(&speaking);
}

/* What was never spoken does not turn into something else without a word. */
static void assert_nothing_comes(struct speaking *speaking)
{
    g_assert_true(speech_ready(speaking->speech));
    g_assert_nonnull(speech_problem(speaking->speech));
    for (int i = 0; i < SENTENCES; i++) {
        g_autofree char *text = sentence(i);
        g_assert_null(speech_find(speaking->speech, text));
    }
    speech_request(speaking->speech, "One more.", 0);
    speech_wait(speaking->speech, -1); /* nothing is on its way: no wait */
    g_assert_null(speech_find(speaking->speech, "One more."));
    g_assert_cmpuint(speaking->failures->len, ==, 0); /* one problem, not one a sentence */
}

static void await_problem(struct speaking *speaking)
{
    guint before = speaking->arrivals;
    while (!speech_problem(speaking->speech)) speech_wait(speaking->speech, SPEAKING_WAIT_MS);
    g_assert_cmpuint(speaking->arrivals, >, before);
}

static void test_killed_for_good(void)
{
    if (!has_children_file()) return;
    struct speaking speaking;
    speaking_begin(&speaking, 1, "tone", "");
    speech_request(speaking.speech, "hang-now", 0);
    request_all(&speaking);
    while (!speech_problem(speaking.speech)) {
        pid_t helper = child_of(getpid());
        if (helper > 0) kill(helper, SIGKILL);
        speech_wait(speaking.speech, 10);
    }
    g_assert_true(speech_lost(speaking.speech));
    assert_nothing_comes(&speaking);
    g_assert_cmpint(child_of(getpid()), ==, 0);
    speaking_end(&speaking);
}

/* ---- programs that are not the helper ---- */

static void begin_with(struct speaking *speaking, const char *program)
{
    g_autoptr(GError) error = NULL;
    struct voice voice = speaking_voice("tone", "");
    *speaking = (struct speaking){.failures = g_ptr_array_new_with_free_func(g_free)};
    speaking->speech = speech_new(program, 2, &error);
    g_assert_no_error(error);
    struct speech_options options = speaking_options(speaking);
    speech_use(speaking->speech, &voice, &options);
}

static void test_wrong_program(void)
{
    /* One ends at once, one sends back what it gets. */
    static const char *const programs[] = {"/bin/true", "/bin/cat"};
    for (gsize i = 0; i < G_N_ELEMENTS(programs); i++) {
        struct speaking speaking;
        begin_with(&speaking, programs[i]);
        request_all(&speaking);
        await_problem(&speaking);
        g_assert_true(speech_lost(speaking.speech));
        assert_nothing_comes(&speaking);
        speaking_end(&speaking);
    }
}

static void test_no_program(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(speech_new("/nonexistent/stretchvoice-speech", 2, &error));
    g_assert_nonnull(error);
    speech_free(NULL);
}

static void test_unknown_engine(void)
{
    struct speaking speaking;
    speaking_begin(&speaking, 2, "parrot", "");
    request_all(&speaking);
    await_problem(&speaking);
    assert_nothing_comes(&speaking);
    g_assert_false(speech_lost(speaking.speech));
    g_assert_cmpstr(speech_problem(speaking.speech), ==, "no such speech engine ('parrot'; espeak)");
    g_assert_cmpint(child_of(getpid()), ==, 0); /* helpers are of no use any more */
    speaking_end(&speaking);
}

/* ---- being left ---- */

/* What a dead helper leaves behind comes to us. */
static void adopt(bool orphans)
{
    prctl(PR_SET_CHILD_SUBREAPER, orphans);
}

/* What hangs does not end by itself. */
static void assert_ends(pid_t pid)
{
    g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
}

/* A hanging sentence neither delays the end nor survives it. */
static void test_free_while_hanging(void)
{
    if (!has_children_file()) return;
    struct speaking speaking;
    adopt(true);
    speaking_begin(&speaking, 1, "tone", "");
    pid_t helper = child_of(getpid());
    pid_t utterance = begin_hanging(&speaking, helper);
    speaking_end(&speaking);
    g_assert_cmpint(kill(helper, 0), ==, -1);
    assert_ends(utterance);
    adopt(false);
}

static void test_helper_killed_while_hanging(void)
{
    if (!has_children_file()) return;
    struct speaking speaking;
    adopt(true);
    speaking_begin(&speaking, 1, "tone", "");
    pid_t helper = child_of(getpid());
    pid_t utterance = begin_hanging(&speaking, helper);
    kill(helper, SIGKILL); /* its child has to end without being killed by us */
    waitid(P_PID, (id_t)helper, &(siginfo_t){0}, WEXITED | WNOWAIT);
    assert_ends(utterance);
    speaking_end(&speaking);
    adopt(false);
}

static void hang_for_ever(int report)
{
    struct speaking speaking;
    speaking_begin(&speaking, 1, "tone", "");
    pid_t helper = child_of(getpid());
    pid_t family[] = {helper, begin_hanging(&speaking, helper)};
    g_assert_cmpint(write(report, family, sizeof family), ==, sizeof family);
    for (;;) pause();
}

static void test_main_program_killed(void)
{
    if (!has_children_file()) return;
    int report[2];
    pid_t family[2];
    adopt(true);
    g_assert_cmpint(pipe(report), ==, 0);
    pid_t program = fork();
    if (program == 0) hang_for_ever(report[1]);
    g_assert_cmpint(read(report[0], family, sizeof family), ==, sizeof family);
    kill(program, SIGKILL);
    assert_ends(program);
    assert_ends(family[0]);
    assert_ends(family[1]);
    adopt(false);
    close(report[0]);
    close(report[1]);
}

/* Ctrl-C on the terminal is for the main program, which may still want its helper. */
static void test_own_session(void)
{
    if (!has_children_file()) return;
    struct speaking speaking;
    speaking_begin(&speaking, 1, "tone", "");
    clip_unref(speaking_clip(&speaking, "One."));
    pid_t helper = child_of(getpid());
    g_assert_cmpint(getsid(helper), ==, helper);
    speaking_end(&speaking);
}

/* A helper gets its socket and two holes, and nothing else of ours. */
static void test_descriptors(void)
{
    if (!has_children_file()) return;
    struct speaking speaking;
    int other = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    speaking_begin(&speaking, 1, "tone", "");
    clip_unref(speaking_clip(&speaking, "One."));
    g_autofree char *path = g_strdup_printf("/proc/%d/fd", child_of(getpid()));
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    int n = 0;
    while (directory && g_dir_read_name(directory)) n++;
    if (directory)
        g_assert_cmpint(n, ==, 3);
    else
        g_test_skip("only root can look into the helper");
    close(other);
    speaking_end(&speaking);
}

static void test_by_hand(void)
{
    g_autofree char *program = speaking_program();
    const char *const command[] = {program, NULL};
    g_autofree char *out = NULL, *err = NULL;
    int status = 0;
    g_assert_true(g_spawn_sync(NULL, (char **)command, NULL, 0, NULL, NULL, &out, &err, &status, NULL));
    g_assert_cmpint(WEXITSTATUS(status), ==, 2);
    g_assert_cmpstr(out, ==, "");
    g_assert_nonnull(strstr(err, "private"));
    g_assert_true(strchr(err, '\n') == err + strlen(err) - 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/helper/main-program-killed", test_main_program_killed);
    g_test_add_func("/helper/killed", test_killed);
    g_test_add_func("/helper/one-of-two-killed", test_one_of_two_killed);
    g_test_add_func("/helper/killed-for-good", test_killed_for_good);
    g_test_add_func("/helper/wrong-program", test_wrong_program);
    g_test_add_func("/helper/no-program", test_no_program);
    g_test_add_func("/helper/unknown-engine", test_unknown_engine);
    g_test_add_func("/helper/free-while-hanging", test_free_while_hanging);
    g_test_add_func("/helper/killed-while-hanging", test_helper_killed_while_hanging);
    g_test_add_func("/helper/own-session", test_own_session);
    g_test_add_func("/helper/descriptors", test_descriptors);
    g_test_add_func("/helper/by-hand", test_by_hand);
    return g_test_run();
}
