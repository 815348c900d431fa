/* The tables as Markdown. */
#include "config/voice.h"
#include "fill.h"
#include "player/command.h"
#include "routine/keys.h"
#include <string.h>

/* A line stays in its cell, and text is no markup. */
static void append_plain(GString *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\`*_<>[]|", *text)) g_string_append_c(out, '\\');
        g_string_append_c(out, *text);
    }
}

/* As code, in which only the end of a cell has a meaning. "" stays empty. */
static void append_code(GString *out, const char *text)
{
    if (!*text) return;
    g_string_append_c(out, '`');
    for (; *text; text++) g_string_append_printf(out, "%s%c", *text == '|' ? "\\" : "", *text);
    g_string_append_c(out, '`');
}

/* ---- commands ---- */

static char *commands(void)
{
    GString *out = g_string_new("| command | does |\n| --- | --- |\n");
    for (const struct subcommand *subcommand = subcommands; subcommand->name; subcommand++) {
        g_autofree char *usage =
            g_strconcat(subcommand->name, *subcommand->arguments ? " " : "", subcommand->arguments, NULL);
        g_string_append(out, "| ");
        append_code(out, usage);
        g_string_append(out, " | ");
        append_plain(out, subcommand->summary);
        g_string_append(out, " |\n");
    }
    return g_string_free(out, FALSE);
}

static char *steering(void)
{
    GString *out = g_string_new("| command | key | does |\n| --- | --- | --- |\n");
    for (enum command_id id = COMMAND_NONE + 1; id < N_COMMANDS; id++) {
        const struct command_row *row = command_row(id);
        g_autofree char *usage = g_strconcat(row->name, *row->value ? " " : "", row->value, NULL);
        g_string_append(out, "| ");
        append_code(out, usage);
        g_string_append(out, " | ");
        append_code(out, command_key_name(id));
        g_string_append(out, " | ");
        append_plain(out, row->help);
        g_string_append(out, " |\n");
    }
    return g_string_free(out, FALSE);
}

/* The subcommands that take an option. */
static void append_takers(GString *out, const struct option_row *row)
{
    bool all = options_steering(COMMAND_PAUSE).groups & row->group;
    const char *space = "";
    struct subcommand subcommand;
    if (row->group & OPTIONS_EVERYWHERE) {
        g_string_append(out, "every command");
        return;
    }
    for (guint i = 0; fill_command(i, &subcommand); i++) {
        if (!fill_goes_with(row, &subcommand) || (all && command_by_name(subcommand.name) != COMMAND_NONE))
            continue;
        g_string_append(out, space);
        append_code(out, subcommand.name);
        space = " ";
    }
    if (all) g_string_append(out, " and every command to a session");
}

static char *options(void)
{
    GString *out = g_string_new("| option | does | with |\n| --- | --- | --- |\n");
    const struct option_row *row;
    for (gsize i = 0; (row = options_row(i)); i++) {
        g_autofree char *usage = g_strconcat("--", row->name, row->value ? " " : "", row->value, NULL);
        g_string_append(out, "| ");
        append_code(out, usage);
        g_string_append(out, " | ");
        append_plain(out, row->help);
        g_string_append(out, " | ");
        append_takers(out, row);
        g_string_append(out, " |\n");
    }
    return g_string_free(out, FALSE);
}

/* ---- keys of files ---- */

/* "a time, 0s to 1h" */
static void append_value(GString *out, const struct key *row)
{
    g_autofree char *range = key_range(row);
    const char *name = row->kind->name && !row->choices ? row->kind->name : "";
    append_plain(out, name);
    if (*name && *range) g_string_append(out, ", ");
    append_plain(out, range);
}

static void append_keys(GString *out, const struct key *keys)
{
    g_string_append(out, "| key | value | meaning |\n| --- | --- | --- |\n");
    for (const struct key *row = keys; row->name; row++) {
        g_string_append_printf(out, "| `%s` | ", row->name);
        append_value(out, row);
        g_string_append_printf(out, " | %s |\n", row->meaning);
    }
}

static char *routine_keys(void)
{
    GString *out = g_string_new(NULL);
    append_keys(out, ROUTINE_KEYS);
    return g_string_free(out, FALSE);
}

static char *step_keys(void)
{
    GString *out = g_string_new(NULL);
    append_keys(out, STEP_KEYS);
    return g_string_free(out, FALSE);
}

static char *move_keys(void)
{
    GString *out = g_string_new(NULL);
    append_keys(out, MOVE_KEYS);
    return g_string_free(out, FALSE);
}

static void append_setting(GString *out, const struct key *row)
{
    g_autofree char *range = key_range(row);
    g_string_append_printf(out, "| `%s` | ", row->name);
    append_code(out, row->standard);
    g_string_append(out, " | ");
    append_plain(out, row->meaning);
    if (*range) g_string_append(out, " (");
    append_plain(out, range);
    g_string_append(out, *range ? ") |\n" : " |\n");
}

static char *settings(void)
{
    GString *out = g_string_new(NULL);
    const char *section = "";
    for (const struct key *row = SETTINGS; row->name; row++) {
        if (strcmp(row->section, section) != 0)
            g_string_append_printf(out,
                                   "%s### [%s]\n\n| key | default | meaning |\n"
                                   "| --- | --- | --- |\n",
                                   *section ? "\n" : "", row->section);
        section = row->section;
        append_setting(out, row);
    }
    return g_string_free(out, FALSE);
}

static char *voice_keys(void)
{
    GString *out = g_string_new("| key | default | meaning |\n| --- | --- | --- |\n");
    for (const struct key *row = VOICE_KEYS; row->name; row++) append_setting(out, row);
    return g_string_free(out, FALSE);
}

static char *phrases(void)
{
    GString *out = g_string_new("| key | in English |\n| --- | --- |\n");
    for (int i = 0; i < N_PHRASES; i++) {
        g_string_append_printf(out, "| `%s` | ", PHRASES[i].key);
        append_plain(out, PHRASES[i].english);
        g_string_append(out, " |\n");
    }
    return g_string_free(out, FALSE);
}

const struct table markdown_tables[] = {
    {"@ROUTINE_KEYS@\n", routine_keys}, {"@STEP_KEYS@\n", step_keys},
    {"@MOVE_KEYS@\n", move_keys},       {"@COMMANDS@\n", commands},
    {"@STEERING@\n", steering},         {"@OPTIONS@\n", options},
    {"@SETTINGS@\n", settings},         {"@VOICE_KEYS@\n", voice_keys},
    {"@PHRASES@\n", phrases},           {NULL, NULL},
};
