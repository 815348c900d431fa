#include "phrase.h"
#include <string.h>

/* clang-format off */
const struct phrase_row PHRASES[N_PHRASES] = {
    [PHRASE_NUMBERS] = {.key = "numbers", .english =
        "One, Two, Three, Four, Five, Six, Seven, Eight, Nine, Ten, Eleven, Twelve, Thirteen, Fourteen, "
        "Fifteen, Sixteen, Seventeen, Eighteen, Nineteen, Twenty"},
    [PHRASE_SESSION] = {.key = "session", .english = "{title}. {steps}, {minutes}.",
        .fields = {"title", "steps", "minutes"}},
    [PHRASE_STEPS] = {.key = "steps", .english = "{n} steps", .fields = {"n"}, .counts = true},
    [PHRASE_STEPS_ONE] = {.key = "steps-one", .english = "{n} step", .fields = {"n"}},
    [PHRASE_MINUTES] = {.key = "minutes", .english = "about {n} minutes", .fields = {"n"}, .counts = true},
    [PHRASE_MINUTES_ONE] = {.key = "minutes-one", .english = "about {n} minute", .fields = {"n"}},
    [PHRASE_PROPS] = {.key = "props", .english = "You will need: {props}.", .fields = {"props"}},
    [PHRASE_PROPS_JOIN] = {.key = "props-join", .english = "\", \"", .quoted = true},
    [PHRASE_STEP] = {.key = "step", .english = "{step} of {steps}.", .fields = {"step", "steps"}},
    [PHRASE_TITLE] = {.key = "title", .english = "{title}.", .fields = {"title"}},
    [PHRASE_NEXT_TITLE] = {.key = "next-title", .english = "Next: {title}.", .fields = {"title"}},
    [PHRASE_RIGHT] = {.key = "right", .english = "right"},
    [PHRASE_LEFT] = {.key = "left", .english = "left"},
    [PHRASE_RIGHT_SIDE] = {.key = "right-side", .english = "Right side."},
    [PHRASE_LEFT_SIDE] = {.key = "left-side", .english = "Left side."},
    [PHRASE_COUNT] = {.key = "count", .english = "{n}.", .fields = {"n"}},
    [PHRASE_COUNTDOWN] = {.key = "countdown", .english = "{n}.", .fields = {"n"}},
    [PHRASE_HALFWAY] = {.key = "halfway", .english = "Halfway."},
    [PHRASE_SECONDS_LEFT] = {.key = "seconds-left", .english = "{n} seconds left.",
        .fields = {"n"}, .counts = true},
    [PHRASE_SECONDS_LEFT_ONE] = {.key = "seconds-left-one", .english = "{n} second left.", .fields = {"n"}},
    [PHRASE_MINUTES_LEFT] = {.key = "minutes-left", .english = "{n} minutes left.",
        .fields = {"n"}, .counts = true},
    [PHRASE_MINUTES_LEFT_ONE] = {.key = "minutes-left-one", .english = "{n} minute left.", .fields = {"n"}},
    [PHRASE_REST] = {.key = "rest", .english = "Rest, {seconds} seconds. Then set {set} of {sets}.",
        .fields = {"seconds", "set", "sets"}, .counts = true},
    [PHRASE_REST_ONE] = {.key = "rest-one", .english = "Rest, {seconds} second. Then set {set} of {sets}.",
        .fields = {"seconds", "set", "sets"}},
    [PHRASE_READY] = {.key = "ready", .english = "When you are ready."},
    [PHRASE_CLOSING] = {.key = "closing", .english = "Done."},
    [PHRASE_PAUSED] = {.key = "paused", .english = "Paused."},
    [PHRASE_WHERE_HEAD] = {.key = "where-beginning", .english = "The beginning"},
    [PHRASE_WHERE_CLOSING] = {.key = "where-end", .english = "The end"},
    [PHRASE_WHERE_RIGHT] = {.key = "where-right", .english = "right side"},
    [PHRASE_WHERE_LEFT] = {.key = "where-left", .english = "left side"},
    [PHRASE_WHERE_SET] = {.key = "where-set", .english = "set {n} of {of}", .fields = {"n", "of"}},
    [PHRASE_WHERE_REP] = {.key = "where-repetition", .english = "repetition {n} of {of}",
        .fields = {"n", "of"}},
    [PHRASE_WHERE_HOLD] = {.key = "where-hold", .english = "{n} seconds left in the hold",
        .fields = {"n"}, .counts = true},
    [PHRASE_WHERE_HOLD_ONE] = {.key = "where-hold-one", .english = "{n} second left in the hold",
        .fields = {"n"}},
    [PHRASE_WHERE_ALL] = {.key = "where-all", .english = "{n} minutes in all",
        .fields = {"n"}, .counts = true},
    [PHRASE_WHERE_ALL_ONE] = {.key = "where-all-one", .english = "{n} minute in all", .fields = {"n"}},
    [PHRASE_WHERE_SHORT] = {.key = "where-short", .english = "less than a minute in all"},
    [PHRASE_WHERE_JOIN] = {.key = "where-join", .english = "\", \"", .quoted = true},
    [PHRASE_LONGER] = {.key = "longer", .english = "{n} seconds longer.", .fields = {"n"}, .counts = true},
    [PHRASE_LONGER_ONE] = {.key = "longer-one", .english = "{n} second longer.", .fields = {"n"}},
    [PHRASE_SHORTER] = {.key = "shorter", .english = "{n} seconds shorter.", .fields = {"n"}, .counts = true},
    [PHRASE_SHORTER_ONE] = {.key = "shorter-one", .english = "{n} second shorter.", .fields = {"n"}},
    [PHRASE_LONGER_BREATHS] = {.key = "longer-breaths", .english = "{n} breaths longer.",
        .fields = {"n"}, .counts = true},
    [PHRASE_LONGER_BREATHS_ONE] = {.key = "longer-breaths-one", .english = "{n} breath longer.",
        .fields = {"n"}},
    [PHRASE_SHORTER_BREATHS] = {.key = "shorter-breaths", .english = "{n} breaths shorter.",
        .fields = {"n"}, .counts = true},
    [PHRASE_SHORTER_BREATHS_ONE] = {.key = "shorter-breaths-one", .english = "{n} breath shorter.",
        .fields = {"n"}},
    [PHRASE_LONGEST] = {.key = "longest", .english = "Already the longest."},
    [PHRASE_SHORTEST] = {.key = "shortest", .english = "Already the shortest."},
    [PHRASE_NO_HOLD] = {.key = "no-hold", .english = "There is no hold to change."},
    [PHRASE_EASIER] = {.key = "easier", .english = "Easier."},
    [PHRASE_HARDER] = {.key = "harder", .english = "Harder."},
    [PHRASE_EASIEST] = {.key = "easiest", .english = "Already the easiest."},
    [PHRASE_HARDEST] = {.key = "hardest", .english = "Already the hardest."},
    [PHRASE_LOUDEST] = {.key = "loudest", .english = "Already the loudest."},
    [PHRASE_QUIETEST] = {.key = "quietest", .english = "Already the quietest."},
    [PHRASE_LAST] = {.key = "last", .english = "This is the end already."},
    [PHRASE_OTHER_DEVICE] = {.key = "other-device", .english = "Paused. The sound is on another device."},
    [PHRASE_SLEPT] = {.key = "slept", .english = "Paused. The computer was asleep."},
    [PHRASE_LOUDNESS] = {.key = "loudness", .english = "Breathe out, and let your shoulders sink."},
};
/* clang-format on */

