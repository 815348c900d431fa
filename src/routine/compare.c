#include "routine/compare.h"
#include <string.h>

/* ---- what the sections of a file are ---- */

static const char ROUTINE[] = "routine";

static const struct ini_section *section_at(const struct version *version, guint i)
{
    return &g_array_index(version->ini->sections, struct ini_section, i);
}

/* What drives the clock, of a step or a move. */
struct figures {
    struct range sets, reps;
    struct sides sides;
    struct hold hold; /* a step with moves has none: all 0 */
};

static struct figures figures_of(const struct version *version, const char *section)
{
    const char *dot = strchr(section, '.');
    g_autofree char *name = dot ? g_strndup(section, (gsize)(dot - section)) : g_strdup(section);
    const struct step *step = &version->routine->steps[routine_step(version->routine, name)];
    if (!dot) return (struct figures){step->sets, step->reps, step->sides, step->own.hold};
    const struct move *move = &step->moves[step_move(step, dot + 1)];
    return (struct figures){.sides = move->sides, .hold = move->hold};
}

/* ---- what differs ---- */

struct comparison {
    const struct version *here, *there;
    struct diags *diags;
};

static void report(const struct comparison *c, int line, const char *section, const char *key,
                   const char *what, const char *value, int other)
{
    const struct diag_location location = {c->here->ini->path, line, section, key};
    g_autofree char *right = g_strdup_printf("see %s:%d", c->there->ini->path, other);
    diag_wrong(c->diags, &location, what, value, right);
}

/* The value as it is written, and its line; of a key that is absent, the section's. */
static const char *written(const struct ini_section *section, const char *key, int *line)
{
    const struct ini_entry *entry = ini_entry(section, key);
    *line = entry ? entry->line : section->line;
    return entry ? entry->value : "none";
}

static void compare_key(const struct comparison *c, const struct ini_section *here,
                        const struct ini_section *there, const char *key, bool same)
{
    int line, other;
    if (same) return;
    const char *value = written(here, key, &line), *meant = written(there, key, &other);
    g_autofree char *both = g_strdup_printf("%s, not %s", value, meant);
    report(c, line, here->name, key, "not as in the other language", both, other);
}

static bool same_range(struct range a, struct range b)
{
    return a.low == b.low && a.high == b.high;
}

static bool same_sides(struct sides a, struct sides b)
{
    return a.n == b.n && (a.n == 0 || a.side[0] == b.side[0]);
}

static bool same_hold(const struct hold *a, const struct hold *b)
{
    return a->kind == b->kind && (a->kind == HOLD_READY || same_range(a->range, b->range));
}

static void compare_section(const struct comparison *c, const struct ini_section *here)
{
    const struct ini_section *there = ini_section(c->there->ini, here->name);
    const struct figures a = figures_of(c->here, here->name), b = figures_of(c->there, here->name);
    compare_key(c, here, there, "sides", same_sides(a.sides, b.sides));
    compare_key(c, here, there, "sets", same_range(a.sets, b.sets));
    compare_key(c, here, there, "reps", same_range(a.reps, b.reps));
    compare_key(c, here, there, "hold", same_hold(&a.hold, &b.hold));
}

/* ---- what the routine is for ---- */

static bool same_parts(const char *const *a, const char *const *b)
{
    static const char *const none[] = {NULL};
    return g_strv_equal(a ? a : none, b ? b : none);
}

/* What 'list' finds it by, and tells of it, is the same in each language. */
static void compare_head(const struct comparison *c)
{
    const struct ini_section *here = ini_section(c->here->ini, ROUTINE),
                             *there = ini_section(c->there->ini, ROUTINE);
    const struct routine *a = c->here->routine, *b = c->there->routine;
    compare_key(c, here, there, "parts",
                same_parts((const char *const *)a->parts, (const char *const *)b->parts));
    compare_key(c, here, there, "level-hint", a->level_hint == b->level_hint);
}

/* ---- both files, section by section ---- */

/* The next section from `i` on that is a step or a move; behind the last, the number of sections. */
static guint next_section(const struct version *version, guint i)
{
    while (i < version->ini->sections->len && strcmp(section_at(version, i)->name, ROUTINE) == 0) i++;
    return i;
}

static int last_line(const struct version *version)
{
    return section_at(version, version->ini->sections->len - 1)->line;
}

static const char *kind_of(const char *section)
{
    return strchr(section, '.') ? "move" : "step";
}

static void report_missing(const struct comparison *c, const struct ini_section *there, int line)
{
    g_autofree char *what = g_strdup_printf("a %s is missing", kind_of(there->name));
    report(c, line, NULL, NULL, what, there->name, there->line);
}

static void report_more(const struct comparison *c, const struct ini_section *here)
{
    g_autofree char *what = g_strdup_printf("the other language has no such %s", kind_of(here->name));
    report(c, here->line, here->name, NULL, what, here->name, last_line(c->there));
}

void routine_compare(const struct version *here, const struct version *there, struct diags *diags)
{
    const struct comparison c = {here, there, diags};
    guint i = next_section(here, 0), j = next_section(there, 0);
    bool ordered = true; /* one difference in the order makes many */
    compare_head(&c);
    while (i < here->ini->sections->len || j < there->ini->sections->len) {
        const struct ini_section *a = i < here->ini->sections->len ? section_at(here, i) : NULL;
        const struct ini_section *b = j < there->ini->sections->len ? section_at(there, j) : NULL;
        bool missing = b && !ini_section(here->ini, b->name), more = a && !ini_section(there->ini, a->name);
        if (missing)
            report_missing(&c, b, a ? a->line : last_line(here));
        else if (more)
            report_more(&c, a);
        else if (ordered && a && b && !(ordered = strcmp(a->name, b->name) == 0))
            report(&c, a->line, a->name, NULL, "another order than in the other language", b->name, b->line);
        if (a && !missing && !more) compare_section(&c, a);
        if (!missing) i = next_section(here, i + 1);
        if (!more || missing) j = next_section(there, j + 1);
    }
}
