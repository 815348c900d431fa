#include "service_private.h"
#include "class.h"
#include "control/socket.h"
#include "live/parcel.h"
#include "media.h"
#include <string.h>
#include <unistd.h>

static const struct server_ops server_ops;

/* A client's command that has been passed on. */
struct asked {
    struct reply *reply;
    guint number; /* as live_command() has it */
    bool answered;
};

/* ---- from beginning to end ---- */

void service_init(struct service *service, bool daemon)
{
    *service = (struct service){.lock = -1, .waiting = g_array_new(FALSE, FALSE, sizeof(struct asked))};
    if (daemon) service->hosting = hosting_new(service);
}

static void note(void *data, const char *line)
{
    struct service *service = data;
    if (service->note) service->note(service->data, line);
}

/* A command that has no answer is answered with the place. Screens show that anyway. */
static void answer_with_place(const struct service *service)
{
    g_autofree char *here = live_here(service->live);
    for (guint i = 0; i < service->waiting->len; i++) {
        const struct asked *asked = &g_array_index(service->waiting, struct asked, i);
        const struct peer *peer = reply_peer(asked->reply);
        if (!asked->answered && peer && peer_channel(peer) != CHANNEL_SCREEN)
            reply_field(asked->reply, "answer", "%s", here);
    }
}

static void answer_waiting(struct service *service)
{
    for (guint i = 0; i < service->waiting->len; i++)
        reply_ok(g_array_index(service->waiting, struct asked, i).reply);
    g_array_set_size(service->waiting, 0);
}

static void let_go(struct service *service)
{
    g_clear_pointer(&service->live, live_free);
    g_clear_pointer(&service->parcel, parcel_free); /* the session may have borrowed it */
    g_clear_pointer(&service->published, g_free);
    g_clear_pointer(&service->change, g_free);
    g_clear_pointer(&service->media, g_free);
}

/* To clients that have seen a session. */
static void publish_end(struct service *service)
{
    if (!service->server || (!service->change && !service->media)) return;
    g_autofree char *idle = status_json(NULL, NULL), *media = media_json(NULL);
    server_publish(service->server, CHANNEL_CHANGES, "status", idle);
    server_publish(service->server, CHANNEL_MEDIA, "media", media);
    g_clear_pointer(&service->change, g_free);
}

/* A `stop` is answered when the device and the socket are free for the next session. */
void service_finish(struct service *service)
{
    g_clear_pointer(&service->mpris, mpris_free);
    let_go(service);
    g_clear_pointer(&service->hosting, hosting_free);
    g_clear_pointer(&service->class, class_free);
    server_close(service->server);
    if (service->lock >= 0) close(service->lock);
    answer_waiting(service);
    server_free(service->server);
    g_array_unref(service->waiting);
}

bool service_open(struct service *service, const char *path, pid_t *holder, GError **error)
{
    const struct server_options options = {.path = path, .ops = &server_ops, .data = service};
    g_autoptr(GError) problem = NULL;
    service->server = server_new(&options, holder, &problem);
    if (service->server && service->hosting) service->class = class_new(path, note, service);
    if (service->server) return true;
    if (!g_error_matches(problem, CONTROL_ERROR, CONTROL_BUSY) && !service->hosting) {
        g_autofree char *lock = lock_path(); /* without a socket, there is still only one session a user */
        g_autoptr(GError) busy = NULL;
        service->lock = lock_take(lock, holder, &busy);
        if (g_error_matches(busy, CONTROL_ERROR, CONTROL_BUSY)) {
            g_clear_error(&problem);
            problem = g_steal_pointer(&busy);
        }
    }
    g_propagate_error(error, g_steal_pointer(&problem));
    return false;
}

enum service_code service_code(const GError *error)
{
    if (!error) return 0;
    if (g_error_matches(error, LIVE_ERROR, LIVE_ERROR_VOICE)) return SERVICE_INVALID;
    if (g_error_matches(error, LIVE_ERROR, LIVE_ERROR_LENGTH)) return SERVICE_INVALID;
    if (g_error_matches(error, LIVE_ERROR, LIVE_ERROR_NO_OUTPUT)) return SERVICE_NO_OUTPUT;
    return SERVICE_FAILED;
}

/* ---- the session as a media player: a step is a track ---- */

