/* The first SIGINT, SIGTERM or SIGHUP is noted while the main context runs, and the subcommand looks when it
 * can stop cleanly; the second ends the program at once. speech_wait() runs the context, interrupt_poll()
 * too. */
#ifndef APP_INTERRUPT_H
#define APP_INTERRUPT_H

struct interrupt {
    int signal;               /* 0, or the first that came */
    void (*came)(void *data); /* told at once, from the main context; may be NULL */
    void *data;
    unsigned sources[3];
};

void interrupt_init(struct interrupt *interrupt);
void interrupt_finish(struct interrupt *interrupt);

/* Handles what is pending without waiting; the signal, or 0. */
int interrupt_poll(struct interrupt *interrupt);

#endif
