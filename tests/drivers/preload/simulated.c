/* Preloaded into the program and its helpers: a simulated clock. It goes as the real one does, but the
 * program does not wait for a timer. When its main loop has nothing else to do, and none of its helpers
 * works, the clock is put to the time of the timer. So hours take as long as their work does.
 *
 * $SIMULATED names a file that all of them share, of two numbers of 64 bits: the nanoseconds by which the
 * clock is ahead, and those by which it may still be put forward. A test gives it time by writing the second.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { LEVELS = 4 }; /* of processes that have started processes */
static const int64_t SECOND = 1000000000, MILLISECOND = 1000000;

static int (*real_clock)(clockid_t, struct timespec *);
static int (*real_ppoll)(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);
static struct shared {
    _Atomic int64_t ahead, allowed; /* ns */
} * shared;
static bool moves; /* this process puts the clock forward: the program itself */

__attribute__((constructor)) static void begin(void)
{
    *(void **)&real_clock = dlsym(RTLD_NEXT, "clock_gettime");
    *(void **)&real_ppoll = dlsym(RTLD_NEXT, "ppoll");
    const char *path = getenv("SIMULATED");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *memory = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (memory == MAP_FAILED) return;
    shared = memory;
    moves = strcmp(program_invocation_short_name, "stretchvoice") == 0;
}

/* ---- what time it is ---- */

static bool is_cpu_time(clockid_t clock)
{
    return clock < 0 || clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    if (!real_clock) *(void **)&real_clock = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real_clock(clock, time);
    if (result != 0 || !shared || is_cpu_time(clock)) return result;
    int64_t ns = time->tv_nsec + atomic_load(&shared->ahead);
    time->tv_sec += ns / SECOND;
    time->tv_nsec = ns % SECOND;
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    *time = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *result)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result) *result = now.tv_sec;
    return now.tv_sec;
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * SECOND + now.tv_nsec;
}

/* ---- whether a helper works ---- */

static size_t read_text(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, text, size - 1);
    if (fd >= 0) close(fd);
    text[got > 0 ? got : 0] = '\0';
    return got > 0 ? (size_t)got : 0;
}

/* It runs, or waits for a processor or the disk. */
static bool works(long pid)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    if (read_text(path, text, sizeof text) == 0) return false;
    const char *name_end = strrchr(text, ')');
    return name_end && (name_end[2] == 'R' || name_end[2] == 'D');
}

static bool children_work(long pid, int level)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%ld/task/%ld/children", pid, pid);
    read_text(path, text, sizeof text);
    for (char *at = text, *end; level > 0 && *at; at = end) {
        long child = strtol(at, &end, 10);
        if (end == at) return false;
        if (works(child) || children_work(child, level - 1)) return true;
        while (*end == ' ') end++;
    }
    return false;
}

/* ---- waiting ---- */

static int wait_really(struct pollfd *fds, nfds_t count, int64_t ns, const sigset_t *mask)
{
    const struct timespec time = {ns / SECOND, ns % SECOND};
    return real_ppoll(fds, count, &time, mask);
}

static int64_t least(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

/* `ns` is never negative. What works is looked at first: after it has written something, it rests. */
static int wait_simulated(struct pollfd *fds, nfds_t count, int64_t ns, const sigset_t *mask)
{
    for (int64_t end = now_ns() + ns, left; (left = end - now_ns()) > 0;) {
        int64_t forward = least(left, atomic_load(&shared->allowed));
        bool waits = forward <= 0 || children_work(getpid(), LEVELS);
        int ready = wait_really(fds, count, waits ? least(left, MILLISECOND) : 0, mask);
        if (ready != 0) return ready;
        if (waits) continue;
        atomic_fetch_add(&shared->ahead, forward);
        atomic_fetch_sub(&shared->allowed, forward);
    }
    return wait_really(fds, count, 0, mask);
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *time, const sigset_t *mask)
{
    if (!moves || !time || gettid() != getpid()) return real_ppoll(fds, count, time, mask);
    return wait_simulated(fds, count, time->tv_sec * SECOND + time->tv_nsec, mask);
}

int poll(struct pollfd *fds, nfds_t count, int ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * MILLISECOND};
    return ppoll(fds, count, ms < 0 ? NULL : &time, NULL);
}
