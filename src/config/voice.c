#include "config/voice.h"
#include "base/ini.h"
#include <string.h>

/* ---- the tables ---- */

static const struct choice ENGINES[] = {{"espeak", 0}, {"module", 1}, {"command", 2}, {"tone", 3}, {NULL, 0}};
static const struct choice SPEAKS[] = {{"each", 0}, {"lines", 1}, {NULL, 0}};

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
    {"voice", "command", &KIND_TEXT, AT(command), "", NULL, NULL, NULL, NULL},
    {"voice", "speaks", &KIND_WORD, AT(speaks), "each", NULL, NULL, SPEAKS, NULL},
    {"voice", "module", &KIND_TEXT, AT(module), "", NULL, NULL, NULL, NULL},
    {"voice", "config", &KIND_TEXT, AT(config), "", NULL, NULL, NULL, NULL},
    {"voice", "package", &KIND_NAME, AT(package), "", NULL, NULL, NULL, NULL},
    {0},
};

#define PLAIN(id, name, text) [PHRASE_##id] = {.key = name, .english = text}
#define QUOTED(id, name, text) [PHRASE_##id] = {.key = name, .english = text, .quoted = true}
#define FILLED(id, name, text, ...) [PHRASE_##id] = {.key = name, .english = text, .fields = {__VA_ARGS__}}
#define COUNTED(id, name, text, singular, ...) \
    [PHRASE_##id] = {.key = name, .english = text, .fields = {__VA_ARGS__}, .counts = true}, \
    [PHRASE_##id##_ONE] = {.key = name "-one", .english = singular, .fields = {__VA_ARGS__}}

const struct phrase_row PHRASES[N_PHRASES] = {
    PLAIN(NUMBERS, "numbers",
          "One, Two, Three, Four, Five, Six, Seven, Eight, Nine, Ten, Eleven, Twelve, Thirteen, Fourteen, "
          "Fifteen, Sixteen, Seventeen, Eighteen, Nineteen, Twenty"),
    FILLED(SESSION, "session", "{title}. {steps}, {minutes}.", "title", "steps", "minutes"),
    COUNTED(STEPS, "steps", "{n} steps", "{n} step", "n"),
    COUNTED(MINUTES, "minutes", "about {n} minutes", "about {n} minute", "n"),
    FILLED(PROPS, "props", "You will need: {props}.", "props"),
    QUOTED(PROPS_JOIN, "props-join", "\", \""),
    FILLED(STEP, "step", "{step} of {steps}.", "step", "steps"),
    FILLED(TITLE, "title", "{title}.", "title"),
    FILLED(NEXT_TITLE, "next-title", "Next: {title}.", "title"),
    PLAIN(RIGHT, "right", "right"),
    PLAIN(LEFT, "left", "left"),
    PLAIN(RIGHT_SIDE, "right-side", "Right side."),
    PLAIN(LEFT_SIDE, "left-side", "Left side."),
    PLAIN(NOW_RIGHT_SIDE, "now-right-side", "Now the right side."),
    PLAIN(NOW_LEFT_SIDE, "now-left-side", "Now the left side."),
    FILLED(COUNT, "count", "Number {n} of {of}.", "n", "of"),
    PLAIN(COUNT_LAST, "count-last", "Last one."),
    FILLED(COUNTDOWN, "countdown", "{n}.", "n"),
    PLAIN(HALFWAY, "halfway", "Halfway."),
    COUNTED(TIME_SECONDS, "time-seconds", "{n} seconds", "{n} second", "n"),
    COUNTED(TIME_MINUTES, "time-minutes", "{n} minutes", "{n} minute", "n"),
    FILLED(TIME_BOTH, "time-both", "{minutes} {seconds}", "minutes", "seconds"),
    COUNTED(SECONDS_LEFT, "seconds-left", "{n} seconds left.", "{n} second left.", "n"),
    COUNTED(MINUTES_LEFT, "minutes-left", "{n} minutes left.", "{n} minute left.", "n"),
    COUNTED(REST, "rest", "Rest, {time}. Then set {set} of {sets}.", "Rest, {time}. Then set {set} of {sets}.",
            "seconds", "time", "set", "sets"),
    PLAIN(READY, "ready", "When you are ready."),
    PLAIN(CLOSING, "closing", "Done."),
    PLAIN(PAUSED, "paused", "Paused."),
    PLAIN(WHERE_HEAD, "where-beginning", "The beginning"),
    PLAIN(WHERE_CLOSING, "where-end", "The end"),
    PLAIN(WHERE_RIGHT, "where-right", "right side"),
    PLAIN(WHERE_LEFT, "where-left", "left side"),
    FILLED(WHERE_SET, "where-set", "set {n} of {of}", "n", "of"),
    FILLED(WHERE_REP, "where-repetition", "repetition {n} of {of}", "n", "of"),
    COUNTED(WHERE_HOLD, "where-hold", "{n} seconds left in the hold", "{n} second left in the hold", "n"),
    COUNTED(WHERE_ALL, "where-all", "{n} minutes in all", "{n} minute in all", "n"),
    PLAIN(WHERE_SHORT, "where-short", "less than a minute in all"),
    QUOTED(WHERE_JOIN, "where-join", "\", \""),
    COUNTED(LONGER, "longer", "{n} seconds longer.", "{n} second longer.", "n"),
    COUNTED(SHORTER, "shorter", "{n} seconds shorter.", "{n} second shorter.", "n"),
    COUNTED(LONGER_BREATHS, "longer-breaths", "{n} breaths longer.", "{n} breath longer.", "n"),
    COUNTED(SHORTER_BREATHS, "shorter-breaths", "{n} breaths shorter.", "{n} breath shorter.", "n"),
    PLAIN(LONGEST, "longest", "Already the longest."),
    PLAIN(SHORTEST, "shortest", "Already the shortest."),
    PLAIN(NO_HOLD, "no-hold", "There is no hold to change."),
    PLAIN(EASIER, "easier", "Easier."),
    PLAIN(HARDER, "harder", "Harder."),
    PLAIN(EASIEST, "easiest", "Already the easiest."),
    PLAIN(HARDEST, "hardest", "Already the hardest."),
    PLAIN(LOUDEST, "loudest", "Already the loudest."),
    PLAIN(QUIETEST, "quietest", "Already the quietest."),
    PLAIN(LAST, "last", "This is already the end."),
    PLAIN(OTHER_DEVICE, "other-device", "Paused. The sound is on another device."),
    PLAIN(SLEPT, "slept", "Paused. The computer was asleep."),
    PLAIN(LOUDNESS, "loudness", "Breathe out, and let your shoulders sink."),
};
/* clang-format on */

/* ---- making and freeing ---- */

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
    g_free(voice->command);
    g_free(voice->speaks);
    g_free(voice->module);
    g_free(voice->config);
    g_free(voice->package);
    g_free(voice);
}

/* ---- phrases ---- */

/* The phrase as it is used, or NULL after a report. The caller frees it. */
static char *phrase_value(enum phrase phrase, const char *value, const struct diag_location *location,
                          struct diags *diags)
{
    const struct phrase_row *row = &PHRASES[phrase];
    gsize length = strlen(value);
    bool right = false, hole = false;
    g_auto(GStrv) items = g_strsplit(phrase == PHRASE_NUMBERS ? value : "", ",", -1);
    for (char **item = items; *item; item++) hole = hole || !*g_strstrip(*item);
    if (!length)
        diag_error(diags, location, "empty (''; in English '%s')", row->english);
    else if (length > TEXT_LIMIT)
        diag_wrong(diags, location, "text too long", value, "at most 64 KiB");
    else if (hole)
        diag_wrong(diags, location, "an empty word in the list", value, "such as One, Two, Three");
    else
        right = true;
    if (!template_check(value, row->fields, false, location, diags) || !right) return NULL;
    bool quoted = row->quoted && length >= 2 && value[0] == '"' && value[length - 1] == '"';
    return quoted ? g_strndup(value + 1, length - 2) : g_strdup(value);
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

/* What an engine cannot do without. */
static void require_program(const struct voice *voice, const struct ini_section *head, struct diags *diags)
{
    bool command = strcmp(voice->engine, "command") == 0;
    const char *key = command ? "command" : strcmp(voice->engine, "module") == 0 ? "module" : NULL;
    const struct diag_location location = {voice->path, head ? head->line : 1, "voice", key};
    if (key && !*(command ? voice->command : voice->module))
        diag_error(diags, &location, "missing (%s)",
                   command ? "a program and its arguments, such as flite -t {text} -o {out}"
                           : "a module of speech-dispatcher, such as sd_flite");
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
    require_program(voice, head, diags);
    if (named) return;
    g_free(voice->voice);
    voice->voice = g_strdup(voice->language);
}

/* NULL if there have been errors since `before`, unless `salvage`. Missing phrases do not count. */
static struct voice *read_ini(const char *name, const struct ini *ini, bool strict, bool salvage,
                              guint before, struct diags *diags)
{
    if (!ini) return NULL;
    struct voice *voice = g_new0(struct voice, 1);
    voice->name = g_strdup(name);
    voice->path = g_strdup(ini->path);
    keys_default(HEAD, voice);
    for (guint i = 0; i < ini->sections->len; i++)
        read_section(voice, ini, &g_array_index(ini->sections, struct ini_section, i), diags);
    settle_head(voice, ini, diags);
    bool usable = salvage || diags_errors(diags) == before;
    for (int i = 0; i < N_PHRASES; i++) {
        const struct diag_location location = section_location(ini, "phrases", PHRASES[i].key);
        if (strict && !voice->lines[i])
            diag_error(diags, &location, "missing (in English '%s')", PHRASES[i].english);
        if (!voice->phrases[i]) voice->phrases[i] = phrase_value(i, PHRASES[i].english, &location, diags);
    }
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

bool voice_is_program(const struct voice *voice)
{
    return strcmp(voice->engine, "module") == 0 || strcmp(voice->engine, "command") == 0;
}

char *voice_number(const struct voice *voice, int number)
{
    g_auto(GStrv) words = g_strsplit(voice->phrases[PHRASE_NUMBERS], ",", -1);
    if (number < 1 || number > (int)g_strv_length(words)) return g_strdup_printf("%d", number);
    return template_fill(g_strstrip(words[number - 1]), NULL, 0, SIDE_NONE);
}

char *voice_counted(const struct voice *voice, enum phrase phrase, int n)
{
    g_autofree char *figure = g_strdup_printf("%d", n);
    return voice_phrase(voice, phrase, n, &(struct field){"n", figure}, 1);
}

enum { MOST_SECONDS = 90, MINUTE_S = 60 }; /* beyond, minutes are easier to grasp */

char *voice_time(const struct voice *voice, int seconds)
{
    if (seconds <= MOST_SECONDS && seconds != MINUTE_S)
        return voice_counted(voice, PHRASE_TIME_SECONDS, seconds);
    char *minutes = voice_counted(voice, PHRASE_TIME_MINUTES, seconds / MINUTE_S);
    if (seconds % MINUTE_S == 0) return minutes;
    g_autofree char *whole = minutes, *rest = g_strdup_printf("%d", seconds % MINUTE_S);
    const struct field fields[] = {{"minutes", whole}, {"seconds", rest}};
    return voice_phrase(voice, PHRASE_TIME_BOTH, 0, fields, G_N_ELEMENTS(fields));
}

bool voice_same_language(const char *a, const char *b)
{
    gsize length = strcspn(a, "-_");
    return length == strcspn(b, "-_") && g_ascii_strncasecmp(a, b, length) == 0;
}
