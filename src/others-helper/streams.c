#include "streams.h"
#include "claim.h"
#include "stream.h"

#include <pulse/ext-stream-restore.h>
#include <pulse/glib-mainloop.h>
#include <pulse/pulseaudio.h>
#include <string.h>
#include <unistd.h>

#define GROUP "module-stream-restore.id" /* by which the server remembers levels */

enum {
    DOWN_MS = 250,  /* the way down, and the way up at the end */
    UP_MS = 1000,   /* the way up */
    CHECK_MS = 300, /* after it: PipeWire says later what a level is */
    RETRY_MS = 1000,
    YOUNG_MS = 1000,  /* PipeWire sets the level that it remembers when a stream has begun */
    MOST_ASKED = 256, /* operations that a frozen server has not done */
};

struct streams {
    struct journal *journal;
    const struct streams_ops *ops;
    void *data;
    pa_glib_mainloop *loop;
    pa_context *context;
    char *address; /* of the server; NULL before it is known */
    uint32_t server;
    int claim;  /* a descriptor: this process alone lowers streams there; -1: it does not */
    bool taken; /* because another one does */
    bool pipewire;
    bool absolute; /* levels of streams are, not relative to the device's ("flat volumes") */
    bool listed;
    GPtrArray *all;   /* struct stream * */
    int step, target; /* 0: up, LEVEL_STEPS: down */
    guint ramp, check, retry;
    guint asked; /* operations under way */
    bool unsure; /* a level has been set, and not been looked at since */
    bool said_server, said_journal;
    bool ending, over;
};

static struct stream *stream_at(const struct streams *streams, guint i)
{
    return g_ptr_array_index(streams->all, i);
}

/* What may be changed now, or is still to be undone. */
static bool note(struct streams *streams)
{
    bool saved = stream_note(streams->all, streams->journal, streams->address, !streams->over);
    if (!saved && !streams->said_journal)
        streams->ops->say(streams->data, "other programs' sound is left as it is: what it was cannot be "
                                         "written to the disk");
    streams->said_journal |= !saved;
    return saved;
}

/* ---- operations ---- */

static void look_for_end(struct streams *streams);

static void count(struct streams *streams, pa_operation *operation)
{
    if (!operation) return;
    streams->asked++;
    pa_operation_unref(operation);
}

static void done(struct streams *streams)
{
    if (streams->asked > 0) streams->asked--;
    look_for_end(streams);
}

static void on_done(pa_context *context, int success, void *data)
{
    (void)context, (void)success;
    done(data);
}

static pa_cvolume volume_of(const struct entry *entry, uint32_t level)
{
    pa_cvolume volume = {.channels = (uint8_t)entry->channels};
    entry_levels_at(entry, level, volume.values);
    return volume;
}

static void set_level(struct streams *streams, const struct stream *stream, const pa_cvolume *volume)
{
    count(streams,
          pa_context_set_sink_input_volume(streams->context, stream->entry.index, volume, on_done, streams));
}

static void apply(struct streams *streams, struct stream *stream)
{
    int step = streams->step;
    if (stream->gone || stream->kept || streams->asked > MOST_ASKED) return;
    if (step > 0 && !stream->noted) return;
    const pa_cvolume volume = volume_of(&stream->entry, level_at(entry_level(&stream->entry), step));
    stream->lowered |= step > 0;
    stream->written = step;
    stream->ours = (struct steps){MIN(stream->ours.least, step), MAX(stream->ours.most, step)};
    set_level(streams, stream, &volume);
    streams->unsure = true;
}

/* ---- a new stream ---- */

static const char *property(const pa_sink_input_info *info, const char *name)
{
    const char *value = pa_proplist_gets(info->proplist, name);
    return value ? value : "";
}

/* A stream of the server's own is the way of others to a device, of ours too. PulseAudio owns the streams of
 * its clients as well, by a module for its protocol. */
static bool is_of_server(const pa_sink_input_info *info)
{
    bool owned = info->owner_module != PA_INVALID_INDEX && g_strcmp0(info->driver, "protocol-native.c") != 0;
    return owned || info->client == PA_INVALID_INDEX;
}

static bool is_other(const pa_sink_input_info *info)
{
    bool ours = strcmp(property(info, PA_PROP_APPLICATION_NAME), "stretchvoice") == 0 ||
                strcmp(property(info, PA_PROP_APPLICATION_PROCESS_BINARY), "stretchvoice-sound") == 0;
    bool long_name = strlen(property(info, GROUP)) > ENTRY_NAME_MAX ||
                     strlen(property(info, PA_PROP_APPLICATION_PROCESS_ID)) > ENTRY_NAME_MAX;
    return !ours && !long_name && !is_of_server(info) && info->has_volume && info->volume_writable;
}

