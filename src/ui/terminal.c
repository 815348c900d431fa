#include "ui/terminal.h"
#include "base/cleanup.h"
#include "player/command.h"
#include "ui/outlet.h"
#include <errno.h>
#include <glib-unix.h>
#include <langinfo.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { LOOK_MS = 500 }; /* between looks whether we have become the foreground job */

enum sequence { SEQUENCE_NONE, SEQUENCE_ESCAPE, SEQUENCE_BODY, SEQUENCE_PARAMETERS };

/* The one piece of state that signal handlers share: a handler gets nothing but its number. */
static struct {
    volatile sig_atomic_t taken;    /* its modes and its cursor are ours now */
    volatile sig_atomic_t fresh;    /* nothing that is drawn is there any more */
    volatile sig_atomic_t returned; /* we had been stopped */
    bool begun;
    struct termios before, ours;
    struct outlet *out, *error;
    guint keys, look;
    enum sequence sequence;
    GStrv frame;     /* the rows to be shown, */
    GStrv drawn;     /* and those that are */
    GPtrArray *kept; /* char *, notes that wait for the end */
    GSource *returning;
    guint resizing;
    struct terminal_use use;
} terminal;

/* The other screen of the terminal, so that nothing of the drawing is left above. A terminal that has only
 * one is cleared. */
static const char leave_screen[] = "\033[H\033[J\033[?1049l\033[?25h",
                  enter_screen[] = "\033[?1049h\033[?25l";

/* ---- whose it is ---- */

/* Where it is not the terminal of our session, no other job can have it. */
static bool is_foreground(int fd)
{
    pid_t group = tcgetpgrp(fd);
    return group == getpgrp() || (group < 0 && errno == ENOTTY);
}

static bool is_ours(void)
{
    return (!terminal.use.keys || is_foreground(STDIN_FILENO)) &&
           (!terminal.use.draw || is_foreground(STDOUT_FILENO));
}

/* These two are called from signal handlers: system calls only. */
static void give_back(void *data)
{
    (void)data;
    if (!terminal.taken || !is_ours()) return;
    if (terminal.use.keys) tcsetattr(STDIN_FILENO, TCSANOW, &terminal.before);
    if (terminal.use.draw) outlet_shout(terminal.out, leave_screen);
    terminal.taken = 0;
}

static void take(void)
{
    if (terminal.taken || !is_ours()) return; /* from the background, tcsetattr() would stop us */
    sigset_t stop, before;                    /* half taken, it would not be given back */
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigprocmask(SIG_BLOCK, &stop, &before);
    terminal.taken = 1;
    if (terminal.use.keys) tcsetattr(STDIN_FILENO, TCSANOW, &terminal.ours);
    if (terminal.use.draw) outlet_shout(terminal.out, enter_screen);
    terminal.fresh = 1;
    sigprocmask(SIG_SETMASK, &before, NULL);
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
    take();
    terminal.returned = 1;
    errno = before;
}

/* ---- keys ---- */

/* An arrow or function key sends several bytes: ESC, '[' or 'O', parameters, and a last byte. Returns the key
 * that one of them, or a byte by itself, stands for; 0: none. */
static char key_of(char byte)
{
    static const char arrows[] = {KEY_UP, KEY_DOWN, KEY_RIGHT, KEY_LEFT}; /* end in A to D */
    enum sequence before = terminal.sequence;
    bool parameter = byte >= ' ' && byte < '@';
    terminal.sequence = SEQUENCE_NONE;
    if (byte == '\033')
        terminal.sequence = SEQUENCE_ESCAPE;
    else if (before == SEQUENCE_ESCAPE && (byte == '[' || byte == 'O'))
        terminal.sequence = SEQUENCE_BODY;
    else if (before >= SEQUENCE_BODY && parameter)
        terminal.sequence = SEQUENCE_PARAMETERS;
    else if (before == SEQUENCE_BODY && byte >= 'A' && byte <= 'D')
        return arrows[byte - 'A'];
    else if (before == SEQUENCE_NONE)
        return byte;
    return 0;
}

static void come_back(void);

