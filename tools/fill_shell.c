/* The tables for completions in bash, zsh and fish. A word in capitals (NAME, FILE, …) names the kind of a
 * value or of an argument. The scripts know the values of each kind. */
#include "config/settings.h"
#include "fill.h"
#include <string.h>

static void append_quoted(GString *out, const char *text)
{
    g_autofree char *quoted = g_shell_quote(text);
    g_string_append(out, quoted);
}

/* "--plain --background …": those of a command, or all. */
static char *option_names(const struct subcommand *subcommand)
{
    GString *out = g_string_new(NULL);
    const struct option_row *row;
    for (gsize i = 0; (row = options_row(i)); i++)
        if (!subcommand || fill_goes_with(row, subcommand))
            g_string_append_printf(out, "%s--%s", out->len ? " " : "", row->name);
    return g_string_free(out, FALSE);
}

static char *command_names(void)
{
    GString *out = g_string_new("    ");
    struct subcommand subcommand;
    for (guint i = 0; fill_command(i, &subcommand); i++)
        g_string_append_printf(out, "%s%s", i ? " " : "", subcommand.name);
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}

static char *setting_keys(void)
{
    GString *out = g_string_new("    ");
    for (const struct key *row = SETTINGS; row->name; row++)
        g_string_append_printf(out, "%s%s.%s", row == SETTINGS ? "" : " ", row->section, row->name);
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}

static void append_choices(GString *out, const struct choice *choices)
{
    g_string_append(out, " printf '%s\\n'");
    for (const struct choice *choice = choices; choice->name; choice++)
        g_string_append_printf(out, " %s", choice->name);
}

/* The values of a setting, for bash and zsh: "pace.words) printf '%s\n' full brief ;;". */
static char *setting_choices(void)
{
    GString *out = g_string_new(NULL);
    for (const struct key *row = SETTINGS; row->name; row++) {
        if (!row->choices) continue;
        g_string_append_printf(out, "    %s.%s)", row->section, row->name);
        append_choices(out, row->choices);
        g_string_append(out, " ;;\n");
    }
    return g_string_free(out, FALSE);
}

/* ---- bash ---- */

static void append_bash_case(GString *out, const char *name, const char *arguments,
                             const struct subcommand *subcommand)
{
    g_autofree char *options = option_names(subcommand);
    g_string_append_printf(out, "    %s) arguments='%s' options='%s' ;;\n", name, arguments, options);
}

static char *bash_commands(void)
{
    GString *out = g_string_new(NULL);
    struct subcommand subcommand;
    for (guint i = 0; fill_command(i, &subcommand); i++)
        append_bash_case(out, subcommand.name, subcommand.arguments, &subcommand);
    append_bash_case(out, "*", "", NULL);
    return g_string_free(out, FALSE);
}

/* Commands may have options of one name and other values. */
static bool is_shared(const struct option_row *row)
{
    const struct option_row *other;
    for (gsize i = 0; (other = options_row(i)); i++)
        if (other != row && strcmp(other->name, row->name) == 0) return true;
    return false;
}

static void append_bash_value(GString *out, const char *command, const struct option_row *row)
{
    g_string_append_printf(out, "    %s' --%s') value=%s ;;\n", command, row->name, row->value);
}

/* The options that take a value, each with the kind of its value: "*' --voice') value=NAME ;;". An option of
 * play also goes without a command. */
static char *bash_values(void)
{
    GString *out = g_string_new(NULL);
    const struct option_row *row;
    struct subcommand subcommand;
    for (gsize i = 0; (row = options_row(i)); i++) {
        if (!row->value) continue;
        if (!is_shared(row)) append_bash_value(out, "*", row);
        for (guint n = 0; is_shared(row) && fill_command(n, &subcommand); n++) {
            if (!fill_goes_with(row, &subcommand)) continue;
            append_bash_value(out, subcommand.name, row);
            if (n == 0) append_bash_value(out, "", row);
        }
    }
    return g_string_free(out, FALSE);
}

const struct table bash_tables[] = {
    {"@COMMANDS@\n", command_names},  {"@CASES@\n", bash_commands}, {"@VALUES@\n", bash_values},
    {"@CHOICES@\n", setting_choices}, {"@KEYS@\n", setting_keys},   {NULL, NULL},
};

/* ---- zsh: specifications as _arguments takes them ---- */

