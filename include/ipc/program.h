/* Helper programs that cannot be started.
 *
 * They are started with their descriptors left open (all of ours close on exec), since GLib would otherwise
 * close them one by one, in a copy of this program's memory. */
#ifndef IPC_PROGRAM_H
#define IPC_PROGRAM_H

#include <gio/gio.h>
#include <stdbool.h>

/* Whether there are as many descriptors left as a start needs for a moment. Without them GLib would end this
 * program instead of giving an error. */
bool program_has_room(GError **error);

/* Makes a sentence of GLib's error: which program, why, and what to do. NULL is fine. */
void program_explain(const char *path, GError **error);

#endif