/* Presses that come faster than a finger can make them are those of a key that is held. The first two have
 * paused the session and gone on. */
static bool is_held(struct service *service, enum command_id id)
{
    enum { REPEAT_MS = 150 };
    const int64_t now = g_get_monotonic_time(), since = now - service->pressed;
    if (id != COMMAND_TOGGLE) return false;
    service->repeats = since < REPEAT_MS * G_TIME_SPAN_MILLISECOND ? service->repeats + 1 : 0;
    service->pressed = now;
    return service->repeats > 0;
}

/* Some headsets send Play whatever the state. */
static void on_media_command(void *data, enum command_id id)
{
    struct service *service = data;
    if (service->hosting) hosting_tidy(service->hosting);
    struct live *live = service->live;
    bool play = id == COMMAND_RESUME || id == COMMAND_TOGGLE;
    if (!live && play && service->wanted) service->wanted(service->data);
    if (!live) return;
    if (live_request(live)->settings->listen.mode != LISTEN_OFF && is_held(service, id)) {
        if (service->repeats > 1) return;
        id = COMMAND_LISTEN;
    }
    if (id == COMMAND_RESUME && live_request(live)->settings->control.play_toggles) id = COMMAND_TOGGLE;
    live_command(live, (struct command){.id = id});
}

static void on_media_volume(void *data, double db)
{
    const struct command volume = {.id = COMMAND_VOLUME, .given = true, .value = db};
    struct service *service = data;
    if (service->live) live_command(service->live, volume);
}

static const struct mpris_ops media_ops = {on_media_command, on_media_volume};

/* In a menu it is the next press that plays, so that a headset's only button sends Play, and not Pause; also
 * between the choice and the session. */
static enum mpris_playback playback_of(const struct status *status)
{
    if (routine_is_menu(status->routine)) return MPRIS_PAUSED;
    return status->state == STATUS_PLAYING || status->for_voice ? MPRIS_PLAYING
           : status->state == STATUS_OVER                       ? MPRIS_STOPPED
                                                                : MPRIS_PAUSED;
}

static void show_idle(struct service *service)
{
    static const struct mpris_state idle = {.length = -1, .can_begin = true};
    mpris_update(service->mpris, &idle);
}

void service_stay(struct service *service)
{
    service->stays = true;
    service->mpris = mpris_new(&media_ops, service);
    show_idle(service);
}

/* Its texts are borrowed from the session. */
static struct mpris_state media_of(const struct service *service, const struct status *status)
{
    const struct play_request *request = live_request(service->live);
    const struct routine *routine = request->routine;
    int step = status->place.step;
    return (struct mpris_state){
        .playback = playback_of(status),
        .routine = routine->title,
        .track = step >= 0 ? routine->steps[step].title : routine->title,
        .step = step >= 0 ? step + 1 : 0,
        .jumps = status->jumps,
        .length = step >= 0 ? (int64_t)(live_step_seconds(service->live, step) * G_USEC_PER_SEC) : -1,
        .position = (status->frame - status->step_frame) * G_USEC_PER_SEC / request->settings->sound.rate,
        .stands = status->stands,
        .volume = status->volume,
        .can_next = step != PLACE_CLOSING || status->asks,
        .can_previous = true,
    };
}

static void update_media(struct service *service, const struct status *status)
{
    if (!service->mpris) return;
    if (service->stays && status->state == STATUS_OVER)
        return; /* show_idle() follows, when Play begins anew */
    const struct mpris_state state = media_of(service, status);
    mpris_update(service->mpris, &state);
}

void service_end_session(struct service *service)
{
    answer_waiting(service);
    publish_end(service);
    let_go(service);
    if (service->stays) show_idle(service);
}

/* ---- events of the session ---- */

/* False if nothing plays: before the first sound, and while a stopped session fades. */
static bool session_status_of(const struct service *service, struct status *status)
{
    if (!service->live || !live_has_started(service->live)) return false;
    live_status(service->live, status);
    return status->state != STATUS_OVER;
}

static void publish_change(struct service *service, const struct status *status)
{
    const char *device = live_device(service->live);
    struct status still = *status; /* the clock alone is not a change */
    still.frame = 0;
    still.position = still.length = still.hold_left = 0;
    g_autofree char *change = status_json(&still, device), *json = status_json(status, device);
    if (g_strcmp0(change, service->change) != 0)
        server_publish(service->server, CHANNEL_CHANGES, "status", json);
    g_free(service->change);
    service->change = g_steal_pointer(&change);
}

