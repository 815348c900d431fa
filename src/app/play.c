#include "remote.h"
#include "live/service.h"
#include "subcommands.h"
#include "view.h"
#include "file/paths.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OPEN_MS = 2000, ANSWER_MS = 10000, END_MS = 5000 };

/* A session in this process: its service, and a view of it if it is in the foreground. */
struct play {
    const struct options *options;
    struct service service;
    struct view view;
    GMainLoop *loop;
    int background; /* where to tell whether it has started; -1 in the foreground */
    bool started;
    char *notice; /* to be told once sound has started; NULL: nothing */
    int code;
};

/* ---- in the background ---- */

/* From now on nothing ties it to the terminal that it came from. */
static void cut_loose(struct play *play)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) dup2(null, fd);
    close(null);
    prctl(PR_SET_PDEATHSIG, 0);
    unsigned char code = (unsigned char)play->code;
    (void)!write(play->background, &code, 1);
    close(play->background);
    play->background = -1;
}

static int read_code(int fd)
{
    unsigned char code;
    ssize_t n;
    do n = read(fd, &code, 1);
    while (n < 0 && errno == EINTR);
    if (n == 1) return code;
    fputs("stretchvoice: the session ended before it began\n", stderr);
    return EXIT_FAILED;
}

/* Forks before anything is begun, since threads and locks do not come along; the parent waits until sound has
 * started. Returns the descriptor to tell it by, or -1 in the parent, with its exit code. */
static int go_to_background(int *code)
{
    int ends[2];
    pid_t child = -1;
    *code = EXIT_FAILED;
    if (pipe2(ends, O_CLOEXEC) == 0) child = fork();
    if (child < 0) {
        fprintf(stderr, "stretchvoice: there is no way into the background: %s\n", g_strerror(errno));
        return -1;
    }
    if (child == 0) {
        close(ends[0]);
        setsid();
        prctl(PR_SET_PDEATHSIG, SIGHUP); /* whoever interrupts the start wants no session */
        return ends[1];
    }
    close(ends[1]);
    *code = read_code(ends[0]);
    close(ends[0]);
    return -1;
}

/* ---- what the session tells ---- */

static void on_note(void *data, const char *text)
{
    struct play *play = data;
    if (play->view.options)
        view_note(&play->view, text);
    else if (text)
        fprintf(stderr, "stretchvoice: %s\n", text);
}

static void on_started(void *data)
{
    struct play *play = data;
    play->started = true;
    if (play->notice) on_note(play, play->notice);
    if (play->background >= 0) cut_loose(play);
}

static void on_changed(void *data)
{
    struct play *play = data;
    if (!play->started || !play->view.options) return;
    struct status status;
    host_status(play->service.host, &status);
    view_show(&play->view, &status, host_device(play->service.host));
}

static void on_over(void *data, int code)
{
    struct play *play = data;
    play->code = code;
    g_main_loop_quit(play->loop);
}

static void on_command(void *data, struct command command)
{
    service_command(&((struct play *)data)->service, command);
}

/* ---- a session of our own ---- */

static void run_in_foreground(struct play *play)
{
    play->view = (struct view){.options = play->options, .command = on_command, .data = play};
    view_begin(&play->view);
    g_main_loop_run(play->loop);
    on_changed(play);
    view_end(&play->view);
}

static int play_here(struct play *play)
{
    play->loop = g_main_loop_new(NULL, FALSE);
    play->service.ops =
        (struct host_ops){.started = on_started, .changed = on_changed, .note = on_note, .over = on_over};
    play->service.data = play;
    play->code = service_play(&play->service, play->options, stderr);
    if (play->code == EXIT_DONE && play->background >= 0)
        g_main_loop_run(play->loop);
    else if (play->code == EXIT_DONE)
        run_in_foreground(play);
    service_finish(&play->service);
    if (play->background >= 0)
        cut_loose(play); /* last: who is told that nothing plays finds the place free */
    g_main_loop_unref(play->loop);
    g_free(play->notice);
    return play->code;
}

/* ---- somebody else's ---- */

/* Where there is no socket, no command of ours reaches it. */
static int complain(pid_t holder, bool reachable)
{
    g_autofree char *who = holder > 0 ? g_strdup_printf(" (process %d)", (int)holder) : g_strdup("");
    g_autofree char *kill = g_strdup_printf("'kill %d' ends it", (int)holder);
    const char *how =
        reachable || holder <= 0 ? "'stretchvoice stop' ends it, --replace takes its place" : kill;
    fprintf(stderr, "stretchvoice: a session is running already%s; %s\n", who, how);
    return EXIT_FAILED;
}

static bool stop_the_other(struct client *client)
{
    AUTO(response) answer = client_ask(client, (const char *const[]){"stop", NULL}, ANSWER_MS, NULL);
    return answer && client_await_end(client, END_MS);
}

/* Another process has the socket: a daemon plays for us; a session is in the way, or is stopped. True if the
 * socket is free now. */
static bool deal_with_other(const struct options *options, bool replace, pid_t holder, int *code)
{
    g_autoptr(GError) error = NULL;
    AUTO(client) client = client_open(options->socket, OPEN_MS, &error);
    if (client && remote_is_daemon(client)) {
        *code = remote_play(options, client);
        return false;
    }
    *code = EXIT_DONE;
    if (client && replace) *code = prepare_try(options, g_ptr_array_index(options->arguments, 0), stderr);
    if (*code == EXIT_DONE && client && replace && stop_the_other(client)) return true;
    if (*code == EXIT_DONE)
        *code = complain(holder, !g_error_matches(error, CONTROL_ERROR, CONTROL_NO_SOCKET));
    return false;
}

/* False if there is nothing to be played here; *code is then the end of it. Whoever took the place that was
 * made free is not replaced in turn: of several at the same instant, one plays. */
static bool take_place(struct play *play, bool replace, int *code)
{
    const struct options *options = play->options;
    pid_t holder = 0;
    g_autoptr(GError) error = NULL;
    service_init(&play->service, false);
    play->service.quiet = options->quiet;
    if (service_open(&play->service, options->socket, &holder, &error)) return true;
    if (g_error_matches(error, CONTROL_ERROR, CONTROL_NO_SOCKET) && !options->background) {
        if (!options->quiet) play->notice = g_strdup_printf("no control socket: %s", error->message);
        return true;
    }
    service_finish(&play->service);
    bool busy = g_error_matches(error, CONTROL_ERROR, CONTROL_BUSY);
    if (busy && deal_with_other(options, replace, holder, code)) return take_place(play, false, code);
    if (!busy) service_refuse(error);
    return false;
}

int subcommand_play(const struct options *options)
{
    struct play play = {.options = options, .background = -1};
    int code = EXIT_FAILED;
    if (options->background) {
        play.background = go_to_background(&code);
        if (play.background < 0) return code;
    }
    if (take_place(&play, options->replace, &code)) return play_here(&play);
    play.code = code;
    if (play.background >= 0) cut_loose(&play);
    return code;
}
