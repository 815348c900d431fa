/* Reads voice profiles, in layers. */
#include "config/voice.h"
#include "base/ini.h"
#include "base/program.h"
#include <string.h>

/* ---- the keys of [voice] ---- */

static const struct choice ENGINES[] = {{"espeak", 0}, {"module", 1}, {"command", 2}, {"tone", 3}, {NULL, 0}};
static const struct choice SPEAKS[] = {{"each", 0}, {"lines", 1}, {NULL, 0}};

#define AT(field) offsetof(struct voice, field)

static const struct choice YES_NO[] = {{"yes", true}, {"no", false}, {NULL, 0}};

static const char ABBREVIATIONS[] = "Mr., Mrs., Ms., Dr., Prof., approx., vs., e.g., e. g., i.e., i. e., "
                                    "incl., cf., no.#, fig.#, max.#, min.?, mins.?, "
                                    "sec.?, secs.?, etc.?";

/* clang-format off */
const struct key VOICE_KEYS[] = {
    {"voice", "base", &KIND_PATH, AT(base), "", NULL, NULL, NULL,
     "another profile of the same language: what this one lacks comes from there"},
    {"voice", "engine", &KIND_WORD, AT(engine), "espeak", NULL, NULL, ENGINES,
     "what speaks: espeak-ng, a module of speech-dispatcher, or any command; tone is for tests"},
    {"voice", "voice", &KIND_NAME, AT(voice), "", NULL, NULL, NULL,
     "the engine's name of the voice; if empty, the one of the language"},
    {"voice", "variant", &KIND_NAME, AT(variant), "", NULL, NULL, NULL,
     "a variant of espeak-ng's voice, such as f3"},
    {"voice", "language", &KIND_NAME, AT(language), "", NULL, NULL, NULL,
     "the language of the voice and its phrases, such as en or pt-br"},
    {"voice", "rate", &KIND_WHOLE, AT(rate), "160", "80", "450", NULL,
     "words a minute"},
    {"voice", "pitch", &KIND_WHOLE, AT(pitch), "50", "0", "99", NULL,
     "how high the voice is"},
    {"voice", "range", &KIND_WHOLE, AT(range), "50", "0", "99", NULL,
     "how much its pitch moves"},
    {"voice", "word-gap", &KIND_WHOLE, AT(word_gap), "0", "0", "100", NULL,
     "silence between words, in units of 10 ms"},
    {"voice", "abbreviations", &KIND_TEXT, AT(abbreviations), ABBREVIATIONS, NULL, NULL, NULL,
     "words whose full stop ends no sentence; with ? if no capital letter follows, with # if a number follows"},
    {"voice", "ordinals", &KIND_YES_NO, AT(ordinals), "no", NULL, NULL, YES_NO,
     "a full stop behind a number makes an ordinal of it, and ends a sentence only at the end of a line"},
    {"voice", "command", &KIND_TEXT, AT(command), "", NULL, NULL, NULL,
     "the program that speaks, and its arguments; {text}, {out} and {voice} are filled in"},
    {"voice", "speaks", &KIND_WORD, AT(speaks), "each", NULL, NULL, SPEAKS,
     "each starts the command for each sentence, lines keeps it running and sends it lines of JSON"},
    {"voice", "module", &KIND_TEXT, AT(module), "", NULL, NULL, NULL,
     "the module of speech-dispatcher: a name, or a path"},
    {"voice", "config", &KIND_TEXT, AT(config), "", NULL, NULL, NULL,
     "the file of the module's own settings"},
    {"voice", "clips", &KIND_TEXT, AT(clips), "", NULL, NULL, NULL,
     "a directory of recorded sentences, which take the place of spoken ones"},
    {"voice", "package", &KIND_NAME, AT(package), "", NULL, NULL, NULL,
     "the package to install if the program is missing"},
    {0},
};
/* clang-format on */

/* ---- making and freeing ---- */

