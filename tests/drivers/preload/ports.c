/* Preloaded into the sound program: each device of the sound server seems to have a port, as that of a laptop
 * has one for headphones. The file $PORT holds its name. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pulse/introspect.h>
#include <stdio.h>
#include <stdlib.h>

static pa_sink_info_cb_t told;

static void on_sink(pa_context *context, const pa_sink_info *sink, int end, void *data)
{
    char name[100] = "";
    FILE *file = fopen(getenv("PORT"), "r");
    if (file && !fgets(name, sizeof name, file)) name[0] = '\0';
    if (file) fclose(file);
    pa_sink_port_info port = {.name = name, .description = name};
    pa_sink_info with_port = sink ? *sink : (pa_sink_info){0};
    with_port.active_port = &port;
    told(context, sink ? &with_port : NULL, end, data);
}

pa_operation *pa_context_get_sink_info_by_index(pa_context *context, uint32_t index, pa_sink_info_cb_t tell,
                                                void *data)
{
    pa_operation *(*real)(pa_context *, uint32_t, pa_sink_info_cb_t, void *);
    *(void **)&real = dlsym(RTLD_NEXT, "pa_context_get_sink_info_by_index");
    told = tell;
    return real(context, index, on_sink, data);
}
