#include "class.h"
#include "base/diag.h"
#include "base/name.h"
#include "base/program.h"
#include "control/socket.h"
#include "live/service.h"
#include <errno.h>
#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    AGAIN_MS = 300,        /* before a server that has ended is started again, */
    AGAIN_LATER_MS = 5000, /* or so long, if it has not lasted */
    LASTED_S = 2,
    LEAST_BUFFER_MS = 50,
    MOST_BUFFER_MS = 10000,
    MOST_PORT = 65534, /* the next one is for control */
};

#define PROGRAM "snapserver"

/* Characters that stand for themselves in Snapcast's configuration, in its URIs, and in a command line. */
#define PLAIN_CHARACTERS "/._-+:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

struct class
{
    char *socket; /* NULL: the usual one */
    void (*note)(void *data, const char *line);
    void *data;
    /* While it is on: */
    char *address, *device;
    char *config; /* path */
    guint port;   /* of the listeners; control has the next one */
    guint again;  /* timer */
    gint64 started;
    GSubprocess *server; /* NULL while there is none */
    GCancellable *watch;
    struct reply *ending; /* to `stop`, until the server has ended */
};

static void start_server(struct class *class);

struct class *class_new(const char *socket, void (*note)(void *data, const char *line), void *data)
{
    struct class *class = g_new0(struct class, 1);
    class->socket = g_strdup(socket);
    class->note = note;
    class->data = data;
    return class;
}

const char *class_device(const struct class *class)
{
    return class ? class->device : NULL;
}

/* ---- the server ---- */

static gboolean start_again(gpointer data)
{
    struct class *class = data;
    class->again = 0;
    start_server(class);
    return G_SOURCE_REMOVE;
}

static void start_later(struct class *class)
{
    bool lasted = g_get_monotonic_time() - class->started > LASTED_S * G_USEC_PER_SEC;
    class->again = g_timeout_add(lasted ? AGAIN_MS : AGAIN_LATER_MS, start_again, class);
}

static void on_ended(GObject *server, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    if (!g_subprocess_wait_finish(G_SUBPROCESS(server), result, &error)) return; /* it was not waited for */
    struct class *class = data;
    g_clear_object(&class->server);
    g_clear_object(&class->watch);
    if (class->ending) {
        reply_ok(g_steal_pointer(&class->ending));
        return;
    }
    class->note(class->data, "stretchvoice: the class server has ended; it is started again");
    start_later(class);
}

/* In the new process: it does not outlive the daemon. */
static void end_with_parent(gpointer data)
{
    (void)data;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void start_server(struct class *class)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    g_subprocess_launcher_set_child_setup(launcher, end_with_parent, NULL, NULL);
    class->started = g_get_monotonic_time();
    class->server = g_subprocess_launcher_spawn(launcher, &error, PROGRAM, "-c", class->config, NULL);
    if (!class->server) {
        start_later(class);
        return;
    }
    class->watch = g_cancellable_new();
    g_subprocess_wait_async(class->server, class->watch, on_ended, class);
}

/* There is no class any more. Its server is killed, and ends at once. */
static void end(struct class *class)
{
    g_clear_handle_id(&class->again, g_source_remove);
    if (class->server) g_subprocess_force_exit(class->server);
    g_clear_pointer(&class->address, g_free);
    g_clear_pointer(&class->device, g_free);
    g_clear_pointer(&class->config, g_free);
}

void class_free(struct class *class)
{
    if (!class) return;
    end(class);
    if (class->server) {
        g_cancellable_cancel(class->watch);
        g_subprocess_wait(class->server, NULL, NULL);
    }
    if (class->ending) reply_ok(class->ending);
    g_clear_object(&class->server);
    g_clear_object(&class->watch);
    g_free(class->socket);
    g_free(class);
}

/* ---- its files, in the directory of the control socket ---- */

