#include "print.h"
#include "subcommands.h"
#include "base/diag.h"
#include "player/command.h"
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define AT(field) offsetof(struct options, field)

static const char VERSION_TEXT[] = "stretchvoice " VERSION "\n"
                                   "Copyright (C) 2026 the stretchvoice authors; GPL-3.0-or-later\n";

/* All values are taken as names of files are, byte by byte: in the locale C, GLib would refuse a string that
 * is no ASCII. Where one has to be UTF-8, its reader says so. */
/* clang-format off */
static const struct option_row rows[] = {
    {"routine", 0, OPTIONS_PLAY, G_OPTION_ARG_FILENAME, AT(routine), "NAME", "play this routine: short for 'play NAME'"},
    {"plain", 0, OPTIONS_PLAY, G_OPTION_ARG_NONE, AT(plain), NULL, "one line of text a change, nothing drawn (for screen readers)"},
    {"background", 0, OPTIONS_PLAY, G_OPTION_ARG_NONE, AT(background), NULL, "play in the background; return once sound has started"},
    {"resume", 0, OPTIONS_PLAY, G_OPTION_ARG_NONE, AT(resume), NULL, "go on at the move where this routine was interrupted"},
    {"replace", 0, OPTIONS_PLAY, G_OPTION_ARG_NONE, AT(replace), NULL, "stop the session that is running, and take its place"},
    {"socket", 0, OPTIONS_CONTROL, G_OPTION_ARG_FILENAME, AT(socket), "PATH", "the control socket, if it is not at its usual place"},
    {"follow", 0, OPTIONS_FOLLOW, G_OPTION_ARG_NONE, AT(follow), NULL, "print each change, until the program that plays ends"},
    {"json", 0, OPTIONS_JSON, G_OPTION_ARG_NONE, AT(json), NULL, "print JSON, one object a line"},
    {"config", 0, OPTIONS_SETTINGS, G_OPTION_ARG_FILENAME, AT(config), "FILE", "read settings from FILE instead of the usual places"},
    {"set", 0, OPTIONS_SETTINGS, G_OPTION_ARG_FILENAME_ARRAY, AT(set), "SECTION.KEY=VALUE", "change one setting (repeatable; wins over files)"},
    {"voice", 0, OPTIONS_SETTINGS, G_OPTION_ARG_FILENAME, AT(voice), "NAME", "speak with this voice profile (voice.profile)"},
    {"level", 0, OPTIONS_SETTINGS, G_OPTION_ARG_FILENAME, AT(level), "N", "how hard: 0, the low end of every range, to 100 (pace.level)"},
    {"device", 0, OPTIONS_SETTINGS, G_OPTION_ARG_FILENAME, AT(device), "NAME", "play on this output (sound.device); see 'devices'"},
    {"help", 'h', OPTIONS_EVERYWHERE, G_OPTION_ARG_NONE, AT(help), NULL, "print this help"},
    {"version", 0, OPTIONS_EVERYWHERE, G_OPTION_ARG_NONE, AT(version), NULL, "print version and licence"},
    {"quiet", 'q', OPTIONS_EVERYWHERE, G_OPTION_ARG_NONE, AT(quiet), NULL, "print nothing but what was asked for and errors"},
    {"verbose", 'v', OPTIONS_EVERYWHERE, G_OPTION_ARG_NONE, AT(verbose), NULL, "say more on standard error"},
    {"color", 0, OPTIONS_EVERYWHERE, G_OPTION_ARG_FILENAME, AT(color), "WHEN", "colour: auto, always or never"},
};
/* clang-format on */

static void *field(struct options *options, const struct option_row *row)
{
    return (char *)options + row->offset;
}

/* ---- help ---- */

static void append_options(GString *text, unsigned groups)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct option_row *row = &rows[i];
        if (!(row->group & groups)) continue;
        g_autofree char *name =
            g_strdup_printf("--%s%s%s", row->name, row->value ? " " : "", row->value ? row->value : "");
        g_string_append_printf(text, "  %c%c%c %-26s %s\n", row->letter ? '-' : ' ',
                               row->letter ? row->letter : ' ', row->letter ? ',' : ' ', name, row->help);
    }
}

/* Wide characters count as one. */
static void append_padded(GString *text, const char *word, glong columns)
{
    g_string_append(text, word);
    for (glong n = g_utf8_strlen(word, -1); n < columns; n++) g_string_append_c(text, ' ');
}

static void append_verb(GString *text, const struct subcommand *subcommand)
{
    g_autofree char *usage = g_strdup_printf("  %s %s", subcommand->name, subcommand->arguments);
    append_padded(text, usage, 23);
    g_string_append_printf(text, "%s\n", subcommand->summary);
}

