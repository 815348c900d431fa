#include "moment.h"
#include "subcommands.h"
#include "base/diag.h"
#include "player/command.h"
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define AT(field) offsetof(struct options, field)

/* Values are file names for GLib, which takes them byte by byte: in the locale C it would refuse a string
 * that is not ASCII. The reader of a value checks whether it is UTF-8. */
/* clang-format off */
static const struct option_row rows[] = {
    {"routine", 0, OPTIONS_PLAY, G_OPTION_ARG_FILENAME, AT(routine), "NAME", "play this routine: short for 'play NAME'"},
    {"plain", 0, OPTIONS_PLAIN, G_OPTION_ARG_NONE, AT(plain), NULL, "one line of text for each change, nothing drawn (for screen readers); --plain=words prints each sentence"},
    {"background", 0, OPTIONS_PLAY, G_OPTION_ARG_NONE, AT(background), NULL, "play in the background; return once sound has started"},
    {"resume", 0, OPTIONS_PLAY, G_OPTION_ARG_NONE, AT(resume), NULL, "continue at the move where this routine was interrupted"},
    {"until", 0, OPTIONS_PLAY, G_OPTION_ARG_FILENAME, AT(until), "TIME", "end at this time of day: 7:45"},
    {"replace", 0, OPTIONS_PLAY, G_OPTION_ARG_NONE, AT(replace), NULL, "stop the session that is running, and play instead"},
    {"socket", 0, OPTIONS_CONTROL, G_OPTION_ARG_FILENAME, AT(socket), "PATH", "the control socket, if it is not in its usual place"},
    {"follow", 0, OPTIONS_FOLLOW, G_OPTION_ARG_NONE, AT(follow), NULL, "print each change, until the program that plays ends"},
    {"speak", 0, OPTIONS_ALOUD, G_OPTION_ARG_NONE, AT(aloud), NULL, "say the list, or each sentence before it is recorded"},
    {"inputs", 0, OPTIONS_DEVICES, G_OPTION_ARG_NONE, AT(inputs), NULL, "list the microphones instead"},
    {"chapters", 0, OPTIONS_RENDER, G_OPTION_ARG_FILENAME, AT(chapters), "WHAT", "a chapter for each of the steps, or of the moves: one for each move and side"},
    {"quality", 0, OPTIONS_RENDER, G_OPTION_ARG_FILENAME, AT(quality), "N", "from 0, the smallest file, to 10, the best sound"},
    {"bitrate", 0, OPTIONS_RENDER, G_OPTION_ARG_FILENAME, AT(bitrate), "RATE", "of mp3 and opus, such as 96k"},
    {"captions", 0, OPTIONS_RENDER, G_OPTION_ARG_NONE, AT(captions), NULL, "also write what is said, as vtt and lrc beside FILE"},
    {"split", 0, OPTIONS_RENDER, G_OPTION_ARG_FILENAME, AT(split), "DIR", "also write a file for each step into DIR; without FILE only those, as mp3"},
    {"feed", 0, OPTIONS_RENDER, G_OPTION_ARG_FILENAME, AT(feed), "DIR", "write a podcast into DIR instead: an mp3 of each NAME, or of all routines, and feed.xml"},
    {"mono", 0, OPTIONS_RENDER, G_OPTION_ARG_NONE, AT(mono), NULL, "one channel instead of two"},
    {"json", 0, OPTIONS_JSON, G_OPTION_ARG_NONE, AT(json), NULL, "print JSON, one object per line"},
    {"csv", 0, OPTIONS_HISTORY, G_OPTION_ARG_NONE, AT(csv), NULL, "print all sessions as CSV"},
    {"jrnl", 0, OPTIONS_HISTORY, G_OPTION_ARG_NONE, AT(jrnl), NULL, "print them as a journal, in the format of jrnl"},
    {"ics", 0, OPTIONS_HISTORY, G_OPTION_ARG_NONE, AT(ics), NULL, "print them as a calendar (iCalendar)"},
    {"svg", 0, OPTIONS_HISTORY, G_OPTION_ARG_FILENAME, AT(svg), "FILE", "draw the calendar and the minutes of each week"},
    {"before", 0, OPTIONS_HISTORY, G_OPTION_ARG_FILENAME, AT(before), "DATE", "with forget: the sessions before this day (2026-11-30)"},
    {"pain", 0, OPTIONS_RATE, G_OPTION_ARG_FILENAME, AT(pain), "N", "from 0, none, to 10; over 5 the routine becomes easier"},
    {"note", 0, OPTIONS_RATE, G_OPTION_ARG_FILENAME, AT(note), "TEXT", "keep a remark"},
    {"strict", 0, OPTIONS_CHECK, G_OPTION_ARG_NONE, AT(strict), NULL, "fail on a warning too"},
    {"all", 0, OPTIONS_SPEAK, G_OPTION_ARG_NONE, AT(all), NULL, "speak every routine that 'list' shows"},
    {"missing", 0, OPTIONS_SCRIPT, G_OPTION_ARG_NONE, AT(missing), NULL, "only sentences that are not recorded yet"},
    {"part", 0, OPTIONS_LIST, G_OPTION_ARG_FILENAME, AT(part), "PART", "only routines for this part of the body: back, neck, …"},
    {"about", 0, OPTIONS_LIST, G_OPTION_ARG_NONE, AT(about), NULL, "also print the parts of the body, and the level to begin at"},
    {"steps", 0, OPTIONS_NEW, G_OPTION_ARG_FILENAME, AT(steps), "N", "how many steps the template has (3)"},
    {"from", 0, OPTIONS_NEW, G_OPTION_ARG_FILENAME, AT(from), "NAME", "take the steps of this routine"},
    {"from", 0, OPTIONS_STEPS, G_OPTION_ARG_FILENAME, AT(from_step), "STEP", "begin with this step: its name, its title, the beginning of one, or its number"},
    {"only", 0, OPTIONS_STEPS | OPTIONS_NEW, G_OPTION_ARG_FILENAME, AT(only), "STEPS", "only these steps, in this order, such as bridge,cobra"},
    {"skip", 0, OPTIONS_STEPS | OPTIONS_NEW, G_OPTION_ARG_FILENAME, AT(skip), "STEPS", "without these steps"},
    {"shuffle", 0, OPTIONS_STEPS, G_OPTION_ARG_NONE, AT(shuffle), NULL, "the steps in another order each day"},
    {"output", 'o', OPTIONS_IMPORT, G_OPTION_ARG_FILENAME, AT(output), "NAME.ini", "write this file, and not one of the user's own routines"},
    {"format", 0, OPTIONS_SHEET, G_OPTION_ARG_FILENAME, AT(format), "FORMAT", "write html, md or txt, whatever the file's name (for - it is txt unless given)"},
    {"days", 0, OPTIONS_REMIND, G_OPTION_ARG_FILENAME, AT(days), "DAYS", "on these days, such as mon-fri or sat,sun"},
    {"every", 0, OPTIONS_REMIND, G_OPTION_ARG_FILENAME, AT(every), "TIME", "again and again, such as 90m, until --to"},
    {"from", 0, OPTIONS_REMIND, G_OPTION_ARG_FILENAME, AT(start), "TIME", "with --every: the first time of the day"},
    {"to", 0, OPTIONS_REMIND, G_OPTION_ARG_FILENAME, AT(stop), "TIME", "with --every: none after this time"},
    {"say", 0, OPTIONS_REMIND, G_OPTION_ARG_NONE, AT(say), NULL, "ask aloud, and play if you press play (without one of these three, too)"},
    {"notify", 0, OPTIONS_REMIND, G_OPTION_ARG_NONE, AT(notify), NULL, "show a notification, and play if you press its button"},
    {"play", 0, OPTIONS_REMIND, G_OPTION_ARG_NONE, AT(play), NULL, "play at once"},
    {"ics", 0, OPTIONS_REMIND, G_OPTION_ARG_FILENAME, AT(calendar), "FILE", "write a calendar for a phone instead (iCalendar); - is standard output"},
    {"clear", 0, OPTIONS_CACHE, G_OPTION_ARG_NONE, AT(clear), NULL, "remove all clips"},
    {"config", 0, OPTIONS_SETTINGS, G_OPTION_ARG_FILENAME, AT(config), "FILE", "read settings from FILE instead of the usual places"},
    {"set", 0, OPTIONS_SETTINGS, G_OPTION_ARG_FILENAME_ARRAY, AT(set), "SECTION.KEY=VALUE", "change one setting (repeatable; overrides files)"},
    {"voice", 0, OPTIONS_SETTINGS, G_OPTION_ARG_FILENAME, AT(voice), "VOICE", "speak with this voice: a profile, en+f3, or a voice of espeak-ng (voice.profile)"},
    {"language", 0, OPTIONS_SETTINGS, G_OPTION_ARG_STRING, AT(language), "LANG", "play the routine in this language, if there is one (voice.language)"},
    {"level", 0, OPTIONS_SETTINGS, G_OPTION_ARG_FILENAME, AT(level), "N", "how hard: 0, the low end of every range, to 100 (pace.level)"},
    {"duration", 0, OPTIONS_SESSION, G_OPTION_ARG_FILENAME, AT(duration), "TIME", "last exactly so long: 10m (pace.duration)"},
    {"device", 0, OPTIONS_SETTINGS, G_OPTION_ARG_FILENAME, AT(device), "NAME", "play on this output (sound.device); see 'devices'"},
    {"listen", 0, OPTIONS_PLAY, G_OPTION_ARG_FILENAME, AT(listen), "WHEN", "take spoken commands: off, push (after a key or a press) or wake (after \"hey coach\") (listen.mode)"},
    {"music", 0, OPTIONS_MUSIC, G_OPTION_ARG_FILENAME, AT(music), "PATH", "play this file, or the files of this directory, under the words; \"\" is none (music.file)"},
    {"seed", 0, OPTIONS_MUSIC | OPTIONS_STEPS, G_OPTION_ARG_FILENAME, AT(seed), "N", "shuffle by this number, not by the date"},
    {"today", 0, OPTIONS_TODAY, G_OPTION_ARG_NONE, AT(today), NULL, "as 'play' would do it now: with the level and the words that the history asks for"},
    {"for", 0, OPTIONS_LEAVE, G_OPTION_ARG_FILENAME, AT(leave_for), "TIME", "for so long, with today: 10d or 2w"},
    {"for-good", 0, OPTIONS_LEAVE, G_OPTION_ARG_NONE, AT(for_good), NULL, "until unskip takes the step in again, as without --for"},
    {"clients-port", 0, OPTIONS_CLASS, G_OPTION_ARG_FILENAME, AT(clients_port), "N", "the port for the listeners of a class (1704); the next one is for their control"},
    {"address", 0, OPTIONS_CLASS, G_OPTION_ARG_FILENAME, AT(address), "ADDRESS", "where a class listens for them, such as 192.168.1.5 (127.0.0.1: this computer only)"},
    {"buffer", 0, OPTIONS_BUFFER, G_OPTION_ARG_FILENAME, AT(buffer), "TIME", "how long after the leader all hear it, at the same moment (400ms)"},
    {"stream", 0, OPTIONS_SNAPCAST, G_OPTION_ARG_FILENAME, AT(stream), "ID", "as Snapcast gives it; not used"},
    {"snapcast-host", 0, OPTIONS_SNAPCAST, G_OPTION_ARG_FILENAME, AT(snapcast_host), "HOST", "likewise"},
    {"snapcast-port", 0, OPTIONS_SNAPCAST, G_OPTION_ARG_FILENAME, AT(snapcast_port), "N", "likewise"},
    {"help", 'h', OPTIONS_EVERYWHERE, G_OPTION_ARG_NONE, AT(help), NULL, "print this help"},
    {"version", 'V', OPTIONS_EVERYWHERE, G_OPTION_ARG_NONE, AT(version), NULL, "print version and licence"},
    {"quiet", 'q', OPTIONS_EVERYWHERE, G_OPTION_ARG_NONE, AT(quiet), NULL, "print only what was asked for, and errors"},
    {"verbose", 'v', OPTIONS_EVERYWHERE, G_OPTION_ARG_NONE, AT(verbose), NULL, "say more on standard error"},
    {"color", 0, OPTIONS_EVERYWHERE, G_OPTION_ARG_FILENAME, AT(color), "WHEN", "colour: auto, always or never"},
};
/* clang-format on */

