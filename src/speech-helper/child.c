#include "child.h"
#include "ipc/helper.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    SHORTEST_MS = 40, /* a single vowel at the highest rate takes 52 ms; an engine without data gives less */
    START_TRIES = 20, /* one every START_PAUSE_MS: descriptors or processes may be short for a moment */
    START_PAUSE_MS = 50,
    CPU_S = 10, /* for a sentence */
};

bool speech_child_init(struct speech_child *child, const struct engine *engine, int rate)
{
    if (rate < SPEECH_RATE_MIN || rate > SPEECH_RATE_MAX) return false;
    size_t size = sizeof(struct recording) + (size_t)rate * SPEECH_SECONDS * sizeof(int16_t);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return false;
    child->engine = engine;
    child->rate = rate;
    child->recording = memory;
    return true;
}

/* ---- in the child ---- */

static void speak_and_end(const struct speech_child *child, const char *text, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(EXIT_FAILURE);
    close(child->parent);
    sandbox_enter(child->sandbox, CPU_S);
    if (!child->engine->say(text, child->recording)) child->recording->samples = 0;
    helper_end();
}

/* ---- in the helper ---- */

/* Returns its id; *end is a descriptor that hangs up when the child is gone. */
static pid_t start(const struct speech_child *child, const char *text, int *end)
{
    for (int i = 0; i < START_TRIES; i++) {
        int ends[2];
        pid_t parent = getpid(), pid = -1;
        if (pipe2(ends, O_CLOEXEC) == 0) {
            pid = fork();
            if (pid == 0) speak_and_end(child, text, parent);
            close(ends[1]);
            *end = ends[0];
            if (pid > 0) return pid;
            close(ends[0]);
        }
        poll(NULL, 0, START_PAUSE_MS);
    }
    helper_end();
}

/* False if it took too long. Nothing is read before the end, so a sentence costs one wake-up. */
static bool wait_for_end(const struct speech_child *child, pid_t pid, int end)
{
    struct pollfd hung_up[] = {{.fd = end}, {.fd = child->parent}};
    int64_t deadline = g_get_monotonic_time() / 1000 + child->patience_ms;
    for (;;) {
        int64_t left = deadline - g_get_monotonic_time() / 1000;
        int n = poll(hung_up, 2, (int)MAX(left, 0));
        if (n > 0 && hung_up[1].revents) {
            kill(pid, SIGKILL);
            helper_end();
        }
        if (n > 0) return true;
        if (n == 0 || errno != EINTR) return false;
    }
}

static bool is_silent(const struct recording *recording, int rate)
{
    if (recording->samples < (uint32_t)(rate * SHORTEST_MS / 1000)) return true;
    for (uint32_t i = 0; i < recording->samples; i++)
        if (recording->sample[i] != 0) return false;
    return true;
}

enum outcome speech_child_say(struct speech_child *child, const char *text)
{
    struct recording *recording = child->recording;
    const uint32_t room = (uint32_t)(child->rate * SPEECH_SECONDS);
    recording->room = room;
    recording->samples = 0;
    int end, status = 0;
    pid_t pid = start(child, text, &end);
    if (!wait_for_end(child, pid, end)) kill(pid, SIGKILL);
    close(end);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;

    bool stopped = WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGXCPU);
    if (stopped) return OUTCOME_SLOW;
    if (status != 0) return OUTCOME_CRASHED;
    if (recording->samples > room) return OUTCOME_LONG;
    return is_silent(recording, child->rate) ? OUTCOME_SILENT : OUTCOME_SPOKEN;
}
