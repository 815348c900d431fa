/* Failures of files, as the one line that the user gets. For src/file only. */
#ifndef FILE_FAIL_H
#define FILE_FAIL_H

#include <errno.h>
#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

/* The system's reason as an error. Always false:
 * `return write(...) == n || fail_errno(error, "cannot be written");` */
static inline bool fail_errno(GError **error, const char *what)
{
    int number = errno;
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(number), "%s: %s", what, g_strerror(number));
    return false;
}

/* How a file is called in messages. The caller frees it. */
char *fail_name(const char *path);

enum { FAIL_NOT_BEGUN = -1 };

/* Makes the whole line of such an error: what happened to `name`, how many bytes were written before that,
 * what to do. Always false. */
bool fail_explain(GError **error, const char *name, int64_t bytes);

#endif
