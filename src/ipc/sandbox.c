#include "ipc/sandbox.h"
#include <fcntl.h>
#include <glib.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The address sanitizer needs what is forbidden here, and coverage is written to files. */
#ifdef MEASURE_COVERAGE
#define SANDBOX_IS_OPEN 1
#elif defined __has_feature
#define SANDBOX_IS_OPEN __has_feature(address_sanitizer)
#elif defined __SANITIZE_ADDRESS__
#define SANDBOX_IS_OPEN 1
#else
#define SANDBOX_IS_OPEN 0
#endif

struct sandbox {
    struct sock_fprog filter; /* len 0: none could be made */
    rlim_t memory;            /* bytes of address space */
};

/* ---- files: the helper confines itself, and its children with it ---- */

/* Landlock ABI 1 has every right that opening a file needs. */
static bool confine_files(const char *directory)
{
    struct landlock_ruleset_attr all = {.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};
    struct landlock_path_beneath_attr rule = {.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
                                              .parent_fd = -1};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (ruleset < 0) return false;
    bool confined = true;
    if (directory) {
        rule.parent_fd = open(directory, O_PATH | O_CLOEXEC);
        confined = rule.parent_fd >= 0 &&
                   syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
        if (rule.parent_fd >= 0) close(rule.parent_fd);
    }
    confined = confined && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return confined;
}

/* ---- system calls: making the filter takes longer than a sentence, so it is made once ---- */

static const int harmless[] = {
    SCMP_SYS(exit_group),   SCMP_SYS(rt_sigreturn), SCMP_SYS(brk),           SCMP_SYS(munmap),
    SCMP_SYS(mremap),       SCMP_SYS(madvise),      SCMP_SYS(futex),         SCMP_SYS(futex_time64),
    SCMP_SYS(gettimeofday), SCMP_SYS(time),         SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64),
};

/* A word in another alphabet makes espeak-ng load the dictionary of its language in the middle of a text. */
static const int reading[] = {
    SCMP_SYS(read),      SCMP_SYS(lseek),      SCMP_SYS(_llseek), SCMP_SYS(close),
    SCMP_SYS(stat),      SCMP_SYS(stat64),     SCMP_SYS(fstat),   SCMP_SYS(fstat64),
    SCMP_SYS(fstatat64), SCMP_SYS(newfstatat), SCMP_SYS(statx),
};

/* A child that decodes a file has it open, and talks with its parent. qsort() of the C library looks at the
 * size of the memory, and libsndfile closes a file that it cannot read. */
static const int talking[] = {
    SCMP_SYS(read),     SCMP_SYS(lseek),      SCMP_SYS(_llseek), SCMP_SYS(fstat),
    SCMP_SYS(fstat64),  SCMP_SYS(newfstatat), SCMP_SYS(recv),    SCMP_SYS(send),
    SCMP_SYS(recvfrom), SCMP_SYS(sendmsg),    SCMP_SYS(sysinfo), SCMP_SYS(close),
};

/* Fails for a call that this architecture does not have, which needs no rule. */
static void allow(scmp_filter_ctx filter, const int *calls, gsize n)
{
    for (gsize i = 0; i < n; i++) seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
}

/* libseccomp writes its program only to a descriptor. */
static void export_filter(scmp_filter_ctx filter, struct sock_fprog *program)
{
    int fd = memfd_create("filter", MFD_CLOEXEC);
    struct stat file;
    if (fd >= 0 && seccomp_export_bpf(filter, fd) == 0 && fstat(fd, &file) == 0) {
        gsize size = (gsize)file.st_size;
        program->filter = g_malloc(size);
        if (pread(fd, program->filter, size, 0) == (ssize_t)size)
            program->len = (unsigned short)(size / sizeof *program->filter);
    }
    if (fd >= 0) close(fd);
}

static void make_filter(struct sock_fprog *program, const struct sandbox_rights *rights, bool confined)
{
    const struct scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    const struct scmp_arg_cmp to_stderr = SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, STDERR_FILENO);
    const int mask = O_ACCMODE | O_TRUNC;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter) return;
    allow(filter, harmless, G_N_ELEMENTS(harmless));
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_code);
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap2), 1, no_code);
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_code);
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, to_stderr);
    if (rights->talks) allow(filter, talking, G_N_ELEMENTS(talking));
    if (rights->directory) {
        /* Without Landlock nothing may be opened, but the attempt does not kill: the engine leaves the word
         * out. */
        uint32_t action = confined ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EACCES);
        allow(filter, reading, G_N_ELEMENTS(reading));
        seccomp_rule_add(filter, action, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, mask, O_RDONLY));
        seccomp_rule_add(filter, action, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, mask, O_RDONLY));
    }
    export_filter(filter, program);
    seccomp_release(filter);
}

/* ---- the sandbox ---- */

/* So much more than is mapped now. */
static rlim_t memory_limit(void)
{
    char line[64];
    FILE *statm = fopen("/proc/self/statm", "re");
    if (!statm) return RLIM_INFINITY;
    unsigned long pages = fgets(line, sizeof line, statm) ? strtoul(line, NULL, 10) : 0;
    fclose(statm);
    if (pages == 0) return RLIM_INFINITY;
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + ((rlim_t)SANDBOX_MEMORY_MIB << 20);
}

static void limit(int resource, rlim_t most)
{
    setrlimit(resource, &(struct rlimit){.rlim_cur = most, .rlim_max = most});
}

struct sandbox *sandbox_new(const struct sandbox_rights *rights)
{
    limit(RLIMIT_CORE, 0);
    /* A crash handler behind a pipe (core_pattern) ignores RLIMIT_CORE. */
    prctl(PR_SET_DUMPABLE, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || SANDBOX_IS_OPEN) return NULL;
    struct sandbox *sandbox = g_new0(struct sandbox, 1);
    sandbox->memory = memory_limit();
    make_filter(&sandbox->filter, rights, confine_files(rights->directory));
    return sandbox;
}

void sandbox_enter(const struct sandbox *sandbox, int cpu_s)
{
    limit(RLIMIT_CPU, (rlim_t)cpu_s);
    if (!sandbox) return;
    limit(RLIMIT_AS, sandbox->memory);
    /* Without this flag older kernels restrict speculation, which makes speech slower. */
    if (sandbox->filter.len > 0)
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &sandbox->filter);
}