int phrase_find(const char *key, const struct diag_location *place, struct diags *diags)
{
    const char *names[N_PHRASES + 1] = {NULL};
    for (int i = 0; i < N_PHRASES; i++) {
        if (strcmp(PHRASES[i].key, key) == 0) return i;
        names[i] = PHRASES[i].key;
    }
    const char *nearest = diag_nearest(key, names);
    g_autofree char *right =
        nearest ? g_strdup_printf("did you mean '%s'?", nearest) : g_strdup("voices/en.ini has them all");
    diag_wrong(diags, place, "no such phrase", key, right);
    return -1;
}

/* "\", \"" without its quotes; a value that has none is taken as it is. */
static char *unquoted(const char *value)
{
    gsize length = strlen(value);
    bool quoted = length >= 2 && value[0] == '"' && value[length - 1] == '"';
    return quoted ? g_strndup(value + 1, length - 2) : g_strdup(value);
}

static bool has_empty_item(const char *list)
{
    g_auto(GStrv) items = g_strsplit(list, ",", -1);
    for (char **item = items; *item; item++)
        if (!*g_strstrip(*item)) return true;
    return false;
}

static bool check_value(enum phrase phrase, const char *value, const struct diag_location *place,
                        struct diags *diags)
{
    g_autofree char *english = g_strdup_printf("in English '%s'", PHRASES[phrase].english);
    bool hole = phrase == PHRASE_NUMBERS && has_empty_item(value), over = strlen(value) > TEXT_LIMIT;
    if (!*value)
        diag_wrong(diags, place, "empty", value, english);
    else if (over)
        diag_wrong(diags, place, "over the limit of a text", value, "64 KiB");
    else if (hole)
        diag_wrong(diags, place, "a number without a word", value, "such as One, Two, Three");
    return *value && !over && !hole;
}

char *phrase_read(enum phrase phrase, const char *value, const struct diag_location *place,
                  struct diags *diags)
{
    bool right = check_value(phrase, value, place, diags);
    if (!template_check(value, PHRASES[phrase].fields, false, place, diags) || !right) return NULL;
    return PHRASES[phrase].quoted ? unquoted(value) : g_strdup(value);
}
