#include "process.h"
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <limits.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    OUTPUT_MAX = 64 << 20, /* bytes of a file on standard output */
    COMPLAINT_MAX = 4096,  /* bytes of standard error that are kept */
    COMPLAINT_SHOWN = 200,
    BLOCK = 64 << 10,
    PIPE_BLOCKS = BLOCK / COMPLAINT_MAX,
    REAP_US = 5000,
};

/* ---- from beginning to end ---- */

/* The leader of a group: kills it when the other end of `lifeline` closes, which the kernel does for a
 * program that is killed. Only what is safe after a fork. */
_Noreturn static void lead(int lifeline)
{
    char byte;
    setpgid(0, 0);
    dup2(lifeline, STDIN_FILENO);
    (void)close_range(STDIN_FILENO + 1, UINT_MAX, 0);
    while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR) continue;
    kill(0, SIGKILL);
    _exit(EXIT_SUCCESS);
}

static bool start_leader(struct process *process, char **why)
{
    int ends[2];
    bool piped = pipe2(ends, O_CLOEXEC) == 0;
    process->leader = piped ? fork() : -1;
    if (process->leader == 0) lead(ends[0]);
    if (piped) close(ends[0]);
    if (process->leader > 0) {
        process->lifeline = ends[1];
        setpgid(process->leader, process->leader); /* whichever of the two comes first */
        return true;
    }
    *why = g_strdup(g_strerror(errno));
    if (piped) close(ends[1]);
    process->leader = 0;
    return false;
}

/* In the child, before the program: only what is safe after a fork. */
static void set_up(gpointer leader)
{
    setpgid(0, *(GPid *)leader);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
}

bool process_start(struct process *process, char **argv, char **why)
{
    g_autoptr(GError) error = NULL;
    *process = (struct process){.lifeline = -1, .ended = -1, .in = -1, .out = -1, .err = -1};
    if (!start_leader(process, why)) return false;
    if (!g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, set_up,
                                  &process->leader, &process->pid, &process->in, &process->out, &process->err,
                                  &error)) {
        *why = g_strdup(error->message);
        process->pid = 0;
        process_end(process);
        return false;
    }
    process->ended = (int)syscall(SYS_pidfd_open, process->pid, 0);
    const int ends[] = {process->in, process->out, process->err};
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) g_unix_set_fd_nonblocking(ends[i], TRUE, NULL);
    process->complaint = g_string_new(NULL);
    process->output = g_byte_array_new();
    return true;
}

static void close_end(int *fd)
{
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

static void kill_and_reap(GPid *pid)
{
    if (*pid <= 0) return;
    kill(*pid, SIGKILL);
    while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR) continue;
    *pid = 0;
}

void process_end(struct process *process)
{
    int *const ends[] = {&process->in, &process->out, &process->err, &process->ended, &process->lifeline};
    if (process->leader == 0) return;
    kill(-process->leader, SIGKILL);
    kill_and_reap(&process->pid);
    kill_and_reap(&process->leader); /* last: as long as it is there, no other group has its number */
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) close_end(ends[i]);
    if (process->complaint) g_string_free(g_steal_pointer(&process->complaint), TRUE);
    g_clear_pointer(&process->output, g_byte_array_unref);
}

/* ---- talking ---- */

/* What is there, and a pipe has room for. */
static void read_complaint(struct process *process)
{
    char block[COMPLAINT_MAX];
    GString *kept = process->complaint;
    ssize_t n = 1;
    for (int i = 0; n > 0 && i < PIPE_BLOCKS; i++) {
        n = read(process->err, block, sizeof block);
        g_string_append_len(kept, block, MAX(n, 0));
        if (kept->len > COMPLAINT_MAX) g_string_erase(kept, 0, (gssize)(kept->len - COMPLAINT_MAX));
    }
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) close_end(&process->err);
}

/* False at its end. */
static bool read_output(struct process *process)
{
    guint8 block[BLOCK];
    ssize_t n = read(process->out, block, sizeof block);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (n > 0) g_byte_array_append(process->output, block, (guint)n);
    return n > 0;
}

/* False if it takes no more: it has ended, or closed its standard input. */
static bool write_some(struct process *process, const char **text, gsize *size)
{
    ssize_t n = write(process->in, *text, *size);
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    *text += n;
    *size -= (gsize)n;
    return true;
}

enum wait_result process_talk(struct process *process, const char *text, gsize size, bool close_in,
                              bool (*done)(GByteArray *output, void *data), void *data, gint64 deadline)
{
    for (;;) {
        if (done && done(process->output, data)) return WAIT_DONE;
        if (process->output->len > OUTPUT_MAX) return WAIT_FULL;
        if (size == 0 && close_in) close_end(&process->in);
        struct pollfd fds[] = {{.fd = process->out, .events = POLLIN},
                               {.fd = process->err, .events = POLLIN},
                               {.fd = size > 0 ? process->in : -1, .events = POLLOUT},
                               {.fd = process->ended, .events = POLLIN}};
        gint64 left = (deadline - g_get_monotonic_time() + 999) / 1000;
        if (left <= 0) return WAIT_TIMEOUT;
        if (poll(fds, G_N_ELEMENTS(fds), (int)left) <= 0) continue;
        if (fds[1].revents) read_complaint(process);
        if (fds[2].revents && !write_some(process, &text, &size)) {
            if (!close_in) return WAIT_ENDED; /* it will not answer what it has not read */
            size = 0;
        }
        if (fds[0].revents ? !read_output(process) : fds[3].revents) return WAIT_ENDED;
    }
}

/* ---- why ---- */

/* The last line that is not empty. */
static char *last_line(const GString *complaint)
{
    g_autofree char *valid = g_utf8_make_valid(complaint->str, (gssize)complaint->len);
    g_auto(GStrv) lines = g_strsplit_set(valid, "\r\n", -1);
    for (guint i = g_strv_length(lines); i > 0; i--) {
        char *line = g_strstrip(lines[i - 1]);
        if (!*line) continue;
        if (g_utf8_strlen(line, -1) > COMPLAINT_SHOWN)
            *g_utf8_offset_to_pointer(line, COMPLAINT_SHOWN) = '\0';
        return g_strdup(line);
    }
    return NULL;
}

char *process_complaint(const struct process *process, const char *what)
{
    g_autofree char *line = last_line(process->complaint);
    return line ? g_strdup_printf("%s: %s", what, line) : g_strdup(what);
}

/* What it writes to standard error after its standard output has ended counts too. */
static bool reap(struct process *process, gint64 deadline, int *status)
{
    while (g_get_monotonic_time() < deadline) {
        if (process->err >= 0) read_complaint(process);
        pid_t gone = waitpid(process->pid, status, WNOHANG);
        if (gone < 0 && errno == EINTR) continue;
        if (gone != 0) return true;
        g_usleep(REAP_US);
    }
    return false;
}

bool process_succeeded(struct process *process, gint64 deadline, char **why)
{
    int status = 0;
    if (!reap(process, deadline, &status)) {
        *why = process_complaint(process, "it does not end");
        return false;
    }
    process->pid = 0;
    if (process->err >= 0) read_complaint(process);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
    g_autofree char *what = WIFEXITED(status)
                                ? g_strdup_printf("it ended with status %d", WEXITSTATUS(status))
                                : g_strdup_printf("it was ended by signal %d", WTERMSIG(status));
    *why = process_complaint(process, what);
    return false;
}
