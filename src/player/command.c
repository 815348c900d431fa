#include "player/command.h"
#include "base/duration.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct command_row rows[N_COMMANDS] = {
    [COMMAND_PAUSE] = {"pause", 0, ARGUMENT_NONE, "", "Pause the session", NULL},
    [COMMAND_RESUME] = {"resume", 0, ARGUMENT_NONE, "", "Go on after a pause", NULL},
    [COMMAND_TOGGLE] = {"toggle", ' ', ARGUMENT_NONE, "", "Pause, or go on", "pause, or go on"},
    [COMMAND_STOP] = {"stop", 'q', ARGUMENT_NONE, "", "Stop the session", "stop, or leave"},
    [COMMAND_NEXT] = {"next", 'n', ARGUMENT_PART, "[PART]", "Go to the next step, N steps, or PART: sentence, rep, side, set", NULL},
    [COMMAND_PREVIOUS] = {"previous", 'p', ARGUMENT_PART, "[PART]", "Go to the start of this step, or PART; soon after it, to the one before", NULL},
    [COMMAND_GOTO] = {"goto", 0, ARGUMENT_STEP, "STEP", "Go to a step: its name, its title or its number", NULL},
    [COMMAND_SKIP] = {"skip", 'x', ARGUMENT_STEP, "[STEP]", "Leave out a step from now on; without one, this step for today", "leave this out today"},
    [COMMAND_UNSKIP] = {"unskip", 0, ARGUMENT_STEP, "STEP", "Play a step again that has been left out", NULL},
    [COMMAND_REPEAT] = {"repeat", 'r', ARGUMENT_NONE, "", "Say this move again, and restart its hold; twice: its setup too", NULL},
    [COMMAND_BEGIN] = {"begin", '\n', ARGUMENT_NONE, "", "Begin the hold, or end the wait, at once", "begin at once"},
    [COMMAND_WHERE] = {"where", 'w', ARGUMENT_NONE, "", "Tell by voice where the session is; twice: the rest", "where you are"},
    [COMMAND_COMING] = {"coming", 'c', ARGUMENT_NONE, "", "Tell by voice what comes next, and when", "what comes next"},
    [COMMAND_AHEAD] = {"ahead", KEY_RIGHT, ARGUMENT_NONE, "", "Go to the next part, as chosen by wider and finer", "the next part"},
    [COMMAND_BACK] = {"back", KEY_LEFT, ARGUMENT_NONE, "", "Go to the previous part, as chosen", "the previous part"},
    [COMMAND_WIDER] = {"wider", KEY_UP, ARGUMENT_NONE, "", "Choose longer parts: sentence, rep, side, set, step", "longer parts"},
    [COMMAND_FINER] = {"finer", KEY_DOWN, ARGUMENT_NONE, "", "Choose shorter parts", "shorter parts"},
    [COMMAND_LONGER] = {"longer", '>', ARGUMENT_TIME, "[TIME]", "Lengthen this hold, or the next one, by TIME (10 s)", NULL},
    [COMMAND_SHORTER] = {"shorter", '<', ARGUMENT_TIME, "[TIME]", "Shorten this hold, or the next one, by TIME (10 s)", NULL},
    [COMMAND_EASIER] = {"easier", 'e', ARGUMENT_NONE, "", "Lower the level by 10, from the next repetition or set on", NULL},
    [COMMAND_HARDER] = {"harder", 'h', ARGUMENT_NONE, "", "Raise the level by 10, from the next repetition or set on", NULL},
    [COMMAND_LOUDER] = {"louder", '+', ARGUMENT_NONE, "", "Raise the volume by 3 dB", NULL},
    [COMMAND_QUIETER] = {"quieter", '-', ARGUMENT_NONE, "", "Lower the volume by 3 dB", NULL},
    [COMMAND_VOLUME] = {"volume", 0, ARGUMENT_DB, "N", "Set the volume to N dB, from -60 to 0", NULL},
    [COMMAND_FASTER] = {"faster", ']', ARGUMENT_NONE, "", "Let the voice speak faster by a tenth, in this session", NULL},
    [COMMAND_SLOWER] = {"slower", '[', ARGUMENT_NONE, "", "Let the voice speak slower by a tenth", NULL},
    [COMMAND_RECAP] = {"recap", 0, ARGUMENT_NONE, "", "Tell by voice at which step the class is, for those who come late", NULL},
    [COMMAND_LISTEN] = {"listen", 'l', ARGUMENT_NONE, "", "Listen for a spoken command, for 3 seconds", "listen"},
    [COMMAND_SAY_KEYS] = {"say-keys", 0, ARGUMENT_NONE, "", "Say the keys", NULL},
    [COMMAND_STATUS] = {"status", 0, ARGUMENT_NONE, "", "Print where the session is", NULL},
};
/* clang-format on */

const struct command_row *command_row(enum command_id id)
{
    return &rows[id];
}

enum command_id command_by_key(char key)
{
    for (enum command_id id = 1; key && id < N_COMMANDS; id++)
        if (rows[id].key == key) return id;
    return COMMAND_NONE;
}

enum command_id command_by_name(const char *name)
{
    for (enum command_id id = 1; id < N_COMMANDS; id++)
        if (strcmp(rows[id].name, name) == 0) return id;
    return COMMAND_NONE;
}

