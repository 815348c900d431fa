#include "remote.h"
#include "live/service.h"
#include "subcommands.h"
#include "ui/outlet.h"
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { OPEN_MS = 2000 };

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
    g_main_loop_quit(data);
}

static void on_note(void *data, const char *line)
{
    outlet_line(data, line);
}

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

int subcommand_daemon(const struct options *options)
{
    struct service service;
    pid_t holder = 0;
    g_autoptr(GError) error = NULL;
    service_init(&service, true);
    if (!service_open(&service, options->socket, &holder, &error)) {
        service_finish(&service);
        refuse(options, holder, error);
        return EXIT_FAILED;
    }
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    AUTO(outlet) notes = outlet_new(STDERR_FILENO, NULL, NULL);
    struct interrupt interrupt;
    interrupt_init(&interrupt);
    service.note = options->quiet ? NULL : on_note;
    service.data = notes;
    interrupt.came = on_signal;
    interrupt.data = loop;
    notify("READY=1\nSTATUS=idle");
    g_main_loop_run(loop);
    notify("STOPPING=1");
    interrupt_finish(&interrupt);
    service_finish(&service);
    return EXIT_SIGNAL + interrupt.signal;
}
