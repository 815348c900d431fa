/* What must be undone even when a signal ends the program: the terminal's mode, a socket, an unfinished file.
 * The normal way out undoes the same, and takes it off this list.
 *
 * One list a program, since a signal handler gets nothing but its number. Main thread only; a forked child
 * undoes nothing of its parent's. */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

/* `undo` is called from a signal handler: system calls only. Also calls cleanup_watch(). At most 8 at a time.
 */
void cleanup_add(void (*undo)(void *data), void *data);

/* Call it before `data` is freed. Does nothing for what is not on the list. */
void cleanup_remove(void *data);

/* Handles every fatal signal that has its default action now: undo all, then end by that signal. */
void cleanup_watch(void);

/* Makes this signal undo all and end the program; if that hangs, the next one ends it at once. */
void cleanup_deadly(int signal);

/* Leaves the next signal to its present handler, and makes the one after that deadly: it ends the program
 * even if the main loop is stuck. */
void cleanup_deadly_next(int signal);

#endif
