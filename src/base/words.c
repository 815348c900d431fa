#include "base/words.h"
#include <stdbool.h>
#include <string.h>

void words_append(GString *line, const char *word)
{
    static const char plain[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "+-=:,./_%";
    bool is_plain = *word && strspn(word, plain) == strlen(word);
    g_autofree char *quoted = is_plain ? g_strdup(word) : g_shell_quote(word);
    if (line->len > 0) g_string_append_c(line, ' ');
    g_string_append(line, quoted);
}

char *words_join(const char *const *words)
{
    GString *line = g_string_new(NULL);
    for (; *words; words++) words_append(line, *words);
    return g_string_free(line, FALSE);
}
