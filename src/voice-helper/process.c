#include "process.h"
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    OUTPUT_MAX = 64 << 20, /* bytes of a file on standard output */
    COMPLAINT_MAX = 4096,  /* bytes of standard error that are kept */
    COMPLAINT_SHOWN = 200,
    BLOCK = 64 << 10,
    REAP_US = 5000,
};

/* ---- from beginning to end ---- */

/* In the child, before the program: only what is safe after a fork. */
static void set_up(gpointer data)
{
    (void)data;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_DFL);
}

bool process_start(struct process *process, char **argv, char **why)
{
    g_autoptr(GError) error = NULL;
    *process = (struct process){.in = -1, .out = -1, .err = -1};
    if (!g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, set_up,
                                  NULL, &process->pid, &process->in, &process->out, &process->err, &error)) {
        *why = g_strdup(error->message);
        process->pid = 0;
        return false;
    }
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

void process_end(struct process *process)
{
    if (process->complaint == NULL) return;
    if (process->pid > 0) {
        kill(-process->pid, SIGKILL);
        kill(process->pid, SIGKILL);
        while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR) continue;
    }
    close_end(&process->in);
    close_end(&process->out);
    close_end(&process->err);
    g_string_free(g_steal_pointer(&process->complaint), TRUE);
    g_byte_array_unref(g_steal_pointer(&process->output));
    process->pid = 0;
}

/* ---- talking ---- */

static void read_complaint(struct process *process)
{
    char block[COMPLAINT_MAX];
    ssize_t n = read(process->err, block, sizeof block);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) close_end(&process->err);
    if (n <= 0) return;
    g_string_append_len(process->complaint, block, n);
    if (process->complaint->len > COMPLAINT_MAX)
        g_string_erase(process->complaint, 0, (gssize)(process->complaint->len - COMPLAINT_MAX));
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

/* A program that ends without reading is no error here. */
static gsize write_some(struct process *process, const char *text, gsize size)
{
    ssize_t n = write(process->in, text, size);
    if (n >= 0) return (gsize)n;
    if (errno == EAGAIN || errno == EINTR) return 0;
    close_end(&process->in);
    return size;
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
                               {.fd = size > 0 ? process->in : -1, .events = POLLOUT}};
        gint64 left = (deadline - g_get_monotonic_time() + 999) / 1000;
        if (left <= 0) return WAIT_TIMEOUT;
        if (poll(fds, G_N_ELEMENTS(fds), (int)left) <= 0) continue;
        if (fds[1].revents) read_complaint(process);
        if (fds[2].revents) {
            gsize n = write_some(process, text, size);
            text += n;
            size -= n;
        }
        if (fds[0].revents && !read_output(process)) return WAIT_ENDED;
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
    kill(-process->pid, SIGKILL); /* what it has left behind */
    process->pid = 0;
    if (process->err >= 0) read_complaint(process);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
    g_autofree char *what = WIFEXITED(status)
                                ? g_strdup_printf("it ended with status %d", WEXITSTATUS(status))
                                : g_strdup_printf("it was ended by signal %d", WTERMSIG(status));
    *why = process_complaint(process, what);
    return false;
}
