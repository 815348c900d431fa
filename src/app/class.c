/* A class: one leader, and listeners in step through Snapcast. The daemon has its server. */
#include "class.h"
#include "remote.h"
#include "subcommands.h"
#include "base/diag.h"
#include "base/duration.h"
#include "control/client.h"
#include "control/snapcast.h"
#include "report/snapcast.h"
#include <string.h>

enum {
    OPEN_MS = 2000,
    ANSWER_MS = 10000,
    PORT = 1704,  /* as Snapcast's apps have it; control has the next one */
    BEGIN_S = 5,  /* for the server to begin, */
    LOOK_MS = 50, /* between two looks at it */
    LEAST_BUFFER_MS = 50,
    MOST_BUFFER_MS = 10000,
    SERVER_S = 3, /* for it to answer */
};

static int complain(const char *what)
{
    fprintf(stderr, "stretchvoice: %s\n", what);
    return EXIT_FAILED;
}

static const char *address_of(const struct options *options)
{
    return options->address ? options->address : "127.0.0.1";
}

/* An address at which this computer reaches a server that listens on `address`. */
static const char *reached_at(const char *address)
{
    return strcmp(address, "0.0.0.0") == 0 ? "127.0.0.1" : strcmp(address, "::") == 0 ? "::1" : address;
}

bool class_port(const struct options *options, guint *port)
{
    guint64 number = PORT;
    const char *text = options->clients_port;
    bool right = !text || g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT16 - 1, &number, NULL);
    *port = (guint)number;
    if (!right) fprintf(stderr, "stretchvoice: --clients-port must be from 1 to 65534, not '%.100s'\n", text);
    return right;
}

/* ---- the daemon ---- */

static int no_daemon(const GError *error)
{
    if (!g_error_matches(error, CONTROL_ERROR, CONTROL_NO_SESSION) &&
        !g_error_matches(error, CONTROL_ERROR, CONTROL_NO_SOCKET))
        return print_error(error);
    fputs("stretchvoice: a class needs the daemon, and none is running; 'stretchvoice daemon' starts it\n",
          stderr);
    return EXIT_NO_SESSION;
}

/* NULL after a message; *code is then the exit code. */
static struct response *ask(struct client *client, const char *const *words, int *code)
{
    g_autoptr(GError) error = NULL;
    AUTO(response) response = client_ask(client, words, ANSWER_MS, &error);
    *code = response ? response->code : print_error(error);
    if (*code == EXIT_DONE) return g_steal_pointer(&response);
    if (response) complain(response->message);
    return NULL;
}

/* ---- start and stop ---- */

static bool begins(const char *address, guint port)
{
    gint64 deadline = g_get_monotonic_time() + BEGIN_S * G_USEC_PER_SEC;
    for (; g_get_monotonic_time() < deadline; g_usleep(LOOK_MS * 1000)) {
        AUTO(snapcast) snapcast = snapcast_open(reached_at(address), port + 1, SERVER_S, NULL);
        g_autofree char *status = snapcast ? snapcast_status(snapcast, SERVER_S, NULL) : NULL;
        if (status) return true;
    }
    return false;
}

static void print_how_to_listen(const char *address, guint port)
{
    const char *host = reached_at(address) == address ? address : g_get_host_name();
    bool usual = port == PORT;
    g_autofree char *option = usual ? g_strdup("") : g_strdup_printf(" -p %u", port);
    g_autofree char *ports =
        usual ? g_strdup("")
              : g_strdup_printf(", and the ports %u (stream) and %u (control)", port, port + 1);
    g_autoptr(GInetAddress) inet = g_inet_address_new_from_string(address);
    printf("Computers: snapclient -h %s%s\n", host, option);
    printf("Phones: an app for Snapcast, with the address %s%s\n", host, ports);
    if (inet && g_inet_address_get_is_loopback(inet))
        puts("Only this computer can listen; --address ADDRESS opens the class to others.");
}

/* The server's own words are not kept. */
static int complain_of_server(const char *device)
{
    g_autofree char *directory = g_path_get_dirname(device ? device + strlen("fifo:") : ""),
                    *what = g_strdup_printf(
                        "the class server does not begin; 'snapserver -c %s/class.conf' says why", directory);
    return complain(what);
}

static int end_class(struct client *client)
{
    int code;
    response_free(ask(client, (const char *const[]){"class", "stop", NULL}, &code));
    return code;
}