/* To be freed; NULL if there is none, or its path cannot stand in Snapcast's configuration. */
static char *find_directory(GError **error)
{
    g_autofree char *socket = socket_path(NULL, true, error);
    if (!socket) return NULL;
    if (socket[strspn(socket, PLAIN_CHARACTERS)] == '\0') return g_path_get_dirname(socket);
    g_autofree char *shown = diag_shown(socket, TEXT_LIMIT);
    g_set_error(error, CONTROL_ERROR, CONTROL_FAILED,
                "Snapcast cannot use the path %s; set XDG_RUNTIME_DIR to one of letters and digits", shown);
    return NULL;
}

/* Starts our side of Snapcast's protocol for streams: Snapcast runs a file without arguments of ours. */
static bool write_script(const struct class *class, const char *path, GError **error)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", error);
    if (!program) return false;
    g_autofree char *port = g_strdup_printf("%u", class->port);
    const char *const words[] = {"exec",
                                 program,
                                 "snapcast-control",
                                 "--address",
                                 class->address,
                                 "--clients-port",
                                 port,
                                 class->socket ? "--socket" : NULL,
                                 class->socket,
                                 NULL};
    g_autofree char *command = words_join(words), *text = g_strdup_printf("#!/bin/sh\n%s \"$@\"\n", command);
    return g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0700, error);
}

/* Each server reads the names of sections that its version has: `tcp` and `stream` became `tcp-control` and
 * `tcp-streaming` in 0.33. The latter are unknown before. */
static char *configuration(const struct class *class, const char *fifo, const char *script, guint buffer_ms)
{
    g_autofree char *directory = g_path_get_dirname(script), *home = directory_path(DIRECTORY_STATE),
                    *state = g_build_filename(home, "class", NULL);
    (void)g_mkdir_with_parents(state,
                               0700); /* without it, Snapcast forgets the listeners' names and volumes */
    return g_strdup_printf(
        "[server]\ndatadir = %s\n"
        "[http]\nenabled = false\n"
        "[tcp]\nenabled = true\nbind_to_address = %s\nport = %u\n"
        "[tcp-control]\nenabled = true\nbind_to_address = %s\nport = %u\n"
        "[tcp-streaming]\nenabled = true\nbind_to_address = %s\nport = %u\n"
        "[stream]\nbind_to_address = %s\nport = %u\nplugin_dir = %s\nbuffer = %u\n"
        "source = pipe://%s?name=Class&mode=read&sampleformat=%d:16:2&codec=pcm&chunk_ms=20"
        "&controlscript=%s\n"
        "[logging]\nsink = stdout\n",
        state, class->address, class->port + 1, class->address, class->port + 1, class->address, class->port,
        class->address, class->port, directory, buffer_ms, fifo, CLASS_RATE, script);
}

static bool make_fifo(const char *path, GError **error)
{
    if (mkfifo(path, 0600) == 0 || errno == EEXIST) return true;
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s", path, g_strerror(errno));
    return false;
}

