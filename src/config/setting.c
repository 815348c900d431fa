#include "setting.h"
#include <string.h>

enum { MOST_NAMES = 32 };

static void *field(const struct setting *setting, const void *target)
{
    return (char *)target + setting->offset;
}

/* ---- what is right ---- */

static char *choices_rule(const struct setting *setting)
{
    GString *rule = g_string_new(NULL);
    for (const struct choice *choice = setting->choices; choice->name; choice++)
        g_string_append_printf(rule, "%s%s", !rule->len ? "" : choice[1].name ? ", " : " or ", choice->name);
    return g_string_free(rule, FALSE);
}

char *setting_range(const struct setting *setting)
{
    const struct choice *word = setting->kind->word;
    if (setting->choices) return choices_rule(setting);
    if (!setting->low) return g_strdup("");
    return g_strdup_printf("%s%s%s to %s", word ? word->name : "", word && *word->name ? ", or " : "",
                           setting->low, setting->high);
}

/* What a report says is right. */
static char *rule(const struct setting *setting)
{
    g_autofree char *range = setting_range(setting);
    if (!setting->kind->name) return g_steal_pointer(&range);
    return *range ? g_strdup_printf("%s: %s", setting->kind->name, range) : g_strdup(setting->kind->name);
}

static void report(const struct setting *setting, const char *what, const char *text,
                   const struct diag_location *place, struct diags *diags)
{
    const char *names[MOST_NAMES] = {NULL};
    gsize n = 0;
    for (const struct choice *choice = setting->choices; choice && choice->name && n + 1 < MOST_NAMES;
         choice++)
        names[n++] = choice->name;
    const char *nearest = diag_nearest(text, names);
    g_autofree char *all = rule(setting);
    g_autofree char *right =
        nearest ? g_strdup_printf("did you mean '%s'? Right is %s", nearest, all) : g_strdup(all);
    diag_wrong(diags, place, what, text, right);
}

/* ---- values ---- */

static void store(const struct setting *setting, void *target, const char *text, double number)
{
    void *at = field(setting, target);
    switch (setting->kind->store) {
    case STORE_INT: *(int *)at = (int)number; break;
    case STORE_BOOL: *(bool *)at = number != 0; break;
    case STORE_DOUBLE: *(double *)at = number; break;
    case STORE_STRING:
        g_free(*(char **)at);
        *(char **)at = g_strdup(text);
        break;
    }
}

static double stored(const struct setting *setting, const void *target)
{
    const void *at = field(setting, target);
    switch (setting->kind->store) {
    case STORE_INT: return *(const int *)at;
    case STORE_BOOL: return *(const bool *)at;
    case STORE_DOUBLE: return *(const double *)at;
    default: g_assert_not_reached();
    }
}

static bool in_range(const struct setting *setting, double number)
{
    double low, high;
    if (!setting->low) return true;
    if (!setting->kind->read(setting, setting->low, &low) ||
        !setting->kind->read(setting, setting->high, &high))
        g_assert_not_reached();
    return number >= low && number <= high;
}

bool setting_read(const struct setting *setting, void *target, const char *text,
                  const struct diag_location *place, struct diags *diags)
{
    const struct kind *kind = setting->kind;
    double number = 0;
    if (kind->word && strcmp(text, kind->word->name) == 0) {
        store(setting, target, text, kind->word->value);
        return true;
    }
    bool right = kind->read(setting, text, &number);
    if (right && in_range(setting, number)) {
        store(setting, target, text, number);
        return true;
    }
    report(setting, right ? "out of range" : *text ? "wrong value" : "empty", text, place, diags);
    return false;
}

char *setting_print(const struct setting *setting, const void *target)
{
    const struct kind *kind = setting->kind;
    if (kind->store == STORE_STRING) return g_strdup(*(char *const *)field(setting, target));
    double number = stored(setting, target);
    if (kind->word && kind->word->value == (int)number) return g_strdup(kind->word->name);
    return kind->print(setting, number);
}

/* ---- names ---- */

const struct setting *setting_find(const struct setting *table, gsize rows, const char *section,
                                   const char *key, const struct diag_location *place, struct diags *diags)
{
    const char *names[MOST_NAMES] = {NULL};
    gsize n = 0;
    for (gsize i = 0; i < rows; i++) {
        if (strcmp(table[i].section, section) != 0) continue;
        if (strcmp(table[i].key, key) == 0) return &table[i];
        if (n + 1 < MOST_NAMES) names[n++] = table[i].key;
    }
    diag_unknown(diags, place, "no such key", key, names);
    return NULL;
}