/* With the key that does the same. */
static void append_command(GString *text, enum command_id id)
{
    const struct command_row *row = command_row(id);
    const char letter[] = {row->key, '\0'};
    g_autofree char *usage = g_strdup_printf("  %s %s", row->name, row->value);
    append_padded(text, usage, 17);
    append_padded(text, row->key == ' ' ? "space" : letter, 6);
    g_string_append_printf(text, "%s\n", row->help);
}

static char *subcommand_help(const struct subcommand *subcommand)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "Usage: stretchvoice %s%s%s [OPTION…]\n\n%s.\n\n", subcommand->name,
                           *subcommand->arguments ? " " : "", subcommand->arguments, subcommand->summary);
    append_options(text, subcommand->groups | OPTIONS_EVERYWHERE);
    return g_string_free(text, FALSE);
}

static char *general_help(void)
{
    GString *text =
        g_string_new("Usage: stretchvoice --routine NAME [OPTION…]\n"
                     "       stretchvoice COMMAND [ARGUMENT…] [OPTION…]\n\n"
                     "Talks you through a routine of exercises, so that you need not look.\n\nCommands:\n");
    for (const struct subcommand *subcommand = subcommands; subcommand->name; subcommand++)
        append_verb(text, subcommand);
    g_string_append(text, "\nNAME is a routine that 'list' shows, or a path to a file.\n\n"
                          "Commands to the session that is running, and its keys:\n");
    for (enum command_id id = COMMAND_NONE + 1; id < N_COMMANDS; id++) append_command(text, id);
    g_string_append(text, "\nOptions:\n");
    append_options(text, ~0u);
    g_string_append(text,
                    "\n'stretchvoice COMMAND --help' shows the options of one command; 'man stretchvoice' "
                    "tells everything.\n");
    return g_string_free(text, FALSE);
}

static void print_help(FILE *out, const struct subcommand *subcommand)
{
    g_autofree char *text = subcommand ? subcommand_help(subcommand) : general_help();
    fputs(text, out);
}

const struct option_row *options_row(gsize i)
{
    return i < G_N_ELEMENTS(rows) ? &rows[i] : NULL;
}

/* ---- parsing ---- */

static int complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

static int complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *shown = diag_shown(message, 500);
    fprintf(stderr, "stretchvoice: %s; see 'stretchvoice --help'\n", shown);
    return EXIT_USAGE;
}

struct subcommand options_steering(enum command_id id)
{
    const struct command_row *row = command_row(id);
    bool status = id == COMMAND_STATUS;
    return (struct subcommand){
        .name = row->name,
        .arguments = row->value,
        .summary = row->help,
        .min = row->argument == ARGUMENT_DB ? 1 : 0,
        .max = row->argument == ARGUMENT_NONE ? 0 : 1,
        .groups = OPTIONS_CONTROL | (status ? OPTIONS_JSON | OPTIONS_FOLLOW : 0),
        .run = subcommand_steer,
    };
}

static const struct subcommand *find_verb(struct options *options, const char *name)
{
    for (const struct subcommand *subcommand = subcommands; subcommand->name; subcommand++)
        if (strcmp(subcommand->name, name) == 0) return subcommand;
    enum command_id id = command_by_name(name);
    if (id == COMMAND_NONE) return NULL;
    options->steering = options_steering(id);
    return &options->steering;
}

/* "-6" is a level, not the option 6: it is hidden from the parser behind a character that nobody types, which
 * is taken away from arguments and values afterwards. */
enum { NEGATIVE = '\1' };

static char **hide_negatives(int argc, char **argv)
{
    char **copy = g_new0(char *, (gsize)argc + 1);
    for (int i = 0; i < argc; i++) {
        bool negative = argv[i][0] == '-' && g_ascii_isdigit(argv[i][1]);
        copy[i] = negative ? g_strdup_printf("%c%s", NEGATIVE, argv[i]) : g_strdup(argv[i]);
    }
    return copy;
}

static void unhide(char *word)
{
    if (word && *word == NEGATIVE) memmove(word, word + 1, strlen(word));
}

static void unhide_values(struct options *options)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        void *value = field(options, &rows[i]);
        if (rows[i].type == G_OPTION_ARG_FILENAME) unhide(*(char **)value);
        if (rows[i].type != G_OPTION_ARG_FILENAME_ARRAY) continue;
        for (char **word = *(char ***)value; word && *word; word++) unhide(*word);
    }
}

static void take_arguments(struct options *options, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) continue;
        unhide(argv[i]);
        g_ptr_array_add(options->arguments, g_strdup(argv[i]));
    }
}

