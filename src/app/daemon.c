#include "menu.h"
#include "remote.h"
#include "live/parcel.h"
#include "live/service.h"
#include "subcommands.h"
#include "ui/outlet.h"
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { OPEN_MS = 2000 };

struct daemon {
    const struct options *options;
    struct service service;
    GMainLoop *loop;
    struct outlet *notes;
    GPtrArray *paths; /* char *: what the steps of the menu stand for; NULL: there has been none */
    guint watch;      /* timer of the menu, each second */
    int waited;       /* seconds */
};

/* For systemd, of a service of Type=notify: one datagram to the socket that it names; '@' is an abstract one.
 */
static void notify(const char *state)
{
    const char *path = g_getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!path || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof address.sun_path) return;
    memcpy(address.sun_path, path, strlen(path));
    if (path[0] == '@') address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    (void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, size);
    close(fd);
}

static void on_signal(void *data)
{
    g_main_loop_quit(((struct daemon *)data)->loop);
}

static void on_note(void *data, const char *line)
{
    struct daemon *daemon = data;
    if (!daemon->options->quiet) outlet_line(daemon->notes, line);
}

/* ---- play is pressed without a session ---- */

/* A menu that waits in vain ends when the device would be let go: perhaps it was pressed for by mistake. */
static gboolean watch_menu(gpointer data)
{
    struct daemon *daemon = data;
    struct live *live = daemon->service.live;
    struct status status;
    if (!live || live_request(live)->routine->kind != ROUTINE_MENU) {
        daemon->watch = 0;
        return G_SOURCE_REMOVE;
    }
    live_status(live, &status);
    bool waits = (status.state == STATUS_WAITING && !status.for_voice) || status.state == STATUS_PAUSED;
    daemon->waited = waits ? daemon->waited + 1 : 0;
    if (daemon->waited * 1000 >= live_request(live)->settings->sound.release_ms)
        live_command(live, (struct command){.id = COMMAND_STOP});
    return G_SOURCE_CONTINUE;
}

/* The settings are read anew for each session. */
static bool host(struct daemon *daemon, struct loaded *loaded, const struct play_request *request,
                 const GString *source)
{
    AUTO(parcel) parcel = parcel_new();
    bool hosted = parcel_pack(parcel, request, source, loaded->diags) &&
                  service_host(&daemon->service, g_steal_pointer(&parcel), loaded->diags);
    load_report(loaded);
    return hosted;
}

static void on_wanted(void *data)
{
    struct daemon *daemon = data;
    struct loaded loaded;
    struct menu menu;
    load_init(&loaded, daemon->options);
    if (load_settings(&loaded) == EXIT_DONE) {
        bool made = menu_init(&menu, ROUTINE_MENU, NULL, loaded.settings, loaded.diags);
        g_clear_pointer(&daemon->paths, g_ptr_array_unref);
        daemon->paths = g_ptr_array_ref(menu.paths);
        if (!made)
            load_report(&loaded);
        else if (host(daemon, &loaded, &menu.request, menu.source) && daemon->watch == 0)
            daemon->watch = g_timeout_add_seconds(1, watch_menu, daemon);
        menu_finish(&menu);
    }
    load_finish(&loaded);
}

static void on_chosen(void *data, int step, double volume)
{
    struct daemon *daemon = data;
    const char *path = g_ptr_array_index(daemon->paths, step);
    struct loaded loaded;
    load_init(&loaded, daemon->options);
    if (load_settings(&loaded) == EXIT_DONE) {
        loaded.settings->sound.volume = volume;
        load_voice(&loaded, (struct names){&path, 1});
        struct play_request request = {.settings = loaded.settings,
                                       .render_command = "stretchvoice render NAME FILE"};
        if (load_routine(&loaded) == EXIT_DONE) {
            request.voice = loaded.voice;
            request.routine = loaded.routine;
            host(daemon, &loaded, &request, NULL);
        }
    }
    load_finish(&loaded);
}

/* ---- from beginning to end ---- */

/* The daemon or session that has the socket is asked what it is. */
static void refuse(const struct options *options, pid_t holder, const GError *error)
{
    if (holder <= 0 || !g_error_matches(error, CONTROL_ERROR, CONTROL_BUSY)) {
        remote_refuse(error);
        return;
    }
    AUTO(client) client = client_open(options->socket, OPEN_MS, NULL);
    bool daemon = client && remote_is_daemon(client);
    g_autofree char *how =
        client && !daemon ? g_strdup("stretchvoice stop") : g_strdup_printf("kill %d", (int)holder);
    if (client)
        fprintf(stderr, "stretchvoice: a %s is running already (process %d); '%s' ends it\n",
                daemon ? "daemon" : "session", (int)holder, how);
    else
        fprintf(stderr, "stretchvoice: %s; '%s' ends it, --socket PATH names another place\n", error->message,
                how);
}

/* Its own settings say whether it stays on the bus, and what a session is like that is begun there. */
static int read_settings(struct daemon *daemon)
{
    struct loaded loaded;
    load_init(&loaded, daemon->options);
    int code = load_settings(&loaded);
    if (code == EXIT_DONE && loaded.settings->control.mpris == BUS_ALWAYS) service_stay(&daemon->service);
    load_finish(&loaded);
    return code;
}

static int run(struct daemon *daemon)
{
    struct interrupt interrupt;
    interrupt_init(&interrupt);
    interrupt.came = on_signal;
    interrupt.data = daemon;
    daemon->service.note = on_note;
    daemon->service.wanted = on_wanted;
    daemon->service.chosen = on_chosen;
    daemon->service.data = daemon;
    notify("READY=1\nSTATUS=idle");
    g_main_loop_run(daemon->loop);
    notify("STOPPING=1");
    interrupt_finish(&interrupt);
    return EXIT_SIGNAL + interrupt.signal;
}

int subcommand_daemon(const struct options *options)
{
    struct daemon daemon = {.options = options};
    pid_t holder = 0;
    g_autoptr(GError) error = NULL;
    service_init(&daemon.service, true);
    if (!service_open(&daemon.service, options->socket, &holder, &error)) {
        service_finish(&daemon.service);
        refuse(options, holder, error);
        return EXIT_FAILED;
    }
    daemon.loop = g_main_loop_new(NULL, FALSE);
    daemon.notes = outlet_new(STDERR_FILENO, NULL, NULL);
    int code = read_settings(&daemon);
    if (code == EXIT_DONE) code = run(&daemon);
    g_clear_handle_id(&daemon.watch, g_source_remove);
    live_settle(daemon.service.live);
    service_finish(&daemon.service);
    if (daemon.paths) g_ptr_array_unref(daemon.paths);
    outlet_free(daemon.notes);
    g_main_loop_unref(daemon.loop);
    return code;
}