const struct subcommand subcommands[] = {
    {"play", "NAME…", "Play a routine now, or several as one session", 1, G_MAXUINT,
     OPTIONS_SETTINGS | OPTIONS_SESSION | OPTIONS_STEPS | OPTIONS_PLAY | OPTIONS_MUSIC | OPTIONS_PLAIN |
         OPTIONS_CONTROL,
     subcommand_play},
    {"menu", "", "Say the routines, and play the one that you choose", 0, 0,
     OPTIONS_SETTINGS | OPTIONS_PLAIN | OPTIONS_CONTROL, subcommand_menu},
    {"attach", "", "Show the session that is running, and take its keys", 0, 0,
     OPTIONS_CONTROL | OPTIONS_PLAIN, subcommand_attach},
    {"render", "NAME… FILE",
     "Write the session to a sound file: wav flac ogg opus mp3 m4a m4b; - is WAV on standard output", 2,
     G_MAXUINT,
     OPTIONS_SETTINGS | OPTIONS_SESSION | OPTIONS_STEPS | OPTIONS_MUSIC | OPTIONS_PLAIN | OPTIONS_RENDER |
         OPTIONS_TODAY,
     subcommand_render},
    {"plan", "NAME…", "Print the timeline of the session", 1, G_MAXUINT,
     OPTIONS_SETTINGS | OPTIONS_SESSION | OPTIONS_STEPS | OPTIONS_JSON | OPTIONS_TODAY, subcommand_plan},
    {"captions", "NAME… FILE", "Write the spoken text with its times: vtt srt lrc", 2, G_MAXUINT,
     OPTIONS_SETTINGS | OPTIONS_SESSION | OPTIONS_STEPS | OPTIONS_TODAY, subcommand_captions},
    {"sheet", "NAME… FILE", "Write the routine as a sheet for paper: html md txt; - is standard output", 2,
     G_MAXUINT, OPTIONS_SETTINGS | OPTIONS_SESSION | OPTIONS_STEPS | OPTIONS_SHEET | OPTIONS_TODAY,
     subcommand_sheet},
    {"script", "NAME", "Print every sentence that can be said, and the name of its recording", 1, 1,
     OPTIONS_SETTINGS | OPTIONS_JSON | OPTIONS_SCRIPT, subcommand_script},
    {"record", "NAME", "Record the sentences of a routine in your own voice", 1, 1,
     OPTIONS_SETTINGS | OPTIONS_ALOUD, subcommand_record},
    {"speak", "[NAME…]", "Let a voice of another program say all of a routine, and keep it", 0, G_MAXUINT,
     OPTIONS_SETTINGS | OPTIONS_PLAIN | OPTIONS_SPEAK, subcommand_speak},
    {"cache", "", "Print how much of what voices have said is kept", 0, 0, OPTIONS_SETTINGS | OPTIONS_CACHE,
     subcommand_cache},
    {"check", "[FILE…]", "Report every problem in routines, settings and voices", 0, G_MAXUINT,
     OPTIONS_SETTINGS | OPTIONS_CHECK, subcommand_check},
    {"list", "", "List the routines", 0, 0, OPTIONS_SETTINGS | OPTIONS_JSON | OPTIONS_ALOUD | OPTIONS_LIST,
     subcommand_list},
    {"history", "[forget [ID]]", "Show what you have practised, or forget a session", 0, 2,
     OPTIONS_JSON | OPTIONS_PLAIN | OPTIONS_HISTORY, subcommand_history},
    {"rate", "easy|right|hard", "Say how the last session was", 1, 1, OPTIONS_RATE, subcommand_rate},
    {"level", "[NAME [N]]", "Show the level of a routine, or set it", 0, 2, OPTIONS_SETTINGS | OPTIONS_JSON,
     subcommand_level},
    {"remind", "[NAME TIME]",
     "Remind you of a routine at a time of the day; alone it lists, 'remind remove N' takes one away", 0, 2,
     OPTIONS_SETTINGS | OPTIONS_SESSION | OPTIONS_CONTROL | OPTIONS_JSON | OPTIONS_REMIND, subcommand_remind},
    {"new", "NAME", "Write a routine to begin with: a template, or some steps of another one", 1, 1,
     OPTIONS_SETTINGS | OPTIONS_NEW, subcommand_new},
    {"import", "FILE", "Make a routine of another program's workout: JSON, CSV or a list", 1, 1,
     OPTIONS_IMPORT, subcommand_import},
    {"voices", "", "List the voice profiles", 0, 0, OPTIONS_JSON, subcommand_voices},
    {"devices", "", "List the audio outputs", 0, 0, OPTIONS_JSON | OPTIONS_DEVICES, subcommand_devices},
    {"config", "", "Print the settings in force and where each comes from", 0, 0, OPTIONS_SETTINGS,
     subcommand_config},
    {"restore", "", "Undo what a session that was killed has left of the sound of other programs", 0, 0, 0,
     subcommand_restore},
    {"daemon", "", "Stay ready, and play sessions on request", 0, 0, OPTIONS_SETTINGS | OPTIONS_CONTROL,
     subcommand_daemon},
    {"class", "start|stop|status", "Let others listen in step, through Snapcast", 1, 1,
     OPTIONS_CLASS | OPTIONS_BUFFER | OPTIONS_CONTROL | OPTIONS_JSON, subcommand_class},
    {"snapcast-control", "", "Steer the session for Snapcast's server, over standard input and output", 0, 0,
     OPTIONS_CLASS | OPTIONS_SNAPCAST | OPTIONS_CONTROL, subcommand_snapcast_control},
    {"help", "[COMMAND]", "Print this help, or that of one command", 0, 1, 0, NULL}, /* take_help() */
    {NULL, NULL, NULL, 0, 0, 0, NULL},
};

