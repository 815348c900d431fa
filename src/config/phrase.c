#include "config/phrase.h"
#include <string.h>

/* clang-format off */
const struct phrase_row PHRASES[N_PHRASES] = {
    [PHRASE_NUMBERS] = {"numbers",
        "One, Two, Three, Four, Five, Six, Seven, Eight, Nine, Ten, Eleven, Twelve, Thirteen, Fourteen, Fifteen, "
        "Sixteen, Seventeen, Eighteen, Nineteen, Twenty"},
    [PHRASE_SESSION] = {"session", "{title}. {steps}, {minutes}.", {"title", "steps", "minutes"}},
    [PHRASE_STEPS] = {"steps", "{n} steps", {"n"}, .counts = true},
    [PHRASE_STEPS_ONE] = {"steps-one", "{n} step", {"n"}},
    [PHRASE_MINUTES] = {"minutes", "about {n} minutes", {"n"}, .counts = true},
    [PHRASE_MINUTES_ONE] = {"minutes-one", "about {n} minute", {"n"}},
    [PHRASE_PROPS] = {"props", "You will need: {props}.", {"props"}},
    [PHRASE_PROPS_JOIN] = {"props-join", "\", \"", .quoted = true},
    [PHRASE_STEP] = {"step", "{step} of {steps}.", {"step", "steps"}},
    [PHRASE_TITLE] = {"title", "{title}.", {"title"}},
    [PHRASE_NEXT_TITLE] = {"next-title", "Next: {title}.", {"title"}},
    [PHRASE_RIGHT] = {"right", "right"},
    [PHRASE_LEFT] = {"left", "left"},
    [PHRASE_RIGHT_SIDE] = {"right-side", "Right side."},
    [PHRASE_LEFT_SIDE] = {"left-side", "Left side."},
    [PHRASE_COUNT] = {"count", "{n}.", {"n"}},
    [PHRASE_COUNTDOWN] = {"countdown", "{n}.", {"n"}},
    [PHRASE_HALFWAY] = {"halfway", "Halfway."},
    [PHRASE_SECONDS_LEFT] = {"seconds-left", "{n} seconds left.", {"n"}, .counts = true},
    [PHRASE_SECONDS_LEFT_ONE] = {"seconds-left-one", "{n} second left.", {"n"}},
    [PHRASE_MINUTES_LEFT] = {"minutes-left", "{n} minutes left.", {"n"}, .counts = true},
    [PHRASE_MINUTES_LEFT_ONE] = {"minutes-left-one", "{n} minute left.", {"n"}},
    [PHRASE_REST] = {"rest", "Rest, {seconds} seconds. Then set {set} of {sets}.", {"seconds", "set", "sets"}, .counts = true},
    [PHRASE_REST_ONE] = {"rest-one", "Rest, {seconds} second. Then set {set} of {sets}.", {"seconds", "set", "sets"}},
    [PHRASE_READY] = {"ready", "When you are ready."},
    [PHRASE_CLOSING] = {"closing", "Done."},
    [PHRASE_LOUDNESS] = {"loudness",
        "Lie on your back, and bend your knees. Let your arms rest beside you. Breathe in slowly, and feel your ribs widen. "
        "Breathe out, and let your shoulders sink."},
};
/* clang-format on */

int phrase_find(const char *key, const struct diag_place *place, struct diags *diags)
{
    const char *names[N_PHRASES + 1] = {NULL};
    for (int i = 0; i < N_PHRASES; i++) {
        if (strcmp(PHRASES[i].key, key) == 0) return i;
        names[i] = PHRASES[i].key;
    }
    diag_unknown(diags, place, "no such phrase", key, names);
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

static char *phrase_problem(enum phrase phrase, const char *value)
{
    const struct phrase_row *row = &PHRASES[phrase];
    if (!*value) return g_strdup_printf("empty (in English '%s')", row->english);
    if (phrase == PHRASE_NUMBERS && has_empty_item(value)) return g_strdup("a number without a word (such as One, Two, Three)");
    return template_problem(value, row->fields, false);
}

char *phrase_read(enum phrase phrase, const char *value, const struct diag_place *place, struct diags *diags)
{
    g_autofree char *problem = phrase_problem(phrase, value);
    if (problem) {
        diag_error(diags, place, "%s", problem);
        return NULL;
    }
    return PHRASES[phrase].quoted ? unquoted(value) : g_strdup(value);
}
