#include "base/program.h"
#include "base/diag.h"
#include <errno.h>
#include <unistd.h>

enum { SHOWN_PATH = 300 };

void program_explain(const char *path, GError **error)
{
    if (!error) return;
    g_autofree char *was = g_steal_pointer(&(*error)->message), *shown = diag_shown(path, SHOWN_PATH);
    const char *why = access(path, X_OK) != 0 ? g_strerror(errno) : was;
    (*error)->message =
        g_strdup_printf("'%s' cannot be started (%s); installing stretchvoice anew may mend it", shown, why);
}
