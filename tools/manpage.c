/* Fills the tables of the program into its man page: manpage FILE.in > FILE. A line of FILE.in that is one of the names below, between
 * two '@', stands for a table; VERSION and the folders are filled in anywhere. */
#include "app/options.h"
#include "config/phrase.h"
#include "config/settings.h"
#include "player/command.h"
#include <stdio.h>
#include <string.h>

/* ---- roff ---- */

static void append_roff(GString *out, const char *text)
{
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (c == '-') g_string_append(out, "\\-");
        else if (c == '\\') g_string_append(out, "\\e");
        else if (c == '\'') g_string_append(out, "\\(aq");
        else if (c < 128) g_string_append_c(out, (char)c);
        else g_string_append_printf(out, "\\[u%04X]", c);
    }
}

static void append_item(GString *out, const char *name, const char *text, const char *end)
{
    g_string_append(out, ".TP\n.B ");
    append_roff(out, name);
    g_string_append_c(out, '\n');
    append_roff(out, text);
    g_string_append_printf(out, "%s\n", end);
}

/* ---- tables ---- */

static char *commands(void)
{
    GString *out = g_string_new(NULL);
    for (const struct verb *verb = verbs; verb->name; verb++) {
        g_autofree char *usage = g_strconcat(verb->name, *verb->arguments ? " " : "", verb->arguments, NULL);
        append_item(out, usage, verb->summary, ".");
    }
    return g_string_free(out, FALSE);
}

static char *keys(void)
{
    GString *out = g_string_new(NULL);
    for (enum command command = 1; command < N_COMMANDS; command++) {
        const struct command_row *row = command_row(command);
        const char name[] = {row->key, '\0'};
        if (row->key) append_item(out, row->key == ' ' ? "space" : name, row->help, ".");
    }
    return g_string_free(out, FALSE);
}

static char *phrases(void)
{
    GString *out = g_string_new(NULL);
    for (int i = 0; i < N_PHRASES; i++) append_item(out, PHRASES[i].key, PHRASES[i].english, "");
    return g_string_free(out, FALSE);
}

static const struct table {
    const char *name;
    char *(*text)(void);
} tables[] = {
    {"@COMMANDS@\n", commands}, {"@OPTIONS@\n", options_man}, {"@KEYS@\n", keys},
    {"@SETTINGS@\n", settings_man}, {"@PHRASES@\n", phrases},
};

static const struct word {
    const char *name, *value;
} words[] = {
    {"@VERSION@", VERSION}, {"@DATADIR@", DATADIR}, {"@LIBEXECDIR@", LIBEXECDIR}, {"@SYSCONFDIR@", SYSCONFDIR},
};

int main(int argc, char **argv)
{
    g_autofree char *source = NULL;
    if (argc != 2 || !g_file_get_contents(argv[1], &source, NULL, NULL)) {
        fputs("usage: manpage FILE.in\n", stderr);
        return 1;
    }
    g_autoptr(GString) page = g_string_new(source);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) g_string_replace(page, words[i].name, words[i].value, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *text = tables[i].text();
        if (g_string_replace(page, tables[i].name, text, 0) == 1) continue;
        fprintf(stderr, "manpage: not once in %s: %s", argv[1], tables[i].name);
        return 1;
    }
    return fputs(page->str, stdout) < 0 || fflush(stdout) != 0;
}
