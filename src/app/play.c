#include "load.h"
#include "menu.h"
#include "play.h"
#include "remote.h"
#include "subcommands.h"
#include "view.h"
#include "base/name.h"
#include "file/paths.h"
#include "live/parcel.h"
#include "live/service.h"
#include "ui/terminal.h"
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
    struct names names;        /* of the routines; none until one has been chosen in a menu, */
    char *chosen;              /* which is then this */
    struct question *question; /* that comes first; NULL: none */
    struct loaded loaded;
    struct play_request request; /* of what is loaded */
    char *render_command;
    struct service service;
    struct view view;
    GMainLoop *loop;
    int background; /* a pipe for the exit code, once sound has started; -1 in the foreground */
    char *notice;   /* a line for the user once sound has started; NULL: nothing */
    int code;
};

/* ---- in the background ---- */

/* Reports the exit code so far, and lets go of the terminal. */
static void detach(struct play *play)
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

/* Forks before anything is begun, since a child inherits no threads. The parent waits until sound has
 * started. Returns the descriptor for the exit code, or -1 in the parent, with its exit code. */
static int go_to_background(int *code)
{
    int ends[2];
    pid_t child = -1;
    *code = EXIT_FAILED;
    if (pipe2(ends, O_CLOEXEC) == 0) child = fork();
    if (child < 0) {
        fprintf(stderr, "stretchvoice: cannot go into the background: %s\n", g_strerror(errno));
        return -1;
    }
    if (child == 0) {
        close(ends[0]);
        setsid();
        prctl(PR_SET_PDEATHSIG, SIGHUP); /* the user interrupts the start: no session */
        return ends[1];
    }
    close(ends[1]);
    unsigned char told;
    ssize_t n;
    do n = read(ends[0], &told, 1);
    while (n < 0 && errno == EINTR);
    close(ends[0]);
    if (n == 1)
        *code = told;
    else
        fputs("stretchvoice: the session ended before it began\n", stderr);
    return -1;
}

/* ---- what is to be played ---- */

static void add_option(GPtrArray *words, const char *name, const char *value)
{
    if (!value) return;
    g_ptr_array_add(words, (gpointer)name);
    g_ptr_array_add(words, (gpointer)value);
}

/* One that begins with '-' is given as a path. To be freed. */
static char *argument_of(const struct routine *routine, const char *name, guint i)
{
    const struct routine *file = routine->files ? routine->files->pdata[i] : routine;
    return *name == '-' ? g_canonicalize_filename(file->path, NULL) : g_strdup(name);
}

/* The command that renders the same session to a file, quoted for a shell: with every option that shapes the
 * session, and none that chooses the output. To be freed. */
static char *render_command(const struct options *options, struct names names, const struct routine *routine)
{
    g_autofree char *file = g_strconcat(*routine->name == '-' ? "./" : "", routine->name, ".flac", NULL);
    g_autoptr(GPtrArray) words = g_ptr_array_new(), paths = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(words, (gpointer) "stretchvoice");
    g_ptr_array_add(words, (gpointer) "render");
    for (guint i = 0; i < names.n; i++) {
        g_ptr_array_add(paths, argument_of(routine, names.name[i], i));
        g_ptr_array_add(words, paths->pdata[i]);
    }
    g_ptr_array_add(words, file);
    add_option(words, "--config", options->config);
    for (char **set = options->set; set && *set; set++) {
        g_autofree char *setting = g_strndup(*set, strcspn(*set, "="));
        if (strcmp(g_strstrip(setting), "sound.device") != 0) add_option(words, "--set", *set);
    }
    add_option(words, "--voice", options->voice);
    add_option(words, "--level", options->level);
    add_option(words, "--music", options->music);
    add_option(words, "--from", options->from_step);
    add_option(words, "--only", options->only);
    add_option(words, "--skip", options->skip);
    if (options->shuffle) g_ptr_array_add(words, (gpointer) "--shuffle");
    add_option(words, "--duration", options->duration);
    add_option(words, "--seed", options->seed);
    g_ptr_array_add(words, NULL);
    return words_join((const char *const *)words->pdata);
}

static void fill_request(struct play *play)
{
    const struct options *options = play->options;
    const struct settings *settings = play->loaded.settings;
    const struct routine *routine = play->loaded.routine;
    play->render_command = render_command(options, play->names, routine);
    play->request = (struct play_request){
        .settings = settings,
        .voice = play->loaded.voice,
        .routine = routine,
        .resume = options->resume,
        .until = options->until_us,
        .seed = options->seed,
        .level_given = load_is_given(settings, "pace", "level"),
        .hold_given = load_is_given(settings, "pace", "hold"),
        .volume_given = load_is_given(settings, "sound", "volume"),
        .steps_named = options->only,
        .verbose = options->verbose,
        .quiet = options->quiet,
        .render_command = play->render_command,
    };
}

