#include "file/runner.h"
#include "report/chapters.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAIT_MS = 50, MOST_WORDS = 300, STOPPED = -1 };

int runner_memory(const char *text)
{
    int fd = memfd_create("stretchvoice", MFD_CLOEXEC);
    gsize size = strlen(text);
    if (fd < 0 || (TEMP_FAILURE_RETRY(write(fd, text, size)) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0))
        return fd;
    close(fd);
    return -1;
}

static void end_with_parent(gpointer data)
{
    (void)data;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* A parent may have left SIGCHLD ignored, and then the status of a child would be lost. */
static void keep_status(void)
{
    struct sigaction now;
    if (sigaction(SIGCHLD, NULL, &now) == 0 && now.sa_handler == SIG_IGN) signal(SIGCHLD, SIG_DFL);
}

static bool start(const struct runner *runner, int messages, GPid *pid, GError **error)
{
    static const int targets[RUNNER_FDS] = {RUNNER_FD, RUNNER_FD + 1, RUNNER_FD + 2};
    return g_spawn_async_with_pipes_and_fds(
        NULL, runner->words, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, end_with_parent, NULL, -1,
        messages, messages, runner->fds, targets, (gsize)runner->n, pid, NULL, NULL, NULL, error);
}

/* Its status, or STOPPED. */
static int wait_end(const struct runner *runner, GPid pid)
{
    int status = 0;
    bool stopped = false;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (!stopped && runner->stop && runner->stop(runner->data)) {
            kill(pid, SIGKILL);
            stopped = true;
        }
        poll(NULL, 0, WAIT_MS);
    }
    return stopped ? STOPPED : status;
}

static bool fail(int status, int messages, GError **error)
{
    char words[MOST_WORDS + 1] = "";
    ssize_t n = pread(messages, words, MOST_WORDS, 0);
    words[MAX(n, 0)] = '\0';
    g_autofree char *line = chapters_text(g_strstrip(words), MOST_WORDS);
    if (status == STOPPED)
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "was given up");
    else
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, *line ? line : "it has failed");
    return false;
}

bool runner_run(const struct runner *runner, GError **error)
{
    int messages = runner_memory("");
    GPid pid;
    if (messages < 0) {
        g_set_error_literal(error, G_IO_ERROR, (gint)g_io_error_from_errno(errno), g_strerror(errno));
        return false;
    }
    keep_status();
    bool done = start(runner, messages, &pid, error);
    int status = done ? wait_end(runner, pid) : 0;
    done = done && (status == 0 || fail(status, messages, error));
    close(messages);
    return done;
}
