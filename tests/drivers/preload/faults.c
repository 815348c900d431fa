/* Preloaded into the program, and into none that it starts: one of its calls fails. The calls of a kind are
 * counted from 1; $FAULT_KIND, $FAULT_NUMBER and $FAULT_ERROR say which fails, and how. $FAULT_REPORT is a
 * file, of the size of a struct report, for what has been counted. Allocations are counted by the place that
 * asks for them: the same place again is the same number. Addresses must not be random (setarch -R) if
 * numbers of different runs are compared. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum kind { MEMORY, OPEN, WRITE, SYNC, NAME, FORK, SOCKET, MAP, KINDS };

static const char *const names[KINDS] = {"memory", "open", "write", "sync", "name", "fork", "socket", "map"};

enum { PLACES = 1 << 15, DEPTH = 5, TRACE = 24, OURS = 2 /* frames of this library */ };

struct report {
    uint32_t count[KINDS];
    uint32_t failed;
    char call[28];
    uint64_t place[PLACES]; /* of each allocation, by its number less one */
    char trace[8192];       /* who made the call that failed */
};

static struct report *report; /* NULL: nothing is counted */
static uint64_t seen[2 * PLACES];
static int wanted_kind = -1, wanted_error;
static uint32_t wanted_number;
static _Thread_local bool busy; /* counting, which may allocate */
static int lock;

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern char *program_invocation_short_name;

static void *next(const char *name)
{
    bool was = busy;
    busy = true;
    void *found = dlsym(RTLD_NEXT, name);
    busy = was;
    return found;
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("FAULT_REPORT"), *kind = getenv("FAULT_KIND"), *number = getenv("FAULT_NUMBER"),
               *error = getenv("FAULT_ERROR");
    if (!path || strcmp(program_invocation_short_name, "stretchvoice") != 0) return;
    unsetenv("LD_PRELOAD");
    for (int i = 0; kind && i < KINDS; i++)
        if (strcmp(kind, names[i]) == 0) wanted_kind = i;
    wanted_number = number ? (uint32_t)atoi(number) : 0;
    wanted_error = error ? atoi(error) : 0;
    void *frames[2];
    backtrace(frames, 2); /* loads what it needs */
    int fd = (int)syscall(SYS_openat, -100, path, 2 | 02000000 /* O_RDWR, O_CLOEXEC */);
    long memory = syscall(SYS_mmap, NULL, sizeof(struct report), 3, 1 /* MAP_SHARED */, fd, 0);
    syscall(SYS_close, fd);
    if (memory > 0 || memory < -4095) report = (void *)memory;
}

/* The number of this place, or 0 if it has been counted before. */
static uint32_t count_place(void *const *frames, int n)
{
    uint64_t hash = 1469598103934665603u;
    for (int i = OURS; i < n && i < OURS + DEPTH; i++) hash = (hash ^ (uintptr_t)frames[i]) * 1099511628211u;
    size_t at = hash % (2 * PLACES);
    while (seen[at] && seen[at] != hash) at = (at + 1) % (2 * PLACES);
    if (seen[at] || report->count[MEMORY] == PLACES) return 0;
    seen[at] = report->place[report->count[MEMORY]] = hash;
    return ++report->count[MEMORY];
}

static void write_trace(void *const *frames, int n)
{
    size_t size = 0;
    for (int i = OURS; i < n; i++) {
        Dl_info info;
        if (!dladdr(frames[i], &info)) continue;
        size += (size_t)snprintf(report->trace + size, sizeof report->trace - size, "%s %p %s\n",
                                 info.dli_fname, (void *)((char *)frames[i] - (char *)info.dli_fbase - 1),
                                 info.dli_sname ? info.dli_sname : "?");
        if (size >= sizeof report->trace) return;
    }
}

__attribute__((noinline)) static bool fails(enum kind kind, const char *call)
{
    if (!report || busy) return false;
    busy = true;
    int before = errno;
    void *frames[TRACE];
    while (__sync_lock_test_and_set(&lock, 1)) continue;
    int n = kind == MEMORY ? backtrace(frames, OURS + DEPTH) : 0;
    uint32_t number = kind == MEMORY ? count_place(frames, n) : __sync_add_and_fetch(&report->count[kind], 1);
    __sync_lock_release(&lock);
    bool chosen = (int)kind == wanted_kind && number > 0 && number == wanted_number;
    if (chosen) {
        report->failed = 1;
        snprintf(report->call, sizeof report->call, "%s", call);
        write_trace(frames, backtrace(frames, TRACE));
    }
    busy = false;
    errno = chosen ? wanted_error : before;
    return chosen;
}

