#include "control/notification.h"
#include "bus.h"
#include <gio/gio.h>
#include <stdbool.h>

#define NAME "org.freedesktop.Notifications"
#define PATH "/org/freedesktop/Notifications"

enum { CLOSE_MS = 1000, DISMISSED = 2 };

struct notification {
    const struct notification_ops *ops;
    void *data;
    char *text, *button;
    GDBusConnection *bus;      /* NULL: not yet, or never */
    guint32 id;                /* 0: it is not shown, */
    bool asked;                /* or its number has not come yet */
    guint pressed, closed;     /* subscriptions */
    guint later;               /* fail_later() */
    GCancellable *cancellable; /* a cancelled callback must not use the struct */
};

static void fail(struct notification *notification)
{
    if (notification->ops->failed) notification->ops->failed(notification->data);
}

/* ---- what the user does ---- */

static void on_pressed(GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                       const char *signal, GVariant *parameters, gpointer data)
{
    struct notification *notification = data;
    guint32 id;
    (void)bus, (void)sender, (void)path, (void)interface, (void)signal;
    if (!g_variant_is_of_type(parameters, G_VARIANT_TYPE("(us)"))) return;
    g_variant_get_child(parameters, 0, "u", &id);
    if (id == notification->id && id && notification->ops->pressed)
        notification->ops->pressed(notification->data);
}

static void on_closed(GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                      const char *signal, GVariant *parameters, gpointer data)
{
    struct notification *notification = data;
    guint32 id, reason;
    (void)bus, (void)sender, (void)path, (void)interface, (void)signal;
    if (!g_variant_is_of_type(parameters, G_VARIANT_TYPE("(uu)"))) return;
    g_variant_get(parameters, "(uu)", &id, &reason);
    if (id != notification->id || !id) return;
    notification->id = 0;
    if (reason == DISMISSED && notification->ops->dismissed) notification->ops->dismissed(notification->data);
}

/* ---- showing ---- */

static void on_shown(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) answer = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);
    struct notification *notification = data;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) return;
    notification->asked = false;
    if (answer)
        g_variant_get(answer, "(u)", &notification->id);
    else
        fail(notification);
}

static guint subscribe(struct notification *notification, const char *signal, GDBusSignalCallback callback)
{
    return g_dbus_connection_signal_subscribe(notification->bus, NAME, NAME, signal, PATH, NULL,
                                              G_DBUS_SIGNAL_FLAGS_NONE, callback, notification, NULL);
}

/* It stays until it is taken away. A desktop without buttons answers to a click on the notification, which is
 * the action "default". The summary is never markup. */
static void show(struct notification *notification)
{
    const char *const actions[] = {"default", notification->button, "start", notification->button, NULL};
    g_dbus_connection_set_exit_on_close(notification->bus, FALSE);
    notification->pressed = subscribe(notification, "ActionInvoked", on_pressed);
    notification->asked = true;
    notification->closed = subscribe(notification, "NotificationClosed", on_closed);
    g_dbus_connection_call(notification->bus, NAME, PATH, NAME, "Notify",
                           g_variant_new("(susss^asa{sv}i)", "stretchvoice", 0, "appointment-soon",
                                         notification->text, "", actions, NULL, 0),
                           G_VARIANT_TYPE("(u)"), G_DBUS_CALL_FLAGS_NONE, -1, notification->cancellable,
                           on_shown, notification);
}

static void on_connected(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDBusConnection) bus = g_dbus_connection_new_for_address_finish(result, &error);
    struct notification *notification = data;
    (void)source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) return;
    notification->bus = g_steal_pointer(&bus);
    if (notification->bus)
        show(notification);
    else
        fail(notification);
}

static gboolean fail_later(gpointer data)
{
    struct notification *notification = data;
    notification->later = 0;
    fail(notification);
    return G_SOURCE_REMOVE;
}

struct notification *notification_new(const char *text, const char *button,
                                      const struct notification_ops *ops, void *data)
{
    const GDBusConnectionFlags flags =
        G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
    g_autofree char *address = bus_address();
    struct notification *notification = g_new0(struct notification, 1);
    notification->ops = ops;
    notification->data = data;
    notification->text = g_strdup(text);
    notification->button = g_strdup(button);
    notification->cancellable = g_cancellable_new();
    if (address)
        g_dbus_connection_new_for_address(address, flags, NULL, notification->cancellable, on_connected,
                                          notification);
    else
        notification->later = g_idle_add(fail_later, notification);
    return notification;
}

/* ---- the end ---- */

static gboolean go_on(gpointer data)
{
    (void)data;
    return G_SOURCE_CONTINUE;
}

/* Without its number it could not be taken away, and would stay for ever. */
static void wait_for_number(struct notification *notification)
{
    static const struct notification_ops none = {.pressed = NULL};
    gint64 deadline = g_get_monotonic_time() + (gint64)CLOSE_MS * G_TIME_SPAN_MILLISECOND;
    guint timer = g_timeout_add(CLOSE_MS, go_on, NULL);
    notification->ops = &none;
    while (notification->asked && g_get_monotonic_time() < deadline) g_main_context_iteration(NULL, TRUE);
    g_source_remove(timer);
}

/* The program may end just after it, so the call is waited for. */
static void take_away(const struct notification *notification)
{
    GVariant *answer = g_dbus_connection_call_sync(notification->bus, NAME, PATH, NAME, "CloseNotification",
                                                   g_variant_new("(u)", notification->id), NULL,
                                                   G_DBUS_CALL_FLAGS_NO_AUTO_START, CLOSE_MS, NULL, NULL);
    if (answer) g_variant_unref(answer);
}

void notification_free(struct notification *notification)
{
    if (!notification) return;
    if (notification->asked) wait_for_number(notification);
    g_cancellable_cancel(notification->cancellable);
    g_object_unref(notification->cancellable);
    if (notification->later) g_source_remove(notification->later);
    if (notification->bus && notification->id) take_away(notification);
    if (notification->pressed) g_dbus_connection_signal_unsubscribe(notification->bus, notification->pressed);
    if (notification->closed) g_dbus_connection_signal_unsubscribe(notification->bus, notification->closed);
    g_clear_object(&notification->bus);
    g_free(notification->text);
    g_free(notification->button);
    g_free(notification);
}
