#include "base/name.h"
#include <string.h>

#define EXTENSION ".ini"

bool name_is_path(const char *name)
{
    return strchr(name, '/') || g_str_has_suffix(name, EXTENSION);
}

char *name_from_anywhere(const char *name, const char *directory)
{
    if (!name_is_path(name)) return g_strdup(name);
    g_autofree char *whole = directory ? g_canonicalize_filename(directory, NULL) : NULL;
    return g_canonicalize_filename(name, whole);
}

char *name_of(const char *path)
{
    char *name = g_path_get_basename(path);
    if (g_str_has_suffix(name, EXTENSION)) name[strlen(name) - strlen(EXTENSION)] = '\0';
    return name;
}

enum { LANGUAGE_BYTES = 35 };

bool name_is_language(const char *tag)
{
    const char *end = tag;
    while (g_ascii_isalnum(*end) || (*end == '-' && end > tag)) end++;
    return !*end && end - tag <= LANGUAGE_BYTES;
}

/* The specification wants a relative path ignored, which GLib takes as it is. */
char *directory_path(enum directory directory)
{
    static const char *const standard[] = {".config", ".local/share", ".local/state"};
    const char *base = directory == DIRECTORY_CONFIG ? g_get_user_config_dir()
                       : directory == DIRECTORY_DATA ? g_get_user_data_dir()
                                                     : g_get_user_state_dir();
    if (g_path_is_absolute(base)) return g_build_filename(base, "stretchvoice", NULL);
    return g_build_filename(g_get_home_dir(), standard[directory], "stretchvoice", NULL);
}

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
