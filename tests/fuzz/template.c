/* A text with fields: what passes the check can be filled in. */
#include "base/sentence.h"
#include "base/template.h"
#include "fuzz.h"

static const char *const NAMES[] = {"side", "other", "time", "times", NULL};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct field fields[] = {
        {"side", "right"}, {"other", "left"}, {"time", "20 seconds"}, {"times", NULL}};
    const struct diag_location place = {.path = "fuzz.ini", .line = 1};
    g_autofree char *text = g_strndup((const char *)data, size);
    if (!g_utf8_validate(text, -1, NULL)) return 0;
    AUTO(diags) diags = diags_new();
    bool right = template_check(text, NAMES, true, &place, diags);
    g_assert_true(right == (diags_errors(diags) == 0));
    fuzz_show(diags);
    if (!right) return 0;
    for (enum side side = SIDE_NONE; side <= SIDE_LEFT; side++) {
        g_autofree char *filled = template_fill(text, fields, G_N_ELEMENTS(fields), side);
        g_assert_true(g_utf8_validate(filled, -1, NULL));
        g_autoptr(GPtrArray) sentences = sentences_split(filled, NULL);
        for (guint i = 0; i < sentences->len; i++)
            g_assert_true(g_utf8_validate(sentences->pdata[i], -1, NULL));
    }
    return 0;
}
