/* The helper's own side of ipc/child.h: how a helper program begins and ends. */
#ifndef IPC_HELPER_H
#define IPC_HELPER_H

/* The first call of a helper program. From here on it ends when its parent does, the terminal's signals
 * (Ctrl-C) leave it alone, and packets to and from the parent go through standard input. Does not return if
 * the program was started by hand: `name` is its name, for the message. */
void helper_begin(int argc, char **argv, const char *name);

/* The same for a program that has something left to do when its parent has ended: it reads its connection to
 * the end, and ends by itself. */
void helper_begin_lasting(int argc, char **argv, const char *name);

/* Ends the process at once: no exit handler of a library runs, since those may wait for a server for ever. */
_Noreturn void helper_end(void);

#endif
