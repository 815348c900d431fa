#include "instead.h"
#include "base/name.h"
#include <string.h>

static void add_option(GPtrArray *words, const char *name, const char *value)
{
    if (!value) return;
    g_ptr_array_add(words, (gpointer)name);
    g_ptr_array_add(words, (gpointer)value);
}

/* Whatever --set says but for the output, which a file does not need. */
static void add_sets(GPtrArray *words, char **sets)
{
    for (; sets && *sets; sets++) {
        g_autofree char *setting = g_strndup(*sets, strcspn(*sets, "="));
        if (strcmp(g_strstrip(setting), "sound.device") != 0) add_option(words, "--set", *sets);
    }
}

/* In the directory that one is in, and no option. */
static char *file_for(const struct routine *routine)
{
    return g_strconcat(*routine->name == '-' ? "./" : "", routine->name, ".flac", NULL);
}

char *instead_command(const struct options *options, const char *name, const struct routine *routine)
{
    g_autofree char *file = file_for(routine);
    g_autofree char *path = *name == '-' ? g_canonicalize_filename(routine->path, NULL) : g_strdup(name);
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_ptr_array_add(words, (gpointer) "stretchvoice");
    g_ptr_array_add(words, (gpointer) "render");
    add_option(words, path, file);
    add_option(words, "--config", options->config);
    add_sets(words, options->set);
    add_option(words, "--voice", options->voice);
    add_option(words, "--level", options->level);
    g_ptr_array_add(words, NULL);
    return words_join((const char *const *)words->pdata);
}
