#include "host_private.h"
#include <signal.h>

enum {
    HURRY_MS =
        100, /* for the words that answer a command to be spoken, before the session goes on without them; */
    TELL_MS = 1000, /* and for it to be told all the same that the command has been carried out */
    STOP_MS = 500,  /* for the last fade to be heard; a frozen sound server is not waited for */
};

/* The words for a command are late: the session does not wait for them. */
static gboolean stop_hurrying(gpointer data)
{
    struct host *host = data;
    host->hurry_timer = 0;
    session_lift_limit(host->session);
    host_refill(host);
    return G_SOURCE_REMOVE;
}

static gboolean tell(gpointer data)
{
    struct host *host = data;
    g_clear_handle_id(&host->tell_timer, g_source_remove);
    host->untold = false;
    host->options.ops.carried_out(host->options.data);
    return G_SOURCE_REMOVE;
}

void host_tell_carried_out(struct host *host)
{
    if (session_pull_limited(host->session) && host->hurry_timer == 0)
        host->hurry_timer = g_timeout_add(HURRY_MS, stop_hurrying, host);
    if (!host->untold || host->commands->len > 0) return;
    if (session_changes_done(host->session))
        tell(host);
    else if (host->tell_timer == 0)
        host->tell_timer = g_timeout_add(TELL_MS, tell, host);
}

void host_interrupt(struct host *host)
{
    host_finish(host, EXIT_SIGNAL + SIGHUP);
}

static gboolean stop_waiting(gpointer data)
{
    struct host *host = data;
    host->stop_timer = 0;
    host_finish(host, EXIT_DONE);
    return G_SOURCE_REMOVE;
}

static void carry_out(struct host *host, struct command command)
{
    host_end_rest(host); /* its answer is not cut off */
    session_command(host->session, command);
    if (!host->released || host->opening || session_over(host->session)) return;
    host->opening = true;
    output_open(host->output);
}

/* Carried out at the frame that was heard last, in the order in which they came. */
void host_carry_out(struct host *host)
{
    uint64_t heard;
    if (!ring_flushed(output_ring(host->output), &heard)) return;
    session_rewind(host->session, heard);
    if (host->commands->len > 0) sleep_watch_slept(&host->sleep); /* whoever gives orders is awake */
    if (host->slept) session_pause(host->session, PHRASE_SLEPT);
    host->slept = false;
    for (guint i = 0; i < host->commands->len; i++)
        carry_out(host, g_array_index(host->commands, struct command, i));
    host->untold |= host->commands->len > 0;
    g_array_set_size(host->commands, 0);
}

void host_command(struct host *host, struct command command)
{
    if (host->over) return;
    g_array_append_val(host->commands, command);
    if (command.id == COMMAND_STOP && host->stop_timer == 0)
        host->stop_timer = g_timeout_add(host->lost ? 0 : STOP_MS, stop_waiting, host);
    output_flush(host->output);
}