static gboolean read_keys(gint fd, GIOCondition condition, gpointer data)
{
    (void)condition, (void)data;
    char keys[64];
    ssize_t n = is_ours() ? read(fd, keys, sizeof keys) : 0;
    if (n <= 0) {
        terminal.keys = 0;
        if (!is_ours()) come_back();
        return G_SOURCE_REMOVE;
    }
    for (ssize_t i = 0; i < n; i++) {
        char key = key_of(keys[i]);
        if (key) terminal.use.key(terminal.use.data, key);
    }
    /* A sequence comes in one piece: nothing behind it, and this was the Escape key. */
    if (terminal.sequence == SEQUENCE_ESCAPE) terminal.sequence = SEQUENCE_NONE;
    return G_SOURCE_CONTINUE;
}

/* ---- drawing ---- */

void terminal_size(int *columns, int *rows)
{
    struct winsize size;
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    *columns = known && size.ws_col > 0 ? size.ws_col : 80;
    *rows = known && size.ws_row > 0 ? size.ws_row : 24;
}

bool terminal_is_capable(void)
{
    const char *name = g_getenv("TERM");
    return name && *name && strcmp(name, "dumb") != 0;
}

bool terminal_is_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* A frame that does not get through is replaced by the next, never half of it. Only the rows that differ are
 * written. The cursor goes to each by itself, since a row that is drawn wider than we think would move it. */
static void draw_frame(void)
{
    if (!terminal.frame || !terminal.use.draw || outlet_is_behind(terminal.out)) return;
    g_autoptr(GString) text = g_string_new(NULL);
    if (terminal.fresh || !terminal.drawn) {
        g_string_append(text, "\033[H\033[2J");
        g_clear_pointer(&terminal.drawn, g_strfreev);
    }
    terminal.fresh = 0;
    guint n_drawn = terminal.drawn ? g_strv_length(terminal.drawn) : 0;
    for (guint i = 0; terminal.frame[i]; i++) {
        const char *before = i < n_drawn ? terminal.drawn[i] : "";
        if (strcmp(before, terminal.frame[i]) != 0)
            g_string_append_printf(text, "\033[%u;1H\033[K%s", i + 1, terminal.frame[i]);
    }
    if (text->len > 0 && !outlet_write(terminal.out, text->str, text->len)) return;
    g_strfreev(terminal.drawn);
    terminal.drawn = g_steal_pointer(&terminal.frame);
}

static void on_drained(void *data)
{
    (void)data;
    if (is_ours()) draw_frame();
}

void terminal_draw(const char *const *rows)
{
    g_strfreev(terminal.frame);
    terminal.frame = g_strdupv((char **)rows);
    if (terminal.taken && is_ours())
        draw_frame();
    else
        come_back();
}

bool terminal_line(const char *line)
{
    if (!isatty(STDOUT_FILENO) || is_foreground(STDOUT_FILENO)) outlet_line(terminal.out, line);
    return outlet_error(terminal.out) == 0;
}

void terminal_note(const char *line)
{
    if (terminal.use.draw && isatty(STDERR_FILENO))
        g_ptr_array_add(terminal.kept, g_strdup(line));
    else
        outlet_line(terminal.error, line);
}

/* ---- from beginning to end ---- */

/* Another job has the terminal, or had it: looks until it is ours, since `fg` of a job that runs sends no
 * signal. */
static gboolean look(gpointer data)
{
    (void)data;
    take();
    if (!terminal.taken || !is_ours()) return G_SOURCE_CONTINUE;
    terminal.look = 0;
    if (terminal.use.keys && terminal.keys == 0)
        terminal.keys = g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, read_keys, NULL);
    if (terminal.use.draw) terminal.use.redraw(terminal.use.data); /* the size may be another */
    return G_SOURCE_REMOVE;
}

static void come_back(void)
{
    g_clear_handle_id(&terminal.keys, g_source_remove);
    if (terminal.begun && terminal.look == 0 && look(NULL) == G_SOURCE_CONTINUE)
        terminal.look = g_timeout_add(LOOK_MS, look, NULL);
}

