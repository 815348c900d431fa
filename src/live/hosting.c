/* Sessions inside the daemon: sent whole by a client, which is then their screen. */
#include "service_private.h"
#include "class.h"
#include "live/parcel.h"

struct hosting {
    struct service *service;
    GHashTable *parcels;    /* being sent: struct peer * -> struct parcel * */
    struct reply *starting; /* of the client that asked for the session, until it has started */
    struct peer *screen;    /* whose end is the session's end; may be NULL */
    guint clean_up;
};

struct hosting *hosting_new(struct service *service)
{
    struct hosting *hosting = g_new0(struct hosting, 1);
    hosting->service = service;
    hosting->parcels = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)parcel_free);
    return hosting;
}

void hosting_free(struct hosting *hosting)
{
    if (!hosting) return;
    g_clear_handle_id(&hosting->clean_up, g_source_remove);
    if (hosting->starting) reply_error(hosting->starting, SERVICE_FAILED, "the daemon has ended");
    g_hash_table_unref(hosting->parcels);
    g_free(hosting);
}

/* ---- events of the session ---- */

/* While the answer to `play` is open, notes are part of it; later they go to every screen. */
static void on_note(void *data, const char *line)
{
    struct hosting *hosting = data;
    const struct service *service = hosting->service;
    if (hosting->starting) reply_field(hosting->starting, "note", "%s", line);
    if (service->note) service->note(service->data, line);
}

static void on_started(void *data)
{
    struct hosting *hosting = data;
    const char *left = live_left_at(hosting->service->live);
    if (left && hosting->starting && hosting->screen && !live_request(hosting->service->live)->quiet)
        reply_field(hosting->starting, "left-at", "%s", left);
    if (hosting->screen) peer_subscribe(hosting->screen, CHANNEL_SCREEN);
    if (hosting->starting) reply_ok(g_steal_pointer(&hosting->starting));
}

/* A choice is followed by its session. */
static gboolean clean_up(gpointer data)
{
    struct hosting *hosting = data;
    struct service *service = hosting->service;
    struct status status;
    int chosen = live_chosen(service->live);
    bool menu = live_request(service->live)->routine->kind == ROUTINE_MENU; /* of the daemon */
    live_status(service->live, &status);
    hosting->clean_up = 0;
    if (!service->stays) g_clear_pointer(&service->mpris, mpris_free);
    service_end_session(service);
    if (chosen >= 0 && menu && service->chosen) service->chosen(service->data, chosen, status.volume);
    return G_SOURCE_REMOVE;
}

void hosting_tidy(struct hosting *hosting)
{
    if (!hosting->clean_up) return;
    g_source_remove(hosting->clean_up);
    clean_up(hosting);
}

/* Before the first sound the answer to `play` says so, afterwards a line of its own. A session that was
 * stopped before it began is not an error. */
static void notify_over(struct hosting *hosting, const GError *error)
{
    struct service *service = hosting->service;
    g_autofree char *line = error ? g_strconcat("stretchvoice: ", error->message, NULL) : NULL;
    if (line && service_code(error) != SERVICE_INVALID && service->note) service->note(service->data, line);
    struct reply *starting = g_steal_pointer(&hosting->starting);
    if (starting && hosting->screen) peer_subscribe(hosting->screen, CHANNEL_SCREEN);
    if (starting && error)
        reply_error(starting, service_code(error), "%s", error->message);
    else if (starting)
        reply_ok(starting);
    if (live_chosen(service->live) >= 0) server_publish(service->server, CHANNEL_SCREEN, "chosen", "yes");
    service_publish_over(service, error);
    if (hosting->screen) peer_end(hosting->screen);
    hosting->screen = NULL;
}

static void on_over(void *data, const GError *error)
{
    struct hosting *hosting = data;
    notify_over(hosting, error);
    hosting->clean_up = g_idle_add(clean_up, hosting);
}

/* ---- commands of clients ---- */

/* The client's parcel; a new one if it has none. */
static struct parcel *parcel_of(struct hosting *hosting, const struct reply *reply)
{
    struct peer *peer = reply_peer(reply);
    struct parcel *parcel = g_hash_table_lookup(hosting->parcels, peer);
    if (parcel) return parcel;
    parcel = parcel_new();
    g_hash_table_insert(hosting->parcels, peer, parcel);
    return parcel;
}