const struct option_row *options_row(gsize i)
{
    return i < G_N_ELEMENTS(rows) ? &rows[i] : NULL;
}

static void *field(struct options *options, const struct option_row *row)
{
    return (char *)options + row->offset;
}

/* Two subcommands may have different options of one name. While it is not known which one it is, the first
 * counts. */
static bool is_known(const GOptionEntry *entries, const char *name)
{
    for (; entries->long_name; entries++)
        if (strcmp(entries->long_name, name) == 0) return true;
    return false;
}

/* A parser for the options of some groups, or with `usage` their help. */
static GOptionContext *new_context(struct options *options, unsigned groups, const char *usage)
{
    GOptionEntry entries[G_N_ELEMENTS(rows) + 1] = {0};
    int n = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].group & (groups | OPTIONS_EVERYWHERE) && (usage || !is_known(entries, rows[i].name)))
            entries[n++] =
                (GOptionEntry){rows[i].name, rows[i].letter, 0, rows[i].type, field(options, &rows[i]),
                               rows[i].help, rows[i].value};
    GOptionContext *context = g_option_context_new(usage);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_ignore_unknown_options(context, TRUE); /* "-6" may be a level: take_words() */
    g_option_context_add_main_entries(context, entries, NULL);
    return context;
}

/* ---- help ---- */

