/* Settings: a file with an error changes nothing, and what is taken is written so that it reads back the
 * same. */
#include "config/settings.h"
#include "fuzz.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(diags) diags = diags_new();
    AUTO(settings) settings = settings_new();
    g_autofree char *usual = settings_ini(settings, false);
    settings_from_text(settings, (const char *)data, size, "/fuzz/stretchvoice.ini", diags);
    bool wrong = diags_errors(diags) > 0;
    fuzz_show(diags);
    g_autofree char *written = settings_ini(settings, false);
    if (wrong) g_assert_cmpstr(written, ==, usual);

    AUTO(settings) again = settings_new();
    settings_from_text(again, written, strlen(written), "/fuzz/stretchvoice.ini", diags);
    g_assert_cmpint(diags_errors(diags), ==, 0);
    g_autofree char *same = settings_ini(again, false);
    g_assert_cmpstr(same, ==, written);
    return 0;
}
