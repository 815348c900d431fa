#include "routine/lint.h"
#include "base/letter.h"
#include "base/sentence.h"
#include <string.h>

enum { MOST_TITLE = 40, MOST_SECONDS = 60, LEAST_HOLD_S = 3 };

struct lint {
    const struct routine *routine;
    const struct ini *ini;
    const struct lint_voice *voice;
    struct diags *diags;
    bool english;
    bool right;         /* the file has no problem */
    GHashTable *steps;  /* name -> step */
    GHashTable *titles; /* folded -> section */
};

/* A section while it is looked through. */
struct subject {
    const struct lint *lint;
    const struct ini_section *section;
    const struct step *step; /* NULL: the routine itself */
    const struct move *move; /* NULL: the step has moves, and this is not one of them */
};

static void warn(const struct subject *subject, const struct ini_entry *entry, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void warn(const struct subject *subject, const struct ini_entry *entry, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    const struct diag_location location = {subject->lint->ini->path, entry->line, subject->section->name,
                                           entry->key};
    diag_warning(subject->lint->diags, &location, "%s", message);
}

static bool is_one_of(const char *key, const char *const *keys)
{
    return g_strv_contains(keys, key);
}

/* ---- words ---- */

/* The text in lower case with a space for each byte of its fields: what they become is always right. */
static char *folded_words(const char *text)
{
    g_autofree char *copy = g_strdup(text);
    bool inside = false;
    for (char *at = copy; *at; at++) {
        inside = (inside || *at == '{') && *at != '}';
        if (inside || *at == '}') *at = ' ';
    }
    return g_utf8_casefold(copy, -1);
}

/* Where the word or words stand whole, from `from` on; NULL: nowhere. Both in lower case. */
static char *find_word(char *text, char *from, const char *word)
{
    const gsize length = strlen(word);
    for (char *at = strstr(from, word); length && at; at = strstr(at + 1, word)) {
        const char *before = g_utf8_find_prev_char(text, at);
        const bool begins = !before || !g_unichar_isalnum(g_utf8_get_char(before));
        if (begins && !g_unichar_isalnum(g_utf8_get_char(at + length))) return at;
    }
    return NULL;
}

/* ---- sides ---- */

/* Where the words for the sides mean something else. */
static const char *const ENGLISH_IDIOMS[] = {"right angle", "right angles", "right away", "right now",
                                             "all right",   "is left",      "are left",   NULL};

/* The endings of words for the sides, in languages in which these words mean little else. */
static const struct inflection {
    const char *language;
    const char *endings[10];
} INFLECTIONS[] = {
    {"de", {"e", "en", "em", "er", "es", "s"}},
    {"es", {"a", "o", "as", "os"}},
    {"fr", {"e", "es"}},
    {"it", {"a", "o", "e", "i"}},
    {"nl", {"s", "er"}},
    {"pl", {"a", "ą", "e", "ej", "ego", "o", "y", "ym", "ych"}},
    {"pt", {"a", "o", "as", "os"}},
};

enum { LEAST_STEM = 3 }; /* letters */

static const struct inflection *inflection_of(const char *language)
{
    for (gsize i = 0; i < G_N_ELEMENTS(INFLECTIONS); i++)
        if (g_str_has_prefix(language, INFLECTIONS[i].language)) return &INFLECTIONS[i];
    return NULL;
}

/* The form of `word` that stands in `words`; NULL: none. The caller frees it. */
static char *find_form(char *words, const char *word, const struct inflection *inflection)
{
    if (find_word(words, words, word)) return g_strdup(word);
    for (gsize i = 0; inflection && inflection->endings[i]; i++) {
        if (!g_str_has_suffix(word, inflection->endings[i])) continue;
        g_autofree char *stem = g_strndup(word, strlen(word) - strlen(inflection->endings[i]));
        for (gsize j = 0; g_utf8_strlen(stem, -1) >= LEAST_STEM && inflection->endings[j]; j++) {
            g_autofree char *form = g_strconcat(stem, inflection->endings[j], NULL);
            if (find_word(words, words, form)) return g_steal_pointer(&form);
        }
    }
    return NULL;
}

static void check_side(const struct subject *subject, const struct ini_entry *entry, char *words,
                       const char *side)
{
    if (!side) return;
    g_autofree char *folded = g_utf8_casefold(side, -1);
    g_autofree char *form = find_form(words, folded, inflection_of(subject->lint->routine->language));
    if (form)
        warn(subject, entry,
             "names a side in words ('%s'; this is said on both sides: write {side} or {other})", form);
}

static void check_sides(const struct subject *subject, const struct ini_entry *entry, char *words)
{
    const int n = subject->move && subject->move->sides.n ? subject->move->sides.n : subject->step->sides.n;
    if (n < 2) return;
    for (gsize i = 0; subject->lint->english && ENGLISH_IDIOMS[i]; i++)
        for (char *at = words; (at = find_word(words, at, ENGLISH_IDIOMS[i]));)
            memset(at, ' ', strlen(ENGLISH_IDIOMS[i]));
    check_side(subject, entry, words, subject->lint->voice->right);
    check_side(subject, entry, words, subject->lint->voice->left);
}

/* ---- numbers ---- */

enum unit { UNIT_NONE, UNIT_SECONDS, UNIT_MINUTES, UNIT_BREATHS, UNIT_TIMES, UNIT_SETS };

struct word_value {
    const char *word;
    int value;
};

static const struct word_value ENGLISH_NUMBERS[] = {
    {"one", 1},       {"two", 2},       {"three", 3},    {"four", 4},     {"five", 5},       {"six", 6},
    {"seven", 7},     {"eight", 8},     {"nine", 9},     {"ten", 10},     {"eleven", 11},    {"twelve", 12},
    {"thirteen", 13}, {"fourteen", 14}, {"fifteen", 15}, {"sixteen", 16}, {"seventeen", 17}, {"eighteen", 18},
    {"nineteen", 19}, {"twenty", 20},   {"thirty", 30},  {"forty", 40},   {"fifty", 50},     {"sixty", 60},
    {"seventy", 70},  {"eighty", 80},   {"ninety", 90},  {NULL, 0},
};

static const struct word_value ENGLISH_UNITS[] = {
    {"s", UNIT_SECONDS},         {"sec", UNIT_SECONDS},
    {"secs", UNIT_SECONDS},      {"second", UNIT_SECONDS},
    {"seconds", UNIT_SECONDS},   {"min", UNIT_MINUTES},
    {"mins", UNIT_MINUTES},      {"minute", UNIT_MINUTES},
    {"minutes", UNIT_MINUTES},   {"breath", UNIT_BREATHS},
    {"breaths", UNIT_BREATHS},   {"times", UNIT_TIMES},
    {"repetitions", UNIT_TIMES}, {"reps", UNIT_TIMES},
    {"sets", UNIT_SETS},         {NULL, 0},
};

/* How these units begin in the other languages that are written in Latin letters. */
static const struct word_value UNIT_STEMS[] = {
    {"sek", UNIT_SECONDS}, {"seco", UNIT_SECONDS}, {"segu", UNIT_SECONDS}, {"minu", UNIT_MINUTES}, {NULL, 0},
};

static int value_of(const struct word_value *table, const char *word, gsize length)
{
    for (; table->word; table++)
        if (strlen(table->word) == length && strncmp(table->word, word, length) == 0) return table->value;
    return 0;
}

static enum unit unit_of(const char *word, gsize length, bool english)
{
    const struct word_value *stem = UNIT_STEMS;
    if (english) return (enum unit)value_of(ENGLISH_UNITS, word, length);
    while (stem->word && strncmp(word, stem->word, strlen(stem->word)) != 0) stem++;
    return (enum unit)stem->value;
}

/* A number in a text: "30 seconds", "20 to 30 seconds", "forty-five seconds". */
struct amount {
    struct range range;
    enum unit unit;
    const char *begin, *end;
};

/* What has been read of it so far. */
struct amount_reader {
    struct amount amount; /* range.high 0: nothing */
    bool tens, joined;    /* a word such as "forty"; "to" */
};

static void read_number_word(struct amount_reader *reader, const char *word, gsize length)
{
    const gsize digits = strspn(word, "0123456789");
    const bool written = !digits;
    const int number = written ? value_of(ENGLISH_NUMBERS, word, length)
                               : (int)MIN(g_ascii_strtoll(word, NULL, 10), 1000000);
    struct amount *amount = &reader->amount;
    if (!number) {
        const bool joins = length == 2 && (strncmp(word, "to", 2) == 0 || strncmp(word, "or", 2) == 0);
        if (!joins || reader->joined) *reader = (struct amount_reader){0};
        reader->joined = amount->range.high > 0;
        return;
    }
    if (!amount->range.high)
        *amount = (struct amount){.range = {number, number}, .begin = word};
    else if (reader->tens && written && number < 10)
        amount->range =
            (struct range){amount->range.low + (amount->range.low == amount->range.high ? number : 0),
                           amount->range.high + number};
    else
        amount->range.high = number;
    reader->tens = written && number >= 20;
    reader->joined = false;
}

/* The next amount with a unit, from `*at` on; false at the end. */
static bool next_amount(const char **at, bool english, struct amount *amount)
{
    struct amount_reader reader = {0};
    for (const char *word = *at; *word;) {
        gsize length = 0;
        while (g_ascii_isalnum(word[length]) || (word[length] & 0x80)) length++;
        const gsize digits = MIN(strspn(word, "0123456789"), length);
        const gsize number = digits ? digits : length; /* "30s" is a number and a unit */
        if (strchr(".,;:!?", *word) && word[1] == ' ') reader = (struct amount_reader){0};
        if (!length) {
            word++;
            continue;
        }
        const enum unit unit = digits ? UNIT_NONE : unit_of(word, length, english);
        if (unit && reader.amount.range.high) {
            *amount = reader.amount;
            amount->unit = unit;
            amount->end = *at = word + length;
            return true;
        }
        read_number_word(&reader, word, number);
        word += number;
    }
    return false;
}

static bool same_range(struct range a, struct range b)
{
    return a.low == b.low && a.high == b.high;
}

/* In other languages the word between two numbers is not known, so that only one of them is read. */
static bool is_right(const struct lint *lint, struct range said, struct range right)
{
    const bool end = said.low == said.high && (said.low == right.low || said.low == right.high);
    return same_range(said, right) || (!lint->english && end);
}

/* A text may also name another time of its step, such as that of the rest. */
static bool is_other_time(const struct subject *subject, struct range seconds)
{
    const struct step *step = subject->step;
    const struct move *move = subject->move;
    const int ms[] = {step->rest_ms,  step->between_ms, step->prepare_ms,
                      step->after_ms, move->after_ms,   move->settle_ms};
    for (gsize i = 0; seconds.low == seconds.high && i < G_N_ELEMENTS(ms); i++)
        if (ms[i] == 1000 * seconds.low) return true;
    return false;
}

static void check_amount(const struct subject *subject, const struct ini_entry *entry, struct amount amount)
{
    static const char *const of_hold[] = {"say", "cue", NULL};
    const struct step *step = subject->step;
    const struct hold *hold = subject->move && is_one_of(entry->key, of_hold) ? &subject->move->hold : NULL;
    const char *key = "hold", *unit = "", *field = "{seconds}";
    struct range right = {0, 0};
    if (amount.unit == UNIT_MINUTES)
        amount.range = (struct range){amount.range.low * 60, amount.range.high * 60};
    if ((amount.unit == UNIT_SECONDS || amount.unit == UNIT_MINUTES) && hold && hold->kind == HOLD_SECONDS &&
        !is_other_time(subject, amount.range)) {
        right = hold->range;
        unit = "s";
        if (amount.unit == UNIT_MINUTES) field = "{time}";
    } else if (amount.unit == UNIT_BREATHS && hold && hold->kind == HOLD_BREATHS) {
        right = hold->range;
        unit = " breaths";
        field = "{breaths}";
    } else if (amount.unit == UNIT_TIMES && hold && hold->kind == HOLD_TIMES &&
               !(step->reps.high > 1 && same_range(amount.range, step->reps))) {
        right = hold->range;
        unit = " times";
        field = "{times}";
    } else if (amount.unit == UNIT_TIMES && step->reps.high > 1 && !same_range(amount.range, step->sets)) {
        right = step->reps;
        key = "reps";
        field = "{reps}";
    } else if (amount.unit == UNIT_SETS && step->sets.high > 1) {
        right = step->sets;
        key = "sets";
        field = "{sets}";
    }
    if (!right.high || amount.range.high == 1 || is_right(subject->lint, amount.range, right)) return;
    g_autofree char *said = g_strndup(amount.begin, (gsize)(amount.end - amount.begin));
    g_autofree char *low = right.low < right.high ? g_strdup_printf("%d-", right.low) : g_strdup("");
    warn(subject, entry, "says '%s', but %s is %s%d%s (write %s for the number)", said, key, low, right.high,
         unit, field);
}

static void check_numbers(const struct subject *subject, const struct ini_entry *entry, const char *words)
{
    struct amount amount;
    while (next_amount(&words, subject->lint->english, &amount)) check_amount(subject, entry, amount);
}

/* ---- letters and sentences ---- */

/* Languages that are written in Latin letters only. */
static const char *const LATIN[] = {"en", "de", "fr", "es", "it", "pt", "nl", "da", "sv",
                                    "nb", "nn", "no", "fi", "pl", "cs", "sk", "hu", "ro",
                                    "tr", "et", "lv", "lt", "sl", "hr", "ca", "is", NULL};

/* Of the invisible characters, those that some scripts are written with. */
static bool joins_letters(gunichar c)
{
    return c == 0x200C || c == 0x200D;
}

/* The first of each kind in a text. */
static void check_letters(const struct subject *subject, const struct ini_entry *entry)
{
    g_auto(GStrv) language = g_strsplit(subject->lint->routine->language, "-", 2);
    bool latin = is_one_of(language[0], LATIN), hidden = false;
    for (const char *at = entry->value; *at && (latin || !hidden); at = g_utf8_next_char(at)) {
        if (!(*at & 0x80)) continue;
        const gunichar c = g_utf8_get_char(at);
        const char *script = latin ? letter_foreign(c) : NULL;
        const char *name = hidden || (!latin && joins_letters(c)) ? NULL : letter_invisible(c);
        if (script)
            warn(subject, entry, "a letter that the voice's language does not have ('%.*s'; U+%04X, %s)",
                 (int)(g_utf8_next_char(at) - at), at, c, script);
        if (name) warn(subject, entry, "an invisible character (U+%04X, %s; remove it)", c, name);
        latin = latin && !script;
        hidden = hidden || name;
    }
}

/* The first abbreviation of an English text, or the first stop in it that only looks like an end: a small
 * letter goes on, in a text that has capitals. */
static void check_abbreviations(const struct subject *subject, const struct ini_entry *entry)
{
    const char *text = entry->value;
    const bool capitals = g_unichar_isupper(g_utf8_get_char(text));
    for (const char *stop = strchr(text, '.'); stop; stop = strchr(stop + 1, '.')) {
        gsize length;
        const char *known = sentence_abbreviation(text, stop, &subject->lint->voice->sentences, &length),
                   *begin = stop;
        while (!known && begin > text && begin[-1] != ' ') begin--;
        if (known && subject->lint->english)
            warn(subject, entry,
                 "an abbreviation ('%.*s'; the voice reads what is written: write it in full)", (int)length,
                 known);
        else if (!known && capitals && begin < stop && !g_ascii_isdigit(stop[-1]) && stop[1] == ' ' &&
                 g_unichar_islower(g_utf8_get_char(stop + 2)))
            warn(subject, entry, "the voice takes '%.*s' for the end of a sentence (write it in full)",
                 (int)(stop + 1 - begin), begin);
        else
            continue;
        return;
    }
}

/* As plan/estimate counts: 6.5 letters to a word, some more for each sentence, and the pause in which it is
 * done. */
static void check_length(const struct subject *subject, const struct ini_entry *entry)
{
    double letters = 0, stops = 1;
    for (const char *at = entry->value; *at; at++) {
        letters += (*at & 0xC0) != 0x80;
        stops += *at == ' ' && at > entry->value && strchr(".!?", at[-1]);
    }
    const double seconds = (letters + 4.5 * stops) * 60 / (subject->lint->voice->rate * 6.5) +
                           subject->lint->voice->sentence_s * stops;
    if (seconds > MOST_SECONDS)
        warn(subject, entry,
             "takes about %d seconds to say before a hold (a minute at most; shorten it, or make "
             "two steps)",
             (int)seconds);
}

/* ---- entries ---- */

static void check_title(const struct subject *subject, const struct ini_entry *entry)
{
    if (g_utf8_strlen(entry->value, -1) > MOST_TITLE)
        warn(subject, entry, "long for a title (%ld letters; at most %d can be heard at once)",
             g_utf8_strlen(entry->value, -1), (int)MOST_TITLE);
}

static void check_about(const struct subject *subject, const struct ini_entry *entry)
{
    const char *words = entry->value;
    g_autofree char *folded = g_utf8_casefold(entry->value, -1);
    struct amount amount;
    for (words = folded; next_amount(&words, subject->lint->english, &amount);)
        if (amount.unit == UNIT_MINUTES) {
            warn(subject, entry, "minutes ('%.*s'; they change with the settings, and 'list' shows them)",
                 (int)(amount.end - amount.begin), amount.begin);
            return;
        }
}

static void check_setup(const struct subject *subject, const struct ini_entry *entry)
{
    if (!subject->step->prop) return;
    g_autofree char *words = g_utf8_casefold(entry->value, -1);
    g_autofree char *prop = g_utf8_casefold(subject->step->prop, -1);
    if (find_word(words, words, prop))
        warn(subject, entry,
             "says the prop again ('%s'; it is said before the session: write 'the' or 'your')",
             subject->step->prop);
}

static void check_release(const struct subject *subject)
{
    const struct step *step = subject->step;
    const struct ini_entry *reps = ini_entry(subject->section, "reps");
    const bool alone = step->n_moves == 1;
    if (reps && step->reps.high > 1 && alone && !step->release.template && !step->moves[0].release.template)
        warn(subject, reps, "more than one repetition, and no 'release' (how to come out before the next)");
}

static void check_text(const struct subject *subject, const struct ini_entry *entry)
{
    static const char *const before_hold[] = {"say", "setup", "again", NULL};
    if (entry->cut) {
        const struct ini_entry at = {.key = entry->key, .line = entry->cut};
        warn(subject, &at,
             "' ;' ends the text here (for a semicolon write '\\;', for a comment use a line of its own)");
    }
    if (!subject->step) return;
    g_autofree char *words = folded_words(entry->value);
    check_sides(subject, entry, words);
    check_numbers(subject, entry, words);
    if (is_one_of(entry->key, before_hold)) check_length(subject, entry);
    if (strcmp(entry->key, "setup") == 0) check_setup(subject, entry);
}

/* A breath or a tempo that the hold does not need. */
static void check_rhythm(const struct subject *subject, const struct ini_entry *entry)
{
    static const struct {
        const char *key, *unit;
        enum hold_kind kind;
    } rhythms[] = {{"breath", "breaths", HOLD_BREATHS}, {"tempo", "times", HOLD_TIMES}};
    if (!subject->move || (!subject->move->hold.range.high && subject->move->hold.kind != HOLD_READY)) return;
    for (gsize i = 0; i < G_N_ELEMENTS(rhythms); i++)
        if (strcmp(entry->key, rhythms[i].key) == 0 && subject->move->hold.kind != rhythms[i].kind)
            warn(subject, entry, "not used ('%s'; only a hold in %s has a %s)", entry->value, rhythms[i].unit,
                 rhythms[i].key);
}

/* Keys of a step that have no meaning if it is done only once. */
static void check_unused(const struct subject *subject, const struct ini_entry *entry)
{
    if (!subject->step) return;
    bool one_set = subject->step->sets.high <= 1, once = subject->step->reps.high <= 1;
    if (strcmp(entry->key, "rest") == 0 && one_set)
        warn(subject, entry, "no rest is held without 'sets' (it lies between two of them)");
    if (strcmp(entry->key, "again") == 0 && one_set)
        warn(subject, entry, "never said without 'sets' (it is said after the rest between two of them)");
    if (strcmp(entry->key, "between") == 0 && once)
        warn(subject, entry, "no time passes without 'reps' (it lies between two of them)");
}

static void check_hold(const struct subject *subject, const struct ini_entry *entry)
{
    if (strcmp(entry->key, "hold") != 0 || !subject->move || subject->move->hold.kind != HOLD_SECONDS) return;
    const int low = subject->move->hold.range.low;
    g_autofree char *hold = duration_plain(entry->value);
    if (low > 0 && low < LEAST_HOLD_S)
        warn(subject, entry, "shorter than %d seconds ('%s'; the words around it take longer)",
             (int)LEAST_HOLD_S, hold);
}

static void check_words(const struct subject *subject, const struct ini_entry *entry)
{
    static const char *const texts[] = {"say",     "cue",     "setup",   "again",
                                        "release", "caution", "closing", NULL};
    static const char *const spoken[] = {"title", "prop", "about", NULL};
    const bool text = is_one_of(entry->key, texts);
    if (text) check_text(subject, entry);
    if (text || is_one_of(entry->key, spoken)) {
        check_letters(subject, entry);
        check_abbreviations(subject, entry);
    }
    if (strcmp(entry->key, "title") == 0) check_title(subject, entry);
    if (strcmp(entry->key, "about") == 0 && !subject->step) check_about(subject, entry);
}

/* ---- sections ---- */

static void check_same_title(const struct subject *subject)
{
    const char *title = subject->step->title;
    if (!title) return;
    const struct ini_entry *entry = ini_entry(subject->section, "title");
    const struct ini_entry none = {.line = subject->section->line};
    char *folded = g_utf8_casefold(title, -1);
    const struct ini_section *first = g_hash_table_lookup(subject->lint->titles, folded);
    if (first) {
        warn(subject, entry ? entry : &none, "the same title as [%s] on line %d ('%s')", first->name,
             first->line, title);
        g_free(folded);
    } else {
        g_hash_table_insert(subject->lint->titles, folded, (struct ini_section *)subject->section);
    }
}

/* These rules compare keys, so they wait until all keys are right. */
static void check_keys(const struct subject *subject)
{
    for (guint i = 0; i < subject->section->n_entries; i++) {
        check_rhythm(subject, &subject->section->entries[i]);
        check_unused(subject, &subject->section->entries[i]);
        check_hold(subject, &subject->section->entries[i]);
    }
    if (!subject->step || strchr(subject->section->name, '.')) return;
    check_same_title(subject);
    check_release(subject);
}

static const struct move *find_move(const struct step *step, const char *name)
{
    for (int i = 0; i < step->n_moves; i++)
        if (step->moves[i].name && strcmp(step->moves[i].name, name) == 0) return &step->moves[i];
    return NULL;
}

static void check_section(const struct lint *lint, const struct ini_section *section)
{
    const char *dot = strchr(section->name, '.');
    g_autofree char *name =
        g_strndup(section->name, dot ? (gsize)(dot - section->name) : strlen(section->name));
    struct subject subject = {.lint = lint, .section = section};
    subject.step = g_hash_table_lookup(lint->steps, name);
    if (subject.step && dot)
        subject.move = find_move(subject.step, dot + 1);
    else if (subject.step && subject.step->n_moves && !subject.step->moves[0].name)
        subject.move = &subject.step->moves[0];
    if (!subject.step && strcmp(section->name, "routine") != 0) return; /* reported as unknown */
    if (subject.step && dot && !subject.move) return;
    for (guint i = 0; i < section->n_entries; i++) check_words(&subject, &section->entries[i]);
    if (lint->right) check_keys(&subject);
}

void routine_lint(const struct routine *routine, const struct ini *ini, const struct lint_voice *voice,
                  struct diags *diags)
{
    g_autoptr(GHashTable) steps = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const struct lint lint = {.routine = routine,
                              .ini = ini,
                              .voice = voice,
                              .diags = diags,
                              .english = g_str_has_prefix(routine->language, "en"),
                              .right = diags_errors(diags) == 0,
                              .steps = steps,
                              .titles = titles};
    for (int i = 0; i < routine->n_steps; i++)
        g_hash_table_insert(steps, (char *)routine->steps[i].name, &routine->steps[i]);
    for (guint i = 0; i < ini->sections->len; i++)
        check_section(&lint, &g_array_index(ini->sections, struct ini_section, i));
}
