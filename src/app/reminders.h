/* The reminders of this user: units of systemd, in the directory where systemd looks for the user's own. */
#ifndef APP_REMINDERS_H
#define APP_REMINDERS_H

#include "report/reminder.h"
#include <gio/gio.h>

/* All that can be read (struct reminder), by number. Numbers of files that cannot be read go to `strange`
 * (int). NULL and `error` if the directory cannot be read. */
GArray *reminders_load(GArray *strange, GError **error);

/* systemd starts it at each login. */
bool reminders_is_on(int number);

/* The path of a unit, "timer" or "service"; to be freed. */
char *reminders_path(int number, const char *kind);

/* Gives the reminder the first number that is free, and writes its units. Nothing is left after an error. */
bool reminders_write(struct reminder *reminder, const char *program, const char *const *arguments,
                     GError **error);

/* Removes the units, and what systemd remembers of the timer. False if there is none with this number. */
bool reminders_remove(int number);

#endif
