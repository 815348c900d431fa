#include "base/lastly.h"
#include <glib.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

enum { ENTRIES = 8 };

struct entry {
    void *data;
    /* NULL: free. Set last and cleared first, since a signal comes at any time. */
    void (*_Atomic undo)(void *data);
};

static struct {
    pid_t owner;
    struct entry entries[ENTRIES];
} lastly;

static void undo_and_die(int signal)
{
    for (int i = 0; i < ENTRIES && lastly.owner == getpid(); i++) {
        void (*undo)(void *data) = lastly.entries[i].undo;
        if (undo) undo(lastly.entries[i].data);
    }
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(signal, &action, NULL);
    raise(signal);
}

void lastly_deadly(int signal)
{
    struct sigaction action = {.sa_handler = undo_and_die, .sa_flags = SA_RESTART};
    sigaction(signal, &action, NULL);
}

/* All whose default is the end of the program, and that nobody handles: a sanitizer's own handler has more to
 * say. */
void lastly_watch(void)
{
    static const int deadly[] = {
        SIGHUP,  SIGINT,  SIGQUIT, SIGILL,  SIGTRAP, SIGABRT,   SIGBUS,  SIGFPE,    SIGUSR1, SIGSEGV, SIGUSR2,
        SIGALRM, SIGTERM, SIGXCPU, SIGXFSZ, SIGPROF, SIGVTALRM, SIGPOLL, SIGSTKFLT, SIGPWR,  SIGSYS,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(deadly); i++) {
        struct sigaction now;
        if (sigaction(deadly[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL) lastly_deadly(deadly[i]);
    }
}

void lastly_add(void (*undo)(void *data), void *data)
{
    lastly.owner = getpid();
    lastly_watch();
    for (int i = 0; i < ENTRIES; i++) {
        struct entry *entry = &lastly.entries[i];
        if (entry->undo) continue;
        entry->data = data;
        entry->undo = undo;
        return;
    }
    g_assert_not_reached();
}

void lastly_remove(void *data)
{
    for (int i = 0; i < ENTRIES; i++)
        if (lastly.entries[i].data == data) lastly.entries[i].undo = NULL;
}