/* What the server says of it; entry_finish() is due. */
static struct entry entry_of(const struct streams *streams, const pa_sink_input_info *info)
{
    char map[PA_CHANNEL_MAP_SNPRINT_MAX];
    struct entry entry = {.server = streams->server,
                          .index = info->index,
                          .address = g_strdup(streams->address),
                          .process = g_strdup(property(info, PA_PROP_APPLICATION_PROCESS_ID)),
                          .group = g_strdup(property(info, GROUP)),
                          .map = g_strdup(pa_channel_map_snprint(map, sizeof map, &info->channel_map)),
                          .channels = info->volume.channels,
                          .time = g_get_real_time() / G_USEC_PER_SEC};
    for (int i = 0; i < entry.channels; i++) entry.levels[i] = info->volume.values[i];
    return entry;
}

/* The level that it begins with, which may be a lowered one that the server has remembered. */
static void take_level(struct streams *streams, struct stream *stream, const struct entry *now)
{
    uint32_t level = entry_level(now);
    struct stream *lowered = stream_find_lowered(streams->all, stream, now);
    if (lowered) {
        level = entry_level(&lowered->entry);
        lowered->restored = true;
    }
    stream_set_own(stream, now, level);
    if (streams->target > 0) note(streams);
    if (streams->step > 0 || lowered) apply(streams, stream);
}

static struct stream *take(struct streams *streams, const pa_sink_input_info *info, const struct entry *now)
{
    struct stream *stream = stream_new(now);
    stream->muted = info->mute;
    if (streams->listed && streams->pipewire) stream->begun = g_get_monotonic_time();
    g_ptr_array_add(streams->all, stream);
    take_level(streams, stream, now);
    stream_same_is_back(streams->all, now);
    return stream;
}

/* ---- a stream that is known ---- */

static bool is_up(const struct streams *streams)
{
    return streams->step == 0 && streams->ramp == 0;
}

/* From now on. A step that was asked for before this was known would stay. */
static void leave_alone(struct streams *streams, struct stream *stream, const struct entry *now)
{
    const pa_cvolume volume = volume_of(now, entry_level(now));
    stream->kept = true;
    note(streams);
    if (streams->asked > 1) set_level(streams, stream, &volume); /* one asks for this level */
}

/* A level that is not ours: remembered by the server, or set by the user. */
static void accept_level(struct streams *streams, struct stream *stream, const struct entry *now)
{
    if (stream->begun > 0 && g_get_monotonic_time() - stream->begun < YOUNG_MS * G_TIME_SPAN_MILLISECOND)
        take_level(streams, stream, now);
    else if (is_up(streams))
        stream_set_own(stream, now, entry_level(now));
    else
        leave_alone(streams, stream, now);
}

/* On PipeWire it may have other channels than before. */
static void take_channels(struct streams *streams, struct stream *stream, const struct entry *now)
{
    stream_set_channels(stream, now);
    if (streams->target > 0) note(streams);
    apply(streams, stream);
}

/* It has what was written last. What PipeWire remembered it has had before. */
static void settle_level(struct stream *stream)
{
    stream->ours = (struct steps){stream->written, stream->written};
    if (stream->written > 0) stream->begun = 0;
}

static void look_again(struct streams *streams, struct stream *stream, const struct entry *now)
{
    int step = stream_step(stream, now);
    if (stream->kept) return;
    if (step < 0)
        accept_level(streams, stream, now);
    else if (now->channels != stream->entry.channels)
        take_channels(streams, stream, now);
    else if (step == stream->written && streams->ramp == 0)
        settle_level(stream);
    else if (step > 0 && is_up(streams) && streams->check == 0)
        apply(streams, stream);
}

static void on_sink(pa_context *context, const pa_sink_info *info, int end, void *data)
{
    struct streams *streams = data;
    (void)context;
    for (guint i = 0; end == 0 && i < streams->all->len; i++) {
        struct stream *stream = stream_at(streams, i);
        if (stream->gone || stream->report.channels == 0 || stream->sink != info->index) continue;
        struct entry now = stream->report;
        stream->report = (struct entry){.channels = 0};
        stream_follow(stream, &now, pa_cvolume_max(&info->volume));
        if (!stream->noted && streams->target > 0) note(streams);
        look_again(streams, stream, &now);
        entry_finish(&now);
    }
    if (end != 0) done(streams);
}