/* Wide characters count as one. */
static void append_padded(GString *text, const char *word, glong columns)
{
    g_string_append(text, word);
    for (glong n = g_utf8_strlen(word, -1); n < columns; n++) g_string_append_c(text, ' ');
}

static void append_subcommand(GString *text, const struct subcommand *subcommand)
{
    g_autofree char *usage = g_strdup_printf("  %s %s", subcommand->name, subcommand->arguments);
    append_padded(text, usage, 23);
    g_string_append_printf(text, "%s\n", subcommand->summary);
}

/* With the key that does the same. */
static void append_command(GString *text, enum command_id id)
{
    const struct command_row *row = command_row(id);
    g_autofree char *usage = g_strdup_printf("  %s %s", row->name, row->value);
    append_padded(text, usage, 17);
    append_padded(text, command_key_name(id), 6);
    g_string_append_printf(text, "%s\n", row->help);
}

static char *general_summary(void)
{
    GString *text =
        g_string_new("Talks you through a routine of exercises, so that you need not look.\n\nCommands:\n");
    for (const struct subcommand *subcommand = subcommands; subcommand->name; subcommand++)
        append_subcommand(text, subcommand);
    g_string_append(text, "\nNAME is a routine that 'list' shows, or a path to a file.\n\n"
                          "Commands to the session that is running, and their keys:\n");
    for (enum command_id id = COMMAND_NONE + 1; id < N_COMMANDS; id++) append_command(text, id);
    g_string_truncate(text, text->len - 1);
    return g_string_free(text, FALSE);
}

