#include "sources.h"

#include <glib.h>
#include <pulse/pulseaudio.h>
#include <stdbool.h>
#include <string.h>

enum { PATIENCE_MS = 500, TURN_US = 50000 };

struct search {
    char usual[SOURCE_NAME], other[SOURCE_NAME], shown[SOURCE_NAME];
    bool is_headset, done;
};

static bool is_bluetooth(const pa_proplist *properties)
{
    const char *bus = pa_proplist_gets(properties, PA_PROP_DEVICE_BUS),
               *api = pa_proplist_gets(properties, "device.api");
    return (bus && strcmp(bus, "bluetooth") == 0) || (api && g_str_has_prefix(api, "bluez"));
}

static void on_source(pa_context *context, const pa_source_info *source, int end, void *data)
{
    struct search *search = data;
    (void)context;
    if (end || !source) {
        search->done = true;
        return;
    }
    const bool bluetooth = is_bluetooth(source->proplist);
    if (strcmp(source->name, search->usual) == 0) search->is_headset = bluetooth;
    if (bluetooth || *search->other || source->monitor_of_sink != PA_INVALID_INDEX) return;
    g_strlcpy(search->other, source->name, sizeof search->other);
    g_strlcpy(search->shown, source->description ? source->description : source->name, sizeof search->shown);
}

static void on_server(pa_context *context, const pa_server_info *server, void *data)
{
    struct search *search = data;
    if (server && server->default_source_name)
        g_strlcpy(search->usual, server->default_source_name, sizeof search->usual);
    pa_operation *operation = pa_context_get_source_info_list(context, on_source, search);
    if (operation)
        pa_operation_unref(operation);
    else
        search->done = true;
}

static void on_state(pa_context *context, void *data)
{
    struct search *search = data;
    const pa_context_state_t state = pa_context_get_state(context);
    if (state == PA_CONTEXT_FAILED || state == PA_CONTEXT_TERMINATED) search->done = true;
    if (state != PA_CONTEXT_READY) return;
    pa_operation *operation = pa_context_get_server_info(context, on_server, search);
    if (operation)
        pa_operation_unref(operation);
    else
        search->done = true;
}

static void run(pa_mainloop *loop, const struct search *search)
{
    const gint64 deadline = g_get_monotonic_time() + PATIENCE_MS * G_TIME_SPAN_MILLISECOND;
    while (!search->done && g_get_monotonic_time() < deadline) {
        if (pa_mainloop_prepare(loop, TURN_US) < 0 || pa_mainloop_poll(loop) < 0) return;
        pa_mainloop_dispatch(loop);
    }
}

enum choice_of sources_choose(char name[SOURCE_NAME], char shown[SOURCE_NAME])
{
    struct search search = {.done = false};
    pa_mainloop *loop = pa_mainloop_new();
    pa_context *context = pa_context_new(pa_mainloop_get_api(loop), "stretchvoice");
    pa_context_set_state_callback(context, on_state, &search);
    if (pa_context_connect(context, NULL, PA_CONTEXT_NOAUTOSPAWN, NULL) >= 0) run(loop, &search);
    pa_context_disconnect(context);
    pa_context_unref(context);
    pa_mainloop_free(loop);
    *name = *shown = '\0';
    if (!search.is_headset) return CHOICE_USUAL;
    g_strlcpy(name, search.other, SOURCE_NAME);
    g_strlcpy(shown, search.shown, SOURCE_NAME);
    return *name ? CHOICE_OTHER : CHOICE_HEADSET;
}