/* To be freed. */
static char *screen_text(const struct service *service, const struct status *status)
{
    struct scene scene;
    live_scene(service->live, status, &scene);
    char *text = scene_json(&scene, status);
    scene_finish(&scene);
    return text;
}

static void publish_screen(struct service *service, const struct status *status)
{
    g_autofree char *screen = screen_text(service, status);
    if (g_strcmp0(screen, service->published) != 0)
        server_publish(service->server, CHANNEL_SCREEN, "status", screen);
    g_free(service->published);
    service->published = g_steal_pointer(&screen);
}

/* The position alone is not a change. */
static void publish_media(struct service *service, const struct status *status)
{
    const struct mpris_state state = media_of(service, status);
    struct mpris_state still = state;
    still.position = 0;
    g_autofree char *change = media_json(&still), *json = media_json(&state);
    if (g_strcmp0(change, service->media) != 0) server_publish(service->server, CHANNEL_MEDIA, "media", json);
    g_free(service->media);
    service->media = g_steal_pointer(&change);
}

/* Called all the time: makes only texts that a client reads. */
static void on_status(void *data, const struct status *status)
{
    struct service *service = data;
    update_media(service, status);
    if (!service->server || !live_has_started(service->live)) return;
    if (server_has(service->server, CHANNEL_SCREEN)) publish_screen(service, status);
    if (status->state == STATUS_OVER) return;
    if (server_has(service->server, CHANNEL_CHANGES)) publish_change(service, status);
    if (server_has(service->server, CHANNEL_MEDIA)) publish_media(service, status);
}

static void on_started(void *data)
{
    struct service *service = data;
    bool wanted = live_request(service->live)->settings->control.mpris != BUS_NO;
    struct status status;
    live_status(service->live, &status);
    if (!service->mpris && wanted) service->mpris = mpris_new(&media_ops, service);
    update_media(service, &status);
}

static void on_note(void *data, const char *line)
{
    struct service *service = data;
    if (service->server) server_publish(service->server, CHANNEL_SCREEN, "note", line);
}

static void on_news(void *data, const char *line)
{
    struct service *service = data;
    if (service->server) server_publish(service->server, CHANNEL_SCREEN, "news", line);
}

static void on_sentence(void *data, const char *sentence)
{
    struct service *service = data;
    if (service->server) server_publish(service->server, CHANNEL_SCREEN, "sentence", sentence);
}

/* Screens get the words of every answer, another client those of its own command, with the reply. */
static void on_answer(void *data, guint number, const char *words)
{
    struct service *service = data;
    for (guint i = 0; i < service->waiting->len; i++) {
        struct asked *asked = &g_array_index(service->waiting, struct asked, i);
        const struct peer *peer = reply_peer(asked->reply);
        asked->answered |= asked->number == number;
        if (asked->number == number && peer && peer_channel(peer) != CHANNEL_SCREEN)
            reply_field(asked->reply, "answer", "%s", words);
    }
    if (service->server) server_publish(service->server, CHANNEL_SCREEN, "answer", words);
}

/* A stop is done only when the session is over. */
static void on_done(void *data)
{
    struct service *service = data;
    struct status status;
    live_status(service->live, &status);
    if (status.state == STATUS_OVER) return;
    answer_with_place(service);
    answer_waiting(service);
}

/* Notes have said what is wrong with a voice. */
void service_publish_over(struct service *service, const GError *error)
{
    if (!service->server) return;
    g_autofree char *code = g_strdup_printf("%d", service_code(error));
    g_autofree char *line = error ? g_strconcat("stretchvoice: ", error->message, NULL) : NULL;
    if (line && service_code(error) != SERVICE_INVALID)
        server_publish(service->server, CHANNEL_SCREEN, "note", line);
    server_publish(service->server, CHANNEL_SCREEN, "over", code);
}

static void on_over(void *data, const GError *error)
{
    struct service *service = data;
    struct status status;
    if (service->hosting) answer_waiting(service); /* in `play`, once there is room for the next session */
    publish_end(service);
    live_status(service->live, &status);
    if (!service->server) return;
    publish_screen(service, &status); /* it shows that it is over */
    if (!service->hosting) service_publish_over(service, error);
}

