#include "streams.h"
#include "level.h"

#include <pulse/ext-stream-restore.h>
#include <pulse/glib-mainloop.h>
#include <pulse/pulseaudio.h>
#include <string.h>

#define KIND "stream"

enum {
    DOWN_MS = 250,  /* the way down, and the way up at the end */
    UP_MS = 1000,   /* the way up */
    CHECK_MS = 300, /* after it: PipeWire says later what a level is */
    RETRY_MS = 1000,
    YOUNG_MS = 500,   /* PipeWire sets the level that it remembers when a stream has begun */
    MOST_ASKED = 256, /* operations that a frozen server has not done */
    MOST_GONE = 64,
};

/* A stream that is there, or has been: what an application played last is remembered with its level. */
struct stream {
    uint32_t server, index; /* the server's numbers */
    char *process, *application;
    char *group;       /* by which the server remembers levels; NULL: it does not */
    uint32_t level;    /* without words: of its loudest channel, */
    pa_cvolume volume; /* and of each; without channels if it is from the journal */
    pa_channel_map map;
    int64_t begun; /* on PipeWire, if it was not there before; microseconds */
    bool noted;    /* its level is on disk */
    bool kept;     /* the user has changed its level while it was lowered */
    bool lowered;  /* at least once */
    bool muted;
    bool gone;
    enum { UNKNOWN, ASKED, MENDED } memory; /* of the server, of a stream that is gone */
};

struct streams {
    struct journal *journal;
    void (*settled)(void *data, bool undone);
    void *data;
    pa_glib_mainloop *loop;
    pa_context *context;
    uint32_t server;
    bool pipewire;
    bool listed;
    GPtrArray *all;   /* struct stream * */
    int step, target; /* 0: up, LEVEL_STEPS: down */
    guint ramp, check, retry;
    guint asked; /* operations under way */
    bool unsure; /* a level has been set, and not been looked at since */
    bool ending, over;
    unsigned restored;
};

static void free_stream(gpointer data)
{
    struct stream *stream = data;
    g_free(stream->process);
    g_free(stream->application);
    g_free(stream->group);
    g_free(stream);
}

static struct stream *stream_at(const struct streams *streams, guint i)
{
    return g_ptr_array_index(streams->all, i);
}

static struct stream *find(const struct streams *streams, uint32_t index)
{
    for (guint i = 0; i < streams->all->len; i++)
        if (stream_at(streams, i)->index == index && !stream_at(streams, i)->gone)
            return stream_at(streams, i);
    return NULL;
}

/* ---- the journal ---- */

static bool is_to_be_undone(const struct stream *stream)
{
    return !stream->kept && (!stream->gone || stream->memory != MENDED);
}

static void write_stream(GKeyFile *file, const struct stream *stream, guint number)
{
    g_autofree char *group = g_strdup_printf(KIND " %u", number);
    g_key_file_set_uint64(file, group, "server", stream->server);
    g_key_file_set_uint64(file, group, "index", stream->index);
    g_key_file_set_string(file, group, "process", stream->process);
    g_key_file_set_string(file, group, "application", stream->application);
    if (stream->group) g_key_file_set_string(file, group, "group", stream->group);
    g_key_file_set_uint64(file, group, "level", stream->level);
}

/* What may be changed now, or is still to be undone. */
static bool note(const struct streams *streams)
{
    journal_clear(streams->journal, KIND);
    for (guint i = 0; i < streams->all->len; i++)
        if (is_to_be_undone(stream_at(streams, i)))
            write_stream(streams->journal->file, stream_at(streams, i), i + 1);
    bool saved = journal_save(streams->journal);
    for (guint i = 0; saved && i < streams->all->len; i++) stream_at(streams, i)->noted = true;
    return saved;
}