static gboolean on_resize(gpointer data)
{
    (void)data;
    terminal.fresh = 1;
    terminal.use.redraw(terminal.use.data);
    return G_SOURCE_CONTINUE;
}

static gboolean has_returned(GSource *source)
{
    (void)source;
    return terminal.returned;
}

static gboolean prepare_return(GSource *source, gint *timeout)
{
    *timeout = -1;
    return has_returned(source);
}

static gboolean dispatch_return(GSource *source, GSourceFunc callback, gpointer data)
{
    (void)source, (void)callback, (void)data;
    terminal.returned = 0;
    come_back();
    return G_SOURCE_CONTINUE;
}

/* The signal interrupts the main loop's poll(). */
static void watch_returns(void)
{
    static GSourceFuncs funcs = {prepare_return, has_returned, dispatch_return, NULL, NULL, NULL};
    terminal.returning = g_source_new(&funcs, sizeof *terminal.returning);
    g_source_attach(terminal.returning, NULL);
    set_handler(SIGTSTP, restore_and_stop);
}

bool terminal_has_keys(void)
{
    return isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) >= 0;
}

/* Its modes are what they are when no process has taken it: the shell's, or another job's. */
static bool know_modes(void)
{
    if (!terminal_has_keys()) return false;
    if (tcgetattr(STDIN_FILENO, &terminal.before) != 0) return false;
    terminal.ours = terminal.before;
    terminal.ours.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    terminal.ours.c_cc[VMIN] = 1;
    terminal.ours.c_cc[VTIME] = 0;
    return true;
}

void terminal_begin(struct terminal_use *use)
{
    use->keys = use->keys && know_modes();
    use->draw = use->draw && isatty(STDOUT_FILENO);
    terminal.use = *use;
    terminal.kept = g_ptr_array_new_with_free_func(g_free);
    terminal.out = outlet_new(STDOUT_FILENO, on_drained, NULL);
    terminal.error = outlet_new(STDERR_FILENO, NULL, NULL);
    terminal.begun = use->keys || use->draw;
    if (!terminal.begun) return;
    cleanup_add(give_back, &terminal);
    watch_returns();
    if (use->draw) terminal.resizing = g_unix_signal_add(SIGWINCH, on_resize, NULL);
    come_back();
}

/* What is left of a frame would come behind its end. */
static void end_drawing(void)
{
    if (!terminal.use.draw || !terminal.taken || !is_ours()) return;
    outlet_drop(terminal.out);
    outlet_write(terminal.out, leave_screen, strlen(leave_screen));
    terminal.use.draw = false;
}

/* In the place of the drawing: what was kept back for the same terminal, in the same order, and the line that
 * stays. */
static void print_end(const char *last)
{
    for (guint i = 0; i < terminal.kept->len; i++) outlet_line(terminal.out, terminal.kept->pdata[i]);
    if (last) terminal_line(last);
}

/* Such as a full disk. A reader that has gone is no error. */
static void report_error(void)
{
    int why = outlet_error(terminal.out);
    if (why == 0 || why == EPIPE || why == ECONNRESET || why == EIO) return;
    g_autofree char *line =
        g_strdup_printf("stretchvoice: standard output cannot be written: %s", g_strerror(why));
    outlet_line(terminal.error, line);
}

void terminal_end(const char *last)
{
    if (!terminal.out) return;
    g_clear_handle_id(&terminal.keys, g_source_remove);
    g_clear_handle_id(&terminal.look, g_source_remove);
    g_clear_handle_id(&terminal.resizing, g_source_remove);
    end_drawing();
    give_back(NULL);
    print_end(last);
    report_error();
    if (terminal.begun) {
        cleanup_remove(&terminal);
        set_handler(SIGTSTP, SIG_DFL);
        g_source_destroy(terminal.returning);
        g_clear_pointer(&terminal.returning, g_source_unref);
    }
    terminal.begun = false;
    g_clear_pointer(&terminal.frame, g_strfreev);
    g_clear_pointer(&terminal.drawn, g_strfreev);
    g_clear_pointer(&terminal.kept, g_ptr_array_unref);
    g_clear_pointer(&terminal.out, outlet_free);
    g_clear_pointer(&terminal.error, outlet_free);
}
