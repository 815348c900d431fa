/* Where the control socket is, and whether it may be there. */
#ifndef CONTROL_PLACE_H
#define CONTROL_PLACE_H

#include <glib.h>
#include <stdbool.h>

#define CONTROL_ERROR (control_error_quark())
GQuark control_error_quark(void);

enum control_error {
    CONTROL_NO_PLACE,   /* there can be no socket: the message says why */
    CONTROL_BUSY,       /* another process has it */
    CONTROL_NO_SESSION, /* nobody listens there */
    CONTROL_FAILED,     /* somebody does, and something went wrong */
};

/* The socket's path, to be freed: $XDG_RUNTIME_DIR/stretchvoice/control, or the one that the user has `named`
 * (NULL: none). Both directories of the first must be the user's own and private, and the second of them is
 * made if `make` says so. The directory of a named one must be there and the user's own, with nobody else
 * writing in it. NULL with CONTROL_NO_PLACE; or with CONTROL_NO_SESSION if the directory is not there and was
 * not to be made. */
char *place_socket(const char *named, bool make, GError **error);

/* CONTROL_NO_PLACE, "path: why". Always false. */
bool place_refuse(GError **error, const char *path, const char *format, ...) G_GNUC_PRINTF(3, 4);

#endif