/* Where the value of a key of [voice] stands; without a line, the path says all. */
struct voice_source {
    char *path, *key;
    int line;
};

static void clear_source(gpointer data)
{
    struct voice_source *source = data;
    g_free(source->path);
    g_free(source->key);
}

static struct voice_source *source_of(const struct voice *voice, const char *key)
{
    gsize row = 0;
    while (VOICE_KEYS[row].name && strcmp(VOICE_KEYS[row].name, key) != 0) row++;
    g_assert(VOICE_KEYS[row].name);
    return &g_array_index(voice->sources, struct voice_source, row);
}

static void set_source(struct voice *voice, const char *key, const struct diag_location *at)
{
    struct voice_source *source = source_of(voice, key);
    const struct voice_source new = {g_strdup(at->path), g_strdup(at->key ? at->key : key), at->line};
    clear_source(source);
    *source = new;
}

static char *english(enum phrase phrase)
{
    const char *text = PHRASES[phrase].english;
    return PHRASES[phrase].quoted ? g_strndup(text + 1, strlen(text) - 2) : g_strdup(text);
}

struct voice *voice_new(const char *name, const char *path)
{
    struct voice *voice = g_new0(struct voice, 1);
    const struct diag_location whole = {.path = path, .line = 1};
    voice->name = g_strdup(name);
    voice->path = g_strdup(path);
    voice->phrases_line = 1;
    voice->sources = g_array_new(FALSE, TRUE, sizeof(struct voice_source));
    g_array_set_clear_func(voice->sources, clear_source);
    g_array_set_size(voice->sources, G_N_ELEMENTS(VOICE_KEYS));
    for (const struct key *row = VOICE_KEYS; row->name; row++) set_source(voice, row->name, &whole);
    keys_default(VOICE_KEYS, voice);
    for (int i = 0; i < N_PHRASES; i++) voice->phrases[i] = english(i);
    return voice;
}

