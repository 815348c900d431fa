#include "ipc/refusal.h"
#include "base/diag.h"

enum { SHOWN_NAME = 200 };

char *refusal_no_such(const char *name, const char *const *names)
{
    g_autofree char *shown = diag_shown(name, SHOWN_NAME);
    const char *nearest = diag_nearest(name, names);
    return g_strdup_printf("there is no output named '%s'; %s%s%s'stretchvoice devices' lists them", shown,
                           nearest ? "did you mean '" : "", nearest ? nearest : "", nearest ? "'? " : "");
}
