#include "ipc/packets.h"
#include "ipc/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef MEASURE_COVERAGE
#define IS_OPEN 1
#elif defined __has_feature
#define IS_OPEN __has_feature(address_sanitizer)
#elif defined __SANITIZE_ADDRESS__
#define IS_OPEN 1
#else
#define IS_OPEN 0
#endif

enum { CPU_S = 10 };

/* What the act returns is the child's exit status. How the child has ended is returned. */
static int inside_with(struct sandbox_rights rights, int (*act)(const char *path), const char *path)
{
    pid_t child = fork();
    if (child == 0) {
        sandbox_enter(sandbox_new(&rights), CPU_S);
        _exit(act(path));
    }
    int status = 0;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    return status;
}

static int inside(const char *directory, int (*act)(const char *path), const char *path)
{
    return inside_with((struct sandbox_rights){.directory = directory}, act, path);
}

static bool has_filter(void)
{
    if (IS_OPEN) g_test_skip("this build needs what is forbidden");
    return !IS_OPEN;
}

/* ---- acts ---- */

static int compute(const char *path)
{
    (void)path;
    char *memory = g_malloc(8 << 20);
    memset(memory, 1, 8 << 20);
    memory = g_realloc(memory, 32 << 20);
    g_free(memory);
    return write(STDERR_FILENO, "", 0) == 0 ? 0 : 1;
}

static int open_to_read(const char *path)
{
    int fd = open(path, O_RDONLY);
    char byte;
    return fd < 0 ? errno : read(fd, &byte, 1) == 1 ? 0 : 1;
}

static int open_to_write(const char *path)
{
    return open(path, O_WRONLY) < 0 ? errno : 0;
}

static int truncate_on_open(const char *path)
{
    return open(path, O_RDONLY | O_TRUNC) < 0 ? errno : 0;
}

static int make_socket(const char *path)
{
    (void)path;
    return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
}

static int execute(const char *path)
{
    return execl(path, path, (char *)NULL) < 0 ? errno : 0;
}

static int start_process(const char *path)
{
    (void)path;
    return fork() < 0 ? errno : 0;
}

static int send_signal(const char *path)
{
    (void)path;
    return kill(getppid(), 0);
}

static int write_elsewhere(const char *path)
{
    (void)path;
    return write(STDOUT_FILENO, "x", 1) == 1 ? 0 : 1;
}

static int map_code(const char *path)
{
    (void)path;
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static int take_much_memory(const char *path)
{
    (void)path;
    size_t much = (size_t)(SANDBOX_MEMORY_MIB + 1) << 20;
    return mmap(NULL, much, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 0 : 1;
}

static int has_limits(const char *path)
{
    (void)path;
    struct rlimit core, cpu;
    getrlimit(RLIMIT_CORE, &core);
    getrlimit(RLIMIT_CPU, &cpu);
    return core.rlim_cur == 0 && core.rlim_max == 0 && cpu.rlim_cur <= CPU_S ? 0 : 1;
}

/* ---- tests ---- */

static void test_computes(void)
{
    g_assert_cmpint(inside(NULL, compute, NULL), ==, 0);
}

static void test_killed(void)
{
    static const struct {
        const char *name;
        int (*act)(const char *path);
    } rows[] = {
        {"open", open_to_read},     {"write to a file", open_to_write},
        {"socket", make_socket},    {"execute", execute},
        {"fork", start_process},    {"signal", send_signal},
        {"write", write_elsewhere}, {"code", map_code},
    };
    if (!has_filter()) return;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        int status = inside(NULL, rows[i].act, "/bin/true");
        g_test_message("%s", rows[i].name);
        g_assert_true(WIFSIGNALED(status));
        g_assert_cmpint(WTERMSIG(status), ==, SIGSYS);
    }
}

/* With Landlock what lies in the directory can be read; without it nothing can, but trying is no crime. */
static void test_directory(void)
{
    if (!has_filter()) return;
    g_autofree char *directory = g_dir_make_tmp("sandbox-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(directory, "file", NULL);
    g_assert_true(g_file_set_contents(file, "text", -1, NULL));
    int status = inside(directory, open_to_read, file);
    g_assert_true(WIFEXITED(status));
    g_assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == EACCES);
    status = inside(directory, open_to_read, "/etc/passwd");
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, EACCES);
    g_assert_cmpint(WTERMSIG(inside(directory, open_to_write, file)), ==, SIGSYS);
    g_assert_cmpint(WTERMSIG(inside(directory, truncate_on_open, file)), ==, SIGSYS);
    g_assert_cmpint(WTERMSIG(inside(directory, execute, "/bin/true")), ==, SIGSYS);
    g_unlink(file);
    g_rmdir(directory);
}

/* Opened before, and sent through a socket. */
static int read_and_send(const char *path)
{
    (void)path;
    char byte;
    return read(STDIN_FILENO, &byte, 1) == 1 && packet_send(STDOUT_FILENO, &(struct packet){0}, NULL, 0) ? 0
                                                                                                         : 1;
}

static void test_talking(void)
{
    int ends[2];
    if (!has_filter()) return;
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), ==, 0);
    const int file = open("/bin/true", O_RDONLY), in = dup(STDIN_FILENO), out = dup(STDOUT_FILENO);
    dup2(file, STDIN_FILENO);
    dup2(ends[0], STDOUT_FILENO);
    const struct sandbox_rights talks = {.talks = true};
    int right = inside_with(talks, read_and_send, NULL),
        opened = inside_with(talks, open_to_read, "/bin/true"), mute = inside(NULL, read_and_send, NULL);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    for (int *fd = (int[]){file, in, out, ends[0], ends[1], -1}; *fd >= 0; fd++) close(*fd);
    g_assert_cmpint(right, ==, 0);
    g_assert_cmpint(WTERMSIG(opened), ==, SIGSYS);
    g_assert_cmpint(WTERMSIG(mute), ==, SIGSYS);
}

/* B11: a child that takes too much is ended. */
static void test_limits(void)
{
    if (!has_filter()) return;
    g_assert_cmpint(inside(NULL, take_much_memory, NULL), ==, 0);
}

/* The limits themselves can only be asked for where the filter does not forbid the question. */
static void test_no_core(void)
{
    pid_t child = fork();
    if (child == 0) {
        sandbox_new(&(struct sandbox_rights){0});
        sandbox_enter(NULL, CPU_S);
        _exit(has_limits(NULL));
    }
    int status = 0;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sandbox/computes", test_computes);
    g_test_add_func("/sandbox/killed", test_killed);
    g_test_add_func("/sandbox/directory", test_directory);
    g_test_add_func("/sandbox/talking", test_talking);
    g_test_add_func("/sandbox/memory", test_limits);
    g_test_add_func("/sandbox/no-core", test_no_core);
    return g_test_run();
}
