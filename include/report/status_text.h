/* A status as text: for people, for programs, and back. Pure functions. */
#ifndef REPORT_STATUS_TEXT_H
#define REPORT_STATUS_TEXT_H

#include "report/status.h"
#include <glib.h>

/* One JSON object without a line's end; `status` NULL: no session. What does not apply is null. The caller
 * frees it. */
char *status_json(const struct status *status, const char *device);

/* The same with what only a screen needs, for status_read(). The caller frees it. */
char *status_screen_json(const struct status *status, const char *device);

/* "key: value" lines of what applies. The caller frees it. */
char *status_fields(const struct status *status, const char *device);

/* What status_screen_json() wrote, for a screen in another process: of the same routine. False if it is no
 * such thing. *device and *text are to be freed; status->text is *text. */
bool status_read(const char *json, const struct routine *routine, struct status *status, char **device,
                 char **text);

#endif
