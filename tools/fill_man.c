/* The tables as roff. */
#include "config/voice.h"
#include "fill.h"
#include "player/command.h"
#include <string.h>

static void append_roff(GString *out, const char *text)
{
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (c == '-')
            g_string_append(out, "\\-");
        else if (c == '\\')
            g_string_append(out, "\\e");
        else if (c == '\'')
            g_string_append(out, "\\(aq");
        else if (c < 128)
            g_string_append_c(out, (char)c);
        else
            g_string_append_printf(out, "\\[u%04X]", c);
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

/* ---- commands ---- */

static char *commands(void)
{
    GString *out = g_string_new(NULL);
    for (const struct subcommand *subcommand = subcommands; subcommand->name; subcommand++) {
        g_autofree char *usage =
            g_strconcat(subcommand->name, *subcommand->arguments ? " " : "", subcommand->arguments, NULL);
        append_item(out, usage, subcommand->summary, ".");
    }
    return g_string_free(out, FALSE);
}

/* With the key that does the same in the terminal of `play`. */
static void append_steering(GString *out, enum command_id id)
{
    const struct command_row *row = command_row(id);
    g_string_append_printf(out, ".TP\n.B %s%s%s", row->name, *row->value ? " " : "", row->value);
    if (row->key) g_string_append(out, "\\fR, key\\fB ");
    append_roff(out, command_key_name(id));
    g_string_append_c(out, '\n');
    append_roff(out, row->help);
    g_string_append(out, ".\n");
}

static char *steering(void)
{
    GString *out = g_string_new(NULL);
    for (enum command_id id = COMMAND_NONE + 1; id < N_COMMANDS; id++) append_steering(out, id);
    return g_string_free(out, FALSE);
}

/* ---- options ---- */

static void append_option(GString *out, const struct option_row *row)
{
    g_string_append(out, ".TP\n.B ");
    if (row->letter) g_string_append_printf(out, "\\-%c, ", row->letter);
    g_string_append(out, "\\-\\-");
    append_roff(out, row->name);
    if (row->value) g_string_append_printf(out, " \\fI%s", row->value);
    g_string_append_c(out, '\n');
    append_roff(out, row->help);
    g_string_append(out, ".\n");
}

/* Options of the same subcommands stand together. */
static const struct group {
    unsigned group;
    const char *heading;
} groups[] = {
    {OPTIONS_PLAY, "Playing"},          {OPTIONS_PLAIN, "Plain text"}, {OPTIONS_SETTINGS, "Settings"},
    {OPTIONS_JSON, "Output"},           {OPTIONS_FOLLOW, "Changes"},   {OPTIONS_CONTROL, "Control socket"},
    {OPTIONS_EVERYWHERE, "Everywhere"},
};

/* The subcommands of a group, by name; "every command to a session" if all of those belong to it. */
static void append_commands(GString *out, unsigned group)
{
    bool all = options_steering(COMMAND_PAUSE).groups & group;
    const char *comma = "With";
    struct subcommand subcommand;
    for (guint i = 0; fill_command(i, &subcommand); i++) {
        if (!(subcommand.groups & group) || (all && command_by_name(subcommand.name) != COMMAND_NONE))
            continue;
        g_string_append_printf(out, "%s\n.BR %s", comma, subcommand.name);
        comma = " ,";
    }
    g_string_append(out, all ? "\nand every command to a session:\n" : " :\n");
}

static char *options(void)
{
    GString *out = g_string_new(NULL);
    for (gsize g = 0; g < G_N_ELEMENTS(groups); g++) {
        const struct option_row *row;
        g_string_append_printf(out, ".SS %s\n", groups[g].heading);
        if (groups[g].group != OPTIONS_EVERYWHERE) append_commands(out, groups[g].group);
        for (gsize i = 0; (row = options_row(i)); i++)
            if (row->group == groups[g].group) append_option(out, row);
    }
    return g_string_free(out, FALSE);
}

/* ---- settings ---- */

static void append_setting(GString *out, const struct key *row)
{
    g_autofree char *range = key_range(row);
    g_string_append(out, ".TP\n.B ");
    append_roff(out, row->name);
    g_string_append(out, " = ");
    if (!*row->standard) g_string_append(out, "\\fR(empty)");
    append_roff(out, row->standard);
    g_string_append_c(out, '\n');
    append_roff(out, row->meaning);
    if (*range) g_string_append(out, " (");
    append_roff(out, range);
    g_string_append(out, *range ? ").\n" : ".\n");
}

static char *settings(void)
{
    GString *out = g_string_new(NULL);
    const char *section = "";
    for (const struct key *row = SETTINGS; row->name; row++) {
        if (strcmp(row->section, section) != 0) g_string_append_printf(out, ".SS [%s]\n", row->section);
        section = row->section;
        append_setting(out, row);
    }
    return g_string_free(out, FALSE);
}

static char *phrases(void)
{
    GString *out = g_string_new(NULL);
    for (int i = 0; i < N_PHRASES; i++) append_item(out, PHRASES[i].key, PHRASES[i].english, "");
    return g_string_free(out, FALSE);
}

const struct table man_tables[] = {
    {"@COMMANDS@\n", commands}, {"@STEERING@\n", steering}, {"@OPTIONS@\n", options},
    {"@SETTINGS@\n", settings}, {"@PHRASES@\n", phrases},   {NULL, NULL},
};
