/* The system's reason as an error. For src/file only. */
#ifndef FILE_FAIL_H
#define FILE_FAIL_H

#include <errno.h>
#include <gio/gio.h>
#include <stdbool.h>

/* Always false: `return write(...) == n || fail_errno(error, "cannot be written");` */
static inline bool fail_errno(GError **error, const char *what)
{
    int number = errno;
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(number), "%s: %s", what, g_strerror(number));
    return false;
}

#endif
