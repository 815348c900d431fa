/* The parts of the subcommand `remind`. */
#ifndef APP_REMIND_H
#define APP_REMIND_H

#include "options.h"
#include "report/reminder.h"

/* Prints "stretchvoice: remind: WHAT". EXIT_USAGE. */
int remind_refuse(const char *what);

/* The same for a value: "not WHAT ('VALUE'; RIGHT)". */
int remind_refuse_value(const char *what, const char *value, const char *right);

/* From the command line: what is given by ROUTINE, TIME and the options. The exit code, after a line for the
 * user. reminder_finish() is due. */
int remind_read(const struct options *options, struct reminder *reminder);

/* What the service of a reminder runs: reminds now, and plays if that is wanted. The exit code. */
int remind_now(const struct options *options, const char *routine, enum reminder_way way);

#endif
