#include "config/voice.h"
#include "base/ini.h"
#include "phrase.h"
#include "setting.h"
#include <string.h>

static const struct choice ENGINES[] = {{"espeak", 0}, {"tone", 1}, {NULL, 0}};

#define AT(field) offsetof(struct voice, field)

/* clang-format off */
static const struct setting HEAD[] = {
    {"voice", "engine", &KIND_WORD, AT(engine), "espeak", NULL, NULL, ENGINES, NULL},
    {"voice", "voice", &KIND_NAME, AT(voice), "", NULL, NULL, NULL, NULL}, /* the language, if empty */
    {"voice", "variant", &KIND_NAME, AT(variant), "", NULL, NULL, NULL, NULL},
    {"voice", "language", &KIND_NAME, AT(language), "", NULL, NULL, NULL, NULL},
    {"voice", "rate", &KIND_WHOLE, AT(rate), "160", "80", "450", NULL, NULL},
    {"voice", "pitch", &KIND_WHOLE, AT(pitch), "50", "0", "99", NULL, NULL},
    {"voice", "range", &KIND_WHOLE, AT(range), "50", "0", "99", NULL, NULL},
    {"voice", "word-gap", &KIND_WHOLE, AT(word_gap), "0", "0", "100", NULL, NULL},
};
/* clang-format on */

/* ---- making and freeing ---- */

static struct voice *voice_new(const char *name, const char *path)
{
    struct voice *voice = g_new0(struct voice, 1);
    voice->name = g_strdup(name);
    voice->path = g_strdup(path);
    AUTO(diags) diags = diags_new();
    for (gsize i = 0; i < G_N_ELEMENTS(HEAD); i++)
        setting_read(&HEAD[i], voice, HEAD[i].standard, &(struct diag_location){0}, diags);
    g_assert(diags_errors(diags) == 0);
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

/* ---- reading ---- */

static void read_head(struct voice *voice, const struct ini_entry *entry, const struct diag_location *place,
                      struct diags *diags)
{
    const struct setting *row = setting_find(HEAD, G_N_ELEMENTS(HEAD), "voice", entry->key, place, diags);
    if (row) setting_read(row, voice, entry->value, place, diags);
}

static void read_phrase(struct voice *voice, const struct ini_entry *entry, const struct diag_location *place,
                        struct diags *diags)
{
    int phrase = phrase_find(entry->key, place, diags);
    if (phrase < 0) return;
    g_free(voice->phrases[phrase]);
    voice->phrases[phrase] = phrase_read(phrase, entry->value, place, diags);
    voice->lines[phrase] = entry->line;
}

static const struct part {
    const char *name;
    void (*read)(struct voice *, const struct ini_entry *, const struct diag_location *, struct diags *);
} PARTS[] = {{"voice", read_head}, {"phrases", read_phrase}};

static const struct part *find_part(const struct ini *ini, const struct ini_section *section,
                                    struct diags *diags)
{
    const char *names[] = {PARTS[0].name, PARTS[1].name, NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(PARTS); i++)
        if (strcmp(PARTS[i].name, section->name) == 0) return &PARTS[i];
    struct diag_location place = {ini->path, section->line, section->name, NULL};
    diag_unknown(diags, &place, "no such section", section->name, names);
    return NULL;
}

static void read_sections(struct voice *voice, const struct ini *ini, struct diags *diags)
{
    for (guint i = 0; i < ini->sections->len; i++) {
        const struct ini_section *section = &g_array_index(ini->sections, struct ini_section, i);
        const struct part *part = find_part(ini, section, diags);
        for (guint j = 0; part && j < section->n_entries; j++) {
            const struct ini_entry *entry = &section->entries[j];
            part->read(voice, entry,
                       &(struct diag_location){ini->path, entry->line, section->name, entry->key}, diags);
        }
    }
}

/* What is missing is reported where its section begins, or at line 1. */
static struct diag_location section_place(const struct ini *ini, const char *name, const char *key)
{
    const struct ini_section *section = ini_section(ini, name);
    return (struct diag_location){ini->path, section ? section->line : 1, name, key};
}

/* What the head says of a key; NULL if it says nothing, or leaves it empty. */
static const struct ini_entry *head_entry(const struct ini *ini, const char *key)
{
    const struct ini_section *section = ini_section(ini, "voice");
    const struct ini_entry *entry = section ? ini_entry(section, key) : NULL;
    return entry && *entry->value ? entry : NULL;
}

static void report_no_language(const struct ini *ini, struct diags *diags)
{
    const struct ini_section *section = ini_section(ini, "voice");
    const struct ini_entry *entry = section ? ini_entry(section, "language") : NULL;
    struct diag_location place = section_place(ini, "voice", "language");
    if (!entry) {
        diag_error(diags, &place, "missing (such as en or en-gb)");
        return;
    }
    place.line = entry->line;
    diag_wrong(diags, &place, "empty", entry->value, "such as en or en-gb");
}

static void settle_head(struct voice *voice, const struct ini *ini, struct diags *diags)
{
    const struct ini_entry *language = head_entry(ini, "language"), *named = head_entry(ini, "voice"),
                           *variant = head_entry(ini, "variant");
    int line = section_place(ini, "voice", NULL).line;
    if (!language) report_no_language(ini, diags);
    voice->voice_named = named != NULL;
    voice->voice_line = named ? named->line : language ? language->line : line;
    voice->variant_line = variant ? variant->line : line;
    if (named) return;
    g_free(voice->voice);
    voice->voice = g_strdup(voice->language);
}

static void settle_phrases(struct voice *voice, const struct ini *ini, bool strict, struct diags *diags)
{
    for (int i = 0; i < N_PHRASES; i++) {
        struct diag_location place = section_place(ini, "phrases", PHRASES[i].key);
        if (strict && !voice->lines[i])
            diag_error(diags, &place, "missing (in English '%s')", PHRASES[i].english);
        if (!voice->phrases[i]) voice->phrases[i] = phrase_read(i, PHRASES[i].english, &place, diags);
    }
}

/* Phrases that are missing cost nothing but themselves: *usable if that is all. */
static struct voice *read_ini(const char *name, const struct ini *ini, bool strict, guint before,
                              bool *usable, struct diags *diags)
{
    if (!ini) return NULL;
    struct voice *voice = voice_new(name, ini->path);
    read_sections(voice, ini, diags);
    settle_head(voice, ini, diags);
    *usable = diags_errors(diags) == before;
    settle_phrases(voice, ini, strict, diags);
    return voice;
}

struct voice *voice_read(const char *name, const char *path, bool strict, struct diags *diags)
{
    bool usable = false;
    guint before = diags_errors(diags);
    AUTO(ini) ini = ini_read(path, diags);
    struct voice *voice = read_ini(name, ini, strict, before, &usable, diags);
    if (!usable) g_clear_pointer(&voice, voice_free);
    return voice;
}

struct voice *voice_from_text(const char *name, const char *text, gsize size, const char *path,
                              struct diags *diags)
{
    bool usable = false;
    guint before = diags_errors(diags);
    AUTO(ini) ini = ini_from_text(text, size, path, diags);
    struct voice *voice = read_ini(name, ini, false, before, &usable, diags);
    if (!usable) g_clear_pointer(&voice, voice_free);
    return voice;
}

struct voice *voice_salvage(const char *name, const char *path, bool strict, struct diags *diags)
{
    bool usable;
    AUTO(ini) ini = ini_read(path, diags);
    return read_ini(name, ini, strict, diags_errors(diags), &usable, diags);
}

struct diag_location voice_place(const struct voice *voice, const char *key)
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
