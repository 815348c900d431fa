#include "fail.h"
#include "base/diag.h"

enum { SHOWN_PATH = 4096 };

char *fail_name(const char *path)
{
    g_autofree char *shown = diag_shown(path, SHOWN_PATH);
    return g_strdup_printf("'%s'", shown);
}

bool fail_explain(GError **error, const char *name, int64_t bytes)
{
    if (!error) return false;
    g_autofree char *what = g_steal_pointer(&(*error)->message);
    g_autofree char *so_far =
        g_strdup_printf("%" G_GINT64_FORMAT " bytes were written; make room or ", bytes);
    (*error)->message =
        g_strdup_printf("%s %s (%sname another file)", name, what, bytes == FAIL_NOT_BEGUN ? "" : so_far);
    return false;
}
