#include "helper.h"
#include "sound/output.h"

#include <poll.h>
#include <unistd.h>

enum { LIST_MS = 5000 };

/* One message; false with `error` if none came in time. */
static bool receive(int control, gint64 deadline, struct message *message, GError **error)
{
    struct pollfd fd = {.fd = control, .events = POLLIN};
    gint64 left = MAX(deadline - g_get_monotonic_time(), 0) / 1000;
    if (poll(&fd, 1, (int)left) == 0) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "the sound server does not answer");
        return false;
    }
    if (message_receive(control, message, MSG_DONTWAIT)) return true;
    if (errno == EAGAIN || errno == EINTR) return receive(control, deadline, message, error);
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the sound program ended unexpectedly");
    return false;
}

/* Only the first of a name can be chosen by it. */
static void add_name(GPtrArray *names, int *fallback, const struct message *message)
{
    if (g_ptr_array_find_with_equal_func(names, message->text, g_str_equal, NULL)) return;
    bool first = message->kind == MESSAGE_DEFAULT;
    if (first) *fallback = 0;
    g_ptr_array_insert(names, first ? 0 : -1, g_utf8_make_valid(message->text, -1));
}

static bool collect(int control, GPtrArray *names, int *fallback, GError **error)
{
    gint64 deadline = g_get_monotonic_time() + LIST_MS * 1000;
    struct message message;
    while (receive(control, deadline, &message, error)) {
        if (message.kind == MESSAGE_LISTED) return true;
        add_name(names, fallback, &message);
    }
    return false;
}

GPtrArray *output_list(const char *program, int *fallback, GError **error)
{
    int control;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GSubprocess) process =
        helper_spawn(program, NULL, &(struct message){.kind = MESSAGE_LIST}, &control, error);
    *fallback = -1;
    if (!process) return NULL;
    bool complete = collect(control, names, fallback, error);
    g_subprocess_force_exit(process);
    close(control);
    if (!complete) return NULL;
    g_ptr_array_add(names, g_strdup("null"));
    g_ptr_array_add(names, g_strdup("null:fast"));
    return g_steal_pointer(&names);
}
