#include "config/voice.h"
#include "base/ini.h"
#include <string.h>

/* ---- the tables ---- */

static const struct choice ENGINES[] = {{"espeak", 0}, {"tone", 1}, {NULL, 0}};

#define AT(field) offsetof(struct voice, field)

/* clang-format off */
static const struct key HEAD[] = {
    {"voice", "engine", &KIND_WORD, AT(engine), "espeak", NULL, NULL, ENGINES, NULL},
    {"voice", "voice", &KIND_NAME, AT(voice), "", NULL, NULL, NULL, NULL}, /* the language, if empty */
    {"voice", "variant", &KIND_NAME, AT(variant), "", NULL, NULL, NULL, NULL},
    {"voice", "language", &KIND_NAME, AT(language), "", NULL, NULL, NULL, NULL},
    {"voice", "rate", &KIND_WHOLE, AT(rate), "160", "80", "450", NULL, NULL},
    {"voice", "pitch", &KIND_WHOLE, AT(pitch), "50", "0", "99", NULL, NULL},
    {"voice", "range", &KIND_WHOLE, AT(range), "50", "0", "99", NULL, NULL},
    {"voice", "word-gap", &KIND_WHOLE, AT(word_gap), "0", "0", "100", NULL, NULL},
    {0},
};

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
    [PHRASE_LAST] = {.key = "last", .english = "This is already the end."},
    [PHRASE_OTHER_DEVICE] = {.key = "other-device", .english = "Paused. The sound is on another device."},
    [PHRASE_SLEPT] = {.key = "slept", .english = "Paused. The computer was asleep."},
    [PHRASE_LOUDNESS] = {.key = "loudness", .english = "Breathe out, and let your shoulders sink."},
};
/* clang-format on */

/* ---- making and freeing ---- */

static struct voice *voice_new(const char *name, const char *path)
{
    struct voice *voice = g_new0(struct voice, 1);
    voice->name = g_strdup(name);
    voice->path = g_strdup(path);
    keys_default(HEAD, voice);
    return voice;
}

void voice_free(struct voice *voice)
{
    if (!voice) return;
    for (int i = 0; i < N_PHRASES; i++) g_free(voice->phrases[i]);
    g_free(voice->name);
    g_free(voice->path);
    g_free(voice->language);
    g_free(voice->engine);
    g_free(voice->voice);
    g_free(voice->variant);
    g_free(voice);
}

/* ---- phrases ---- */

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

/* The phrase as it is used, or NULL after a report. The caller frees it. */
static char *phrase_value(enum phrase phrase, const char *value, const struct diag_location *location,
                          struct diags *diags)
{
    const struct phrase_row *row = &PHRASES[phrase];
    bool hole = *value && phrase == PHRASE_NUMBERS && has_empty_item(value),
         over = strlen(value) > TEXT_LIMIT;
    if (!*value)
        diag_error(diags, location, "empty (''; in English '%s')", row->english);
    else if (over)
        diag_wrong(diags, location, "text too long", value, "at most 64 KiB");
    else if (hole)
        diag_wrong(diags, location, "an empty word in the list", value, "such as One, Two, Three");
    if (!template_check(value, row->fields, false, location, diags) || !*value || over || hole) return NULL;
    return row->quoted ? unquoted(value) : g_strdup(value);
}

/* ---- reading ---- */

static void read_phrase(struct voice *voice, const struct value *value)
{
    const struct ini_entry *entry = value->entry;
    const char *names[N_PHRASES + 1] = {NULL};
    int phrase = 0;
    for (; phrase < N_PHRASES && strcmp(PHRASES[phrase].key, entry->key) != 0; phrase++)
        names[phrase] = PHRASES[phrase].key;
    if (phrase == N_PHRASES) {
        const char *nearest = diag_nearest(entry->key, names);
        g_autofree char *right =
            nearest ? g_strdup_printf("did you mean '%s'?", nearest) : g_strdup("voices/en.ini has them all");
        diag_wrong(value->diags, value->location, "unknown phrase", entry->key, right);
        return;
    }
    g_free(voice->phrases[phrase]);
    voice->phrases[phrase] = phrase_value(phrase, entry->value, value->location, value->diags);
    voice->lines[phrase] = entry->line;
}

static void read_section(struct voice *voice, const struct ini *ini, const struct ini_section *section,
                         struct diags *diags)
{
    static const char *const names[] = {"voice", "phrases", NULL};
    const struct diag_location header = {ini->path, section->line, section->name, NULL};
    bool phrases = strcmp(section->name, "phrases") == 0;
    if (!g_strv_contains(names, section->name)) {
        diag_unknown(diags, &header, "unknown section", section->name, names);
        return;
    }
    for (guint i = 0; i < section->n_entries; i++) {
        const struct ini_entry *entry = &section->entries[i];
        const struct diag_location location = {ini->path, entry->line, section->name, entry->key};
        const struct value value = {entry, &location, diags};
        if (phrases)
            read_phrase(voice, &value);
        else
            keys_read(HEAD, voice, section->name, &value);
    }
}