static bool write_files(struct class *class, guint buffer_ms, GError **error)
{
    g_autofree char *directory = find_directory(error);
    if (!directory) return false;
    g_autofree char *fifo = g_build_filename(directory, "class.fifo", NULL),
                    *script = g_build_filename(directory, "class-control", NULL);
    g_autofree char *text = configuration(class, fifo, script, buffer_ms);
    class->config = g_build_filename(directory, "class.conf", NULL);
    class->device = g_strconcat("fifo:", fifo, NULL);
    return make_fifo(fifo, error) && write_script(class, script, error) &&
           g_file_set_contents_full(class->config, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/* ---- start ---- */

/* 0, or why no server can listen there. */
static int try_port(GInetAddress *inet, guint port)
{
    g_autoptr(GSocketAddress) address = g_inet_socket_address_new(inet, (guint16)port);
    g_autoptr(GSocket) trial =
        g_socket_new(g_inet_address_get_family(inet), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
    g_autoptr(GError) error = NULL;
    if (!trial) return EAFNOSUPPORT;
    if (g_socket_bind(trial, address, TRUE, &error)) return 0;
    return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) ? EADDRINUSE : EADDRNOTAVAIL;
}

/* What is wrong with what was asked for, to be freed, or NULL. */
static char *find_problem(const char *address, guint port)
{
    g_autoptr(GInetAddress) inet = g_inet_address_new_from_string(address);
    g_autofree char *server = g_find_program_in_path(PROGRAM);
    if (!server) {
        g_autofree char *install = program_install(PROGRAM, "");
        return g_strdup_printf("a class needs Snapcast's server (%s)", install);
    }
    if (!inet) return g_strdup_printf("not an address ('%.100s'; such as 192.168.1.5)", address);
    for (guint i = 0; i < 2; i++) {
        int why = try_port(inet, port + i);
        if (why == EADDRINUSE)
            return g_strdup_printf("another program listens on port %u of %s, perhaps the system's own "
                                   "snapserver; --clients-port N takes another one",
                                   port + i, address);
        if (why == EAFNOSUPPORT)
            return g_strdup("this daemon may not use the network; doc/class.md has the lines that let it");
        if (why != 0) return g_strdup_printf("%s is not an address of this computer", address);
    }
    return NULL;
}

static void reply_fields(const struct class *class, struct reply *reply)
{
    reply_field(reply, "address", "%s", class->address);
    reply_field(reply, "port", "%u", class->port);
    reply_field(reply, "device", "%s", class->device);
    reply_field(reply, "server", "%s", class->server ? "runs" : "ended");
    reply_ok(reply);
}

static void start(struct class *class, struct reply *reply, const char *const *words)
{
    guint64 port, buffer_ms;
    bool whole = g_strv_length((char **)words) == 3 &&
                 g_ascii_string_to_unsigned(words[1], 10, 1, MOST_PORT, &port, NULL) &&
                 g_ascii_string_to_unsigned(words[2], 10, LEAST_BUFFER_MS, MOST_BUFFER_MS, &buffer_ms, NULL);
    if (!whole) {
        reply_error(reply, SERVICE_USAGE,
                    "write class start ADDRESS PORT BUFFER: a port from 1 to %d, a buffer from "
                    "%d to %d ms",
                    MOST_PORT, LEAST_BUFFER_MS, MOST_BUFFER_MS);
        return;
    }
    g_autofree char *problem = class->device || class->server
                                   ? g_strdup("there is a class already; 'stretchvoice class stop' ends it")
                                   : find_problem(words[0], (guint)port);
    g_autoptr(GError) error = NULL;
    if (problem) {
        reply_error(reply, SERVICE_FAILED, "%s", problem);
        return;
    }
    class->address = g_strdup(words[0]);
    class->port = (guint)port;
    if (write_files(class, (guint)buffer_ms, &error)) {
        start_server(class);
        reply_fields(class, reply);
    } else {
        end(class);
        reply_error(reply, SERVICE_FAILED, "the class cannot be started: %s", error->message);
    }
}

/* Answered when its ports are free again. */
static void stop(struct class *class, struct reply *reply)
{
    end(class);
    if (class->server)
        class->ending = reply;
    else
        reply_ok(reply);
}

/* ---- commands ---- */

void class_command(struct class *class, struct reply *reply, const char *const *words)
{
    const char *verb = words[1] ? words[1] : "";
    if (strcmp(verb, "start") == 0) {
        start(class, reply, words + 2);
    } else if (strcmp(verb, "stop") != 0 && strcmp(verb, "status") != 0) {
        reply_error(reply, SERVICE_USAGE, "no such command ('class %.40s'; start, stop or status)", verb);
    } else if (!class->device) {
        reply_error(reply, SERVICE_NO_SESSION, "there is no class; 'stretchvoice class start' begins one");
    } else if (strcmp(verb, "stop") == 0) {
        stop(class, reply);
    } else {
        reply_fields(class, reply);
    }
}
