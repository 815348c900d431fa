#include "live/service.h"
#include "control/socket.h"
#include "report/status.h"
#include <unistd.h>

void service_init(struct service *service, bool daemon)
{
    *service = (struct service){.daemon = daemon, .lock = -1, .waiting = g_ptr_array_new()};
}

static void answer_waiting(struct service *service)
{
    for (guint i = 0; i < service->waiting->len; i++) reply_ok(g_ptr_array_index(service->waiting, i));
    g_ptr_array_set_size(service->waiting, 0);
}

static void let_go(struct service *service)
{
    mpris_free(service->mpris);
    host_free(service->host);
    service->mpris = NULL;
    service->host = NULL;
    g_clear_pointer(&service->published, g_free);
    g_clear_pointer(&service->told, g_free);
    g_clear_pointer(&service->last_note, g_free);
    if (service->messages) fclose(service->messages);
    g_clear_pointer(&service->message_text, free);
    service->messages = NULL;
    if (service->options.arguments) options_finish(&service->options);
    service->options = (struct options){0};
}

void service_end_session(struct service *service)
{
    answer_waiting(service);
    let_go(service);
}

/* Whoever asked for the end is answered when the device and the place are free for the next session. */
void service_finish(struct service *service)
{
    if (service->clean_up) g_source_remove(service->clean_up);
    let_go(service);
    server_close(service->server);
    if (service->lock >= 0) close(service->lock);
    answer_waiting(service);
    server_free(service->server);
    g_ptr_array_unref(service->waiting);
}

/* Where there can be no socket, there is still only one session. */
static bool take_lock(struct service *service, pid_t *holder, GError **error)
{
    g_autofree char *path = lock_path();
    g_autoptr(GError) busy = NULL;
    service->lock = lock_take(path, holder, &busy);
    if (service->lock >= 0 || !g_error_matches(busy, CONTROL_ERROR, CONTROL_BUSY)) return true;
    g_clear_error(error);
    g_propagate_error(error, g_steal_pointer(&busy));
    return false;
}

bool service_open(struct service *service, const char *path, pid_t *holder, GError **error)
{
    const struct server_options options = {.path = path, .ops = &service_server_ops, .data = service};
    g_autoptr(GError) problem = NULL;
    service->server = server_new(&options, holder, &problem);
    if (service->server) return true;
    bool nowhere = g_error_matches(problem, CONTROL_ERROR, CONTROL_NO_SOCKET);
    g_propagate_error(error, g_steal_pointer(&problem));
    if (nowhere && !service->daemon) take_lock(service, holder, error);
    return false;
}

void service_refuse(const GError *error)
{
    bool nowhere = g_error_matches(error, CONTROL_ERROR, CONTROL_NO_SOCKET);
    fprintf(stderr, "stretchvoice: %s%s%s\n", nowhere ? "no control socket: " : "", error->message,
            nowhere ? "; --socket PATH names another place for it" : "");
}

/* ---- what the host tells ---- */

/* The clock alone is no change: what is told to those who follow. */
static char *essence(struct status status, const char *device)
{
    status.frame = 0;
    status.position = status.length = status.hold_left = 0;
    return status_json(&status, device);
}

bool service_status(struct service *service, struct status *status)
{
    if (!service->host) return false;
    host_status(service->host, status);
    return status->state != STATUS_OVER;
}

void service_tell_change(struct service *service)
{
    struct status status;
    if (!service_status(service, &status)) return; /* its end is told by itself: service_tell_end */
    const char *device = host_device(service->host);
    g_autofree char *now = essence(status, device), *json = status_json(&status, device);
    if (g_strcmp0(now, service->told) != 0) server_publish(service->server, CHANNEL_CHANGES, "status", json);
    g_free(service->told);
    service->told = g_steal_pointer(&now);
}

static void update_screen(struct service *service)
{
    struct status status;
    host_status(service->host, &status);
    g_autofree char *screen = status_screen_json(&status, host_device(service->host));
    if (g_strcmp0(screen, service->published) != 0)
        server_publish(service->server, CHANNEL_SCREEN, "status", screen);
    g_free(service->published);
    service->published = g_steal_pointer(&screen);
}

/* Nothing is made that nobody reads: this is called as long as a session plays. */
void service_publish(struct service *service)
{
    if (!service->server) return;
    if (server_has(service->server, CHANNEL_SCREEN)) update_screen(service);
    if (server_has(service->server, CHANNEL_CHANGES)) service_tell_change(service);
}

static void on_started(void *data)
{
    struct service *service = data;
    service_media_begin(service);
    if (service->daemon) service_daemon_started(service);
    if (service->ops.started) service->ops.started(service->data);
}

static void on_changed(void *data)
{
    struct service *service = data;
    service_publish(service);
    service_media_update(service);
    if (service->ops.changed) service->ops.changed(service->data);
}

/* A stop has been carried out when the session is over. */
static void on_carried_out(void *data)
{
    struct service *service = data;
    struct status status;
    if (service_status(service, &status)) answer_waiting(service);
}

static void on_note(void *data, const char *text)
{
    struct service *service = data;
    if (service->daemon) service_daemon_note(service, text);
    if (service->ops.note) service->ops.note(service->data, text);
}

void service_tidy(struct service *service)
{
    if (!service->clean_up) return;
    g_source_remove(service->clean_up);
    service->clean_up = 0;
    service_end_session(service);
}

static gboolean clean_up(gpointer data)
{
    service_tidy(data);
    return G_SOURCE_REMOVE;
}

/* To those who have been told of a session. */
void service_tell_end(struct service *service)
{
    if (!service->server || !service->told) return;
    g_autofree char *idle = status_json(NULL, NULL);
    server_publish(service->server, CHANNEL_CHANGES, "status", idle);
    g_clear_pointer(&service->told, g_free);
}

static void on_over(void *data, int code)
{
    struct service *service = data;
    if (service->daemon) answer_waiting(service);
    service_tell_end(service);
    if (service->daemon) {
        update_screen(service); /* it shows that it is over */
        service_daemon_over(service, code);
        service->clean_up = g_idle_add(clean_up, service);
    }
    if (service->ops.over) service->ops.over(service->data, code);
}

int service_play(struct service *service, const struct options *options, FILE *messages)
{
    const struct host_options host = {
        .options = options,
        .name = g_ptr_array_index(options->arguments, 0),
        .messages = messages,
        .resume = options->resume,
        .ops = {on_started, on_changed, on_carried_out, on_note, on_over},
        .data = service,
    };
    return host_new(&host, &service->host);
}

void service_command(struct service *service, struct command command)
{
    if (service->host) host_command(service->host, command);
}
