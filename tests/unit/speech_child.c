#include "speech-helper/child.h"
#include <glib.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SHORT_MS = 200, LONG_MS = 60000 };

static struct speech_child child_for(const struct engine *engine, int patience_ms)
{
    struct speech_child child = {.parent = -1, .patience_ms = patience_ms};
    g_assert_true(speech_child_init(&child, engine, TONE_RATE));
    return child;
}

static void test_spoken(void)
{
    struct speech_child child = child_for(&engine_tone, LONG_MS);
    g_assert_cmpint(speech_child_say(&child, "One, two."), ==, OUTCOME_SPOKEN);
    g_assert_cmpuint(child.recording->samples, ==, 160 * TONE_RATE / 1000);
    g_assert_cmpuint(child.recording->samples, ==, tone_samples("One, two."));
    g_assert_cmpint(speech_child_say(&child, "x"), ==, OUTCOME_SPOKEN);
    g_assert_cmpuint(child.recording->samples, ==, tone_samples("x"));
}

static void test_faults(void)
{
    struct speech_child child = child_for(&engine_tone, LONG_MS);
    g_assert_cmpint(speech_child_say(&child, "crash-now"), ==, OUTCOME_CRASHED);
    g_assert_cmpint(speech_child_say(&child, "silent-now"), ==, OUTCOME_SILENT);
    g_assert_cmpint(speech_child_say(&child, "long-now"), ==, OUTCOME_LONG);
    g_assert_cmpint(speech_child_say(&child, "And on."), ==, OUTCOME_SPOKEN);
}

static void test_hang(void)
{
    struct speech_child child = child_for(&engine_tone, SHORT_MS);
    g_assert_cmpint(speech_child_say(&child, "hang-now"), ==, OUTCOME_SLOW);
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1); /* it is gone, and reaped */
}

/* ---- engines that misbehave in other ways ---- */

static bool say_too_much(const char *text, struct recording *recording)
{
    (void)text;
    static const int16_t loud[4096] = {[0] = 1000};
    for (int i = 0; i < 2000; i++) recording_add(recording, loud, G_N_ELEMENTS(loud)); /* deaf to "stop" */
    return true;
}

static bool say_and_lie(const char *text, struct recording *recording)
{
    (void)text;
    recording->room = recording->samples = UINT32_MAX;
    return true;
}

static bool say_and_fail(const char *text, struct recording *recording)
{
    static const int16_t loud[4096] = {[0] = 1000};
    (void)text;
    recording_add(recording, loud, G_N_ELEMENTS(loud));
    return false;
}

static bool say_silence(const char *text, struct recording *recording)
{
    (void)text;
    static const int16_t silence[TONE_RATE];
    return recording_add(recording, silence, G_N_ELEMENTS(silence));
}

static bool say_briefly(const char *text, struct recording *recording)
{
    (void)text;
    static const int16_t click[TONE_RATE * 3 / 100] = {[5] = 30000};
    return recording_add(recording, click, G_N_ELEMENTS(click));
}

static void test_misbehaviour(void)
{
    static const struct {
        bool (*say)(const char *text, struct recording *recording);
        enum outcome outcome;
    } rows[] = {
        {say_too_much, OUTCOME_LONG},  {say_and_lie, OUTCOME_LONG},   {say_and_fail, OUTCOME_SILENT},
        {say_silence, OUTCOME_SILENT}, {say_briefly, OUTCOME_SILENT},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct engine engine = engine_tone;
        engine.say = rows[i].say;
        struct speech_child child = child_for(&engine, LONG_MS);
        g_assert_cmpint(speech_child_say(&child, "text"), ==, rows[i].outcome);
    }
}

/* ---- state ---- */

static int16_t said_before;

static bool say_with_memory(const char *text, struct recording *recording)
{
    (void)text;
    int16_t samples[TONE_RATE / 10];
    for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) samples[i] = (int16_t)(1000 + said_before);
    said_before++;
    return recording_add(recording, samples, G_N_ELEMENTS(samples));
}

static void test_no_state(void)
{
    struct engine engine = engine_tone;
    engine.say = say_with_memory;
    struct speech_child child = child_for(&engine, LONG_MS);
    for (int i = 0; i < 3; i++) {
        g_assert_cmpint(speech_child_say(&child, "text"), ==, OUTCOME_SPOKEN);
        g_assert_cmpint(child.recording->sample[0], ==, 1000);
    }
}

/* ---- the parent goes ---- */

/* A helper whose main program closes its end must not wait for a hanging child, nor leave it behind. */
static void test_parent_gone(void)
{
    int ends[2];
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* what it leaves behind comes to us */
    pid_t helper = fork();
    if (helper == 0) {
        close(ends[0]);
        struct speech_child child = child_for(&engine_tone, LONG_MS);
        child.parent = ends[1];
        speech_child_say(&child, "hang-now");
        _exit(1);
    }
    close(ends[1]);
    close(ends[0]);
    int status = -1;
    g_assert_cmpint(waitpid(helper, &status, 0), ==, helper);
    g_assert_cmpint(status, ==, 0);
    g_assert_cmpint(waitpid(-1, NULL, 0), >, 0);
}

/* A helper that gets no child process ends once, and does not call every sentence a crash. */
static void test_no_descriptors(void)
{
    pid_t helper = fork();
    if (helper == 0) {
        struct speech_child child = child_for(&engine_tone, LONG_MS);
        setrlimit(RLIMIT_NOFILE, &(struct rlimit){.rlim_cur = 3, .rlim_max = 3});
        speech_child_say(&child, "One.");
        _exit(1);
    }
    int status = -1;
    g_assert_cmpint(waitpid(helper, &status, 0), ==, helper);
    g_assert_cmpint(status, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/child/spoken", test_spoken);
    g_test_add_func("/child/faults", test_faults);
    g_test_add_func("/child/hang", test_hang);
    g_test_add_func("/child/misbehaviour", test_misbehaviour);
    g_test_add_func("/child/no-state", test_no_state);
    g_test_add_func("/child/parent-gone", test_parent_gone);
    g_test_add_func("/child/no-descriptors", test_no_descriptors);
    return g_test_run();
}