void voice_free(struct voice *voice)
{
    if (!voice) return;
    for (int i = 0; i < N_PHRASES; i++) {
        g_free(voice->phrases[i]);
        for (int form = 0; form < N_FORMS; form++) g_free(voice->forms[i][form]);
    }
    for (const struct key *row = VOICE_KEYS; row->name; row++)
        if (row->kind->store == STORE_STRING) g_free(*(char **)(void *)((char *)voice + row->offset));
    g_array_unref(voice->sources);
    g_free(voice->name);
    g_free(voice->path);
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

/* Forms that have no row of their own, as a key has them behind the phrase's. */
static const char *const ENDINGS[N_FORMS] = {
    [PLURAL_TWO] = "-two", [PLURAL_FEW] = "-few", [PLURAL_MANY] = "-many", [FORM_EXACTLY_TWO] = "-2"};

/* The phrase of that key, and which form of it; N_PHRASES if there is none. `names` gets all keys. */
static int find_phrase(const char *key, int *form, const char *names[N_PHRASES + 1])
{
    for (int i = 0; i < N_PHRASES; i++) {
        gsize length = strlen(names[i] = PHRASES[i].key);
        if (strncmp(key, names[i], length) != 0) continue;
        for (*form = 0; *form < N_FORMS; ++*form) {
            const char *ending = *form && PHRASES[i].counts ? ENDINGS[*form] : *form ? NULL : "";
            if (ending && strcmp(key + length, ending) == 0) return i;
        }
    }
    return N_PHRASES;
}

static void read_phrase(struct voice *voice, const struct value *value)
{
    const struct ini_entry *entry = value->entry;
    const char *names[N_PHRASES + 1] = {NULL};
    int form = PLURAL_OTHER, phrase = find_phrase(entry->key, &form, names);
    if (phrase == N_PHRASES) {
        const char *nearest = diag_nearest(entry->key, names);
        g_autofree char *right =
            nearest ? g_strdup_printf("did you mean '%s'?", nearest)
                    : g_strdup("voices/en.ini has them all; their forms end in -one, -two, -few, -many, -2");
        diag_wrong(value->diags, value->location, "unknown phrase", entry->key, right);
        return;
    }
    char *text = phrase_value(phrase, entry->value, value->location, value->diags);
    char **place = form ? &voice->forms[phrase][form] : &voice->phrases[phrase];
    if (!form) voice->own[phrase] = true; /* also if it is wrong, which is reported */
    if (!text) return;
    g_free(*place);
    *place = text;
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
    if (phrases) voice->phrases_line = section->line;
    for (guint i = 0; i < section->n_entries; i++) {
        const struct ini_entry *entry = &section->entries[i];
        const struct diag_location location = {ini->path, entry->line, section->name, entry->key};
        const struct value value = {entry, &location, diags};
        if (phrases)
            read_phrase(voice, &value);
        else if (keys_read(VOICE_KEYS, voice, section->name, &value))
            set_source(voice, entry->key, &location);
    }
}

static const struct ini_entry *head_entry(const struct ini *ini, const char *key)
{
    const struct ini_section *head = ini_section(ini, "voice");
    return head ? ini_entry(head, key) : NULL;
}

/* A key of [voice] that is there and not empty, or NULL. */
static const struct ini_entry *filled_entry(const struct ini *ini, const char *key)
{
    const struct ini_entry *entry = head_entry(ini, key);
    return entry && *entry->value ? entry : NULL;
}

const struct ini_entry *voice_base(const struct ini *ini)
{
    return filled_entry(ini, "base");
}

const char *voice_language(const struct ini *ini)
{
    const struct ini_entry *entry = filled_entry(ini, "language");
    return entry ? entry->value : NULL;
}

static bool is_another(const struct ini *ini, const char *key, const char *than)
{
    const struct ini_entry *entry = filled_entry(ini, key);
    return entry && g_ascii_strcasecmp(entry->value, than) != 0;
}

static void empty(char **text)
{
    g_free(*text);
    *text = g_strdup("");
}

/* A phrase in another language than those below it must not keep their singular. */
static void leave_singulars(struct voice *voice)
{
    for (int i = 0; i < N_PHRASES; i++) {
        if (!PHRASES[i].counts || !voice->own[i] || voice->own[i + 1]) continue;
        g_free(voice->phrases[i + 1]);
        voice->phrases[i + 1] = g_strdup(voice->phrases[i]);
    }
}

void voice_add(struct voice *voice, const struct ini *ini, struct diags *diags)
{
    bool engine = is_another(ini, "engine", voice->engine);
    if (engine || is_another(ini, "language", voice->language)) empty(&voice->voice);
    if (engine) empty(&voice->variant);
    g_autofree char *below = g_strdup(*voice->language ? voice->language : "en");
    voice->phrases_line = 1;
    for (guint i = 0; i < ini->sections->len; i++)
        read_section(voice, ini, &g_array_index(ini->sections, struct ini_section, i), diags);
    if (!language_same(voice->language, below)) leave_singulars(voice);
}

void voice_disown(struct voice *voice)
{
    memset(voice->own, 0, sizeof voice->own);
}

/* What an engine cannot do without. */
static void require_program(const struct voice *voice, const struct ini_section *head, struct diags *diags)
{
    bool command = strcmp(voice->engine, "command") == 0;
    const char *key = command ? "command" : strcmp(voice->engine, "module") == 0 ? "module" : NULL;
    const struct diag_location location = {voice->path, head ? head->line : 1, "voice", key};
    g_auto(GStrv) words = NULL;
    g_autofree char *problem = command && *voice->command ? program_words(voice->command, &words) : NULL;
    const struct diag_location own = voice_location(voice, key);
    if (problem) diag_error(diags, &own, "%s", problem);
    if (key && !*(command ? voice->command : voice->module))
        diag_error(diags, &location, "missing (%s)",
                   command ? "a program and its arguments, such as flite -t {text} -o {out}"
                           : "a module of speech-dispatcher, such as sd_flite");
}

void voice_settle(struct voice *voice, const struct ini *ini, struct diags *diags)
{
    const struct ini_section *head = ini_section(ini, "voice");
    const struct ini_entry *language = head_entry(ini, "language");
    const struct diag_location location = {ini->path,
                                           language ? language->line
                                           : head   ? head->line
                                                    : 1,
                                           "voice", "language"};
    if (!*voice->language)
        diag_error(diags, &location, "%s (%ssuch as en or en-gb)", language ? "empty" : "missing",
                   language ? "''; " : "");
    require_program(voice, head, diags);
    voice->voice_named = *voice->voice;
    if (voice->voice_named) return;
    g_free(voice->voice);
    voice->voice = g_strdup(voice->language);
    const struct diag_location by_language = voice_location(voice, "language");
    set_source(voice, "voice", &by_language);
}

struct voice *voice_from_ini(const char *name, const struct ini *ini, struct diags *diags)
{
    struct voice *voice = voice_new(name, ini->path);
    voice_add(voice, ini, diags);
    voice_settle(voice, ini, diags);
    return voice;
}

/* ---- where its keys stand ---- */

struct diag_location voice_location(const struct voice *voice, const char *key)
{
    const struct voice_source *source = source_of(voice, key ? key : "voice");
    if (!source->line) return (struct diag_location){.path = source->path};
    return (struct diag_location){source->path, source->line, "voice", key ? source->key : NULL};
}

char *voice_print_sources(const struct voice *voice)
{
    GString *out = g_string_new(NULL);
    for (const struct key *row = VOICE_KEYS; row->name; row++) {
        const struct voice_source *source = source_of(voice, row->name);
        g_autofree char *whole = source->line ? g_canonicalize_filename(source->path, NULL) : NULL;
        g_autofree char *path = g_strescape(whole ? whole : source->path, NULL);
        g_string_append_printf(out, "%s\t%s\t%d\t%s\n", row->name, source->key, source->line, path);
    }
    return g_string_free(out, FALSE);
}

void voice_take_sources(struct voice *voice, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) words = g_strsplit(*line, "\t", 4);
        const struct key *row = VOICE_KEYS;
        while (row->name && g_strcmp0(row->name, words[0]) != 0) row++;
        if (!row->name || g_strv_length(words) != 4) continue;
        g_autofree char *path = g_strcompress(words[3]);
        const struct diag_location at = {path, (int)g_ascii_strtoll(words[2], NULL, 10), "voice", words[1]};
        set_source(voice, row->name, &at);
    }
}

