#include "interrupt.h"
#include "base/cleanup.h"
#include <glib-unix.h>
#include <signal.h>
#include <stdbool.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

struct noted {
    struct interrupt *interrupt;
    int signal;
};

static gboolean note(gpointer data)
{
    const struct noted *noted = data;
    struct interrupt *interrupt = noted->interrupt;
    if (interrupt->signal == 0) interrupt->signal = noted->signal;
    if (interrupt->came) interrupt->came(interrupt->data);
    return G_SOURCE_CONTINUE;
}

void interrupt_init(struct interrupt *interrupt)
{
    *interrupt = (struct interrupt){0};
    for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
        struct sigaction now;
        if (signals[i] == SIGHUP && sigaction(SIGHUP, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
            continue; /* by nohup */
        struct noted *noted = g_new(struct noted, 1);
        *noted = (struct noted){interrupt, signals[i]};
        interrupt->sources[i] = g_unix_signal_add_full(G_PRIORITY_HIGH, signals[i], note, noted, g_free);
        cleanup_deadly_next(signals[i]); /* a second one ends the program, even if the main loop is stuck */
    }
}

void interrupt_finish(struct interrupt *interrupt)
{
    for (gsize i = 0; i < G_N_ELEMENTS(signals); i++)
        if (interrupt->sources[i]) g_source_remove(interrupt->sources[i]);
    cleanup_watch(); /* but for those that another source waits for */
}

int interrupt_poll(struct interrupt *interrupt)
{
    while (g_main_context_iteration(NULL, FALSE))
        ;
    return interrupt->signal;
}
