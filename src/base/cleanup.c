#include "base/cleanup.h"
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
} list;

static void undo_and_die(int signal)
{
    for (int i = 0; i < ENTRIES && list.owner == getpid(); i++) {
        void (*undo)(void *data) = list.entries[i].undo;
        if (undo) undo(list.entries[i].data);
    }
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(signal, &action, NULL);
    raise(signal);
}

void cleanup_deadly(int signal)
{
    struct sigaction action = {.sa_handler = undo_and_die, .sa_flags = SA_RESTART};
    sigaction(signal, &action, NULL);
}

/* All whose default is the end of the program, and that nobody handles: a sanitizer's own handler has more to
 * say. */
void cleanup_watch(void)
{
    static const int deadly[] = {
        SIGHUP,  SIGINT,  SIGQUIT, SIGILL,  SIGTRAP, SIGABRT,   SIGBUS,  SIGFPE,    SIGUSR1, SIGSEGV, SIGUSR2,
        SIGALRM, SIGTERM, SIGXCPU, SIGXFSZ, SIGPROF, SIGVTALRM, SIGPOLL, SIGSTKFLT, SIGPWR,  SIGSYS,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(deadly); i++) {
        struct sigaction now;
        if (sigaction(deadly[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL) cleanup_deadly(deadly[i]);
    }
}

void cleanup_add(void (*undo)(void *data), void *data)
{
    list.owner = getpid();
    cleanup_watch();
    for (int i = 0; i < ENTRIES; i++) {
        struct entry *entry = &list.entries[i];
        if (entry->undo) continue;
        entry->data = data;
        entry->undo = undo;
        return;
    }
    g_assert_not_reached();
}

void cleanup_remove(void *data)
{
    for (int i = 0; i < ENTRIES; i++)
        if (list.entries[i].data == data) list.entries[i].undo = NULL;
}