/* ---- as a text ---- */

char *voice_ini(const struct voice *voice)
{
    GString *out = g_string_new("[voice]\n");
    for (const struct key *row = VOICE_KEYS; row->name; row++) {
        bool by_language = row->offset == AT(voice) && !voice->voice_named;
        g_autofree char *value = key_print(row, voice), *written = ini_escaped(value);
        if (row->offset != AT(base) && !by_language)
            g_string_append_printf(out, "%s = %s\n", row->name, written);
    }
    g_string_append(out, "[phrases]\n");
    for (int i = 0; i < N_PHRASES; i++) {
        const char *quote = PHRASES[i].quoted ? "\"" : "";
        g_autofree char *written = ini_escaped(voice->phrases[i]);
        g_string_append_printf(out, "%s = %s%s%s\n", PHRASES[i].key, quote, written, quote);
        for (int form = 0; form < N_FORMS; form++) {
            g_autofree char *text = voice->forms[i][form] ? ini_escaped(voice->forms[i][form]) : NULL;
            if (text) g_string_append_printf(out, "%s%s = %s\n", PHRASES[i].key, ENDINGS[form], text);
        }
    }
    return g_string_free(out, FALSE);
}

/* ---- what it lacks ---- */

enum { LACKING_SHOWN = 3 };