void service_attach(struct service *service, struct live *live)
{
    service->live = live;
    live_listen(live, &(struct listener){.started = on_started,
                                         .status = on_status,
                                         .note = on_note,
                                         .news = on_news,
                                         .sentence = on_sentence,
                                         .answer = on_answer,
                                         .done = on_done,
                                         .over = on_over,
                                         .data = service});
}

/* The environment names a session bus, or there is one at the usual path of systemd. A named path must exist.
 */
static bool has_bus(void)
{
    static const char PATH[] = "unix:path=";
    g_autofree char *usual = g_build_filename(g_get_user_runtime_dir(), "bus", NULL);
    const char *address = g_getenv("DBUS_SESSION_BUS_ADDRESS");
    if (!address || !*address) return g_file_test(usual, G_FILE_TEST_EXISTS);
    if (!g_str_has_prefix(address, PATH)) return true;
    g_autofree char *path = g_strndup(address + strlen(PATH), strcspn(address + strlen(PATH), ",;"));
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

bool service_can_steer(const struct service *service)
{
    return service->server || (live_request(service->live)->settings->control.mpris != BUS_NO && has_bus());
}

/* ---- commands that steer no session ---- */

static void refuse_idle(struct reply *reply)
{
    reply_error(reply, SERVICE_NO_SESSION, "there is no session; 'stretchvoice play NAME' starts one");
}

/* Without a session: `idle`, and an error with the number for it. */
static void answer_status(struct service *service, struct reply *reply, bool json)
{
    struct status status;
    bool session = session_status_of(service, &status);
    const char *device = session ? live_device(service->live) : NULL;
    g_autofree char *text = (json ? status_json : status_fields)(session ? &status : NULL, device);
    if (json) reply_field(reply, "status", "%s", text);
    g_auto(GStrv) lines = json ? NULL : g_strsplit(text, "\n", -1);
    for (char **line = lines; line && *line; line++) {
        char *colon = strstr(*line, ": ");
        if (!colon) continue;
        *colon = '\0';
        reply_field(reply, *line, "%s", colon + 2);
    }
    if (session)
        reply_ok(reply);
    else
        reply_error(reply, SERVICE_NO_SESSION, "idle");
}

static void run_status(struct service *service, struct reply *reply, const char *const *words)
{
    bool json = words[1] && strcmp(words[1], "--json") == 0;
    if (words[1] && !json)
        reply_error(reply, SERVICE_USAGE, "'status' takes no argument '%s' (--json, or nothing)", words[1]);
    else
        answer_status(service, reply, json);
}

/* Answers with the status; a line follows at every change. Clients that have subscribed before see a change
 * that is due first. */
static void run_subscribe(struct service *service, struct reply *reply, const char *const *words)
{
    struct peer *peer = reply_peer(reply);
    struct status status;
    (void)words;
    if (session_status_of(service, &status)) publish_change(service, &status);
    if (peer) peer_subscribe(peer, CHANNEL_CHANGES);
    answer_status(service, reply, true);
}

/* As a media player has it: a line follows at every change. */
static void run_media(struct service *service, struct reply *reply, const char *const *words)
{
    struct peer *peer = reply_peer(reply);
    struct status status;
    (void)words;
    bool session = session_status_of(service, &status);
    struct mpris_state state = session ? media_of(service, &status) : (struct mpris_state){0};
    g_autofree char *json = media_json(session ? &state : NULL);
    if (peer) peer_subscribe(peer, CHANNEL_MEDIA);
    reply_field(reply, "media", "%s", json);
    reply_ok(reply);
}

/* A listener of a class has come in. */
static void run_joined(struct service *service, struct reply *reply, const char *const *words)
{
    (void)words;
    bool wanted = service->live && live_request(service->live)->settings->class.recap &&
                  settings_for_class(live_request(service->live)->settings);
    if (wanted) live_command(service->live, (struct command){.id = COMMAND_RECAP});
    reply_ok(reply);
}

static void run_class(struct service *service, struct reply *reply, const char *const *words)
{
    if (service->class)
        class_command(service->class, reply, words);
    else
        reply_error(
            reply, SERVICE_FAILED,
            "a class needs a daemon, and a session plays without one; end it, and start 'stretchvoice "
            "daemon'");
}

static void run_parts(struct service *service, struct reply *reply, const char *const *words)
{
    (void)words;
    if (!service->parcel) {
        refuse_idle(reply);
        return;
    }
    parcel_reply(service->parcel, reply);
    reply_ok(reply);
}

/* The parts are asked for before: status lines would wait behind them, and a client may not leave much
 * unread. */
static void run_attach(struct service *service, struct reply *reply, const char *const *words)
{
    struct peer *peer = reply_peer(reply);
    struct status status;
    (void)words;
    if (!session_status_of(service, &status)) {
        refuse_idle(reply);
        return;
    }
    g_autofree char *screen = screen_text(service, &status);
    reply_ok(reply);
    if (!peer) return;
    peer_subscribe(peer, CHANNEL_SCREEN);
    peer_send(peer, "status", screen);
}

void service_refuse_second(struct reply *reply)
{
    reply_error(reply, SERVICE_FAILED,
                "a session is running already; 'stretchvoice attach' shows it, 'stretchvoice stop' ends it, "
                "'play --replace' takes its place");
}

static void run_part(struct service *service, struct reply *reply, const char *const *words)
{
    if (service->hosting)
        hosting_part(service->hosting, reply, words);
    else
        service_refuse_second(reply);
}

static void run_play(struct service *service, struct reply *reply, const char *const *words)
{
    if (service->hosting)
        hosting_play(service->hosting, reply, words);
    else
        service_refuse_second(reply);
}

static bool is_question(const struct service *service)
{
    const struct routine *routine = service->live ? live_request(service->live)->routine : NULL;
    return routine && routine->kind == ROUTINE_QUESTION;
}

static void run_about(struct service *service, struct reply *reply, const char *const *words)
{
    (void)words;
    reply_field(reply, "question", "%s", is_question(service) ? "yes" : "no");
    reply_field(reply, "daemon", "%s", service->hosting ? "yes" : "no");
    reply_ok(reply);
}

static const struct {
    const char *name;
    guint most; /* words behind it */
    void (*run)(struct service *service, struct reply *reply, const char *const *words);
} others[] = {
    {"status", 1, run_status},     {"subscribe", 0, run_subscribe}, {"part", 2, run_part},
    {"play", G_MAXUINT, run_play}, {"about", 0, run_about},         {"parts", 0, run_parts},
    {"attach", 0, run_attach},     {"media", 0, run_media},         {"class", 4, run_class},
    {"joined", 0, run_joined},
};

/* ---- commands that steer it ---- */

static void steer(struct service *service, struct reply *reply, enum command_id id, const char *const *words)
{
    struct command command = {.id = id};
    g_autofree char *problem = command_read(&command, words + 1);
    if (!problem && service->live) problem = live_find_step(service->live, &command);
    if (problem) {
        reply_error(reply, SERVICE_USAGE, "%s", problem);
    } else if (!service->live) {
        refuse_idle(reply);
    } else {
        const struct asked asked = {reply, live_command(service->live, command), false};
        g_array_append_val(service->waiting, asked);
    }
}

static void on_command(void *data, struct reply *reply, const char *const *words)
{
    struct service *service = data;
    if (service->hosting) hosting_tidy(service->hosting);
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        if (strcmp(others[i].name, words[0]) != 0) continue;
        if (g_strv_length((char **)words) - 1 > others[i].most)
            reply_error(reply, SERVICE_USAGE, "too many words");
        else
            others[i].run(service, reply, words);
        return;
    }
    enum command_id id = command_by_name(words[0]);
    if (id != COMMAND_NONE)
        steer(service, reply, id, words);
    else
        reply_error(reply, SERVICE_USAGE, "no such command ('%s'; see 'stretchvoice --help')", words[0]);
}

static void on_closed(void *data, struct peer *peer)
{
    struct service *service = data;
    if (service->hosting) hosting_closed(service->hosting, peer);
}

static void on_trouble(void *data, bool lost, const char *problem)
{
    struct service *service = data;
    (void)lost;
    g_autofree char *line = g_strconcat("stretchvoice: ", problem, NULL);
    if (service->note) service->note(service->data, line);
}

static const struct server_ops server_ops = {on_command, on_closed, on_trouble};
