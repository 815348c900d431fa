#include "live/service.h"
#include "report/status.h"
#include <string.h>

static void no_session(struct reply *reply)
{
    reply_error(reply, EXIT_NO_SESSION, "there is no session; 'stretchvoice play NAME' starts one");
}

/* ---- status ---- */

static void answer_fields(struct reply *reply, const char *fields)
{
    g_auto(GStrv) lines = g_strsplit(fields, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *colon = strstr(*line, ": ");
        if (!colon) continue;
        *colon = '\0';
        reply_field(reply, *line, "%s", colon + 2);
    }
}

/* Without a session: `idle`, and the code that says so; also while the last sound of one that was stopped is
 * heard. */
static void answer_status(struct service *service, struct reply *reply, bool json)
{
    struct status status;
    bool session = service_status(service, &status);
    const char *device = session ? host_device(service->host) : NULL;
    g_autofree char *text = json ? status_json(session ? &status : NULL, device)
                                 : status_fields(session ? &status : NULL, device);
    if (json)
        reply_field(reply, "status", "%s", text);
    else
        answer_fields(reply, text);
    if (session)
        reply_ok(reply);
    else
        reply_error(reply, EXIT_NO_SESSION, "idle");
}

static void on_status(struct service *service, struct reply *reply, const char *const *words)
{
    bool json = words[1] && strcmp(words[1], "--json") == 0;
    if (words[1] && !json)
        reply_error(reply, EXIT_USAGE, "'status' has no use for '%s' ('--json', or nothing)", words[1]);
    else
        answer_status(service, reply, json);
}

/* From now on a line comes at every change; the first one tells how it is, once the others know it too. */
static void on_subscribe(struct service *service, struct reply *reply, const char *const *words)
{
    struct peer *peer = reply_peer(reply);
    (void)words;
    if (service->host) service_tell_change(service);
    if (peer) peer_subscribe(peer, CHANNEL_CHANGES);
    answer_status(service, reply, true);
}

static void on_play(struct service *service, struct reply *reply, const char *const *words)
{
    if (service->daemon)
        service_daemon_play(service, reply, words);
    else
        reply_error(
            reply, EXIT_FAILED,
            "a session is running already; 'stretchvoice stop' ends it, 'play --replace' takes its place");
}

static void on_about(struct service *service, struct reply *reply, const char *const *words)
{
    (void)words;
    reply_field(reply, "daemon", "%s", service->daemon ? "yes" : "no");
    reply_ok(reply);
}

/* What steers no session. */
static const struct {
    const char *name;
    guint most; /* words behind it */
    void (*run)(struct service *service, struct reply *reply, const char *const *words);
} others[] = {
    {"status", 1, on_status},
    {"subscribe", 0, on_subscribe},
    {"play", G_MAXUINT, on_play},
    {"about", 0, on_about},
};

/* ---- what steers a session ---- */

static void steer(struct service *service, struct reply *reply, enum command_id id, const char *const *words)
{
    struct command command = {.id = id};
    g_autofree char *problem = command_read(&command, words[1]);
    if (problem || (words[1] && words[2])) {
        reply_error(reply, EXIT_USAGE, "%s", problem ? problem : "too many words");
    } else if (!service->host) {
        no_session(reply);
    } else {
        g_ptr_array_add(service->waiting, reply);
        host_command(service->host, command);
    }
}

static void on_command(void *data, struct reply *reply, const char *const *words)
{
    service_tidy(data);
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        if (strcmp(others[i].name, words[0]) != 0) continue;
        if (g_strv_length((char **)words) - 1 > others[i].most)
            reply_error(reply, EXIT_USAGE, "too many words");
        else
            others[i].run(data, reply, words);
        return;
    }
    enum command_id id = command_by_name(words[0]);
    if (id != COMMAND_NONE)
        steer(data, reply, id, words);
    else
        reply_error(reply, EXIT_USAGE, "no such command ('%s'; see 'stretchvoice --help')", words[0]);
}

static void on_closed(void *data, struct peer *peer)
{
    service_daemon_closed(data, peer);
}

static void on_trouble(void *data, bool lost, const char *problem)
{
    struct service *service = data;
    (void)lost;
    if (service->ops.note && !service->quiet) service->ops.note(service->data, problem);
}

const struct server_ops service_server_ops = {on_command, on_closed, on_trouble};
