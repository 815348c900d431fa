#include "value.h"
#include <string.h>

enum { MOST_KEYS = 16, LANGUAGE_BYTES = 35 };

static void wrong(const struct value *value, const char *what, const char *right)
{
    diag_wrong(value->diags, value->place, what, value->entry->value, right);
}

/* ---- texts ---- */

void value_text(const struct value *value, void *text, int most)
{
    (void)most;
    *(struct text *)text = (struct text){value->entry->value, value->entry->line};
}

void value_plain(const struct value *value, void *string, int most)
{
    (void)most;
    static const char *const none[] = {NULL};
    if (template_check(value->entry->value, none, false, value->place, value->diags))
        *(const char **)string = template_unescape(value->entry->value);
}

/* The name of a file is made from it, so that nothing but a tag will do. */
void value_language(const struct value *value, void *string, int most)
{
    (void)most;
    const char *tag = value->entry->value, *end = tag;
    while (g_ascii_isalnum(*end) || (*end == '-' && end > tag)) end++;
    if (*end || end - tag > LANGUAGE_BYTES)
        wrong(value, "no language", "a tag such as en, en-gb or de");
    else
        *(const char **)string = tag;
}

/* ---- numbers ---- */

/* Both ends from 1 to `most`, the right way round. `limit` says how much that is, where it is no plain
 * number. */
static bool check_range(const struct value *value, struct range range, int most, const char *limit)
{
    bool inside = range.low >= 1 && range.high >= 1 && range.low <= most && range.high <= most;
    if (!inside) {
        g_autofree char *plain = g_strdup_printf("1 to %d", most);
        wrong(value, "out of range", limit ? limit : plain);
    } else if (range.low > range.high) {
        wrong(value, "the wrong way round", "the smaller end comes first");
    }
    return inside && range.low <= range.high;
}

void value_count(const struct value *value, void *range, int most)
{
    struct range count;
    if (!count_parse_range(value->entry->value, &count))
        wrong(value, "no count", "such as 3 or 5-10");
    else if (check_range(value, count, most, NULL))
        *(struct range *)range = count;
}

void value_rest(const struct value *value, void *ms, int most)
{
    (void)most;
    int64_t rest;
    if (!duration_parse(value->entry->value, &rest))
        wrong(value, "no time", "0s to 1h, such as 20s or 1m30s");
    else if (rest > 3600 * 1000)
        wrong(value, "out of range", "0s to 1h");
    else
        *(int *)ms = (int)rest;
}

/* ---- holds ---- */

/* "8 breaths" "8-10 breaths" "1 breath" */
static bool parse_breaths(const char *text, struct range *breaths)
{
    gsize digits = strspn(text, "0123456789-"), blanks = strspn(text + digits, " \t");
    const char *unit = text + digits + blanks;
    if (!blanks || (strcmp(unit, "breaths") != 0 && strcmp(unit, "breath") != 0)) return false;
    g_autofree char *count = g_strndup(text, digits);
    return count_parse_range(count, breaths);
}

static bool hold_fits(const struct value *value, const struct hold *hold)
{
    switch (hold->kind) {
    case HOLD_SECONDS: return check_range(value, hold->range, ROUTINE_HOLD_S, "1s to 1h");
    case HOLD_BREATHS: return check_range(value, hold->range, ROUTINE_BREATHS, "1 to 3600 breaths");
    default: return true;
    }
}

void value_hold(const struct value *value, void *hold, int most)
{
    (void)most;
    const char *text = value->entry->value;
    struct hold read = {HOLD_READY, {0, 0}, value->entry->line};
    if (duration_parse_range(text, &read.range))
        read.kind = HOLD_SECONDS;
    else if (parse_breaths(text, &read.range))
        read.kind = HOLD_BREATHS;
    else if (strcmp(text, "ready") != 0) {
        wrong(value, "no hold", "whole seconds such as 20s, 20-30s or 1m30s; 8-10 breaths; ready");
        return;
    }
    if (hold_fits(value, &read)) *(struct hold *)hold = read;
}

/* ---- sides ---- */

/* Instead of what cannot be read. */
static const struct sides SUPPOSED = {1, {SIDE_RIGHT}};

/* The side at the head of a list; returns what follows its comma, or NULL at the end. */
static const char *next_side(const char *list, enum side *side)
{
    const char *comma = strchr(list, ',');
    g_autofree char *name = comma ? g_strndup(list, (gsize)(comma - list)) : g_strdup(list);
    g_strstrip(name);
    *side = strcmp(name, "right") == 0 ? SIDE_RIGHT : strcmp(name, "left") == 0 ? SIDE_LEFT : SIDE_NONE;
    return comma ? comma + 1 : NULL;
}

/* One or two sides, each once. */
static bool parse_sides(const char *list, struct sides *sides)
{
    sides->n = 0;
    while (list) {
        enum side side;
        list = next_side(list, &side);
        bool again = sides->n && sides->side[0] == side;
        if (side == SIDE_NONE || again || sides->n == 2) return false;
        sides->side[sides->n++] = side;
    }
    return true;
}

void value_sides(const struct value *value, void *sides, int most)
{
    (void)most;
    if (parse_sides(value->entry->value, sides)) return;
    wrong(value, "no sides", "right, left in either order, or one alone");
    *(struct sides *)sides = SUPPOSED;
}

/* ---- sections ---- */

static const struct key *find_key(const struct key *keys, const char *name)
{
    while (keys->name && strcmp(keys->name, name) != 0) keys++;
    return keys->name ? keys : NULL;
}

/* Where sides were meant, texts may speak of them. */
static void suppose(const struct key *key, void *target)
{
    struct sides *sides = (void *)((char *)target + key->offset);
    if (key->read == value_sides && !sides->n) *sides = SUPPOSED;
}

static void report_unknown(const struct value *value, const struct key *keys, void *target)
{
    const char *names[MOST_KEYS + 1] = {NULL};
    for (int i = 0; keys[i].name && i < MOST_KEYS; i++) names[i] = keys[i].name;
    diag_unknown(value->diags, value->place, "no such key", value->entry->key, names);
    const char *meant = diag_nearest(value->entry->key, names);
    if (meant) suppose(find_key(keys, meant), target);
}

/* Whether there is anything to read. */
static bool is_filled(const struct value *value)
{
    const char *text = value->entry->value;
    bool over = strlen(text) > ROUTINE_TEXT;
    if (!*text) wrong(value, "empty", "what is not wanted is left out");
    if (over) wrong(value, "over the limit of a text", "64 KiB");
    return *text && !over;
}

void value_read_section(const struct ini *ini, const struct ini_section *section, const struct key *keys,
                        void *target, struct diags *diags)
{
    for (guint i = 0; i < section->n_entries; i++) {
        const struct ini_entry *entry = &section->entries[i];
        struct diag_location place = {ini->path, entry->line, section->name, entry->key};
        struct value value = {entry, &place, diags};
        const struct key *key = find_key(keys, entry->key);
        if (!key)
            report_unknown(&value, keys, target);
        else if (is_filled(&value))
            key->read(&value, (char *)target + key->offset, key->most);
        else
            suppose(key, target);
    }
}
