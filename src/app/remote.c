#include "remote.h"
#include "subcommands.h"
#include "view.h"
#include "live/parcel.h"
#include <string.h>

enum { OPEN_MS = 2000, START_MS = 15000, ANSWER_MS = 10000 };

struct remote {
    const struct routine *routine;
    bool attached;             /* the session does not end with its screen, */
    bool left;                 /* which the user has left */
    struct question *question; /* that the session is; NULL: none */
    struct view view;
    struct interrupt interrupt;
    GMainLoop *loop;
    int code;
};

static bool is_so(struct client *client, const char *what)
{
    AUTO(response) about = client_ask(client, (const char *const[]){"about", NULL}, ANSWER_MS, NULL);
    return about && g_strcmp0(response_value(about, what), "yes") == 0;
}

bool remote_is_daemon(struct client *client)
{
    return is_so(client, "daemon");
}

bool remote_asks(struct client *client)
{
    return is_so(client, "question");
}

int remote_refuse(const GError *error)
{
    bool nowhere = g_error_matches(error, CONTROL_ERROR, CONTROL_NO_SOCKET);
    fprintf(stderr, "stretchvoice: %s%s%s\n", nowhere ? "no control socket: " : "", error->message,
            nowhere ? "; --socket PATH names another place for it" : "");
    return EXIT_FAILED;
}