/* All of it, before another session is asked to make room. */
static int load_all(struct play *play)
{
    int code = play->loaded.settings ? EXIT_DONE : load_settings(&play->loaded);
    if (code != EXIT_DONE || play->loaded.routine) return code;
    load_voice(&play->loaded, play->names);
    code = load_routine(&play->loaded);
    if (code == EXIT_DONE) fill_request(play);
    return code;
}

/* ---- what the session tells ---- */

static void on_started(void *data)
{
    struct play *play = data;
    if (play->notice) view_note(&play->view, play->notice);
    g_clear_pointer(&play->notice, g_free);
    view_left_at(&play->view, live_left_at(play->service.live));
    if (play->background >= 0) detach(play);
}

static void on_over(void *data, const GError *error)
{
    struct play *play = data;
    bool interrupted = g_error_matches(error, LIVE_ERROR, LIVE_ERROR_INTERRUPTED);
    play->code = interrupted ? EXIT_SIGNAL + play->loaded.interrupt.signal : (int)service_code(error);
    if (play->code == EXIT_FAILED || play->code == EXIT_NO_OUTPUT) {
        g_autofree char *line = g_strconcat("stretchvoice: ", error->message, NULL);
        view_note(&play->view, line);
    }
    g_main_loop_quit(play->loop);
}

static void on_signal(void *data)
{
    struct play *play = data;
    if (play->service.live) live_interrupt(play->service.live);
}

/* ---- a session of our own ---- */

/* For screens that come later. A file that has just gone costs only these. */
static void keep_parcel(struct play *play, const struct play_request *request, const GString *source)
{
    AUTO(diags) diags = diags_new();
    AUTO(parcel) parcel = parcel_new();
    if (parcel_pack(parcel, request, source, diags)) play->service.parcel = g_steal_pointer(&parcel);
}

/* Both helper programs start as early as possible, and get ready while the routine is read. */
static int begin(struct play *play)
{
    g_autoptr(GError) error = NULL;
    if (!play->loaded.settings && (play->code = load_settings(&play->loaded)) != EXIT_DONE) return play->code;
    play->request = (struct play_request){.settings = play->loaded.settings, .quiet = play->options->quiet};
    struct live *live = live_new(&play->request, &error);
    if (!live) return play->code = load_complain(&play->loaded, error);
    service_attach(&play->service, live);
    view_watch(&play->view, live);
    live_listen(live, &(struct listener){.started = on_started, .over = on_over, .data = play});
    bool loaded = play->loaded.routine != NULL; /* load_all() has, to replace another session */
    if (!loaded) load_voice(&play->loaded, play->names);
    play->request.voice = play->loaded.voice;
    if (play->loaded.voice) live_speak(live);
    play->code = loaded ? EXIT_DONE : load_routine(&play->loaded);
    if (play->code != EXIT_DONE) return play->code;
    g_free(play->render_command);
    fill_request(play);
    play->request.attended =
        (play->background < 0 && terminal_has_keys()) || service_can_steer(&play->service);
    keep_parcel(play, &play->request, NULL);
    live_begin(live);
    return EXIT_DONE;
}

/* What is to be played is known, and is wanted. */
static bool has_wish(const struct play *play)
{
    return play->question ? play->question->accepted : play->names.n > 0;
}

static void run(struct play *play, const struct voice *voice)
{
    play->view.voice = voice;
    if (play->background < 0) view_begin(&play->view);
    if (!play->view.keys && !service_can_steer(&play->service)) live_unattended(play->service.live);
    if (play->loaded.interrupt.signal == 0)
        g_main_loop_run(play->loop);
    else
        on_signal(play); /* it came while the socket was taken */
    if (play->view.begun)
        view_end(&play->view, !has_wish(play)           ? VIEW_LEFT
                              : play->code == EXIT_DONE ? VIEW_DONE
                                                        : VIEW_INTERRUPTED);
}

/* ---- a menu ---- */

