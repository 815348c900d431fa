#include "remote.h"
#include "prepare.h"
#include "view.h"
#include "base/name.h"
#include "file/paths.h"
#include "report/status.h"
#include "routine/parse.h"
#include <stdlib.h>
#include <string.h>

enum { START_MS = 15000, ANSWER_MS = 10000 };

struct remote {
    const struct options *options;
    struct client *client;
    struct routine *routine; /* for its titles */
    struct view view;
    struct interrupt interrupt;
    GMainLoop *loop;
    int code;
};

/* ---- asking for the session ---- */

static void add_option(GStrvBuilder *words, const char *name, const char *value)
{
    if (!value) return;
    g_strv_builder_add(words, name);
    g_strv_builder_add(words, value);
}

/* What --set says, with the path of a voice as it is from anywhere. */
static char *whole_set(const char *set)
{
    g_auto(GStrv) sides = g_strsplit(set, "=", 2);
    if (!sides[0] || !sides[1] || strcmp(g_strstrip(sides[0]), "voice.profile") != 0) return g_strdup(set);
    g_autofree char *voice = name_from_anywhere(g_strstrip(sides[1]), NULL);
    return g_strconcat("voice.profile=", voice, NULL);
}

/* The daemon stands in another directory. */
static char **play_words(const struct options *options)
{
    const char *name = g_ptr_array_index(options->arguments, 0);
    g_autofree char *path = name_from_anywhere(name, NULL);
    g_autofree char *config = options->config ? g_canonicalize_filename(options->config, NULL) : NULL;
    g_autofree char *voice = options->voice ? name_from_anywhere(options->voice, NULL) : NULL;
    g_autoptr(GStrvBuilder) words = g_strv_builder_new();
    g_strv_builder_add_many(words, "play", path, NULL);
    add_option(words, "--config", config);
    add_option(words, "--voice", voice);
    add_option(words, "--level", options->level);
    add_option(words, "--device", options->device);
    for (char **set = options->set; set && *set; set++) {
        g_autofree char *whole = whole_set(*set);
        add_option(words, "--set", whole);
    }
    if (options->background) g_strv_builder_add(words, "--background");
    if (options->resume) g_strv_builder_add(words, "--resume");
    if (options->replace) g_strv_builder_add(words, "--replace");
    if (options->verbose) g_strv_builder_add(words, "--verbose");
    if (options->quiet) g_strv_builder_add(words, "--quiet");
    return g_strv_builder_end(words);
}

/* The last note may be why it has failed, which is told as that. */
static void print_messages(const struct response *answer)
{
    for (guint i = 0; i < answer->fields->len; i++) {
        const struct response_field *field = &g_array_index(answer->fields, struct response_field, i);
        bool note = strcmp(field->key, "note") == 0 && g_strcmp0(field->value, answer->message) != 0;
        if (note || strcmp(field->key, "message") == 0)
            fprintf(stderr, "%s%s\n", note ? "stretchvoice: " : "", field->value);
    }
}

static int start(struct remote *remote)
{
    g_auto(GStrv) words = play_words(remote->options);
    g_autoptr(GError) error = NULL;
    AUTO(response) answer = client_ask(remote->client, (const char *const *)words, START_MS, &error);
    if (!answer) {
        fprintf(stderr, "stretchvoice: %s\n", error->message);
        return EXIT_FAILED;
    }
    print_messages(answer);
    bool told = answer->code == EXIT_INVALID && answer->fields->len > 0;
    if (answer->code && !told) fprintf(stderr, "stretchvoice: %s\n", answer->message);
    return answer->code;
}

/* ---- being its screen ---- */

static void end(struct remote *remote, int code)
{
    remote->code = code;
    g_main_loop_quit(remote->loop);
}

static void show(struct remote *remote, const char *json)
{
    struct status status;
    g_autofree char *device = NULL, *text = NULL;
    if (status_read(json, remote->routine, &status, &device, &text))
        view_show(&remote->view, &status, device);
}

static void on_closed(void *data)
{
    struct remote *remote = data;
    view_note(&remote->view, "the daemon has ended");
    end(remote, EXIT_FAILED);
}

/* A signal that has ended the daemon is none that ended this program. */
static void session_over(struct remote *remote, int code)
{
    if (code > EXIT_SIGNAL)
        on_closed(remote);
    else
        end(remote, code);
}

static void on_line(void *data, const struct response_line *line)
{
    struct remote *remote = data;
    if (line->kind != RESPONSE_FIELD) return;
    if (strcmp(line->key, "status") == 0)
        show(remote, line->value);
    else if (strcmp(line->key, "note") == 0)
        view_note(&remote->view, line->value);
    else if (strcmp(line->key, "over") == 0)
        session_over(remote, atoi(line->value));
    else if (strcmp(line->key, "message") == 0) {
        view_note(&remote->view, NULL);
        fprintf(stderr, "%s\n", line->value);
    }
}

static void on_command(void *data, struct command command)
{
    struct remote *remote = data;
    client_send(remote->client, (const char *const[]){command_row(command.id)->name, NULL});
}

/* The end of this screen ends the session: the daemon sees the connection go. */
static void on_signal(void *data)
{
    struct remote *remote = data;
    end(remote, EXIT_SIGNAL + remote->interrupt.signal);
}

static int watch(struct remote *remote)
{
    static const struct client_ops ops = {on_line, on_closed};
    remote->loop = g_main_loop_new(NULL, FALSE);
    remote->view = (struct view){.options = remote->options, .command = on_command, .data = remote};
    interrupt_init(&remote->interrupt);
    remote->interrupt.came = on_signal;
    remote->interrupt.data = remote;
    view_begin(&remote->view);
    client_listen(remote->client, &ops, remote);
    g_main_loop_run(remote->loop);
    view_end(&remote->view);
    interrupt_finish(&remote->interrupt);
    g_main_loop_unref(remote->loop);
    return remote->code;
}

bool remote_is_daemon(struct client *client)
{
    AUTO(response) about = client_ask(client, (const char *const[]){"about", NULL}, ANSWER_MS, NULL);
    return about && g_strcmp0(response_value(about, "daemon"), "yes") == 0;
}

int remote_play(const struct options *options, struct client *client)
{
    struct remote remote = {.options = options, .client = client};
    int code = start(&remote);
    if (code != EXIT_DONE || options->background) return code;
    AUTO(diags) diags = diags_new();
    g_autofree char *path = paths_find("routines", g_ptr_array_index(options->arguments, 0));
    remote.routine = path ? routine_read(path, diags) : NULL;
    if (!remote.routine) {
        fprintf(stderr,
                "stretchvoice: the routine that the daemon plays cannot be read here; name it by its path\n");
        return EXIT_FAILED;
    }
    code = watch(&remote);
    routine_free(remote.routine);
    return code;
}
