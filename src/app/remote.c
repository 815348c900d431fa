#include "remote.h"
#include "view.h"
#include "live/parcel.h"
#include <string.h>

enum { START_MS = 15000, ANSWER_MS = 10000 };

struct remote {
    struct loaded *loaded;
    struct client *client;
    struct view view;
    struct interrupt interrupt;
    GMainLoop *loop;
    int code;
};

bool remote_is_daemon(struct client *client)
{
    AUTO(response) about = client_ask(client, (const char *const[]){"about", NULL}, ANSWER_MS, NULL);
    return about && g_strcmp0(response_value(about, "daemon"), "yes") == 0;
}

int remote_refuse(const GError *error)
{
    bool nowhere = g_error_matches(error, CONTROL_ERROR, CONTROL_NO_SOCKET);
    fprintf(stderr, "stretchvoice: %s%s%s\n", nowhere ? "no control socket: " : "", error->message,
            nowhere ? "; --socket PATH names another place for it" : "");
    return EXIT_FAILED;
}

/* ---- asking for the session ---- */

static int show_response(const struct response *response)
{
    bool told = false;
    for (guint i = 0; i < response->fields->len; i++) {
        const struct response_field *field = &g_array_index(response->fields, struct response_field, i);
        if (strcmp(field->key, "note") != 0) continue;
        fprintf(stderr, "%s\n", field->value);
        told = true;
    }
    bool wrong = response->code == EXIT_INVALID && told; /* the notes have said what */
    if (response->code && !wrong) fprintf(stderr, "stretchvoice: %s\n", response->message);
    return response->code;
}

static int start(const struct options *options, struct loaded *loaded, const struct play_request *request,
                 struct client *client)
{
    AUTO(parcel) parcel = parcel_new();
    g_autoptr(GError) error = NULL;
    if (!parcel_pack(parcel, request, loaded->diags)) return load_report(loaded);
    parcel->background = options->background;
    parcel->replace = options->replace;
    AUTO(response) response = parcel_send(parcel, client, START_MS, &error);
    return response ? show_response(response) : load_complain(loaded, error);
}

/* ---- being its screen ---- */

static void end(struct remote *remote, int code)
{
    remote->code = code;
    g_main_loop_quit(remote->loop);
}

static void on_closed(void *data)
{
    struct remote *remote = data;
    view_note(&remote->view, "stretchvoice: the daemon has ended");
    end(remote, EXIT_FAILED);
}

static void on_line(void *data, const struct response_line *line)
{
    struct remote *remote = data;
    if (line->kind != RESPONSE_FIELD) return;
    if (strcmp(line->key, "status") == 0) {
        struct status status;
        g_autofree char *device = NULL, *text = NULL;
        if (status_read(line->value, remote->loaded->routine, &status, &device, &text))
            view_show(&remote->view, &status, device);
    } else if (strcmp(line->key, "answer") == 0) {
        view_answer(&remote->view, line->value);
    } else if (strcmp(line->key, "note") == 0) {
        view_note(&remote->view, line->value);
    } else if (strcmp(line->key, "over") == 0) {
        guint64 code = EXIT_FAILED;
        g_ascii_string_to_unsigned(line->value, 10, EXIT_DONE, EXIT_NO_SESSION, &code, NULL);
        end(remote, (int)code);
    }
}

/* The daemon ends the session when the connection closes. */
static void on_signal(void *data)
{
    struct remote *remote = data;
    end(remote, EXIT_SIGNAL + remote->interrupt.signal);
}

int remote_play(const struct options *options, struct loaded *loaded, const struct play_request *request,
                struct client *client)
{
    static const struct client_ops ops = {on_line, on_closed};
    int code = start(options, loaded, request, client);
    if (code != EXIT_DONE || options->background) return code;
    struct remote remote = {.loaded = loaded, .client = client};
    remote.loop = g_main_loop_new(NULL, FALSE);
    remote.view = (struct view){.options = options, .client = remote.client};
    interrupt_init(&remote.interrupt);
    remote.interrupt.came = on_signal;
    remote.interrupt.data = &remote;
    view_begin(&remote.view);
    client_listen(remote.client, &ops, &remote);
    g_main_loop_run(remote.loop);
    view_end(&remote.view);
    interrupt_finish(&remote.interrupt);
    g_main_loop_unref(remote.loop);
    return remote.code;
}
