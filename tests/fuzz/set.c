/* `--set`: one setting of the command line. */
#include "config/settings.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *assignment = g_strndup((const char *)data, size);
    if (!g_utf8_validate(assignment, -1, NULL)) return 0; /* GLib refuses such an option */
    AUTO(diags) diags = diags_new();
    AUTO(settings) settings = settings_new();
    g_autofree char *usual = settings_ini(settings, false);
    settings_set(settings, assignment, "--set", diags);
    g_autofree char *now = settings_ini(settings, false);
    if (diags_errors(diags) > 0) g_assert_cmpstr(now, ==, usual);
    fuzz_show(diags);
    return 0;
}