static void read_journal(const struct streams *streams)
{
    GKeyFile *file = streams->journal->file;
    g_auto(GStrv) groups = journal_groups(streams->journal, KIND);
    for (char **group = groups; *group; group++) {
        struct stream *stream = g_new0(struct stream, 1);
        stream->server = (uint32_t)g_key_file_get_uint64(file, *group, "server", NULL);
        stream->index = (uint32_t)g_key_file_get_uint64(file, *group, "index", NULL);
        stream->level = (uint32_t)MIN(g_key_file_get_uint64(file, *group, "level", NULL), PA_VOLUME_MAX);
        stream->process = g_key_file_get_string(file, *group, "process", NULL);
        stream->application = g_key_file_get_string(file, *group, "application", NULL);
        stream->group = g_key_file_get_string(file, *group, "group", NULL);
        stream->gone = true;
        g_ptr_array_add(streams->all, stream);
    }
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

/* `volume`, brought to another level. */
static pa_cvolume scaled(const pa_cvolume *volume, uint32_t level)
{
    pa_cvolume result = *volume;
    pa_cvolume_scale(&result, level);
    return result;
}

static void set_level(struct streams *streams, const struct stream *stream, const pa_cvolume *volume)
{
    count(streams,
          pa_context_set_sink_input_volume(streams->context, stream->index, volume, on_done, streams));
}

static void apply(struct streams *streams, struct stream *stream)
{
    if (stream->gone || stream->kept || streams->asked > MOST_ASKED) return;
    if (streams->step > 0 && !stream->noted) return;
    const pa_cvolume volume = scaled(&stream->volume, level_at(stream->level, streams->step));
    stream->lowered |= streams->step > 0;
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
    return !ours && !is_of_server(info) && info->has_volume && info->volume_writable;
}

/* Another stream whose lowered level this one has: because it is the same, or because the server has
 * remembered the level. */
static const struct stream *find_lowered(const struct streams *streams, const struct stream *of,
                                         const pa_sink_input_info *info)
{
    const char *group = property(info, "module-stream-restore.id");
    for (guint i = 0; i < streams->all->len; i++) {
        const struct stream *stream = stream_at(streams, i);
        bool is_same = stream->gone && stream->server == streams->server && stream->index == info->index &&
                       g_strcmp0(stream->process, property(info, PA_PROP_APPLICATION_PROCESS_ID)) == 0;
        bool is_alike = stream->group && strcmp(stream->group, group) == 0;
        bool is_low = level_step(stream->level, pa_cvolume_max(&info->volume)) > 0;
        if (stream != of && !stream->kept && (is_same || is_alike) && is_low) return stream;
    }
    return NULL;
}

/* The level that it begins with, which may be a lowered one that the server has remembered. */
static void take_level(struct streams *streams, struct stream *stream, const pa_sink_input_info *info)
{
    const struct stream *lowered = find_lowered(streams, stream, info);
    stream->level = lowered ? lowered->level : pa_cvolume_max(&info->volume);
    stream->volume = scaled(&info->volume, stream->level);
    stream->noted = false;
    if (lowered) streams->restored++;
    if (streams->target > 0) note(streams);
    if (streams->step > 0 || lowered) apply(streams, stream);
}

static void take(struct streams *streams, const pa_sink_input_info *info)
{
    const char *group = property(info, "module-stream-restore.id");
    struct stream *stream = g_new0(struct stream, 1);
    *stream = (struct stream){
        .server = streams->server,
        .index = info->index,
        .process = g_strdup(property(info, PA_PROP_APPLICATION_PROCESS_ID)),
        .application = g_strdup(property(info, PA_PROP_APPLICATION_NAME)),
        .group = *group ? g_strdup(group) : NULL,
        .map = info->channel_map,
        .muted = info->mute,
        .begun = streams->listed && streams->pipewire ? g_get_monotonic_time() : 0,
    };
    g_ptr_array_add(streams->all, stream);
    take_level(streams, stream, info);
}

/* ---- a stream that is known ---- */

/* By how many steps it is lowered; -1: its level is the user's. */
static int step_of(const struct stream *stream, const pa_cvolume *now)
{
    for (int step = 0; step <= LEVEL_STEPS; step++) {
        const pa_cvolume ours = scaled(&stream->volume, level_at(stream->level, step));
        bool is_ours = now->channels == ours.channels;
        for (int i = 0; is_ours && i < now->channels; i++) is_ours = level_is(now->values[i], ours.values[i]);
        if (is_ours) return step;
    }
    return -1;
}

static bool is_up(const struct streams *streams)
{
    return streams->step == 0 && streams->ramp == 0;
}

/* From now on. A step that was asked for before this was known would stay. */
static void leave_alone(struct streams *streams, struct stream *stream, const pa_sink_input_info *info)
{
    stream->kept = true;
    note(streams);
    if (streams->asked > 1) set_level(streams, stream, &info->volume); /* one asks for this level */
}

static void look_again(struct streams *streams, struct stream *stream, const pa_sink_input_info *info)
{
    int step = stream->kept ? 0 : step_of(stream, &info->volume);
    stream->muted = info->mute;
    bool young = g_get_monotonic_time() - stream->begun < YOUNG_MS * G_TIME_SPAN_MILLISECOND;
    if (step < 0 && (is_up(streams) || young)) {
        take_level(streams, stream, info);
    } else if (step < 0) {
        leave_alone(streams, stream, info);
    } else if (step > 0 && is_up(streams) && streams->check == 0) {
        apply(streams, stream);
    }
}

static void on_stream(pa_context *context, const pa_sink_input_info *info, int end, void *data)
{
    struct streams *streams = data;
    (void)context;
    if (end != 0) {
        done(streams);
        return;
    }
    struct stream *known = find(streams, info->index);
    if (known)
        look_again(streams, known, info);
    else if (is_other(info) && pa_cvolume_max(&info->volume) > 0) /* PipeWire's have none at first */
        take(streams, info);
}

/* ---- what the server remembers ---- */

static void remember(struct streams *streams, const pa_ext_stream_restore_info *info)
{
    count(streams,
          pa_ext_stream_restore_write(streams->context, PA_UPDATE_REPLACE, info, 1, false, on_done, streams));
}

/* PipeWire does not say what it remembers: the level that a stream had when it ended. It takes no notice of
 * what it has been given before. */
static void remember_unseen(struct streams *streams, const struct stream *stream)
{
    pa_ext_stream_restore_info info = {
        .name = stream->group, .channel_map = stream->map, .mute = stream->muted};
    info.volume = scaled(&stream->volume, MAX(stream->level, 1) - 1);
    remember(streams, &info);
    info.volume = stream->volume;
    remember(streams, &info);
}

static void on_remembered(pa_context *context, const pa_ext_stream_restore_info *info, int end, void *data)
{
    struct streams *streams = data;
    (void)context;
    for (guint i = 0; i < streams->all->len; i++) {
        struct stream *stream = stream_at(streams, i);
        if (stream->memory != ASKED) continue;
        if (end != 0) {
            stream->memory = MENDED;
            if (streams->pipewire && stream->lowered) remember_unseen(streams, stream);
        } else if (strcmp(stream->group, info->name) == 0 &&
                   level_step(stream->level, pa_cvolume_max(&info->volume)) > 0) {
            pa_ext_stream_restore_info mended = *info;
            mended.volume = scaled(&info->volume, stream->level);
            remember(streams, &mended);
            break;
        }
    }
    if (end == 0) return;
    note(streams);
    done(streams);
}

/* The level of a stream that has ended while it was lowered would be that of the application's next one. */
static void mend_memory(struct streams *streams)
{
    bool any = false;
    for (guint i = 0; i < streams->all->len; i++) {
        struct stream *stream = stream_at(streams, i);
        if (!stream->gone || stream->memory != UNKNOWN) continue;
        stream->memory = stream->group && !stream->kept ? ASKED : MENDED;
        any |= stream->memory == ASKED;
    }
    if (any) count(streams, pa_ext_stream_restore_read(streams->context, on_remembered, streams));
}

/* The oldest are forgotten of those that are gone. */
static void forget_old(const struct streams *streams)
{
    guint gone = 0;
    for (guint i = streams->all->len; i-- > 0;) {
        gone += stream_at(streams, i)->gone;
        if (stream_at(streams, i)->memory == MENDED && gone > MOST_GONE)
            g_ptr_array_remove_index(streams->all, i);
    }
}

static void lose(struct streams *streams, uint32_t index)
{
    struct stream *stream = find(streams, index);
    if (!stream) return;
    stream->gone = true;
    mend_memory(streams);
    forget_old(streams);
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

static void on_server(pa_context *context, const pa_server_info *info, void *data)
{
    struct streams *streams = data;
    if (info) streams->server = info->cookie;
    if (info) streams->pipewire = strstr(info->server_name, "PipeWire") != NULL;
    count(streams, pa_context_subscribe(context, PA_SUBSCRIPTION_MASK_SINK_INPUT, on_done, streams));
    list(streams);
    done(streams);
}

static gboolean connect_again(gpointer data);

static void settle(struct streams *streams, bool undone)
{
    if (streams->over) return;
    streams->over = true;
    streams->settled(streams->data, undone);
}

static void disconnect(struct streams *streams)
{
    for (guint i = 0; i < streams->all->len; i++) {
        struct stream *stream = stream_at(streams, i);
        stream->gone = true;
        if (stream->memory == ASKED) stream->memory = UNKNOWN; /* there will be no answer */
    }
    streams->asked = 0;
    streams->listed = false;
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

struct streams *streams_new(struct journal *journal, void (*settled)(void *data, bool undone), void *data)
{
    struct streams *streams = g_new0(struct streams, 1);
    streams->journal = journal;
    streams->settled = settled;
    streams->data = data;
    streams->all = g_ptr_array_new_with_free_func(free_stream);
    read_journal(streams);
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
    for (guint i = 0; i < streams->all->len; i++)
        waits |= stream_at(streams, i)->gone && stream_at(streams, i)->memory != MENDED;
    return streams->listed && !waits;
}

static void look_for_end(struct streams *streams)
{
    if (!streams->ending || streams->over || !is_undone(streams)) return;
    if (streams->unsure) {
        if (streams->check == 0) streams->check = g_timeout_add(CHECK_MS, check_levels, streams);
        return;
    }
    journal_clear(streams->journal, KIND);
    journal_save(streams->journal);
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
    return streams->restored;
}