static char *zsh_commands(void)
{
    GString *out = g_string_new(NULL);
    struct subcommand subcommand;
    for (guint i = 0; fill_command(i, &subcommand); i++) {
        g_autofree char *described = g_strconcat(subcommand.name, ":", subcommand.summary, NULL);
        g_string_append(out, "    ");
        append_quoted(out, described);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static void append_zsh_spec(GString *out, char *spec)
{
    g_string_append(out, "\n            ");
    append_quoted(out, spec);
    g_free(spec);
}

static void append_zsh_option(GString *out, const struct option_row *row)
{
    const char *repeated = row->type == G_OPTION_ARG_FILENAME_ARRAY ? "*" : "";
    if (row->value)
        append_zsh_spec(out, g_strdup_printf("%s--%s=[%s]:%s: _stretchvoice_value --%s %s", repeated,
                                             row->name, row->help, row->value, row->name, row->value));
    else
        append_zsh_spec(out, g_strdup_printf("--%s[%s]", row->name, row->help));
}

/* Any number of files are routines, which also have names. */
static bool is_routine(const char *arguments)
{
    return strstr(arguments, "NAME") || strstr(arguments, "FILE…");
}

/* "NAME FILE", "[TIME]", "[FILE…]". In "NAME… FILE" any word behind the first may be the last one. */
static void append_zsh_arguments(GString *out, const char *arguments)
{
    g_auto(GStrv) words = g_strsplit(arguments, " ", -1);
    for (char **word = words; *word; word++) {
        bool optional = **word == '[', many = !word[1] && strstr(arguments, "…");
        g_autofree char *name =
            g_strndup(*word + optional, strspn(*word + optional, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
        if (*name)
            append_zsh_spec(out,
                            g_strdup_printf("%s:%s%s: _stretchvoice_value none %s", many ? "*" : "",
                                            optional ? ":" : "", name, is_routine(*word) ? "NAME" : name));
    }
}

static void append_zsh_case(GString *out, const char *name, const char *arguments,
                            const struct subcommand *subcommand)
{
    const struct option_row *row;
    g_string_append_printf(out, "    %s)\n        specs=(", name);
    append_zsh_arguments(out, arguments);
    for (gsize i = 0; (row = options_row(i)); i++)
        if (!subcommand || fill_goes_with(row, subcommand)) append_zsh_option(out, row);
    g_string_append(out, ") ;;\n");
}

static char *zsh_cases(void)
{
    GString *out = g_string_new(NULL);
    struct subcommand subcommand;
    for (guint i = 0; fill_command(i, &subcommand); i++)
        append_zsh_case(out, subcommand.name, subcommand.arguments, &subcommand);
    append_zsh_case(out, "*", "", NULL);
    return g_string_free(out, FALSE);
}

const struct table zsh_tables[] = {
    {"@COMMANDS@\n", zsh_commands},
    {"@CASES@\n", zsh_cases},
    {"@CHOICES@\n", setting_choices},
    {"@KEYS@\n", setting_keys},
    {NULL, NULL},
};

/* ---- fish: a line for each command, argument and option ---- */

static bool is_file(const char *word)
{
    return strstr(word, "FILE") || strstr(word, "PATH") || strstr(word, "DIR");
}

static char *fish_commands(void)
{
    GString *out = g_string_new(NULL);
    struct subcommand subcommand;
    for (guint i = 0; fill_command(i, &subcommand); i++) {
        g_string_append_printf(out, "complete -c stretchvoice -n '__stretchvoice_is none' -a %s -d ",
                               subcommand.name);
        append_quoted(out, subcommand.summary);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static char *fish_arguments(void)
{
    GString *out = g_string_new(NULL);
    struct subcommand subcommand;
    for (guint i = 0; fill_command(i, &subcommand); i++) {
        const char *name = subcommand.name;
        if (is_routine(subcommand.arguments))
            g_string_append_printf(out,
                                   "complete -c stretchvoice -n '__stretchvoice_is %s' -F -a "
                                   "'(__stretchvoice_value none NAME)'\n",
                                   name);
        else if (is_file(subcommand.arguments))
            g_string_append_printf(out, "complete -c stretchvoice -n '__stretchvoice_is %s' -F\n", name);
    }
    return g_string_free(out, FALSE);
}

/* The commands that take an option. An option of play also goes without a command, as `play` may be left out.
 */
static char *fish_condition(const struct option_row *row)
{
    GString *out = g_string_new("__stretchvoice_is");
    struct subcommand subcommand;
    for (guint i = 0; fill_command(i, &subcommand); i++) {
        if (!fill_goes_with(row, &subcommand)) continue;
        if (i == 0) g_string_append(out, " none");
        g_string_append_printf(out, " %s", subcommand.name);
    }
    return g_string_free(out, FALSE);
}

static char *fish_options(void)
{
    GString *out = g_string_new(NULL);
    const struct option_row *row;
    for (gsize i = 0; (row = options_row(i)); i++) {
        g_autofree char *condition = fish_condition(row);
        g_string_append_printf(out, "complete -c stretchvoice -l %s", row->name);
        if (!(row->group & OPTIONS_EVERYWHERE)) g_string_append_printf(out, " -n '%s'", condition);
        if (row->letter) g_string_append_printf(out, " -s %c", row->letter);
        if (row->value && is_file(row->value))
            g_string_append(out, " -r -F");
        else if (row->value)
            g_string_append_printf(out, " -x -a '(__stretchvoice_value --%s %s)'", row->name, row->value);
        g_string_append(out, " -d ");
        append_quoted(out, row->help);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static char *fish_choices(void)
{
    GString *out = g_string_new(NULL);
    for (const struct key *row = SETTINGS; row->name; row++) {
        if (!row->choices) continue;
        g_string_append_printf(out, "        case %s.%s\n           ", row->section, row->name);
        append_choices(out, row->choices);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static char *fish_valued(void)
{
    GString *out = g_string_new("    ");
    const struct option_row *row;
    for (gsize i = 0; (row = options_row(i)); i++)
        if (row->value) g_string_append_printf(out, "--%s ", row->name);
    g_string_truncate(out, out->len - 1);
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}

const struct table fish_tables[] = {
    {"@COMMANDS@\n", fish_commands},
    {"@ARGUMENTS@\n", fish_arguments},
    {"@OPTIONS@\n", fish_options},
    {"@VALUED@\n", fish_valued},
    {"@KEYS@\n", setting_keys},
    {"@CHOICES@\n", fish_choices},
    {NULL, NULL},
};