/* ---- allocations ---- */

void *malloc(size_t size)
{
    return fails(MEMORY, "malloc") ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return fails(MEMORY, "calloc") ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    return fails(MEMORY, "realloc") ? NULL : __libc_realloc(old, size);
}

/* These are for blocks that free() takes back as well. */
extern void *__libc_memalign(size_t, size_t);

int posix_memalign(void **at, size_t alignment, size_t size)
{
    int before = errno;
    void *memory = fails(MEMORY, "posix_memalign") ? NULL : __libc_memalign(alignment, size);
    errno = before;
    if (!memory) return 12 /* ENOMEM */;
    *at = memory;
    return 0;
}

void *memalign(size_t alignment, size_t size)
{
    return fails(MEMORY, "memalign") ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails(MEMORY, "aligned_alloc") ? NULL : __libc_memalign(alignment, size);
}

/* ---- system calls ---- */

typedef void FILE_OR_DIR;

#define CALL(kind, type, failure, name, parameters, ...)                                                     \
    type name parameters                                                                                     \
    {                                                                                                        \
        type(*real) parameters;                                                                              \
        *(void **)&real = next(#name);                                                                       \
        return fails(kind, #name) ? (failure) : real(__VA_ARGS__);                                           \
    }

/* With a mode or without: what is not used is passed on. */
#define OPENS(name)                                                                                          \
    int name(const char *path, int flags, ...)                                                               \
    {                                                                                                        \
        va_list more;                                                                                        \
        va_start(more, flags);                                                                               \
        int mode = va_arg(more, int);                                                                        \
        va_end(more);                                                                                        \
        int (*real)(const char *, int, ...);                                                                 \
        *(void **)&real = next(#name);                                                                       \
        return fails(OPEN, #name) ? -1 : real(path, flags, mode);                                            \
    }
#define OPENS_AT(name)                                                                                       \
    int name(int directory, const char *path, int flags, ...)                                                \
    {                                                                                                        \
        va_list more;                                                                                        \
        va_start(more, flags);                                                                               \
        int mode = va_arg(more, int);                                                                        \
        va_end(more);                                                                                        \
        int (*real)(int, const char *, int, ...);                                                            \
        *(void **)&real = next(#name);                                                                       \
        return fails(OPEN, #name) ? -1 : real(directory, path, flags, mode);                                 \
    }

OPENS(open)
OPENS(open64)
OPENS_AT(openat)
OPENS_AT(openat64)
CALL(OPEN, int, -1, __open_2, (const char *path, int flags), path, flags)
CALL(OPEN, int, -1, __open64_2, (const char *path, int flags), path, flags)
CALL(OPEN, int, -1, __openat_2, (int directory, const char *path, int flags), directory, path, flags)
CALL(OPEN, int, -1, __openat64_2, (int directory, const char *path, int flags), directory, path, flags)
CALL(OPEN, FILE *, NULL, fopen, (const char *path, const char *mode), path, mode)
CALL(OPEN, FILE *, NULL, fopen64, (const char *path, const char *mode), path, mode)
CALL(OPEN, FILE *, NULL, fdopen, (int fd, const char *mode), fd, mode)
CALL(OPEN, FILE_OR_DIR *, NULL, opendir, (const char *path), path)

/* A descriptor more. */
CALL(OPEN, int, -1, dup, (int fd), fd)
CALL(OPEN, int, -1, dup2, (int fd, int other), fd, other)

#define COPIES(name)                                                                                         \
    int name(int fd, int what, ...)                                                                          \
    {                                                                                                        \
        va_list more;                                                                                        \
        va_start(more, what);                                                                                \
        long argument = va_arg(more, long);                                                                  \
        va_end(more);                                                                                        \
        int (*real)(int, int, ...);                                                                          \
        *(void **)&real = next(#name);                                                                       \
        bool copies = what == 0 /* F_DUPFD */ || what == 1030 /* F_DUPFD_CLOEXEC */;                         \
        return copies && fails(OPEN, #name) ? -1 : real(fd, what, argument);                                 \
    }
COPIES(fcntl)
COPIES(fcntl64)

CALL(WRITE, ssize_t, -1, write, (int fd, const void *bytes, size_t size), fd, bytes, size)
CALL(WRITE, ssize_t, -1, pwrite, (int fd, const void *bytes, size_t size, off_t at), fd, bytes, size, at)
CALL(WRITE, ssize_t, -1, pwrite64, (int fd, const void *bytes, size_t size, off_t at), fd, bytes, size, at)
CALL(WRITE, ssize_t, -1, writev, (int fd, const void *parts, int n), fd, parts, n)
CALL(WRITE, ssize_t, -1, send, (int fd, const void *bytes, size_t size, int flags), fd, bytes, size, flags)
CALL(WRITE, ssize_t, -1, sendmsg, (int fd, const void *message, int flags), fd, message, flags)
CALL(WRITE, ssize_t, -1, sendto,
     (int fd, const void *bytes, size_t size, int flags, const void *address, unsigned length), fd, bytes,
     size, flags, address, length)
/* What is printed is written by the C library itself, when it is asked to or its buffer is full. */
CALL(WRITE, int, EOF, fflush, (FILE * file), file)

CALL(SYNC, int, -1, fsync, (int fd), fd)
CALL(SYNC, int, -1, fdatasync, (int fd), fd)

CALL(NAME, int, -1, rename, (const char *from, const char *to), from, to)
CALL(NAME, int, -1, renameat, (int a, const char *from, int b, const char *to), a, from, b, to)
CALL(NAME, int, -1, link, (const char *from, const char *to), from, to)
CALL(NAME, int, -1, linkat, (int a, const char *from, int b, const char *to, int flags), a, from, b, to,
     flags)
CALL(NAME, int, -1, mkdir, (const char *path, mode_t mode), path, mode)

CALL(NAME, int, -1, mkfifo, (const char *path, mode_t mode), path, mode)

CALL(FORK, pid_t, -1, fork, (void), )
CALL(FORK, int, wanted_error, posix_spawn,
     (pid_t * pid, const char *path, const void *actions, const void *attributes, char *const words[],
      char *const environment[]),
     pid, path, actions, attributes, words, environment)
CALL(FORK, int, wanted_error, posix_spawnp,
     (pid_t * pid, const char *file, const void *actions, const void *attributes, char *const words[],
      char *const environment[]),
     pid, file, actions, attributes, words, environment)
CALL(FORK, int, -1, pipe, (int ends[2]), ends)
CALL(FORK, int, -1, pipe2, (int ends[2], int flags), ends, flags)

CALL(SOCKET, int, -1, socket, (int domain, int type, int protocol), domain, type, protocol)
CALL(SOCKET, int, -1, socketpair, (int domain, int type, int protocol, int ends[2]), domain, type, protocol,
     ends)
CALL(SOCKET, int, -1, bind, (int fd, const void *address, unsigned length), fd, address, length)
CALL(SOCKET, int, -1, listen, (int fd, int waiting), fd, waiting)
CALL(SOCKET, int, -1, connect, (int fd, const void *address, unsigned length), fd, address, length)
CALL(SOCKET, int, -1, accept, (int fd, void *address, void *length), fd, address, length)
CALL(SOCKET, int, -1, accept4, (int fd, void *address, void *length, int flags), fd, address, length, flags)

CALL(MAP, int, -1, memfd_create, (const char *name, unsigned flags), name, flags)
CALL(MAP, int, -1, ftruncate, (int fd, off_t size), fd, size)
CALL(MAP, int, -1, ftruncate64, (int fd, off_t size), fd, size)
CALL(MAP, void *, (void *)-1, mmap, (void *at, size_t size, int protection, int flags, int fd, off_t offset),
     at, size, protection, flags, fd, offset)
CALL(MAP, void *, (void *)-1, mmap64,
     (void *at, size_t size, int protection, int flags, int fd, off_t offset), at, size, protection, flags,
     fd, offset)
