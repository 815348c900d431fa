#include "base/key.h"
#include "base/duration.h"
#include "base/letter.h"
#include "base/name.h"
#include "base/template.h"
#include <string.h>

enum { MOST_NAMES = 32 };

/* ---- numbers ---- */

/* Digits after an optional minus, at most `decimals` of them after a point, and perhaps the unit. No "-0": it
 * would not be printed as it was written. */
static bool read_decimal(const char *text, gsize decimals, const char *unit, double *number)
{
    const char *whole = text + (*text == '-');
    const char *point = whole + strspn(whole, "0123456789");
    gsize after = *point == '.' ? strspn(point + 1, "0123456789") : 0;
    const char *end = after ? point + 1 + after : point;
    if (point == whole || after > decimals || (*end && g_strcmp0(end, unit) != 0)) return false;
    *number = g_ascii_strtod(text, NULL);
    return *text != '-' || *number != 0;
}

/* Over a day it need not be exact: it is a time, but out of every range. */
static bool read_time(const char *text, int unit_ms, double *number)
{
    int64_t ms;
    struct range seconds;
    if (!duration_parse(text, &ms)) {
        if (strchr(text, '-') || !duration_parse_range(text, &seconds)) return false;
        ms = seconds.low * G_GINT64_CONSTANT(1000);
    }
    *number = (double)(ms / unit_ms);
    return ms % unit_ms == 0;
}

/* A number in its first form. */
static bool parse_number(const struct kind *kind, const char *text, double *number)
{
    return kind->unit_ms ? read_time(text, kind->unit_ms, number)
                         : read_decimal(text, kind->decimals, kind->unit, number);
}

static enum key_result read_count(const struct key *key, const struct value *value, void *field)
{
    struct range count;
    int low, high;
    if (!count_parse_range(value->entry->value, &count)) return KEY_MALFORMED;
    if (!number_parse(key->low, &low) || !number_parse(key->high, &high)) g_assert_not_reached();
    if (MIN(count.low, count.high) < low || MAX(count.low, count.high) > high) return KEY_OUT_OF_RANGE;
    if (count.low > count.high) return KEY_REVERSED;
    *(struct range *)field = count;
    return KEY_OK;
}

/* ---- words and strings ---- */

static const struct choice *find_choice(const struct choice *choices, const char *text)
{
    while (choices && choices->name && strcmp(choices->name, text) != 0) choices++;
    return choices && choices->name ? choices : NULL;
}

static const struct choice *find_value(const struct choice *choices, double number)
{
    while (choices && choices->name && choices->value != (int)number) choices++;
    return choices && choices->name ? choices : NULL;
}

static bool may_be_empty(const struct kind *kind)
{
    return kind->empty_is_right || find_choice(kind->words, "");
}

static enum key_result check_choice(const struct key *key, const struct value *value, void *field)
{
    (void)field;
    return find_choice(key->choices, value->entry->value) ? KEY_OK : KEY_MALFORMED;
}

static enum key_result check_text(const struct key *key, const struct value *value, void *field)
{
    (void)key, (void)field;
    const char *text = value->entry->value;
    if (!g_utf8_validate(text, -1, NULL)) return KEY_MALFORMED;
    for (; *text; text = g_utf8_next_char(text))
        if (g_unichar_iscntrl(g_utf8_get_char(text))) return KEY_MALFORMED;
    return KEY_OK;
}

/* For the engine's names, which become names of files. */
static enum key_result check_name(const struct key *key, const struct value *value, void *field)
{
    (void)key, (void)field;
    for (const char *text = value->entry->value; *text; text++)
        if (!g_ascii_isalnum(*text) && !strchr("-_ ", *text)) return KEY_MALFORMED;
    return KEY_OK;
}

static enum key_result check_language(const struct key *key, const struct value *value, void *field)
{
    (void)key, (void)field;
    return name_is_language(value->entry->value) ? KEY_OK : KEY_MALFORMED;
}

/* ---- kinds ---- */

static const struct choice EMPTY[] = {{"", -1}, {NULL, 0}}, OFF[] = {{"off", 0}, {NULL, 0}},
                           AUTO_OR_OFF[] = {{"auto", -1}, {"off", 0}, {NULL, 0}};
static const char UTF8[] = "UTF-8 without control characters",
                  NAME[] = "letters, digits, '-', '_' and spaces";

