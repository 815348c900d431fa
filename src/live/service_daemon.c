/* Sessions inside the daemon: asked for over the socket, shown by whoever asked. */
#include "live/service.h"
#include "app/subcommands.h"
#include <string.h>

static void tell(const struct service *service, const char *key, const char *value)
{
    if (service->screen) peer_send(service->screen, key, value);
}

/* What the session has printed since the last time: on to whoever asked for it. */
static void pass_on(struct service *service, struct reply *reply)
{
    fflush(service->messages);
    g_auto(GStrv) lines = g_strsplit(service->message_text + service->message_told, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (**line && reply)
            reply_field(reply, "message", "%s", *line);
        else if (**line)
            tell(service, "message", *line);
    }
    service->message_told = service->message_size;
}

/* It has ended before it began: it could not, or was stopped, which is no error. */
static void refuse(struct service *service, int code)
{
    struct reply *reply = g_steal_pointer(&service->starting);
    if (!reply) return;
    pass_on(service, reply);
    if (code == EXIT_DONE)
        reply_ok(reply);
    else if (service->last_note)
        reply_error(reply, code, "%s", service->last_note);
    else
        reply_error(reply, code, "the session could not be started");
}

static void start(struct service *service, struct reply *reply)
{
    service->message_told = 0;
    service->messages = open_memstream(&service->message_text, &service->message_size);
    service->starting = reply;
    int code = service_play(service, &service->options, service->messages);
    if (code == EXIT_DONE) {
        pass_on(service, reply);
        return;
    }
    refuse(service, code);
    service->screen = NULL;
    service_end_session(service);
}

void service_daemon_note(struct service *service, const char *text)
{
    struct reply *starting =
        service->starting; /* whoever has no screen is told as long as the answer is open */
    pass_on(service, starting);
    if (!text) return;
    if (starting)
        reply_field(starting, "note", "%s", text);
    else
        tell(service, "note", text);
    g_free(service->last_note);
    service->last_note = g_strdup(text);
}

static bool read_words(struct options *options, struct reply *reply, const char *const *words)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autoptr(GError) error = NULL;
    g_strv_builder_add(builder, "stretchvoice");
    g_strv_builder_addv(builder, (const char **)words);
    g_auto(GStrv) argv = g_strv_builder_end(builder);
    bool right = options_parse(options, argv, &error);
    if (right && options->subcommand.run == subcommand_play && !options->help && !options->version)
        return true;
    reply_error(reply, EXIT_USAGE, "%s", error ? error->message : "that is no session to play");
    options_finish(options);
    return false;
}

/* The session that plays goes on if there is nothing to take its place. */
static bool make_room(struct service *service, const struct options *options, struct reply *reply)
{
    g_autofree char *text = NULL;
    gsize size;
    FILE *messages = open_memstream(&text, &size);
    int code = prepare_try(options, g_ptr_array_index(options->arguments, 0), messages);
    fclose(messages);
    if (code == EXIT_DONE) {
        service_tell_end(service);
        service_daemon_over(service, EXIT_DONE);
        service_end_session(service);
        return true;
    }
    g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
    for (char **line = lines; *line; line++) reply_field(reply, "message", "%s", *line);
    reply_error(reply, code, "the session could not be started");
    return false;
}

void service_daemon_play(struct service *service, struct reply *reply, const char *const *words)
{
    bool replace = g_strv_contains(words, "--replace");
    if (service->host && !replace) {
        reply_error(
            reply, EXIT_FAILED,
            "a session is running already; 'stretchvoice stop' ends it, 'play --replace' takes its place");
        return;
    }
    struct options options;
    if (!read_words(&options, reply, words)) return;
    if (service->host && !make_room(service, &options, reply)) {
        options_finish(&options);
        return;
    }
    service->options = options;
    if (!service->options.background) service->screen = reply_peer(reply);
    start(service, reply);
}

void service_daemon_started(struct service *service)
{
    if (service->screen) peer_subscribe(service->screen, CHANNEL_SCREEN);
    if (service->starting) reply_ok(service->starting);
    service->starting = NULL;
}

void service_daemon_over(struct service *service, int code)
{
    char text[16];
    g_snprintf(text, sizeof text, "%d", code);
    refuse(service, code);
    tell(service, "over", text);
    if (service->screen) peer_end(service->screen);
    service->screen = NULL;
}

void service_daemon_closed(struct service *service, struct peer *peer)
{
    if (peer != service->screen) return;
    service->screen = NULL;
    if (service->host) host_interrupt(service->host);
}
