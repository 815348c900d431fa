#include "base/cleanup.h"
#include <glib.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

enum { ENTRIES = 8 };

struct entry {
    void *data;
    void (*_Atomic undo)(
        void *data); /* NULL: free. Set last and cleared first: a signal comes at any time. */
};

/* Global, because a signal handler has no argument of ours. */
static struct {
    pid_t owner;
    struct entry entries[ENTRIES];
    void (*present[NSIG])(int signal); /* handlers that take one signal more */
} list;

static void undo_and_end(int signal)
{
    for (int i = 0; i < ENTRIES && list.owner == getpid(); i++) {
        void (*undo)(void *data) = list.entries[i].undo;
        if (undo) undo(list.entries[i].data);
    }
    raise(signal); /* SA_RESETHAND: now its default */
}

void cleanup_deadly(int signal)
{
    struct sigaction action = {.sa_handler = undo_and_end,
                               .sa_flags = SA_RESTART | SA_NODEFER | (int)SA_RESETHAND};
    sigaction(signal, &action, NULL);
}

static void pass_on(int signal)
{
    cleanup_deadly(signal);
    list.present[signal](signal);
}

void cleanup_deadly_next(int signal)
{
    struct sigaction now, action = {.sa_handler = pass_on, .sa_flags = SA_RESTART};
    if (sigaction(signal, NULL, &now) < 0 || now.sa_handler == pass_on) return;
    list.present[signal] = now.sa_handler;
    sigaction(signal, &action, NULL);
}

/* Not those with a handler: a sanitizer's own has more to say. GLib's g_error() raises SIGTRAP. */
void cleanup_watch(void)
{
    static const int deadly[] = {SIGHUP,  SIGINT, SIGQUIT, SIGTERM, SIGABRT, SIGTRAP,
                                 SIGSEGV, SIGBUS, SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU};
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