/* "400ms" or "0.4s" */
static bool read_buffer(const char *text, int64_t *ms)
{
    g_autofree char *number =
        g_str_has_suffix(text, "ms") ? g_strndup(text, strlen(text) - strlen("ms")) : NULL;
    bool right =
        number ? g_ascii_string_to_signed(number, 10, 0, MOST_BUFFER_MS, ms, NULL) : duration_parse(text, ms);
    return right && *ms >= LEAST_BUFFER_MS && *ms <= MOST_BUFFER_MS;
}

static int start(const struct options *options, struct client *client)
{
    guint port;
    int64_t buffer_ms = 0;
    const char *buffer = options->buffer ? options->buffer : "400ms", *address = address_of(options);
    if (!class_port(options, &port)) return EXIT_USAGE;
    if (!read_buffer(buffer, &buffer_ms)) {
        fprintf(stderr, "stretchvoice: --buffer must be a time from 50ms to 10s, not '%.100s'\n", buffer);
        return EXIT_USAGE;
    }
    g_autofree char *port_word = g_strdup_printf("%u", port),
                    *ms_word = g_strdup_printf("%d", (int)buffer_ms);
    int code;
    AUTO(response)
    response = ask(client, (const char *const[]){"class", "start", address, port_word, ms_word, NULL}, &code);
    if (!response) return code;
    if (!begins(address, port)) {
        end_class(client);
        return complain_of_server(response_value(response, "device"));
    }
    if (!options->quiet) print_how_to_listen(address, port);
    return print_end();
}

static int stop(const struct options *options, struct client *client)
{
    (void)options;
    return end_class(client);
}

/* ---- status ---- */

/* As the daemon has it; 0 if it is none. */
static guint port_in(const struct response *on)
{
    guint64 port = 0;
    const char *text = response_value(on, "port");
    if (text) g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT16 - 1, &port, NULL);
    return (guint)port;
}

static void print_json(const struct response *on, const GPtrArray *listeners)
{
    g_autoptr(GString) json = g_string_new(NULL);
    g_autofree char *list = snapcast_listeners_json(listeners);
    json_text(json, "class", on ? "on" : "off");
    json_text(json, "address", on ? response_value(on, "address") : NULL);
    on ? json_number(json, "port", port_in(on)) : json_null(json, "port");
    json_text(json, "device", on ? response_value(on, "device") : NULL);
    json_raw(json, "listeners", "", list, "");
    json_print(json, stdout);
}

static int print_status(const struct options *options, const struct response *on)
{
    const char *address = response_value(on, "address");
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonParser) parser = json_parser_new();
    AUTO(snapcast)
    snapcast = snapcast_open(reached_at(address ? address : ""), port_in(on) + 1, SERVER_S, &error);
    g_autofree char *status = snapcast ? snapcast_status(snapcast, SERVER_S, &error) : NULL;
    if (!status) return print_error(error);
    g_autoptr(GPtrArray) listeners = snapcast_listeners(json_object_in(parser, status), "result");
    if (options->json) {
        print_json(on, listeners);
        return print_end();
    }
    printf("class: on\naddress: %s\nport: %u\nlisteners: %u\n", address, port_in(on), listeners->len);
    for (guint i = 0; i < listeners->len; i++) {
        g_autofree char *line = snapcast_listener_line(g_ptr_array_index(listeners, i));
        printf("listener: %s\n", line);
    }
    return print_end();
}

static int show_status(const struct options *options, struct client *client)
{
    g_autoptr(GError) error = NULL;
    AUTO(response) on = client_ask(client, (const char *const[]){"class", "status", NULL}, ANSWER_MS, &error);
    if (!on) return print_error(error);
    if (on->code == EXIT_DONE) return print_status(options, on);
    if (on->code != EXIT_NO_SESSION) {
        complain(on->message);
        return on->code;
    }
    options->json ? print_json(NULL, NULL) : (void)puts("class: off");
    return EXIT_NO_SESSION;
}

/* ---- the subcommand ---- */

int subcommand_class(const struct options *options)
{
    static const struct {
        const char *verb;
        int (*run)(const struct options *options, struct client *client);
    } verbs[] = {{"start", start}, {"stop", stop}, {"status", show_status}};
    const char *verb = g_ptr_array_index(options->arguments, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strcmp(verbs[i].verb, verb) != 0) continue;
        g_autoptr(GError) error = NULL;
        AUTO(client) client = client_open(options->socket, OPEN_MS, &error);
        return client ? verbs[i].run(options, client) : no_daemon(error);
    }
    fprintf(stderr, "stretchvoice: class: start, stop or status, not '%.100s'\n", verb);
    return EXIT_USAGE;
}
