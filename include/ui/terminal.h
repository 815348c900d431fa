/* The terminal: keys without echo, lines drawn over each other, and everything as it was on every way out,
 * signals included.
 *
 * One a program, main thread: signal handlers have to find what to restore. */
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include <stdbool.h>

struct terminal_use {
    bool keys;                         /* standard input is a terminal of ours: read keys from it */
    bool draw;                         /* standard output is a terminal: draw */
    void (*key)(void *data, char key); /* from the main context */
    void *data;
};

/* Takes the terminal, as far as it is one: keys and draw become false where it is not. */
void terminal_begin(struct terminal_use *use);

/* Gives it back. May be called again, and without a begin. */
void terminal_end(void);

/* In cells; of standard output, or 80 by 24 where that is no terminal. */
void terminal_size(int *columns, int *rows);

/* Draws over what was drawn last. */
void terminal_draw(const char *lines);

/* Leaves what is drawn standing: the next drawing begins below whatever is written now. */
void terminal_fresh(void);

#endif