/* Where levels are absolute, that of the device says whose change it is. */
static void report(struct streams *streams, struct stream *stream, const pa_sink_input_info *info,
                   const struct entry *now)
{
    stream->muted = info->mute;
    if (stream->begun > 0 && info->sink == PA_INVALID_INDEX) stream->begun = g_get_monotonic_time();
    if (!streams->absolute) {
        look_again(streams, stream, now);
        return;
    }
    entry_finish(&stream->report);
    stream->report = entry_copy(now);
    stream->sink = info->sink;
    count(streams, pa_context_get_sink_info_by_index(streams->context, info->sink, on_sink, streams));
}

static void on_stream(pa_context *context, const pa_sink_input_info *info, int end, void *data)
{
    struct streams *streams = data;
    (void)context;
    if (end != 0) {
        done(streams);
        return;
    }
    struct entry now = entry_of(streams, info);
    struct stream *known = stream_find(streams->all, info->index);
    if (!known && is_other(info) && entry_level(&now) > 0) /* PipeWire's have none at first */
        known = take(streams, info, &now);
    if (known) report(streams, known, info, &now);
    entry_finish(&now);
}

/* ---- what the server remembers ---- */

static void remember(struct streams *streams, const pa_ext_stream_restore_info *info)
{
    count(streams,
          pa_ext_stream_restore_write(streams->context, PA_UPDATE_REPLACE, info, 1, false, on_done, streams));
}

/* PipeWire does not say what it remembers: the level that a stream had when it ended. It takes no notice of
 * what it has been given before. */
static void remember_unseen(struct streams *streams, struct stream *stream)
{
    pa_ext_stream_restore_info info = {.name = stream->entry.group, .mute = stream->muted};
    const uint32_t level = entry_level(&stream->entry);
    if (!pa_channel_map_parse(&info.channel_map, stream->entry.map)) return;
    if (info.channel_map.channels != stream->entry.channels) return;
    info.volume = volume_of(&stream->entry, MAX(level, 1) - 1);
    remember(streams, &info);
    info.volume = volume_of(&stream->entry, level);
    remember(streams, &info);
    stream->restored = true;
}

static void mend(struct streams *streams, struct stream *stream, const pa_ext_stream_restore_info *info)
{
    uint32_t level = stream_remembered_level(stream);
    if (strcmp(stream->entry.group, info->name) != 0) return;
    if (level_step(level, pa_cvolume_max(&info->volume), LEVEL_LOWERED) < 0) return;
    pa_ext_stream_restore_info mended = *info;
    pa_cvolume_scale(&mended.volume, level);
    remember(streams, &mended);
    stream->restored = true;
}

static void on_remembered(pa_context *context, const pa_ext_stream_restore_info *info, int end, void *data)
{
    struct streams *streams = data;
    (void)context;
    for (guint i = 0; i < streams->all->len; i++) {
        struct stream *stream = stream_at(streams, i);
        if (stream->memory != STREAM_ASKED) continue;
        if (end == 0) {
            mend(streams, stream, info);
            continue;
        }
        stream->memory = STREAM_MENDED;
        if (streams->pipewire && stream->lowered) remember_unseen(streams, stream);
    }
    if (end == 0) return;
    note(streams);
    done(streams);
}

/* The level of a stream that has ended while it was lowered would be that of the application's next one. */
static void mend_memory(struct streams *streams)
{
    if (stream_ask_memory(streams->all, streams->address))
        count(streams, pa_ext_stream_restore_read(streams->context, on_remembered, streams));
}

static void lose(struct streams *streams, uint32_t index)
{
    struct stream *stream = stream_find(streams->all, index);
    if (!stream) return;
    stream->gone = true;
    mend_memory(streams);
    stream_forget_old(streams->all);
}

/* ---- the connection ---- */

static void on_event(pa_context *context, pa_subscription_event_type_t type, uint32_t index, void *data)
{
    struct streams *streams = data;
    if ((type & PA_SUBSCRIPTION_EVENT_TYPE_MASK) == PA_SUBSCRIPTION_EVENT_REMOVE)
        lose(streams, index);
    else
        count(streams, pa_context_get_sink_input_info(context, index, on_stream, streams));
}

static void on_list(pa_context *context, const pa_sink_input_info *info, int end, void *data)
{
    struct streams *streams = data;
    if (end != 0 && !streams->listed) {
        streams->listed = true;
        mend_memory(streams);
    }
    on_stream(context, info, end, data);
}

