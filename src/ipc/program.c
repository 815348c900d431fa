#include "ipc/program.h"
#include "base/diag.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
    SHOWN_PATH = 300,
    NEEDED = 5, /* descriptors: the three of /dev/null, and two that are moved out of their way */
};

bool program_has_room(GError **error)
{
    int fds[NEEDED], n = 0;
    while (n < NEEDED && (fds[n] = open("/dev/null", O_RDWR | O_CLOEXEC)) >= 0) n++;
    if (n < NEEDED) g_set_error_literal(error, G_IO_ERROR, g_io_error_from_errno(errno), g_strerror(errno));
    for (int i = 0; i < n; i++) close(fds[i]);
    return n == NEEDED;
}

void program_explain(const char *path, GError **error)
{
    if (!error) return;
    g_autofree char *was = g_steal_pointer(&(*error)->message), *shown = diag_shown(path, SHOWN_PATH);
    bool missing = access(path, X_OK) != 0;
    const char *why = missing ? g_strerror(errno) : was, *hint = missing ? "; reinstall stretchvoice" : "";
    (*error)->message = g_strdup_printf("'%s' cannot be started (%s)%s", shown, why, hint);
}
