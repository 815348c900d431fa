/* The end of what a subcommand prints: whether it has arrived. */
#ifndef APP_PRINT_H
#define APP_PRINT_H

/* Writes what standard output still holds. EXIT_DONE if all of it has arrived; EXIT_SIGNAL + SIGPIPE, without
 * a word, where the reader has gone; otherwise (a full disk) EXIT_FAILED after one line on standard error. */
int print_end(void);

#endif
