/* A workout of another program: whatever is read of it, by any of the readers, becomes a routine without a
 * problem. */
#include "app/import.h"
#include "fuzz.h"
#include "routine/parse.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool (*const READERS[])(struct outline *, const char *) = {import_json, import_csv, import_list};
    g_autofree char *text = g_strndup((const char *)data, size);
    if (!g_utf8_validate(text, -1, NULL)) return 0;
    for (gsize i = 0; i < G_N_ELEMENTS(READERS); i++) {
        AUTO(outline) outline = outline_new();
        if (!READERS[i](outline, text)) continue;
        g_autofree char *ini = outline_ini(outline, "fuzz");
        AUTO(diags) diags = diags_new();
        AUTO(routine) routine = ini ? routine_from_text(ini, strlen(ini), "fuzz.ini", diags) : NULL;
        g_assert_true(!ini || routine);
        for (guint n = 0; n < outline->notes->len; n++)
            g_assert_true(g_utf8_validate(outline->notes->pdata[n], -1, NULL));
    }
    return 0;
}