int remote_no_session(const struct options *options, const GError *error)
{
    /* Without a usual socket there can be no session; with --socket, the user means a certain one. */
    bool nowhere = !options->socket && g_error_matches(error, CONTROL_ERROR, CONTROL_NO_SOCKET);
    if (!nowhere && !g_error_matches(error, CONTROL_ERROR, CONTROL_NO_SESSION)) return print_error(error);
    fprintf(stderr, "stretchvoice: there is no session to steer%s%s%s; 'stretchvoice play NAME' starts one\n",
            nowhere ? " (no control socket: " : "", nowhere ? error->message : "", nowhere ? ")" : "");
    return EXIT_NO_SESSION;
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

/* *left, to be freed, is where the last session was interrupted; NULL: it was not. */
static int start(const struct options *options, struct loaded *loaded, const struct play_request *request,
                 const GString *source, struct client *client, char **left)
{
    AUTO(parcel) parcel = parcel_new();
    g_autoptr(GError) error = NULL;
    if (!parcel_pack(parcel, request, source, loaded->diags)) return load_report(loaded);
    parcel->background = options->background;
    parcel->replace = options->replace;
    AUTO(response) response = parcel_send(parcel, client, START_MS, &error);
    if (!response) return load_complain(loaded, error);
    *left = g_strdup(response_value(response, "left-at"));
    return show_response(response);
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
    view_note(&remote->view, remote->attached ? "stretchvoice: the program that played has ended"
                                              : "stretchvoice: the daemon has ended");
    end(remote, EXIT_FAILED);
}

static void on_line(void *data, const struct response_line *line)
{
    struct remote *remote = data;
    if (line->kind != RESPONSE_FIELD) return;
    if (strcmp(line->key, "status") == 0) {
        struct status status;
        struct scene scene;
        if (scene_read(line->value, remote->routine, &status, &scene))
            view_show(&remote->view, &status, &scene);
        else
            scene_finish(&scene);
    } else if (strcmp(line->key, "answer") == 0) {
        view_answer(&remote->view, line->value);
    } else if (strcmp(line->key, "sentence") == 0) {
        view_sentence(&remote->view, line->value);
    } else if (strcmp(line->key, "news") == 0) {
        view_news(&remote->view, line->value);
    } else if (strcmp(line->key, "note") == 0) {
        view_note(&remote->view, line->value);
    } else if (strcmp(line->key, "chosen") == 0 && remote->question) {
        remote->question->accepted = true;
    } else if (strcmp(line->key, "over") == 0) {
        guint64 code = EXIT_FAILED;
        g_ascii_string_to_unsigned(line->value, 10, EXIT_DONE, EXIT_NO_SESSION, &code, NULL);
        end(remote, (int)code);
    }
}

/* The daemon ends a session that is not only attached to when the connection closes. */
static void on_signal(void *data)
{
    struct remote *remote = data;
    end(remote, EXIT_SIGNAL + remote->interrupt.signal);
}

static void on_leave(void *data)
{
    struct remote *remote = data;
    remote->left = true;
    end(remote, EXIT_DONE);
}

static void run(struct remote *remote)
{
    struct question *question = remote->question;
    if (question) question->asked(question->data, &remote->view, remote->routine->steps[0].title);
    g_main_loop_run(remote->loop);
    if (question) question->over(question->data);
}

/* Until the session or the screen ends. The exit code. */
static int show(const struct options *options, const struct play_request *request, struct client *client,
                bool attached, const char *left_at, struct question *question)
{
    static const struct client_ops ops = {on_line, on_closed};
    struct remote remote = {.routine = request->routine, .attached = attached, .question = question};
    remote.loop = g_main_loop_new(NULL, FALSE);
    remote.view =
        (struct view){.options = options, .voice = request->voice, .client = client, .data = &remote};
    if (attached) remote.view.leave = on_leave;
    interrupt_init(&remote.interrupt);
    remote.interrupt.came = on_signal;
    remote.interrupt.data = &remote;
    view_begin(&remote.view);
    view_left_at(&remote.view, left_at);
    client_listen(client, &ops, &remote);
    run(&remote);
    view_end(&remote.view, remote.left || attached || question ? VIEW_LEFT
                           : remote.code == EXIT_DONE          ? VIEW_DONE
                                                               : VIEW_INTERRUPTED);
    if (remote.left && !options->quiet)
        fputs("stretchvoice: the session goes on; 'stretchvoice stop' ends it\n", stderr);
    interrupt_finish(&remote.interrupt);
    g_main_loop_unref(remote.loop);
    return remote.code;
}

int remote_play(const struct options *options, struct loaded *loaded, const struct play_request *request,
                struct client *client)
{
    g_autofree char *left = NULL;
    int code = start(options, loaded, request, NULL, client, &left);
    if (code != EXIT_DONE || options->background) return code;
    return show(options, request, client, false, left, NULL);
}

int remote_ask(const struct options *options, struct loaded *loaded, const struct play_request *request,
               const GString *source, struct client *client, struct question *question)
{
    g_autofree char *left = NULL;
    int code = start(options, loaded, request, source, client, &left);
    return code == EXIT_DONE ? show(options, request, client, false, NULL, question) : code;
}

/* ---- attach: the screen of any session ---- */

static struct response *ask(struct client *client, const char *word, int *code)
{
    g_autoptr(GError) error = NULL;
    AUTO(response) response = client_ask(client, (const char *const[]){word, NULL}, ANSWER_MS, &error);
    *code = response ? response->code : print_error(error);
    if (*code == EXIT_DONE) return g_steal_pointer(&response);
    if (response) fprintf(stderr, "stretchvoice: %s\n", response->message);
    return NULL;
}

/* What is played, as the process that plays has it. The exit code, after a message. */
static int receive(struct parcel *parcel, struct client *client)
{
    int code;
    AUTO(diags) diags = diags_new();
    AUTO(response) response = ask(client, "parts", &code);
    if (!response) return code;
    g_autofree char *problem = parcel_take_reply(parcel, response);
    diags_mute_warnings(diags);
    if (!problem && parcel_open(parcel, diags)) return EXIT_DONE;
    if (problem) fprintf(stderr, "stretchvoice: the running session cannot be shown: %s\n", problem);
    diags_print(diags, stderr);
    return EXIT_FAILED;
}

int subcommand_attach(const struct options *options)
{
    g_autoptr(GError) error = NULL;
    AUTO(client) client = client_open(options->socket, OPEN_MS, &error);
    if (!client) return remote_no_session(options, error);
    AUTO(parcel) parcel = parcel_new();
    int code = receive(parcel, client);
    if (code != EXIT_DONE) return code;
    AUTO(response) attached = ask(client, "attach", &code);
    return attached ? show(options, &parcel->request, client, true, NULL, NULL) : code;
}
