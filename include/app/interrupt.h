/* SIGINT, SIGTERM, SIGHUP and SIGQUIT while a verb works without a main loop of its own. They are only noted; the verb looks when it can
 * stop cleanly. The main context must be run now and then for that: speech_wait() does it, interrupt_poll() too. */
#ifndef APP_INTERRUPT_H
#define APP_INTERRUPT_H

struct interrupt {
    int signal; /* 0, or the first that came */
    unsigned sources[4];
};

void interrupt_init(struct interrupt *interrupt);
void interrupt_finish(struct interrupt *interrupt);

/* Handles what is pending without waiting; the signal, or 0. */
int interrupt_poll(struct interrupt *interrupt);

#endif