char *options_help(struct options *options)
{
    const struct subcommand *subcommand = &options->subcommand;
    bool general = !subcommand->name;
    g_autofree char *summary = general ? general_summary() : g_strconcat(subcommand->summary, ".", NULL);
    g_autofree char *usage =
        general ? g_strdup("COMMAND [ARGUMENT…]\n  stretchvoice [OPTION…] --routine NAME")
                : g_strjoin(*subcommand->arguments ? " " : "", subcommand->name, subcommand->arguments, NULL);
    g_autoptr(GOptionContext) context = new_context(options, general ? ~0u : subcommand->groups, usage);
    g_option_context_set_summary(context, summary);
    if (general)
        g_option_context_set_description(context,
                                         "'stretchvoice COMMAND --help' shows the options of one command; "
                                         "'man stretchvoice' explains everything.\n");
    return g_option_context_get_help(context, TRUE, NULL);
}

/* ---- the subcommand ---- */

struct subcommand options_steering(enum command_id id)
{
    const struct command_row *row = command_row(id);
    bool status = id == COMMAND_STATUS, keys = id == COMMAND_SAY_KEYS, skip = id == COMMAND_SKIP;
    return (struct subcommand){
        .name = row->name,
        .arguments = row->value,
        .summary = row->help,
        .min = row->argument == ARGUMENT_DB || (row->argument == ARGUMENT_STEP && !skip) ? 1 : 0,
        .max = skip || id == COMMAND_UNSKIP     ? 2
               : row->argument == ARGUMENT_NONE ? 0
                                                : 1,
        .groups = OPTIONS_CONTROL | (status ? OPTIONS_JSON | OPTIONS_FOLLOW : 0) |
                  (skip ? OPTIONS_LEAVE : 0) |
                  (keys ? OPTIONS_SETTINGS : 0), /* without a session it speaks by itself */
        .run = subcommand_steer,
    };
}

