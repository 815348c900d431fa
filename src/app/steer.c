/* pause, next, where … status: one command over the control socket. */
#include "aloud.h"
#include "interrupt.h"
#include "leave.h"
#include "remote.h"
#include "subcommands.h"
#include "control/client.h"
#include "player/command.h"
#include "report/status.h"
#include "ui/outlet.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    OPEN_MS = 2000,
    ANSWER_MS = 10000, /* with a frozen sound server, a command is carried out when that has been noticed */
};

struct following {
    const struct options *options;
    GMainLoop *loop;
    struct outlet *out;
    int code;
};

/* ---- without a session ---- */

static bool leaves_out(const struct options *options)
{
    const enum command_id id = command_by_name(options->subcommand.name);
    return id == COMMAND_SKIP || id == COMMAND_UNSKIP;
}

/* A step of a routine that is named is left out without a session. */
static int ask_for_routine(const struct options *options)
{
    const char *name = options->subcommand.name;
    fprintf(stderr,
            "stretchvoice: there is no session, so name the routine first: 'stretchvoice %s ROUTINE STEP'\n",
            name);
    return EXIT_NO_SESSION;
}

static int no_session(const struct options *options, enum command_id id, const GError *error)
{
    bool nowhere = !options->socket && g_error_matches(error, CONTROL_ERROR, CONTROL_NO_SOCKET);
    bool idle = nowhere || g_error_matches(error, CONTROL_ERROR, CONTROL_NO_SESSION);
    if (idle && id == COMMAND_SAY_KEYS) return aloud_say_keys(options);
    if (idle && leaves_out(options)) return ask_for_routine(options);
    if (!idle || id != COMMAND_STATUS) return remote_no_session(options, error);
    g_autofree char *text = options->json ? status_json(NULL, NULL) : g_strdup("state: idle");
    puts(text);
    int code = print_end();
    return code == EXIT_DONE ? EXIT_NO_SESSION : code;
}

/* ---- one answer ---- */

/* Words that answer a command stand alone. */
static void print_field(const struct options *options, const struct response_field *field)
{
    bool words = strcmp(field->key, "answer") == 0;
    if (words && options->quiet) return;
    if (words || options->json)
        puts(field->value);
    else
        printf("%s: %s\n", field->key, field->value);
}

/* What stands behind the command's name, from an argument on, as the socket takes it. Ends with NULL; the
 * words are borrowed. */
static GPtrArray *words_of(const struct options *options, guint from)
{
    GPtrArray *words = g_ptr_array_new();
    for (guint i = from; i < options->arguments->len; i++)
        g_ptr_array_add(words, g_ptr_array_index(options->arguments, i));
    if (options->leave_for) {
        g_ptr_array_add(words, (gpointer) "--for");
        g_ptr_array_add(words, options->leave_for);
    }
    if (options->for_good) g_ptr_array_add(words, (gpointer) "--for-good");
    g_ptr_array_add(words, NULL);
    return words;
}

static int ask(const struct options *options, struct client *client)
{
    g_autoptr(GPtrArray) words = words_of(options, 0);
    g_autoptr(GError) error = NULL;
    g_ptr_array_insert(words, 0, (gpointer)options->subcommand.name);
    if (options->json) g_ptr_array_insert(words, (gint)words->len - 1, (gpointer) "--json");
    AUTO(response) answer = client_ask(client, (const char *const *)words->pdata, ANSWER_MS, &error);
    if (!answer) return print_error(error);
    for (guint i = 0; i < answer->fields->len; i++)
        print_field(options, &g_array_index(answer->fields, struct response_field, i));
    if (answer->code == EXIT_NO_SESSION && strcmp(options->subcommand.name, "say-keys") == 0)
        return aloud_say_keys(options);
    if (answer->code == EXIT_NO_SESSION && leaves_out(options)) return ask_for_routine(options);
    bool idle = answer->code == EXIT_NO_SESSION && answer->fields->len > 0;
    if (answer->code && !idle) fprintf(stderr, "stretchvoice: %s\n", answer->message);
    return answer->code ? answer->code : print_end();
}

/* ---- following ---- */

static void stop_following(struct following *following, int code)
{
    following->code = code;
    g_main_loop_quit(following->loop);
}

/* Each change is the whole status: one that its reader has no room for is left out. */
static void on_line(void *data, const struct response_line *line)
{
    struct following *following = data;
    if (line->kind == RESPONSE_FIELD && strcmp(line->key, "status") == 0) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        if (following->options->json || !status_print(line->value, out)) fprintf(out, "%s\n", line->value);
        fclose(out);
        outlet_write(following->out, text, size);
        free(text);
    }
    if (line->kind == RESPONSE_ERROR && line->code != EXIT_NO_SESSION) stop_following(following, line->code);
    if (outlet_error(following->out)) stop_following(following, EXIT_FAILED);
}

/* The connection has closed, or a signal came. */
static void on_end(void *data)
{
    stop_following(data, EXIT_DONE);
}

static int follow(const struct options *options, struct client *client)
{
    static const struct client_ops ops = {on_line, on_end};
    struct following following = {.options = options, .loop = g_main_loop_new(NULL, FALSE)};
    following.out = outlet_new(STDOUT_FILENO, NULL, NULL);
    struct interrupt interrupt;
    interrupt_init(&interrupt);
    interrupt.came = on_end;
    interrupt.data = &following;
    client_listen(client, &ops, &following);
    if (client_send(client, (const char *const[]){"subscribe", NULL})) g_main_loop_run(following.loop);
    interrupt_finish(&interrupt);
    g_main_loop_unref(following.loop);
    int problem = outlet_error(following.out); /* as print_end() */
    outlet_free(following.out);
    if (problem == EPIPE) return EXIT_SIGNAL + SIGPIPE;
    if (problem) {
        fprintf(stderr, "stretchvoice: standard output cannot be written: %s\n", g_strerror(problem));
        return EXIT_FAILED;
    }
    return interrupt.signal ? EXIT_SIGNAL + interrupt.signal : following.code;
}

int subcommand_steer(const struct options *options)
{
    struct command command = {.id = command_by_name(options->subcommand.name)};
    const bool apart = options->arguments->len > 1; /* the first names a routine, and no session is meant */
    g_autoptr(GPtrArray) words = words_of(options, apart ? 1 : 0);
    g_autofree char *problem = command_read(&command, (const char *const *)words->pdata);
    if (problem) {
        fprintf(stderr, "stretchvoice: %s\n", problem);
        return EXIT_USAGE;
    }
    if (apart) return leave_step(options, &command);
    g_autoptr(GError) error = NULL;
    AUTO(client) client = client_open(options->socket, OPEN_MS, &error);
    if (!client) return no_session(options, command.id, error);
    return options->follow ? follow(options, client) : ask(options, client);
}
