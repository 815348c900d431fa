/* An INI file: what it holds is text, and a value that is written again is read again. */
#include "base/ini.h"
#include "fuzz.h"
#include <string.h>

static void write_again(const char *value)
{
    g_autofree char *escaped = ini_escaped(value);
    g_autofree char *text = g_strdup_printf("[section]\nkey = %s\n", escaped);
    AUTO(diags) diags = diags_new();
    AUTO(ini) ini = ini_from_text(text, strlen(text), "again.ini", diags);
    const struct ini_section *section = ini ? ini_section(ini, "section") : NULL;
    const struct ini_entry *entry = section ? ini_entry(section, "key") : NULL;
    g_assert_nonnull(entry);
    g_assert_cmpstr(entry->value, ==, value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(diags) diags = diags_new();
    AUTO(ini) ini = ini_from_text((const char *)data, size, "fuzz.ini", diags);
    bool wrong = diags_errors(diags) > 0;
    fuzz_show(diags);
    for (guint i = 0; ini && !wrong && i < ini->entries->len; i++) {
        const struct ini_entry *entry = &g_array_index(ini->entries, struct ini_entry, i);
        g_assert_true(g_utf8_validate(entry->value, -1, NULL));
        write_again(entry->value);
    }
    return 0;
}
