/* What subcommands print beside what they were asked for. Each returns the exit code. */
#ifndef APP_PRINT_H
#define APP_PRINT_H

#include <glib.h>

/* Call it after the last output: writes what standard output still holds. EXIT_DONE if all has arrived;
 * EXIT_SIGNAL + SIGPIPE, without a word, if the reader has gone; otherwise EXIT_FAILED and one line on
 * standard error. */
int print_end(void);

/* "stretchvoice: " and the message, on standard error. EXIT_FAILED. */
int print_error(const GError *error);

/* A file whose extension is none of `formats` (NULL-terminated); `more` goes behind them. EXIT_USAGE. */
int print_no_format(const char *path, const char *const *formats, const char *more);

#endif