/* Its volume is that of the session, too. */
static void take_choice(struct play *play, const struct menu *menu)
{
    struct status status;
    int chosen = live_chosen(play->service.live);
    if (chosen < 0) return;
    live_status(play->service.live, &status);
    play->loaded.settings->sound.volume = status.volume;
    if (play->question)
        play->question->accepted = true;
    else {
        play->chosen = g_strdup(g_ptr_array_index(menu->paths, chosen));
        play->names = (struct names){(const char *const *)&play->chosen, 1};
    }
}

static void refuse_menu(struct play *play)
{
    fputs("stretchvoice: nothing can choose a routine: there is no terminal, no control socket and no "
          "session bus\n",
          stderr);
    play->code = EXIT_FAILED;
}

static void run_menu(struct play *play, struct menu *menu)
{
    g_autoptr(GError) error = NULL;
    menu->request.verbose = play->options->verbose;
    menu->request.quiet = play->options->quiet;
    struct live *live = live_new(&menu->request, &error);
    if (!live) {
        play->code = load_complain(&play->loaded, error);
        return;
    }
    service_attach(&play->service, live);
    keep_parcel(play, &menu->request, menu->source);
    view_watch(&play->view, live);
    live_listen(live, &(struct listener){.started = on_started, .over = on_over, .data = play});
    live_speak(live);
    live_begin(live);
    play->view.voice = menu->voice;
    struct question *question = play->question;
    if (question) question->asked(question->data, &play->view, menu->routine->steps[0].title);
    if (menu->routine->kind == ROUTINE_MENU && !isatty(STDIN_FILENO) && !service_can_steer(&play->service))
        refuse_menu(play);
    else
        run(play, menu->voice);
    if (question) question->over(question->data);
    take_choice(play, menu);
    service_end_session(&play->service);
}

static void note_none(struct play *play)
{
    g_autoptr(GPtrArray) directories = paths_directories("routines");
    g_autofree char *usual = diag_shown(g_ptr_array_index(directories, 0), 200);
    g_autofree char *line = g_strdup_printf("stretchvoice: there are no routines; yours belong in %s", usual);
    view_note(&play->view, line);
}

/* Where there are no routines, the menu says so. */
static void choose(struct play *play)
{
    struct menu menu;
    play->code = load_settings(&play->loaded);
    if (play->code != EXIT_DONE) return;
    if (menu_init(&menu, ROUTINE_MENU, NULL, play->loaded.settings, play->loaded.diags)) {
        if (menu.paths->len == 0) note_none(play);
        run_menu(play, &menu);
        if (menu.paths->len == 0 && play->code == EXIT_DONE) play->code = EXIT_INVALID;
    } else {
        play->code = load_report(&play->loaded);
    }
    menu_finish(&menu);
}

/* False after a problem. menu_finish() is due if it is true. */
static bool make_question(struct play *play, struct menu *menu)
{
    struct loaded *loaded = &play->loaded;
    play->code = load_all(play);
    if (play->code != EXIT_DONE) return false;
    if (menu_init_question(menu, *play->names.name, loaded->routine, loaded->settings, loaded->diags))
        return true;
    play->code = load_report(loaded);
    menu_finish(menu);
    return false;
}

static void ask(struct play *play)
{
    struct menu menu;
    if (!make_question(play, &menu)) return;
    run_menu(play, &menu);
    menu_finish(&menu);
}

/* In a session of its own. */
static void find_wish(struct play *play)
{
    if (play->question)
        ask(play);
    else if (play->names.n == 0)
        choose(play);
}

static void prepare(struct play *play)
{
    play->view = (struct view){.options = play->options};
    play->service.note = view_note;
    play->service.data = &play->view;
    play->loaded.interrupt.came = on_signal;
    play->loaded.interrupt.data = play;
}

static void play_here(struct play *play)
{
    prepare(play);
    find_wish(play);
    if (has_wish(play) && begin(play) == EXIT_DONE) run(play, play->request.voice);
    live_settle(play->service.live);
    service_finish(&play->service);
}

/* ---- the session of another process ---- */

/* Without a socket, no command of ours reaches it. */
static int refuse_second(pid_t holder, bool reachable)
{
    g_autofree char *who = holder > 0 ? g_strdup_printf(" (process %d)", (int)holder) : g_strdup("");
    g_autofree char *kill = g_strdup_printf("'kill %d' ends it", (int)holder);
    const char *how = reachable || holder <= 0
                          ? "'stretchvoice attach' shows it, 'stretchvoice stop' ends it, "
                            "--replace takes its place"
                          : kill;
    fprintf(stderr, "stretchvoice: a session is running already%s; %s\n", who, how);
    return EXIT_FAILED;
}