static bool fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Always false. */
static bool fail(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *shown = diag_shown(message, 500);
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "%s; see 'stretchvoice --help'", shown);
    return false;
}

static bool no_such_command(const char *name, GError **error)
{
    const char *names[64] = {NULL};
    int n = 0;
    for (const struct subcommand *subcommand = subcommands; subcommand->name; subcommand++)
        names[n++] = subcommand->name;
    for (enum command_id id = COMMAND_NONE + 1; id < N_COMMANDS; id++) names[n++] = command_row(id)->name;
    const char *near = diag_nearest(name, names);
    return near ? fail(error, "there is no command '%s', but '%s'", name, near)
                : fail(error, "there is no command '%s'", name);
}

static bool find_subcommand(struct options *options, const char *name, GError **error)
{
    for (const struct subcommand *subcommand = subcommands; subcommand->name; subcommand++)
        if (strcmp(subcommand->name, name) == 0) options->subcommand = *subcommand;
    enum command_id id = command_by_name(name);
    if (id != COMMAND_NONE) options->subcommand = options_steering(id);
    return options->subcommand.name || no_such_command(name, error);
}

/* ---- parsing ---- */

/* What GLib has left: arguments, and options that it does not know. "-6" is an argument. */
static bool take_words(struct options *options, char **words, GError **error)
{
    bool literal = false;
    for (; *words; words++) {
        const char *word = *words;
        if (!literal && strcmp(word, "--") == 0) {
            literal = true;
        } else if (!literal && *word == '-' && word[1] && !g_ascii_isdigit(word[1])) {
            const char *name = options->subcommand.name;
            return fail(error, "%s%s%s no option '%s'", name ? "'" : "there is", name ? name : "",
                        name ? "' has" : "", word);
        } else {
            g_ptr_array_add(options->arguments, g_strdup(word));
        }
    }
    return true;
}

/* "--plain=words" is "--plain" with a value, which GLib would also look for in the next word. */
static bool take_plain(struct options *options, char **words, GError **error)
{
    static const char plain[] = "--plain", value[] = "--plain=";
    for (; *words && strcmp(*words, "--") != 0; words++) {
        if (!g_str_has_prefix(*words, value)) continue;
        if (strcmp(*words + strlen(value), "words") != 0)
            return fail(error, "--plain has no value, or =words, not '%s'", *words + strlen(value));
        options->words = TRUE;
        g_free(*words);
        *words = g_strdup(plain);
    }
    return true;
}

/* Reads the options of the subcommand, or all if there is none yet, and what is left as arguments. */
static bool read_words(struct options *options, char **argv, GError **error)
{
    unsigned groups = options->subcommand.name ? options->subcommand.groups : ~0u;
    g_autoptr(GOptionContext) context = new_context(options, groups, NULL);
    g_auto(GStrv) words = g_strdupv(argv);
    g_autoptr(GError) problem = NULL;
    if (!take_plain(options, words, error)) return false;
    if (!g_option_context_parse_strv(context, &words, &problem)) return fail(error, "%s", problem->message);
    return take_words(options, words + 1, error);
}