/* What is missing is reported where its section begins, or at line 1. */
static struct diag_location section_location(const struct ini *ini, const char *name, const char *key)
{
    const struct ini_section *section = ini_section(ini, name);
    return (struct diag_location){ini->path, section ? section->line : 1, name, key};
}

/* A key of the head that is there and not empty, or NULL. */
static const struct ini_entry *head_entry(const struct ini_section *head, const char *key)
{
    const struct ini_entry *entry = head ? ini_entry(head, key) : NULL;
    return entry && *entry->value ? entry : NULL;
}

static void settle_head(struct voice *voice, const struct ini *ini, struct diags *diags)
{
    const struct ini_section *head = ini_section(ini, "voice");
    const struct ini_entry *language = head_entry(head, "language"), *named = head_entry(head, "voice"),
                           *variant = head_entry(head, "variant"),
                           *empty = head && !language ? ini_entry(head, "language") : NULL;
    struct diag_location location = section_location(ini, "voice", "language");
    voice->voice_named = named != NULL;
    voice->voice_line = named ? named->line : language ? language->line : location.line;
    voice->variant_line = variant ? variant->line : location.line;
    if (empty) location.line = empty->line;
    if (!language)
        diag_error(diags, &location, "%s (%ssuch as en or en-gb)", empty ? "empty" : "missing",
                   empty ? "''; " : "");
    if (named) return;
    g_free(voice->voice);
    voice->voice = g_strdup(voice->language);
}

static void settle_phrases(struct voice *voice, const struct ini *ini, bool strict, struct diags *diags)
{
    for (int i = 0; i < N_PHRASES; i++) {
        struct diag_location location = section_location(ini, "phrases", PHRASES[i].key);
        if (strict && !voice->lines[i])
            diag_error(diags, &location, "missing (in English '%s')", PHRASES[i].english);
        if (!voice->phrases[i]) voice->phrases[i] = phrase_value(i, PHRASES[i].english, &location, diags);
    }
}

/* NULL if there have been errors since `before`, unless `salvage`. Missing phrases do not count. */
static struct voice *read_ini(const char *name, const struct ini *ini, bool strict, bool salvage,
                              guint before, struct diags *diags)
{
    if (!ini) return NULL;
    struct voice *voice = voice_new(name, ini->path);
    for (guint i = 0; i < ini->sections->len; i++)
        read_section(voice, ini, &g_array_index(ini->sections, struct ini_section, i), diags);
    settle_head(voice, ini, diags);
    bool usable = salvage || diags_errors(diags) == before;
    settle_phrases(voice, ini, strict, diags);
    if (!usable) g_clear_pointer(&voice, voice_free);
    return voice;
}

struct voice *voice_read(const char *name, const char *path, bool strict, struct diags *diags)
{
    guint before = diags_errors(diags);
    AUTO(ini) ini = ini_read(path, diags);
    return read_ini(name, ini, strict, false, before, diags);
}

struct voice *voice_from_text(const char *name, const char *text, gsize size, const char *path,
                              struct diags *diags)
{
    guint before = diags_errors(diags);
    AUTO(ini) ini = ini_from_text(text, size, path, diags);
    return read_ini(name, ini, false, false, before, diags);
}

struct voice *voice_salvage(const char *name, const char *path, bool strict, struct diags *diags)
{
    AUTO(ini) ini = ini_read(path, diags);
    return read_ini(name, ini, strict, true, 0, diags);
}

struct diag_location voice_location(const struct voice *voice, const char *key)
{
    bool variant = g_strcmp0(key, "variant") == 0,
         by_language = g_strcmp0(key, "voice") == 0 && !voice->voice_named;
    return (struct diag_location){voice->path, variant ? voice->variant_line : voice->voice_line, "voice",
                                  by_language ? "language" : key};
}

/* ---- using ---- */

void voice_apply_settings(struct voice *voice, const struct settings *settings)
{
    if (settings->voice.rate != SETTING_EMPTY) voice->rate = settings->voice.rate;
    if (settings->voice.pitch != SETTING_EMPTY) voice->pitch = settings->voice.pitch;
}

char *voice_phrase(const struct voice *voice, enum phrase phrase, int count, const struct field *fields,
                   gsize n_fields)
{
    enum phrase form = phrase + (PHRASES[phrase].counts && count == 1);
    return template_fill(voice->phrases[form], fields, n_fields, SIDE_NONE);
}

char *voice_number(const struct voice *voice, int number)
{
    const char *word = voice->phrases[PHRASE_NUMBERS];
    for (int i = 1; i < number && word; i++) {
        word = strchr(word, ',');
        if (word) word++;
    }
    if (number < 1 || !word) return g_strdup_printf("%d", number);
    g_autofree char *item = g_strndup(word, strcspn(word, ","));
    return template_fill(g_strstrip(item), NULL, 0, SIDE_NONE);
}

bool voice_same_language(const char *a, const char *b)
{
    gsize length = strcspn(a, "-_");
    return length == strcspn(b, "-_") && g_ascii_strncasecmp(a, b, length) == 0;
}