/* clang-format off */
const struct kind
    KIND_WHOLE = {STORE_INT, "a whole number", .decimals = 0},
    KIND_WHOLE_OR_EMPTY = {STORE_INT, "a whole number", .words = EMPTY},
    KIND_PERCENT = {STORE_INT, "a percentage", .unit = "%"},
    KIND_MEGABYTES = {STORE_INT, "a size in megabytes", .unit = "M"},
    KIND_DECIMAL = {STORE_DOUBLE, "a number with at most 3 decimals", .decimals = 3},
    KIND_TIME = {STORE_INT, "a time", .unit_ms = 1},
    KIND_SECONDS = {STORE_INT, "a time in whole seconds", .unit_ms = 1000},
    KIND_SECONDS_OR_OFF = {STORE_INT, "a time in whole seconds", .unit_ms = 1000, .words = OFF, .yes_no = true},
    KIND_SECONDS_AUTO_OR_OFF = {STORE_INT, "a time in whole seconds", .unit_ms = 1000, .words = AUTO_OR_OFF,
                                .yes_no = true},
    KIND_COUNT = {STORE_OWN, "a count", "write 3 or 5-10", .read = read_count},
    KIND_CHOICE = {.store = STORE_INT},
    KIND_YES_NO = {.store = STORE_BOOL},
    KIND_WORD = {STORE_STRING, .read = check_choice},
    KIND_TEXT = {STORE_STRING, "a text", UTF8, .read = check_text, .empty_is_right = true},
    KIND_PATH = {STORE_STRING, "a name or path", UTF8, .read = check_text, .empty_is_right = true},
    KIND_FILE = {STORE_STRING, "a path", UTF8, .read = check_text, .empty_is_right = true},
    KIND_NAME = {STORE_STRING, "a name", NAME, .read = check_name, .empty_is_right = true},
    KIND_LANGUAGE = {STORE_STRING, "a language tag", "write en, en-gb or de", .read = check_language,
                     .empty_is_right = true};
/* clang-format on */

/* ---- what is right ---- */

char *key_range(const struct key *key)
{
    GString *range = g_string_new(NULL);
    for (const struct choice *choice = key->choices; choice && choice->name; choice++)
        g_string_append_printf(range, "%s%s", range->len ? choice[1].name ? ", " : " or " : "", choice->name);
    for (const struct choice *word = key->kind->words; word && word->name; word++)
        if (*word->name) g_string_append_printf(range, "%s, ", word->name);
    if (key->choices && key->kind->form) g_string_append_printf(range, ", or %s", key->kind->form);
    if (key->low) g_string_append_printf(range, "%s%s to %s", range->len ? "or " : "", key->low, key->high);
    return g_string_free(range, FALSE);
}

static void report(const struct key *key, enum key_result result, const struct value *value)
{
    if (result == KEY_OK || result == KEY_REPORTED) return;
    const char *text = value->entry->value;
    g_autofree char *known = duration_plain(text); /* of what was understood */
    const char *names[MOST_NAMES + 1] = {NULL};
    gsize n = 0;
    for (; key->choices && key->choices[n].name && n + 1 < MOST_NAMES; n++) names[n] = key->choices[n].name;
    if (n > 0) names[n] = key->kind->form; /* what is right beside them, or NULL */
    g_autofree char *plain = key_range(key),
                    *range = g_strconcat(plain, find_choice(key->kind->words, "") ? ", or empty" : "", NULL);
    g_autofree char *malformed = key->kind->name ? g_strdup_printf("not %s", key->kind->name) : NULL;
    const char *right = key->kind->form ? key->kind->form : range;
    if (result == KEY_OUT_OF_RANGE)
        diag_wrong(value->diags, value->location, "out of range", known, *range ? range : right);
    else if (result == KEY_REVERSED)
        diag_wrong(value->diags, value->location, "a reversed range", known,
                   "the smaller number comes first");
    else if (result == KEY_MALFORMED && names[0])
        diag_unknown(value->diags, value->location, "unknown value", text, names);
    else if (result == KEY_MALFORMED)
        diag_wrong(value->diags, value->location, malformed, text, right);
}

static void report_empty(const struct key *key, const struct value *value)
{
    g_autofree char *range = key_range(key);
    diag_wrong(value->diags, value->location, "empty", value->entry->value,
               *range && key->standard ? range : "leave the key out if it is not wanted");
}

/* ---- values ---- */

static void store(const struct key *key, void *field, const char *text, double number)
{
    switch (key->kind->store) {
    case STORE_OWN: break;
    case STORE_INT: *(int *)field = (int)number; break;
    case STORE_BOOL: *(bool *)field = number != 0; break;
    case STORE_DOUBLE: *(double *)field = number; break;
    case STORE_STRING:
        g_free(*(char **)field);
        *(char **)field = g_strdup(text);
        break;
    }
}

