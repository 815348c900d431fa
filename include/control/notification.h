/* A notification of the desktop, with a button (org.freedesktop.Notifications 1.2). Runs on the default main
 * context; nothing waits, but for notification_free(), which may take two seconds, in which the context runs.
 */
#ifndef CONTROL_NOTIFICATION_H
#define CONTROL_NOTIFICATION_H

#include <glib.h>

struct notification;

/* Each at most once; any may be NULL. None may free the notification. */
struct notification_ops {
    void (*pressed)(void *data);   /* the button, or the notification itself */
    void (*dismissed)(void *data); /* it was closed by the user */
    void (*failed)(void *data);    /* nothing shows notifications here */
};

/* `text` and `button` are plain text, copied. */
struct notification *notification_new(const char *text, const char *button,
                                      const struct notification_ops *ops, void *data);

/* Takes it away. NULL is fine. */
void notification_free(struct notification *notification);

#endif
