/* Preloaded into the sound program: notes what its audio code calls that may wait. That code is the callback
 * that PortAudio is given, and where there is none, all between two calls of PortAudio: the one that tells
 * how many frames there is room for, and the one that takes them. Allocations and locks are seen as calls,
 * and on x86-64 each system call is, however it is made. $CALLBACK_REPORT is a file of the size of a struct
 * report.
 *
 * A clock that is read through the vDSO is no system call, and may be read. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <portaudio.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_NOTES = 64, NOTE = 32 };

struct report {
    uint32_t callbacks, blocks; /* that were watched: of a callback, and that were written */
    uint32_t sees_system_calls; /* threads in which they are seen */
    uint32_t notes;
    char note[MOST_NOTES][NOTE];
};

static struct report *report;

/* Of one stretch in one thread. Notes of a stretch at whose end nothing is played do not count. */
static _Thread_local struct {
    bool inside;
    uint32_t notes;
    char note[MOST_NOTES][NOTE];
} now;

static void note(const char *what)
{
    if (!now.inside || now.notes == MOST_NOTES) return;
    strncpy(now.note[now.notes++], what, NOTE - 1);
}

/* ---- system calls ---- */

#if defined __x86_64__ && defined PR_SET_SYSCALL_USER_DISPATCH

static _Thread_local volatile char selector; /* SYSCALL_DISPATCH_FILTER_ALLOW or _BLOCK */

/* It is made after all, and the stretch goes on unseen: one note is enough. */
static void on_system_call(int number, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    char text[NOTE] = "system call 000";
    (void)number;
    selector = SYSCALL_DISPATCH_FILTER_ALLOW;
    for (int i = 14, rest = info->si_syscall; i > 11; i--, rest /= 10) text[i] = (char)('0' + rest % 10);
    note(text);
    long result = syscall(info->si_syscall, registers[REG_RDI], registers[REG_RSI], registers[REG_RDX],
                          registers[REG_R10], registers[REG_R8], registers[REG_R9]);
    registers[REG_RAX] = result == -1 ? -errno : result;
}

static void watch_system_calls(bool on)
{
    static _Thread_local enum { NEW, SEEN, UNSEEN } thread;
    if (thread == NEW) {
        struct sigaction action = {.sa_sigaction = on_system_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
        sigset_t signals;
        sigemptyset(&signals);
        sigaddset(&signals, SIGSYS);
        sigaction(SIGSYS, &action, NULL);
        pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
        selector = SYSCALL_DISPATCH_FILTER_ALLOW;
        bool seen = prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0L, 0L, &selector) == 0;
        thread = seen ? SEEN : UNSEEN;
        if (seen) __sync_add_and_fetch(&report->sees_system_calls, 1);
    }
    if (thread == SEEN) selector = on ? SYSCALL_DISPATCH_FILTER_BLOCK : SYSCALL_DISPATCH_FILTER_ALLOW;
}

#else

static void watch_system_calls(bool on)
{
    (void)on;
}

#endif

/* ---- a stretch ---- */

static void enter(void)
{
    now.notes = 0;
    now.inside = true;
    watch_system_calls(true);
}

static void leave(uint32_t *count)
{
    if (!now.inside) return;
    watch_system_calls(false);
    now.inside = false;
    if (!count) return;
    __sync_add_and_fetch(count, 1);
    for (uint32_t i = 0; i < now.notes; i++) {
        uint32_t at = __sync_fetch_and_add(&report->notes, 1);
        if (at < MOST_NOTES) memcpy(report->note[at], now.note[i], NOTE);
    }
}

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("CALLBACK_REPORT");
    if (!path || strcmp(program_invocation_short_name, "stretchvoice-sound") != 0) return;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    void *memory = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (memory != MAP_FAILED) report = memory;
}

/* ---- PortAudio ---- */

static PaStreamCallback *callback;
static bool begun; /* the stream has been given its first frames: what comes before is no audio code yet */

static int on_callback(const void *in, void *out, unsigned long frames, const PaStreamCallbackTimeInfo *times,
                       PaStreamCallbackFlags flags, void *data)
{
    enter();
    int result = callback(in, out, frames, times, flags, data);
    leave(&report->callbacks);
    return result;
}

PaError Pa_OpenStream(PaStream **stream, const PaStreamParameters *in, const PaStreamParameters *out,
                      double rate, unsigned long frames, PaStreamFlags flags, PaStreamCallback *given,
                      void *data)
{
    PaError (*real)(PaStream **, const PaStreamParameters *, const PaStreamParameters *, double,
                    unsigned long, PaStreamFlags, PaStreamCallback *, void *);
    *(void **)&real = next("Pa_OpenStream");
    callback = given;
    return real(stream, in, out, rate, frames, flags, report && given ? on_callback : given, data);
}

PaError Pa_StartStream(PaStream *stream)
{
    PaError (*real)(PaStream *);
    *(void **)&real = next("Pa_StartStream");
    leave(NULL);
    begun = false;
    return real(stream);
}

long Pa_GetStreamWriteAvailable(PaStream *stream)
{
    long (*real)(PaStream *);
    leave(NULL);
    *(void **)&real = next("Pa_GetStreamWriteAvailable");
    long frames = real(stream);
    if (report && begun) enter();
    return frames;
}

PaError Pa_WriteStream(PaStream *stream, const void *frames, unsigned long n)
{
    PaError (*real)(PaStream *, const void *, unsigned long);
    leave(report ? &report->blocks : NULL);
    *(void **)&real = next("Pa_WriteStream");
    begun = true;
    return real(stream, frames, n);
}

/* ---- allocations and locks ---- */

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void __libc_free(void *);

void *malloc(size_t size)
{
    note("malloc");
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    note("calloc");
    return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    note("realloc");
    return __libc_realloc(old, size);
}

extern void *__libc_memalign(size_t, size_t);

int posix_memalign(void **at, size_t alignment, size_t size)
{
    note("posix_memalign");
    *at = __libc_memalign(alignment, size);
    return *at ? 0 : ENOMEM;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    note("aligned_alloc");
    return __libc_memalign(alignment, size);
}

void free(void *memory)
{
    note("free");
    __libc_free(memory);
}

#define LOCK(name, type)                                                                                     \
    int name(type *lock)                                                                                     \
    {                                                                                                        \
        static int (*real)(type *);                                                                          \
        note(#name);                                                                                         \
        if (!real) *(void **)&real = next(#name);                                                            \
        return real(lock);                                                                                   \
    }

LOCK(g_mutex_lock, void) /* returns nothing, and waits in a system call of its own if it has to */
LOCK(pthread_mutex_lock, pthread_mutex_t)
LOCK(pthread_mutex_trylock, pthread_mutex_t)
LOCK(pthread_rwlock_rdlock, pthread_rwlock_t)
LOCK(pthread_rwlock_wrlock, pthread_rwlock_t)
LOCK(pthread_spin_lock, pthread_spinlock_t)
LOCK(pthread_cond_signal, pthread_cond_t)
LOCK(pthread_cond_broadcast, pthread_cond_t)
LOCK(sem_wait, sem_t)
LOCK(sem_post, sem_t)