/* Of a kind without a reader of its own. */
static enum key_result read_number(const struct key *key, const char *text, double *number)
{
    const struct kind *kind = key->kind;
    double low, high;
    if (kind->yes_no && strcmp(text, "yes") == 0) text = key->standard;
    if (kind->yes_no && strcmp(text, "no") == 0) text = "off";
    g_autofree char *word = letters_plain(g_strdup(text));
    const struct choice *choice = find_choice(key->choices, word);
    if (!choice) choice = find_choice(kind->words, word);
    if (choice) *number = choice->value;
    if (choice) return KEY_OK;
    g_autofree char *plain = duration_plain(text);
    if (!kind->name || !parse_number(kind, plain, number)) return KEY_MALFORMED;
    if (!key->low) return KEY_OK;
    if (!parse_number(kind, key->low, &low) || !parse_number(kind, key->high, &high)) g_assert_not_reached();
    return *number >= low && *number <= high ? KEY_OK : KEY_OUT_OF_RANGE;
}

static bool read_value(const struct key *key, void *target, const struct value *value)
{
    const struct kind *kind = key->kind;
    const char *text = value->entry->value;
    void *field = (char *)target + key->offset;
    double number = 0;
    enum key_result result = KEY_REPORTED;
    if (!*text && !may_be_empty(kind))
        report_empty(key, value);
    else if (strlen(text) > TEXT_LIMIT)
        diag_wrong(value->diags, value->location, "text too long", text, "at most 64 KiB");
    else
        result = kind->read ? kind->read(key, value, field) : read_number(key, text, &number);
    report(key, result, value);
    if (result == KEY_OK)
        store(key, field, text, number);
    else if (kind->suppose)
        kind->suppose(field);
    return result == KEY_OK;
}

char *key_print(const struct key *key, const void *target)
{
    const struct kind *kind = key->kind;
    const void *field = (const char *)target + key->offset;
    if (kind->store == STORE_STRING) return g_strdup(*(char *const *)field);
    double number = kind->store == STORE_INT    ? *(const int *)field
                    : kind->store == STORE_BOOL ? *(const bool *)field
                                                : *(const double *)field;
    const struct choice *word = find_value(kind->words, number);
    if (!word) word = find_value(key->choices, number);
    if (word) return g_strdup(word->name);
    if (kind->unit_ms) return duration_text((int64_t)number * kind->unit_ms);
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strconcat(g_ascii_formatd(text, sizeof text, "%.12g", number), kind->unit, NULL);
}

/* ---- tables ---- */

void keys_default(const struct key *keys, void *target)
{
    AUTO(diags) diags = diags_new();
    for (; keys->name; keys++) {
        g_autofree char *text = g_strdup(keys->standard);
        const struct ini_entry entry = {.key = keys->name, .value = text};
        read_value(keys, target, &(struct value){&entry, &(struct diag_location){0}, diags});
    }
    g_assert(diags_errors(diags) == 0);
}

/* The row of that name in the section, or NULL; `names` gets those that it was looked for among. */
static const struct key *find(const struct key *keys, const char *section, const char *name,
                              const char *names[MOST_NAMES + 1])
{
    gsize n = 0;
    for (; keys->name; keys++) {
        if (keys->section && strcmp(keys->section, section) != 0) continue;
        if (strcmp(keys->name, name) == 0) return keys;
        if (n < MOST_NAMES) names[n++] = keys->name;
    }
    return NULL;
}

const struct key *keys_read(const struct key *keys, void *target, const char *section,
                            const struct value *value)
{
    const char *names[MOST_NAMES + 1] = {NULL};
    const struct key *key = find(keys, section, value->entry->key, names);
    if (key) return read_value(key, target, value) ? key : NULL;
    diag_unknown(value->diags, value->location, "unknown key", value->entry->key, names);
    const char *nearest = diag_nearest(value->entry->key, names);
    const struct key *meant = nearest ? find(keys, section, nearest, names) : NULL;
    if (meant && meant->kind->suppose) meant->kind->suppose((char *)target + meant->offset);
    return NULL;
}

void keys_read_section(const struct key *keys, void *target, const struct ini *ini,
                       const struct ini_section *section, struct diags *diags)
{
    for (guint i = 0; i < section->n_entries; i++) {
        const struct ini_entry *entry = &section->entries[i];
        const struct diag_location location = {ini->path, entry->line, section->name, entry->key};
        keys_read(keys, target, section->name, &(struct value){entry, &location, diags});
    }
}
