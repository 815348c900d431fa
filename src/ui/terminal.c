#include "ui/terminal.h"
#include "base/cleanup.h"
#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum sequence { SEQUENCE_NONE, SEQUENCE_ESCAPE, SEQUENCE_BODY };

/* The one piece of state that signal handlers share: a handler is told nothing but its number. */
static struct {
    volatile sig_atomic_t taken;
    struct termios before, ours;
    guint source;
    enum sequence sequence;
    int lines; /* drawn last */
    struct terminal_use use;
} terminal;

static const char show_cursor[] = "\033[?25h", hide_cursor[] = "\033[?25l";

static void tell(const char *sequence)
{
    if (!terminal.use.draw) return;
    ssize_t written = write(STDOUT_FILENO, sequence, strlen(sequence));
    (void)written; /* a terminal that is gone needs no cursor */
}

/* These two are called from signal handlers: system calls only. */
static void give_back(void *data)
{
    (void)data;
    if (!terminal.taken) return;
    if (terminal.use.keys) tcsetattr(STDIN_FILENO, TCSANOW, &terminal.before);
    tell(show_cursor);
}

static void take(void)
{
    if (terminal.use.keys) tcsetattr(STDIN_FILENO, TCSANOW, &terminal.ours);
    tell(hide_cursor);
}

/* ---- signals ---- */

static void set_handler(int signal, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(signal, &action, NULL);
}

static void restore_and_stop(int signal)
{
    int before = errno; /* of whatever was interrupted */
    give_back(NULL);
    set_handler(signal, SIG_DFL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    raise(signal);
    sigprocmask(SIG_UNBLOCK, &set, NULL); /* stops here, and goes on here */
    set_handler(signal, restore_and_stop);
    terminal.lines = 0; /* the shell has written below them */
    take();
    errno = before;
}

/* ---- keys ---- */

/* An arrow or function key sends several bytes, of which none is a command: ESC, '[' or 'O', parameters, and
 * a last byte. */
static bool is_in_sequence(char key)
{
    enum sequence before = terminal.sequence;
    if (key == '\033')
        terminal.sequence = SEQUENCE_ESCAPE;
    else if (before == SEQUENCE_ESCAPE && (key == '[' || key == 'O'))
        terminal.sequence = SEQUENCE_BODY;
    else if (before == SEQUENCE_BODY && key >= ' ' && key < '@')
        terminal.sequence = SEQUENCE_BODY;
    else
        terminal.sequence = SEQUENCE_NONE;
    return before != SEQUENCE_NONE || terminal.sequence != SEQUENCE_NONE;
}

static gboolean read_keys(gint fd, GIOCondition condition, gpointer data)
{
    (void)condition;
    (void)data;
    char keys[64];
    ssize_t n = read(fd, keys, sizeof keys);
    if (n <= 0) {
        terminal.source = 0;
        return G_SOURCE_REMOVE;
    }
    for (ssize_t i = 0; i < n; i++)
        if (!is_in_sequence(keys[i])) terminal.use.key(terminal.use.data, keys[i]);
    /* A sequence comes in one piece: nothing behind it, and this was the Escape key. */
    if (terminal.sequence == SEQUENCE_ESCAPE) terminal.sequence = SEQUENCE_NONE;
    return G_SOURCE_CONTINUE;
}

static bool is_ours(void)
{
    return isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

static bool take_keys(void)
{
    if (!is_ours() || tcgetattr(STDIN_FILENO, &terminal.before) != 0) return false;
    terminal.ours = terminal.before;
    terminal.ours.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    terminal.ours.c_cc[VMIN] = 1;
    terminal.ours.c_cc[VTIME] = 0;
    terminal.source = g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, read_keys, NULL);
    return true;
}

void terminal_begin(struct terminal_use *use)
{
    use->keys = use->keys && take_keys();
    use->draw = use->draw && isatty(STDOUT_FILENO);
    terminal.use = *use;
    terminal.lines = 0;
    if (!use->keys && !use->draw) return;
    cleanup_add(give_back, &terminal);
    set_handler(SIGTSTP, restore_and_stop);
    terminal.taken = 1;
    take();
}

void terminal_end(void)
{
    if (!terminal.taken) return;
    if (terminal.source) g_source_remove(terminal.source);
    terminal.source = 0;
    give_back(NULL);
    terminal.taken = 0;
    cleanup_remove(&terminal);
    set_handler(SIGTSTP, SIG_DFL);
}

/* ---- drawing ---- */

void terminal_size(int *columns, int *rows)
{
    struct winsize size;
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    *columns = known && size.ws_col > 0 ? size.ws_col : 80;
    *rows = known && size.ws_row > 0 ? size.ws_row : 24;
}

void terminal_draw(const char *lines)
{
    GString *text = g_string_new(NULL);
    if (terminal.lines > 0) g_string_append_printf(text, "\033[%dA\r\033[J", terminal.lines);
    terminal.lines = 0;
    for (const char *p = lines; *p; terminal.lines++) {
        const char *end = strchr(p, '\n');
        gsize n = end ? (gsize)(end - p) : strlen(p);
        g_string_append_c(text, '\r');
        g_string_append_len(text, p, (gssize)n);
        g_string_append_c(text, '\n');
        p += n + (end ? 1 : 0);
    }
    fwrite(text->str, 1, text->len, stdout);
    fflush(stdout);
    g_string_free(text, TRUE);
}

void terminal_fresh(void)
{
    terminal.lines = 0;
}