static void list(struct streams *streams)
{
    streams->unsure = false;
    count(streams, pa_context_get_sink_input_info_list(streams->context, on_list, streams));
}

/* Takes the server for this process. */
static bool claim(struct streams *streams, const pa_server_info *info)
{
    g_free(streams->address);
    streams->address = g_strdup(pa_context_get_server(streams->context));
    streams->server = info->cookie;
    streams->pipewire = strstr(info->server_name, "PipeWire") != NULL;
    if (streams->claim < 0) streams->claim = claim_server(info->cookie);
    streams->taken = streams->claim < 0;
    return !streams->taken;
}

/* Whether levels are absolute is the same for all devices of a server that can do so. */
static void on_kind(pa_context *context, const pa_sink_info *info, int end, void *data)
{
    struct streams *streams = data;
    if (end == 0) streams->absolute |= (info->flags & PA_SINK_FLAT_VOLUME) != 0;
    if (end == 0 || context != streams->context) return;
    count(streams, pa_context_subscribe(context, PA_SUBSCRIPTION_MASK_SINK_INPUT, on_done, streams));
    list(streams);
    done(streams);
}

static void on_server(pa_context *context, const pa_server_info *info, void *data)
{
    struct streams *streams = data;
    if (context != streams->context) return;
    if (!info || !claim(streams, info)) {
        pa_context_disconnect(context); /* and looked at again in a while */
        return;
    }
    count(streams, pa_context_get_sink_info_list(context, on_kind, streams));
    done(streams);
}

static gboolean connect_again(gpointer data);

static void settle(struct streams *streams, bool undone)
{
    if (streams->over) return;
    streams->over = true;
    if (undone) note(streams); /* nothing, but of other servers */
    streams->ops->settled(streams->data, undone);
}

static void say_missing(struct streams *streams)
{
    if (!streams->said_server && !streams->address && !streams->taken)
        streams->ops->say(streams->data,
                          "no sound server answers, so other programs' sound is left as it is");
    streams->said_server = true;
}

static void disconnect(struct streams *streams)
{
    for (guint i = 0; i < streams->all->len; i++) {
        struct stream *stream = stream_at(streams, i);
        stream->gone = true;
        if (stream->memory == STREAM_ASKED) stream->memory = STREAM_UNKNOWN; /* there will be no answer */
    }
    streams->asked = 0;
    streams->listed = false;
    if (streams->claim >= 0) close(streams->claim);
    streams->claim = -1;
    say_missing(streams);
    if (streams->ending)
        settle(streams, false);
    else if (streams->retry == 0)
        streams->retry = g_timeout_add(RETRY_MS, connect_again, streams);
}

static void on_state(pa_context *context, void *data)
{
    struct streams *streams = data;
    pa_context_state_t state = pa_context_get_state(context);
    if (context != streams->context) return; /* an earlier one */
    if (state == PA_CONTEXT_READY) {
        pa_context_set_subscribe_callback(context, on_event, streams);
        count(streams, pa_context_get_server_info(context, on_server, streams));
    } else if (!PA_CONTEXT_IS_GOOD(state)) {
        disconnect(streams);
    }
}

static void connect_to_server(struct streams *streams)
{
    streams->context = pa_context_new(pa_glib_mainloop_get_api(streams->loop), "stretchvoice");
    pa_context_set_state_callback(streams->context, on_state, streams);
    if (pa_context_connect(streams->context, NULL, PA_CONTEXT_NOAUTOSPAWN, NULL) < 0) disconnect(streams);
}

static gboolean connect_again(gpointer data)
{
    struct streams *streams = data;
    streams->retry = 0;
    pa_context_unref(streams->context);
    connect_to_server(streams);
    return G_SOURCE_REMOVE;
}

struct streams *streams_new(struct journal *journal, const struct streams_ops *ops, void *data)
{
    struct streams *streams = g_new0(struct streams, 1);
    streams->journal = journal;
    streams->ops = ops;
    streams->data = data;
    streams->claim = -1;
    streams->all = stream_read_all(journal);
    streams->loop = pa_glib_mainloop_new(NULL);
    connect_to_server(streams);
    return streams;
}

/* ---- down and up ---- */

static gboolean check_levels(gpointer data)
{
    struct streams *streams = data;
    streams->check = 0;
    if (streams->listed) list(streams);
    return G_SOURCE_REMOVE;
}