void hosting_part(struct hosting *hosting, struct reply *reply, const char *const *words)
{
    g_autofree char *problem = parcel_take_part(parcel_of(hosting, reply), words);
    if (problem)
        reply_error(reply, SERVICE_USAGE, "%s", problem);
    else
        reply_ok(reply);
}

static void refuse_parcel(struct reply *reply, struct diags *diags)
{
    g_auto(GStrv) lines = diags_lines(diags);
    for (char **line = lines; *line; line++)
        if (**line) reply_field(reply, "note", "%s", *line);
    reply_error(reply, SERVICE_INVALID, "the session could not be started");
}

/* A class hears all that the daemon plays, unless it goes into a FIFO of the user's. */
static void play_to_class(const struct service *service, struct settings *settings)
{
    const char *device = class_device(service->class);
    if (!device || g_str_has_prefix(settings->sound.device, "fifo:")) return;
    g_free(settings->sound.device);
    settings->sound.device = g_strdup(device);
    settings->sound.rate = CLASS_RATE;
}

/* `reply` is that of the client, if one has asked. */
static bool begin(struct hosting *hosting, struct parcel *parcel, struct reply *reply, GError **error)
{
    struct service *service = hosting->service;
    service->parcel = parcel;
    play_to_class(service, parcel->settings);
    struct live *live = live_new(&parcel->request, error);
    if (!live) {
        g_clear_pointer(&service->parcel, parcel_free);
        return false;
    }
    hosting->starting = reply;
    hosting->screen = !reply || parcel->background ? NULL : reply_peer(reply);
    service_attach(service, live);
    live_listen(
        live, &(struct listener){
                  .started = on_started, .note = on_note, .news = on_note, .over = on_over, .data = hosting});
    live_speak(live);
    live_begin(live);
    return true;
}

bool service_host(struct service *service, struct parcel *owned, struct diags *diags)
{
    AUTO(parcel) parcel = owned;
    g_autoptr(GError) error = NULL;
    if (!parcel_open(parcel, diags)) return false;
    if (begin(service->hosting, g_steal_pointer(&parcel), NULL, &error)) return true;
    g_autofree char *line = g_strconcat("stretchvoice: ", error->message, NULL);
    if (service->note) service->note(service->data, line);
    return false;
}

static bool is_menu(const struct service *service)
{
    return routine_is_menu(live_request(service->live)->routine);
}

/* The session that plays goes on unless the new one can take its place; a menu always gives way. */
static void take_parcel(struct hosting *hosting, struct parcel *owned, struct reply *reply,
                        const char *const *words)
{
    AUTO(parcel) parcel = owned;
    AUTO(diags) diags = diags_new();
    g_autofree char *problem = parcel_take_flags(parcel, words);
    g_autoptr(GError) error = NULL;
    struct service *service = hosting->service;
    diags_mute_warnings(diags); /* the client has printed them */
    if (problem) {
        reply_error(reply, SERVICE_USAGE, "%s", problem);
    } else if (service->live && !parcel->replace && !is_menu(service)) {
        service_refuse_second(reply);
    } else if (!parcel_open(parcel, diags)) {
        refuse_parcel(reply, diags);
    } else {
        if (service->live) {
            notify_over(hosting, NULL);
            service_end_session(service);
        }
        if (!begin(hosting, g_steal_pointer(&parcel), reply, &error))
            reply_error(reply, service_code(error), "%s", error->message);
    }
}

void hosting_play(struct hosting *hosting, struct reply *reply, const char *const *words)
{
    struct peer *peer = reply_peer(reply);
    struct parcel *parcel = parcel_of(hosting, reply);
    g_hash_table_steal(hosting->parcels, peer);
    take_parcel(hosting, parcel, reply, words);
}

void hosting_closed(struct hosting *hosting, struct peer *peer)
{
    g_hash_table_remove(hosting->parcels, peer);
    if (peer != hosting->screen) return;
    hosting->screen = NULL;
    if (hosting->service->live) live_interrupt(hosting->service->live);
}