/* The daemon asks, and this process is its screen. False without a yes. */
static bool ask_in_daemon(struct play *play, struct client *client)
{
    struct menu menu;
    if (!make_question(play, &menu)) return false;
    menu.request.verbose = play->options->verbose;
    menu.request.quiet = play->options->quiet;
    play->code = remote_ask(play->options, &play->loaded, &menu.request, menu.source, client, play->question);
    menu_finish(&menu);
    return play->code == EXIT_DONE && play->question->accepted;
}

/* The socket is the daemon's: the menu is on the bus only. False if nothing has been chosen. */
static bool choose_apart(struct play *play, struct client *client)
{
    AUTO(response) idle = client_ask(client, (const char *const[]){"status", NULL}, ANSWER_MS, NULL);
    if (!idle || idle->code != EXIT_NO_SESSION) {
        play->code = refuse_second(0, true);
        return false;
    }
    interrupt_init(&play->loaded.interrupt);
    service_init(&play->service, false);
    prepare(play);
    find_wish(play);
    service_finish(&play->service);
    interrupt_finish(&play->loaded.interrupt);
    return has_wish(play);
}

/* Another process has the socket. A daemon plays for us; a session is stopped for --replace, or stays. True
 * if the socket is free now. */
static bool deal_with_other(struct play *play, bool replace, pid_t holder)
{
    g_autoptr(GError) error = NULL;
    AUTO(client) client = client_open(play->options->socket, OPEN_MS, &error);
    bool daemon = client && remote_is_daemon(client);
    play->code = EXIT_DONE;
    if (daemon && !has_wish(play)) {
        if (!(play->question ? ask_in_daemon : choose_apart)(play, client)) return false;
        if (play->question) { /* its screen had this connection */
            g_clear_pointer(&client, client_free);
            return deal_with_other(play, replace, holder);
        }
    }
    replace |= client && remote_asks(client);
    if (daemon || (client && replace)) play->code = load_all(play);
    if (play->code != EXIT_DONE) return false;
    if (daemon) {
        play->code = remote_play(play->options, &play->loaded, &play->request, client);
        return false;
    }
    if (client && replace) {
        AUTO(response) response = client_ask(client, (const char *const[]){"stop", NULL}, ANSWER_MS, NULL);
        if (response && client_await_end(client, END_MS)) return true;
    }
    play->code = refuse_second(holder, !g_error_matches(error, CONTROL_ERROR, CONTROL_NO_SOCKET));
    return false;
}

/* False if nothing is to be played here; play->code is then the exit code. A session that has taken the freed
 * socket meanwhile is not replaced in turn: of several at the same instant, one plays. */
static bool take_socket(struct play *play, bool replace)
{
    const struct options *options = play->options;
    pid_t holder = 0;
    g_autoptr(GError) error = NULL;
    service_init(&play->service, false);
    if (service_open(&play->service, options->socket, &holder, &error)) return true;
    if (!g_error_matches(error, CONTROL_ERROR, CONTROL_BUSY) && !options->background) {
        if (!options->quiet)
            play->notice = g_strdup_printf("stretchvoice: no control socket: %s", error->message);
        return true;
    }
    service_finish(&play->service);
    if (!g_error_matches(error, CONTROL_ERROR, CONTROL_BUSY)) {
        play->code = remote_refuse(error);
        return false;
    }
    interrupt_finish(&play->loaded.interrupt); /* waiting for the other, a signal ends us at once */
    bool is_free = deal_with_other(play, replace, holder);
    interrupt_init(&play->loaded.interrupt);
    return is_free && take_socket(play, false);
}

int play_routines(const struct options *options, struct names names, struct question *question)
{
    struct play play = {.options = options, .names = names, .question = question, .background = -1};
    if (options->background) {
        play.background = go_to_background(&play.code);
        if (play.background < 0) return play.code;
    }
    play.loop = g_main_loop_new(NULL, FALSE);
    load_init(&play.loaded, options);
    play.loaded.counts_warnings = !options->quiet && isatty(STDERR_FILENO);
    if (take_socket(&play, options->replace)) play_here(&play);
    if (play.background >= 0) detach(&play); /* last: once the parent has ended, the socket is free */
    load_finish(&play.loaded);
    g_main_loop_unref(play.loop);
    g_free(play.render_command);
    g_free(play.notice);
    g_free(play.chosen);
    return play.code;
}

int subcommand_play(const struct options *options)
{
    return play_routines(options, load_names(options, options->arguments->len), NULL);
}

int subcommand_menu(const struct options *options)
{
    return play_routines(options, (struct names){0}, NULL);
}
