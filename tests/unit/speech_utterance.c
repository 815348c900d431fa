#include "speech-helper/tone.h"
#include "speech-helper/child.h"
#include <glib.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SHORT_MS = 200, LONG_MS = 60000 };

static struct mouth mouth_for(const struct engine *engine, int patience_ms)
{
    struct mouth mouth = {.asker = -1, .patience_ms = patience_ms};
    g_assert_true(mouth_open(&mouth, engine, FAKE_RATE));
    return mouth;
}

static void test_spoken(void)
{
    struct mouth mouth = mouth_for(&engine_tone, LONG_MS);
    g_assert_cmpint(mouth_say(&mouth, "One, two."), ==, OUTCOME_SPOKEN);
    g_assert_cmpuint(mouth.recording->samples, ==, 160 * FAKE_RATE / 1000);
    g_assert_cmpuint(mouth.recording->samples, ==, fake_samples("One, two."));
    g_assert_cmpint(mouth_say(&mouth, "x"), ==, OUTCOME_SPOKEN);
    g_assert_cmpuint(mouth.recording->samples, ==, fake_samples("x"));
    mouth_close(&mouth);
}

static void test_faults(void)
{
    struct mouth mouth = mouth_for(&engine_tone, LONG_MS);
    g_assert_cmpint(mouth_say(&mouth, "crash-now"), ==, OUTCOME_CRASHED);
    g_assert_cmpint(mouth_say(&mouth, "silent-now"), ==, OUTCOME_SILENT);
    g_assert_cmpint(mouth_say(&mouth, "long-now"), ==, OUTCOME_LONG);
    g_assert_cmpint(mouth_say(&mouth, "And on."), ==, OUTCOME_SPOKEN);
    mouth_close(&mouth);
}

static void test_hang(void)
{
    struct mouth mouth = mouth_for(&engine_tone, SHORT_MS);
    g_assert_cmpint(mouth_say(&mouth, "hang-now"), ==, OUTCOME_SLOW);
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1); /* it is gone, and reaped */
    mouth_close(&mouth);
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
    static const int16_t silence[FAKE_RATE];
    return recording_add(recording, silence, G_N_ELEMENTS(silence));
}

static bool say_briefly(const char *text, struct recording *recording)
{
    (void)text;
    static const int16_t click[FAKE_RATE * 3 / 100] = {[5] = 30000};
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
        struct mouth mouth = mouth_for(&engine, LONG_MS);
        g_assert_cmpint(mouth_say(&mouth, "text"), ==, rows[i].outcome);
        mouth_close(&mouth);
    }
}

/* ---- state ---- */

static int16_t said_before;

static bool say_with_memory(const char *text, struct recording *recording)
{
    (void)text;
    int16_t samples[FAKE_RATE / 10];
    for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) samples[i] = (int16_t)(1000 + said_before);
    said_before++;
    return recording_add(recording, samples, G_N_ELEMENTS(samples));
}

static void test_no_state(void)
{
    struct engine engine = engine_tone;
    engine.say = say_with_memory;
    struct mouth mouth = mouth_for(&engine, LONG_MS);
    for (int i = 0; i < 3; i++) {
        g_assert_cmpint(mouth_say(&mouth, "text"), ==, OUTCOME_SPOKEN);
        g_assert_cmpint(mouth.recording->sample[0], ==, 1000);
    }
    mouth_close(&mouth);
}

/* ---- the asker goes ---- */

/* A helper whose main program closes its end must not wait for a hanging child, nor leave it behind. */
static void test_asker_gone(void)
{
    int ends[2];
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* what it leaves behind comes to us */
    pid_t helper = fork();
    if (helper == 0) {
        close(ends[0]);
        struct mouth mouth = mouth_for(&engine_tone, LONG_MS);
        mouth.asker = ends[1];
        mouth_say(&mouth, "hang-now");
        _exit(1);
    }
    close(ends[1]);
    close(ends[0]);
    int status = -1;
    g_assert_cmpint(waitpid(helper, &status, 0), ==, helper);
    g_assert_cmpint(status, ==, 0);
    g_assert_cmpint(waitpid(-1, NULL, 0), >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/utterance/spoken", test_spoken);
    g_test_add_func("/utterance/faults", test_faults);
    g_test_add_func("/utterance/hang", test_hang);
    g_test_add_func("/utterance/misbehaviour", test_misbehaviour);
    g_test_add_func("/utterance/no-state", test_no_state);
    g_test_add_func("/utterance/asker-gone", test_asker_gone);
    return g_test_run();
}