/* Keys that are called by a word: on paper, and aloud. */
static const struct {
    char key;
    const char *written, *spoken;
} key_names[] = {
    {' ', "space", "Space"},     {'\n', "enter", "Enter"},      {KEY_UP, "up", "Up"},
    {KEY_DOWN, "down", "Down"},  {KEY_RIGHT, "right", "Right"}, {KEY_LEFT, "left", "Left"},
    {'+', NULL, "Plus"},         {'-', NULL, "Minus"},          {'<', NULL, "Less than"},
    {'>', NULL, "Greater than"}, {'[', NULL, "Left bracket"},   {']', NULL, "Right bracket"},
};

const char *command_key_name(enum command_id id)
{
    static char letter[2];
    letter[0] = rows[id].key;
    for (gsize i = 0; i < G_N_ELEMENTS(key_names); i++)
        if (key_names[i].key == letter[0] && key_names[i].written) return key_names[i].written;
    return letter;
}

/* As it is called; a letter is called by itself. To be freed. */
static char *key_name(char key)
{
    for (gsize i = 0; i < G_N_ELEMENTS(key_names); i++)
        if (key_names[i].key == key) return g_strdup(key_names[i].spoken);
    return g_strdup_printf("%c", g_ascii_toupper(key));
}

char *command_keys(void)
{
    GString *text = g_string_new(NULL);
    for (enum command_id id = 1; id < N_COMMANDS; id++) {
        const struct command_row *row = &rows[id];
        if (!row->key) continue;
        g_autofree char *name = key_name(row->key);
        g_string_append_printf(text, "%s%s: %s.", text->len > 0 ? " " : "", name,
                               row->spoken ? row->spoken : row->name);
    }
    return g_string_free(text, FALSE);
}

/* "15s", "1m", or whole seconds without a unit. */
static bool read_time(const char *text, double *seconds)
{
    int64_t ms;
    int whole;
    if (number_parse(text, &whole))
        ms = (int64_t)whole * 1000;
    else if (!duration_parse(text, &ms))
        return false;
    *seconds = (double)ms / 1000;
    return ms > 0 && ms <= 3600 * 1000;
}

static bool read_db(const char *text, double *db)
{
    char *end;
    *db = g_ascii_strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*db) && *db >= -60 && *db <= 0;
}

static bool read_part(const char *text, enum part *part)
{
    static const char *const names[N_PARTS] = {"sentence", "rep", "side", "set", "step"};
    for (*part = 0; *part < N_PARTS; (*part)++)
        if (strcmp(names[*part], text) == 0) return true;
    return false;
}

int command_days(const char *text)
{
    enum { MOST_DAYS = 3650 };
    char *end;
    guint64 n = g_ascii_isdigit(*text) ? g_ascii_strtoull(text, &end, 10) : 0;
    if (n == 0 || n > MOST_DAYS) return 0;
    guint64 days = n * (strcmp(end, "w") == 0 ? 7 : strcmp(end, "d") == 0 ? 1 : 0);
    return days > MOST_DAYS ? 0 : (int)days;
}

/* Next and previous: a part, or a number of steps. */
static char *read_way(struct command *command, const char *argument)
{
    enum { MOST = 10000 };
    if (read_part(argument, &command->part)) return NULL;
    command->part = PART_STEP;
    if (number_parse(argument, &command->count) && command->count >= 1 && command->count <= MOST) return NULL;
    return g_strdup_printf("no such part ('%s'; sentence, rep, side, set or step, or a number of steps)",
                           argument);
}

/* How long skip leaves the step out; *words is behind it. */
static char *read_time_out(struct command *command, const char *const **words)
{
    const char *option = **words;
    if (command->id != COMMAND_SKIP || !option) return NULL;
    if (strcmp(option, "--for-good") == 0) {
        command->for_good = true;
        (*words)++;
        return NULL;
    }
    if (strcmp(option, "--for") != 0) return NULL;
    const char *time = (*words)[1];
    *words += time ? 2 : 1;
    command->days = time ? command_days(time) : 0;
    return command->days > 0
               ? NULL
               : g_strdup_printf("no such time ('%s'; days or weeks, such as 10d or 2w)", time ? time : "");
}

static char *read_step(struct command *command, const char *name)
{
    command->name = name;
    if (name || command->id == COMMAND_SKIP) return NULL;
    return g_strdup("which step? (its name, its title or its number)");
}

static char *read_argument(struct command *command, const char *argument)
{
    switch (rows[command->id].argument) {
    case ARGUMENT_TIME:
        if (!argument || read_time(argument, &command->value)) return NULL;
        return g_strdup_printf("no such time ('%s'; 1s to 1h, such as 15s)", argument);
    case ARGUMENT_DB:
        if (argument && read_db(argument, &command->value)) return NULL;
        return g_strdup_printf("no such volume ('%s'; -60 to 0, in dB)", argument ? argument : "");
    case ARGUMENT_PART: return argument ? read_way(command, argument) : NULL;
    case ARGUMENT_STEP: return read_step(command, argument);
    case ARGUMENT_NONE: break;
    }
    const char *name = rows[command->id].name;
    return argument ? g_strdup_printf("'%s' takes no argument '%s'", name, argument) : NULL;
}

char *command_read(struct command *command, const char *const *words)
{
    const char *argument = *words && !g_str_has_prefix(*words, "--") ? *words++ : NULL;
    command->given = argument != NULL;
    command->part = PART_STEP;
    char *problem = read_argument(command, argument);
    if (!problem) problem = read_time_out(command, &words);
    if (problem || !*words) return problem;
    if (command->days > 0 || command->for_good)
        return g_strdup("either --for TIME or --for-good, and no more");
    return g_strdup_printf("'%s' takes no argument '%s'", rows[command->id].name, *words);
}
