/* The output that is a program of its own: stretchvoice-sound, and through it whatever PortAudio knows. */
#include "backend.h"
#include "helper.h"

#include <glib-unix.h>
#include <unistd.h>

/* For a helper to end by itself. */
enum { LEAVE_MS = 2000 };

struct helper {
    struct backend_host host;
    GSubprocess *process;
    int control;
    bool leaves; /* by itself, when `control` is closed */
    guint source;
    GError *error; /* it could not be started */
};

static void report(const struct helper *helper, enum backend_news news, const char *text)
{
    helper->host.report(helper->host.data, &(struct backend_report){.news = news, .text = text});
}

static void report_started(const struct helper *helper, const struct message *message)
{
    const struct backend_report started = {BACKEND_STARTED, message->text, message->latency, message->tail};
    helper->host.report(helper->host.data, &started);
}

static gboolean on_message(int fd, GIOCondition condition, gpointer data)
{
    struct helper *helper = data;
    struct message message;
    (void)condition;
    if (!message_receive(fd, &message, MSG_DONTWAIT)) {
        if (errno == EAGAIN || errno == EINTR) return G_SOURCE_CONTINUE;
        report(helper, BACKEND_STOPPED, "the sound program ended unexpectedly");
    } else if (message.kind == MESSAGE_STARTED) {
        helper->leaves = message.leaves;
        report_started(helper, &message);
    } else if (message.kind == MESSAGE_REFUSED) {
        report(helper, BACKEND_REFUSED, message.text);
    } else {
        report(helper, BACKEND_STOPPED, "the output is gone");
    }
    return G_SOURCE_CONTINUE; /* the source is gone if the backend has been stopped */
}

static gboolean on_no_program(gpointer data)
{
    struct helper *helper = data;
    helper->source = 0;
    report(helper, BACKEND_REFUSED, helper->error->message);
    return G_SOURCE_REMOVE;
}

static void *start(const struct backend_host *host)
{
    struct helper *helper = g_new0(struct helper, 1);
    struct message request = {.kind = MESSAGE_PLAY};
    g_strlcpy(request.text, host->device, sizeof request.text);
    helper->host = *host;
    helper->process = helper_spawn(host->program, host->ring, &request, &helper->control, &helper->error);
    helper->source = helper->process ? g_unix_fd_add(helper->control, G_IO_IN | G_IO_HUP, on_message, helper)
                                     : g_idle_add(on_no_program, helper);
    return helper;
}

static gboolean kill_late(gpointer process)
{
    g_subprocess_force_exit(process);
    return G_SOURCE_REMOVE;
}

/* Killed, not asked: it may be in a call that never returns, and nothing of it is worth waiting for. One that
 * has to take leave of its server is given the time, while we go on. */
static void stop(void *data)
{
    struct helper *helper = data;
    if (helper->source) g_source_remove(helper->source);
    if (helper->process) {
        if (helper->leaves)
            g_timeout_add_full(G_PRIORITY_DEFAULT, LEAVE_MS, kill_late, g_object_ref(helper->process),
                               g_object_unref);
        else
            g_subprocess_force_exit(helper->process);
        g_object_unref(helper->process);
        close(helper->control);
    }
    g_clear_error(&helper->error);
    g_free(helper);
}

const struct backend backend_helper = {"", start, stop};