static void reset(struct options *options, struct subcommand subcommand)
{
    options_finish(options);
    *options =
        (struct options){.subcommand = subcommand, .arguments = g_ptr_array_new_with_free_func(g_free)};
}

/* With --routine there is no subcommand: it is the short form of play. */
static bool take_subcommand(struct options *options, GError **error)
{
    GPtrArray *arguments = options->arguments;
    const char *first = arguments->len > 0 ? g_ptr_array_index(arguments, 0) : NULL;
    if (options->routine) return find_subcommand(options, "play", error);
    return !first || find_subcommand(options, first, error);
}

/* "help" and "help COMMAND" are "--help" and "COMMAND --help". */
static bool take_help(struct options *options, GError **error)
{
    GPtrArray *arguments = options->arguments;
    if (options->routine || !arguments->len || strcmp(arguments->pdata[0], "help") != 0) return true;
    if (arguments->len > 2)
        return fail(error, "'help' takes one command; '%s' is one too many", (char *)arguments->pdata[2]);
    g_ptr_array_remove_index(arguments, 0);
    options->help = TRUE;
    return true;
}

static void drop_subcommand(struct options *options)
{
    GPtrArray *arguments = options->arguments;
    const char *first = arguments->len > 0 ? g_ptr_array_index(arguments, 0) : NULL;
    if (first && strcmp(first, options->subcommand.name) == 0) g_ptr_array_remove_index(arguments, 0);
    if (options->routine) g_ptr_array_insert(arguments, 0, g_strdup(options->routine));
}

static bool check_length(struct options *options, GError **error)
{
    if (options->duration && options->resume)
        return fail(error,
                    "--duration and --resume exclude each other: the session goes on as it was (--until fits "
                    "what is left)");
    if (!options->until) return true;
    if (options->duration) return fail(error, "--duration and --until exclude each other");
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    options->until_us = moment_after(options->until, now);
    if (options->until_us == 0)
        return fail(error, "--until must be a time of day such as 7:45 or 19:45, not '%s'", options->until);
    return options->until_us > 0 ||
           fail(error, "--until %s: that is more than %d hours away", options->until, MOMENT_HOURS);
}

static bool check_use(const struct options *options, GError **error)
{
    const struct subcommand *subcommand = &options->subcommand;
    guint n = options->arguments->len, min = subcommand->min, max = subcommand->max;
    if (options->split) min = 1;
    if (options->feed) min = 0, max = G_MAXUINT;
    if (n < min) return fail(error, "'%s' needs %s", subcommand->name, subcommand->arguments);
    if (n > max)
        return fail(error, "'%s' takes no argument '%s'", subcommand->name,
                    (char *)g_ptr_array_index(options->arguments, max));
    static const char *const colors[] = {"auto", "always", "never", NULL};
    if (options->color && !g_strv_contains(colors, options->color))
        return fail(error, "--color must be auto, always or never, not '%s'", options->color);
    if (options->seed && !g_ascii_string_to_unsigned(options->seed, 10, 0, G_MAXUINT32, NULL, NULL))
        return fail(error, "--seed must be a whole number from 0 to %u, not '%s'", G_MAXUINT32,
                    options->seed);
    return true;
}

/* Options may stand before the subcommand that tells which ones there are, so all is read twice. */
bool options_parse(struct options *options, char **argv, GError **error)
{
    *options = (struct options){.arguments = g_ptr_array_new_with_free_func(g_free)};
    if (!read_words(options, argv, error)) return false;
    if (!take_help(options, error)) return false;
    if (!take_subcommand(options, error)) return false;
    if (options->help || options->version || !options->subcommand.name) return true;
    reset(options, options->subcommand);
    if (!read_words(options, argv, error)) return false;
    drop_subcommand(options);
    return check_use(options, error) && check_length(options, error);
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
    const char *none = g_getenv("NO_COLOR"), *terminal = g_getenv("TERM");
    if (options->color && strcmp(options->color, "auto") != 0) return strcmp(options->color, "always") == 0;
    bool capable = terminal && *terminal && strcmp(terminal, "dumb") != 0;
    return capable && !(none && *none) && isatty(fd);
}