static bool read_options(struct options *options, int *argc, char ***argv, GError **error)
{
    GOptionEntry entries[G_N_ELEMENTS(rows) + 1] = {0};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        entries[i] = (GOptionEntry){rows[i].name, rows[i].letter, 0, rows[i].type, field(options, &rows[i]),
                                    rows[i].help, rows[i].value};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, entries, NULL);
    return g_option_context_parse(context, argc, argv, error);
}

/* An option that was given although the subcommand has no use for it; NULL if there is none. */
static const struct option_row *stray_option(struct options *options, unsigned groups)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct option_row *row = &rows[i];
        if (row->group & (groups | OPTIONS_EVERYWHERE)) continue;
        bool given = row->type == G_OPTION_ARG_NONE ? *(gboolean *)field(options, row)
                                                    : *(void **)field(options, row) != NULL;
        if (given) return row;
    }
    return NULL;
}

static int unknown_verb(const char *name)
{
    const char *names[64] = {NULL};
    int n = 0;
    for (const struct subcommand *subcommand = subcommands; subcommand->name; subcommand++)
        names[n++] = subcommand->name;
    for (enum command_id id = 1; id < N_COMMANDS; id++) names[n++] = command_row(id)->name;
    const char *near = diag_nearest(name, names);
    return near ? complain("no such command ('%s'; '%s'?)", name, near)
                : complain("no such command ('%s')", name);
}

static int check_use(struct options *options, const struct subcommand *subcommand)
{
    const struct option_row *stray = stray_option(options, subcommand->groups);
    guint n = options->arguments->len;
    if (stray) return complain("--%s does not go with '%s'", stray->name, subcommand->name);
    if (n < subcommand->min) return complain("'%s' needs %s", subcommand->name, subcommand->arguments);
    if (n > subcommand->max)
        return complain("'%s' has no use for '%s'", subcommand->name,
                        (char *)g_ptr_array_index(options->arguments, subcommand->max));
    if (options->color &&
        !g_strv_contains((const char *const[]){"auto", "always", "never", NULL}, options->color))
        return complain("--color is wrong ('%s'; auto, always or never)", options->color);
    return EXIT_DONE;
}

/* With --routine there is no subcommand: it is the short form of play. */
static const struct subcommand *take_verb(struct options *options, int *code)
{
    GPtrArray *arguments = options->arguments;
    if (options->routine) {
        g_ptr_array_insert(arguments, 0, g_strdup(options->routine));
        if (arguments->len > 1 && strcmp(g_ptr_array_index(arguments, 1), "play") == 0)
            g_ptr_array_remove_index(arguments, 1);
        return find_verb(options, "play");
    }
    if (arguments->len == 0) return NULL;
    const struct subcommand *subcommand = find_verb(options, g_ptr_array_index(arguments, 0));
    if (!subcommand) *code = unknown_verb(g_ptr_array_index(arguments, 0));
    g_ptr_array_remove_index(arguments, 0);
    return subcommand;
}

const struct subcommand *options_parse(struct options *options, int argc, char **argv, int *code)
{
    *options = (struct options){.arguments = g_ptr_array_new_with_free_func(g_free)};
    g_autoptr(GError) error = NULL;
    *code = EXIT_DONE;
    g_auto(GStrv) copy = hide_negatives(argc, argv);
    argv = g_newa(char *, (gsize)argc + 1);
    memcpy(argv, copy, ((gsize)argc + 1) * sizeof *argv);
    if (!read_options(options, &argc, &argv, &error)) {
        *code = complain("%s", error->message);
        return NULL;
    }
    unhide_values(options);
    take_arguments(options, argc, argv);
    const struct subcommand *subcommand = take_verb(options, code);
    if (*code != EXIT_DONE) return NULL;
    if (options->help || options->version) {
        if (options->help)
            print_help(stdout, subcommand);
        else
            fputs(VERSION_TEXT, stdout);
        *code = print_end();
        return NULL;
    }
    if (!subcommand) {
        print_help(stderr, NULL);
        *code = EXIT_USAGE;
        return NULL;
    }
    options->subcommand = subcommand;
    *code = check_use(options, subcommand);
    return *code == EXIT_DONE ? subcommand : NULL;
}

void options_finish(struct options *options)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].type == G_OPTION_ARG_FILENAME_ARRAY)
            g_strfreev(*(char ***)field(options, &rows[i]));
        else if (rows[i].type != G_OPTION_ARG_NONE)
            g_free(*(char **)field(options, &rows[i]));
    }
    g_ptr_array_unref(options->arguments);
}

bool options_color(const struct options *options, int fd)
{
    if (g_strcmp0(options->color, "always") == 0) return true;
    const char *none = g_getenv("NO_COLOR");
    if (g_strcmp0(options->color, "never") == 0 || (none && *none) ||
        g_strcmp0(g_getenv("TERM"), "dumb") == 0)
        return false;
    return isatty(fd);
}
