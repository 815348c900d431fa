/* A session on a bus of the test's own, what was asked of it, and what was heard of it. */
#ifndef TESTS_STAGE_H
#define TESTS_STAGE_H

#include "bus.h"
#include "control/mpris.h"
#include "control/mpris_private.h"

#define NAME MPRIS_ROOT ".stretchvoice"

struct stage {
    struct bus bus;
    struct mpris *mpris;
    guint subscription;
    GPtrArray *signals; /* char *, "Name (parameters)" */
    GString *commands;
    double db;
    bool leaves; /* at the first command */
};

static const struct mpris_state cobra = {
    .playback = MPRIS_PAUSED,
    .routine = "Middle back",
    .track = "Cobra",
    .step = 2,
    .jumps = 1,
    .length = 90 * G_USEC_PER_SEC,
    .position = 12500000,
    .can_next = true,
    .can_previous = true,
};

static void on_command(void *data, enum command_id id)
{
    struct stage *stage = data;
    g_string_append_printf(stage->commands, "%s ", command_row(id)->name);
    if (stage->leaves) g_clear_pointer(&stage->mpris, mpris_free);
}

static void on_volume(void *data, double db)
{
    struct stage *stage = data;
    stage->db = db;
}

static const struct mpris_ops ops = {on_command, on_volume};

static void on_signal(GDBusConnection *connection, const char *sender, const char *path,
                      const char *interface, const char *signal, GVariant *parameters, gpointer data)
{
    (void)connection, (void)sender, (void)path, (void)interface;
    struct stage *stage = data;
    g_autofree char *text = g_variant_print(parameters, TRUE);
    g_ptr_array_add(stage->signals, g_strconcat(signal, " ", text, NULL));
}

static inline void stage_init(struct stage *stage, const struct mpris_state *state)
{
    *stage = (struct stage){.db = 1};
    bus_init(&stage->bus);
    stage->signals = g_ptr_array_new_with_free_func(g_free);
    stage->commands = g_string_new(NULL);
    stage->subscription =
        g_dbus_connection_signal_subscribe(stage->bus.client, NAME, NULL, NULL, MPRIS_PATH, NULL,
                                           G_DBUS_SIGNAL_FLAGS_NONE, on_signal, stage, NULL);
    stage->mpris = mpris_new(&ops, stage);
    mpris_update(stage->mpris, state);
    bus_wait(&stage->bus, NAME, true);
}

static inline void stage_finish(struct stage *stage)
{
    g_dbus_connection_signal_unsubscribe(stage->bus.client, stage->subscription);
    mpris_free(stage->mpris);
    bus_wait(&stage->bus, NAME, false);
    bus_finish(&stage->bus);
    g_ptr_array_unref(stage->signals);
    g_string_free(stage->commands, TRUE);
}

static inline GVariant *stage_call(struct stage *stage, const char *interface, const char *method,
                                   GVariant *parameters, GError **error)
{
    return bus_call(&stage->bus, NAME, MPRIS_PATH, interface, method, parameters, error);
}

static inline GVariant *stage_ask(struct stage *stage, const char *interface, const char *method,
                                  GVariant *parameters)
{
    g_autoptr(GError) error = NULL;
    GVariant *answer = stage_call(stage, interface, method, parameters, &error);
    g_assert_no_error(error);
    return answer;
}

static inline void stage_tell(struct stage *stage, const char *interface, const char *method,
                              GVariant *parameters)
{
    g_autoptr(GVariant) answer = stage_ask(stage, interface, method, parameters);
    g_assert_cmpstr(g_variant_get_type_string(answer), ==, "()");
}

#endif