bool voice_has_phrases(const struct voice *voice)
{
    for (int i = 0; i < N_PHRASES; i++)
        if (voice->own[i]) return true;
    return false;
}

enum { LIKE_ALL = 200 }; /* every category that a number has, one below this has */

static bool has_plural(const struct voice *voice, enum plural plural)
{
    int n = 0;
    while (n < LIKE_ALL && language_plural(voice->language, n) != plural) n++;
    return n < LIKE_ALL;
}

static void need(GPtrArray *lacking, int *needed, bool there, const char *key, const char *ending)
{
    if (!there) g_ptr_array_add(lacking, g_strconcat(key, ending, NULL));
    ++*needed;
}

void voice_report_lacking(const struct voice *voice, struct diags *diags)
{
    g_autoptr(GPtrArray) lacking = g_ptr_array_new_with_free_func(g_free);
    bool has[N_PLURALS];
    int needed = 0;
    for (int form = 0; form < N_PLURALS; form++) has[form] = has_plural(voice, form);
    for (int i = 0; i < N_PHRASES; i++) {
        bool singular = i > 0 && PHRASES[i - 1].counts;
        if (!singular || has[PLURAL_ONE]) need(lacking, &needed, voice->own[i], PHRASES[i].key, NULL);
        for (int form = PLURAL_TWO; PHRASES[i].counts && form < N_PLURALS; form++)
            if (has[form]) need(lacking, &needed, voice->forms[i][form], PHRASES[i].key, ENDINGS[form]);
    }
    if (lacking->len == 0) return;
    const bool more = lacking->len > LACKING_SHOWN;
    const guint n = lacking->len;
    g_ptr_array_set_size(lacking, MIN(n, LACKING_SHOWN));
    g_ptr_array_add(lacking, NULL);
    g_autofree char *keys = g_strjoinv(", ", (char **)lacking->pdata);
    const struct diag_location location = {voice->path, voice->phrases_line, "phrases", NULL};
    diag_warning(diags, &location, "lacks %u of %d phrases (%s%s; write them, or name a base that has them)",
                 n, needed, keys, more ? ", …" : "");
}

void voice_report_unused(const struct voice *voice, struct diags *diags)
{
    static const char *const keys[][2] = {
        {"command", "command"}, {"speaks", "command"}, {"module", "module"}, {"config", "module"}};
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        const char *key = keys[i][0], *engine = keys[i][1];
        const struct diag_location place = voice_location(voice, key);
        bool own = place.line > 1 && strcmp(place.path, voice->path) == 0; /* it is in a section */
        if (own && strcmp(voice->engine, engine) != 0)
            diag_warning(diags, &place, "not used by the engine '%s' (write 'engine = %s')", voice->engine,
                         engine);
    }
}

/* ---- what is set otherwise ---- */

void voice_set(struct voice *voice, const char *key, const char *value, const struct diag_location *at,
               struct diags *diags)
{
    g_autofree char *copy = g_strdup(value);
    const struct ini_entry entry = {.key = key, .value = copy};
    if (keys_read(VOICE_KEYS, voice, "voice", &(struct value){&entry, at, diags})) set_source(voice, key, at);
    voice->voice_named = voice->voice_named || strcmp(key, "voice") == 0;
}

void voice_apply_settings(struct voice *voice, const struct settings *settings)
{
    if (settings->voice.rate != SETTING_EMPTY) voice->rate = settings->voice.rate;
    if (settings->voice.pitch != SETTING_EMPTY) voice->pitch = settings->voice.pitch;
    if (settings->voice.range != SETTING_EMPTY) voice->range = settings->voice.range;
    if (settings->voice.word_gap != SETTING_EMPTY) voice->word_gap = settings->voice.word_gap;
    const struct diag_location variant = settings_location(settings, "voice", "variant");
    AUTO(diags) unused = diags_new(); /* the settings have been checked */
    if (*settings->voice.variant) voice_set(voice, "variant", settings->voice.variant, &variant, unused);
}
