/* What is undone even where a signal ends the program at once: the terminal is given back, a socket and an
 * unfinished file are removed. The usual way out undoes the same by itself, and takes it off this list.
 *
 * One list a program, since a signal handler is told nothing but its number. For the main thread; a forked
 * child undoes nothing of its parent's. */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

/* `undo` is called from a signal handler: it makes system calls, and nothing else. From now on every signal
 * that would end the program, and has no handler, undoes it first. At most 8 at a time. */
void cleanup_add(void (*undo)(void *data), void *data);

/* Before `data` is freed. What is not on the list is fine. */
void cleanup_remove(void *data);

/* Again, after somebody has handled some of them for a while. */
void cleanup_watch(void);

/* From now on this signal undoes all that is on the list, and ends the program. */
void cleanup_deadly(int signal);

#endif
