/* Helper programs that cannot be started. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <glib.h>

/* Makes a sentence of GLib's error: which program, why, and what to do. NULL is fine. */
void program_explain(const char *path, GError **error);

#endif
