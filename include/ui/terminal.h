/* The terminal: keys without echo, one screen that is drawn in place, and everything as it was on every way
 * out, signals included. No call waits, whatever the terminal does (outlet.h).
 *
 * It is only touched while this program is its foreground job: in the background nothing is drawn and no key
 * is read; `fg` brings both back. One a program, main thread: signal handlers have to find what to restore.
 */
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include <stdbool.h>

struct terminal_use {
    bool keys;                         /* standard input is a terminal of ours: read keys from it */
    bool draw;                         /* standard output is a terminal: draw */
    void (*key)(void *data, char key); /* from the main context; arrow keys as in player/command.h */
    void (*redraw)(void *data);        /* it is ours again, or has another size: draw all of it */
    void *data;
};

/* Standard input is a terminal that can give keys. */
bool terminal_has_keys(void);

/* Takes the terminal, as far as there is one: keys and draw become false where there is none. */
void terminal_begin(struct terminal_use *use);

/* Gives it back. `last` is a line that stays on standard output, or NULL. What could not be written there is
 * reported on standard error. May be called again, and without a begin. */
void terminal_end(const char *last);

/* In cells; of standard output, or 80 by 24 where that is no terminal. */
void terminal_size(int *columns, int *rows);

/* The rows of the whole screen, from the top: now, or as soon as the terminal takes them, where only the last
 * call counts. */
void terminal_draw(const char *const *rows);

/* A line on standard output, where nothing is drawn. False if the reader has gone. */
bool terminal_line(const char *line);

/* A line on standard error; at the end, if that is the terminal on which is drawn. */
void terminal_note(const char *line);

/* It can draw: TERM names more than a dumb terminal. */
bool terminal_is_capable(void);

/* It understands UTF-8: the locale says so. */
bool terminal_is_utf8(void);

#endif