static gboolean move(gpointer data)
{
    struct streams *streams = data;
    if (streams->step != streams->target) streams->step += streams->step < streams->target ? 1 : -1;
    for (guint i = 0; streams->listed && i < streams->all->len; i++) apply(streams, stream_at(streams, i));
    if (streams->step != streams->target) return G_SOURCE_CONTINUE;
    streams->ramp = 0;
    if (streams->step == 0 && streams->check == 0)
        streams->check = g_timeout_add(CHECK_MS, check_levels, streams);
    return G_SOURCE_REMOVE;
}

static void go(struct streams *streams, int target, guint ms)
{
    g_clear_handle_id(&streams->ramp, g_source_remove);
    streams->target = target;
    if (streams->step != target) streams->ramp = g_timeout_add(ms / LEVEL_STEPS, move, streams);
}

void streams_lower(struct streams *streams)
{
    if (streams->target == LEVEL_STEPS || streams->ending || !note(streams)) return;
    g_clear_handle_id(&streams->check, g_source_remove);
    go(streams, LEVEL_STEPS, DOWN_MS);
}

void streams_raise(struct streams *streams)
{
    if (streams->target != 0) go(streams, 0, UP_MS);
}

/* ---- the end ---- */

static bool is_undone(const struct streams *streams)
{
    bool waits = !is_up(streams) || streams->asked > 0 || streams->check > 0;
    return streams->listed && !waits && stream_all_mended(streams->all, streams->address);
}

static void look_for_end(struct streams *streams)
{
    if (!streams->ending || streams->over || !is_undone(streams)) return;
    if (streams->unsure) {
        if (streams->check == 0) streams->check = g_timeout_add(CHECK_MS, check_levels, streams);
        return;
    }
    settle(streams, true);
}

/* A server that has come back since the last look is found, too. */
void streams_end(struct streams *streams)
{
    streams->ending = true;
    go(streams, 0, DOWN_MS);
    if (streams->retry > 0) {
        g_clear_handle_id(&streams->retry, g_source_remove);
        connect_again(streams);
    }
    look_for_end(streams);
}

unsigned streams_restored(const struct streams *streams)
{
    unsigned restored = 0;
    for (guint i = 0; i < streams->all->len; i++) restored += stream_at(streams, i)->restored;
    return restored;
}

bool streams_are_taken(const struct streams *streams)
{
    return streams->taken;
}

/* ---- calls ---- */

struct search {
    void (*found)(void *data, bool call);
    void *data;
    pa_context *context;
    bool call;
    int left; /* lists that have not come yet */
};

static void end_search(struct search *search)
{
    if (search->found) search->found(search->data, search->call);
    search->found = NULL;
}

static void end_list(struct search *search)
{
    if (--search->left == 0) end_search(search);
}

static void on_any_stream(pa_context *context, const pa_sink_input_info *info, int end, void *data)
{
    struct search *search = data;
    const char *role = info ? pa_proplist_gets(info->proplist, PA_PROP_MEDIA_ROLE) : NULL;
    (void)context;
    search->call |= role && strcmp(role, "phone") == 0;
    if (end != 0) end_list(search);
}

/* What records the sound of an output is no call. */
static void on_source(pa_context *context, const pa_source_info *info, int end, void *data)
{
    struct search *search = data;
    (void)context;
    search->call |= info && info->monitor_of_sink == PA_INVALID_INDEX && info->state == PA_SOURCE_RUNNING;
    if (end != 0) end_list(search);
}

static void on_search_state(pa_context *context, void *data)
{
    struct search *search = data;
    pa_context_state_t state = pa_context_get_state(context);
    if (!PA_CONTEXT_IS_GOOD(state)) end_search(search);
    if (state != PA_CONTEXT_READY) return;
    search->left = 2;
    pa_operation_unref(pa_context_get_sink_input_info_list(context, on_any_stream, search));
    pa_operation_unref(pa_context_get_source_info_list(context, on_source, search));
}

void streams_find_call(void (*found)(void *data, bool call), void *data)
{
    struct search *search = g_new0(struct search, 1);
    *search = (struct search){.found = found, .data = data};
    search->context = pa_context_new(pa_glib_mainloop_get_api(pa_glib_mainloop_new(NULL)), "stretchvoice");
    pa_context_set_state_callback(search->context, on_search_state, search);
    if (pa_context_connect(search->context, NULL, PA_CONTEXT_NOAUTOSPAWN, NULL) < 0) end_search(search);
}
