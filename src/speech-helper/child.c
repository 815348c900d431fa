#include "child.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A single vowel at the highest rate takes 52 ms; less is what comes from an engine that lacks data. */
enum { SHORTEST_MS = 40 };

static size_t recording_size(int rate)
{
    return sizeof(struct recording) + (size_t)rate * PROTOCOL_SECONDS * sizeof(int16_t);
}

bool mouth_open(struct mouth *mouth, const struct engine *engine, int rate)
{
    if (rate <= 0 || rate > PROTOCOL_RATE) return false;
    int flags = MAP_SHARED | MAP_ANONYMOUS;
    void *memory = mmap(NULL, recording_size(rate), PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory == MAP_FAILED) return false;
    mouth->engine = engine;
    mouth->rate = rate;
    mouth->recording = memory;
    return true;
}

void mouth_close(struct mouth *mouth)
{
    munmap(mouth->recording, recording_size(mouth->rate));
    mouth->recording = NULL;
}

/* ---- the child ---- */

static void speak_and_end(const struct mouth *mouth, const char *text, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(EXIT_FAILURE);
    close(mouth->asker);
    sandbox_enter(mouth->sandbox);
    if (!mouth->engine->say(text, mouth->recording)) mouth->recording->samples = 0;
    _exit(EXIT_SUCCESS);
}

/* Starts a child; *end is a descriptor that hangs up when the child is gone. */
static pid_t start_child(const struct mouth *mouth, const char *text, int *end)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) speak_and_end(mouth, text, parent);
    close(ends[1]);
    *end = ends[0];
    return child;
}

/* ---- the parent ---- */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* False if it took too long. Nothing is read before the end, so a sentence costs one wake-up. */
static bool wait_for_end(const struct mouth *mouth, pid_t child, int end)
{
    struct pollfd hung_up[] = {{.fd = end}, {.fd = mouth->asker}};
    int64_t deadline = now_ms() + mouth->patience_ms;
    for (;;) {
        int64_t left = deadline - now_ms();
        int n = poll(hung_up, 2, left > 0 ? (int)left : 0);
        if (n > 0 && hung_up[1].revents) {
            kill(child, SIGKILL);
            _exit(EXIT_SUCCESS);
        }
        if (n > 0) return true;
        if (n == 0 || errno != EINTR) return false;
    }
}

static int reap(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    return status;
}

static bool is_silent(const struct recording *recording, int rate)
{
    if (recording->samples < (uint32_t)(rate * SHORTEST_MS / 1000)) return true;
    for (uint32_t i = 0; i < recording->samples; i++)
        if (recording->sample[i] != 0) return false;
    return true;
}

static enum outcome judge(const struct mouth *mouth, int status, uint32_t room)
{
    bool stopped = WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGXCPU);
    if (stopped) return OUTCOME_SLOW;
    if (status != 0) return OUTCOME_CRASHED;
    if (mouth->recording->samples > room) return OUTCOME_LONG;
    return is_silent(mouth->recording, mouth->rate) ? OUTCOME_SILENT : OUTCOME_SPOKEN;
}

enum outcome mouth_say(struct mouth *mouth, const char *text)
{
    uint32_t room = (uint32_t)(mouth->rate * PROTOCOL_SECONDS);
    mouth->recording->room = room;
    mouth->recording->samples = 0;
    int end = -1;
    pid_t child = start_child(mouth, text, &end);
    if (child > 0 && !wait_for_end(mouth, child, end)) kill(child, SIGKILL);
    if (end >= 0) close(end);
    return child > 0 ? judge(mouth, reap(child), room) : OUTCOME_CRASHED;
}
