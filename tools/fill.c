/* Fills the program's tables into a text: fill FILE.in > FILE. The extension says whether that is a man page,
 * Markdown, or completions for a shell. VERSION and the directories are filled in anywhere. */
#include "fill.h"
#include "player/command.h"
#include <stdio.h>

bool fill_command(guint i, struct subcommand *subcommand)
{
    guint n = 0;
    while (subcommands[n].name && n < i) n++;
    if (subcommands[n].name) {
        *subcommand = subcommands[n];
        return true;
    }
    enum command_id id = COMMAND_NONE + 1 + (i - n);
    if (id >= N_COMMANDS) return false;
    *subcommand = options_steering(id);
    return true;
}

bool fill_goes_with(const struct option_row *option, const struct subcommand *subcommand)
{
    return option->group & (subcommand->groups | OPTIONS_EVERYWHERE);
}

static const struct format {
    const char *extension;
    const struct table *tables;
} formats[] = {
    {".1.in", man_tables},   {".md.in", markdown_tables}, {".bash.in", bash_tables},
    {".zsh.in", zsh_tables}, {".fish.in", fish_tables},
};

static const struct word {
    const char *name, *value;
} words[] = {
    {"@VERSION@", VERSION},
    {"@DATADIR@", DATADIR},
    {"@LIBEXECDIR@", LIBEXECDIR},
    {"@SYSCONFDIR@", SYSCONFDIR},
};

static const struct table *tables_for(const char *path)
{
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
        if (g_str_has_suffix(path, formats[i].extension)) return formats[i].tables;
    return NULL;
}

static bool fill(GString *page, const struct table *tables, const char *path)
{
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) g_string_replace(page, words[i].name, words[i].value, 0);
    for (const struct table *table = tables; table->name; table++) {
        g_autofree char *text = table->text();
        if (g_string_replace(page, table->name, text, 0) == 1) continue;
        fprintf(stderr, "fill: %s must contain this line once: %s", path, table->name);
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    g_autofree char *source = NULL;
    const struct table *tables = argc == 2 ? tables_for(argv[1]) : NULL;
    if (!tables || !g_file_get_contents(argv[1], &source, NULL, NULL)) {
        fputs("usage: fill FILE.in\n", stderr);
        return 1;
    }
    g_autoptr(GString) page = g_string_new(source);
    if (!fill(page, tables, argv[1])) return 1;
    return fputs(page->str, stdout) < 0 || fflush(stdout) != 0;
}
