/* The first SIGINT, SIGTERM or SIGHUP is noted while the main context runs, and the subcommand ends when it
 * can do so cleanly; the second ends the program at once. A subcommand that computes lets the context run in
 * score_wait() and interrupt_poll(). */
#ifndef APP_INTERRUPT_H
#define APP_INTERRUPT_H

struct interrupt {
    int signal;               /* 0, or the first that came */
    void (*came)(void *data); /* called at once, from the main context; may be NULL */
    void *data;
    unsigned sources[3];
};

void interrupt_init(struct interrupt *interrupt);
void interrupt_finish(struct interrupt *interrupt);

/* Handles what is pending without waiting; the signal, or 0. */
int interrupt_poll(struct interrupt *interrupt);

#endif
