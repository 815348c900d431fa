#include "outline.h"
#include "pattern.h"
#include "author.h"
#include "base/diag.h"
#include "base/ini.h"
#include "base/letter.h"
#include <string.h>

enum {
    MOST_TITLE = 80, /* letters */
    MOST_HOLD_S = 3600,
    MOST_REST_S = 3600,
    MOST_TIMES = 500,
    MOST_REPS = 1000,
    MOST_SETS = 100,
    STANDARD_HOLD_S = 30,
    MOST_SESSION_S = 20 * 3600, /* as it is reckoned here */
};

/* ---- building ---- */

static void step_free(gpointer data)
{
    struct outline_step *step = data;
    if (step->moves) g_ptr_array_unref(step->moves);
    g_free(step->title);
    g_free(step);
}

struct outline *outline_new(void)
{
    struct outline *outline = g_new0(struct outline, 1);
    outline->steps = g_ptr_array_new_with_free_func(step_free);
    outline->notes = g_ptr_array_new_with_free_func(g_free);
    outline->told = g_hash_table_new(g_str_hash, g_str_equal);
    return outline;
}

void outline_free(struct outline *outline)
{
    if (!outline) return;
    g_hash_table_unref(outline->told);
    g_ptr_array_unref(outline->notes);
    g_ptr_array_unref(outline->steps);
    g_free(outline->title);
    g_free(outline);
}

void outline_note(struct outline *outline, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *note = g_strdup_vprintf(format, args);
    va_end(args);
    char *shown = diag_shown(note, 300);
    if (g_hash_table_contains(outline->told, shown)) {
        g_free(shown);
        return;
    }
    g_ptr_array_add(outline->notes, shown);
    g_hash_table_add(outline->told, shown);
}

/* One line of visible characters, at most MOST_TITLE of them. */
static char *clean_title(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *clean = g_string_new(NULL);
    glong letters = 0;
    for (const char *at = valid; *at && letters < MOST_TITLE; at = g_utf8_next_char(at)) {
        const gunichar c = g_utf8_get_char(at);
        const bool space = g_unichar_isspace(c) || g_unichar_iscntrl(c) || letter_invisible(c) || c == 0xFFFD;
        if (space && (!clean->len || clean->str[clean->len - 1] == ' ')) continue;
        g_string_append_unichar(clean, space ? ' ' : c);
        letters++;
    }
    return g_strchomp(g_string_free(clean, FALSE));
}

static bool is_rest(const char *title)
{
    static const char *const words[] = {"rest", "pause",    "break", "recover",  "recovery",
                                        "ruhe", "erholung", "repos", "descanso", "riposo",
                                        "rust", "przerwa",  NULL};
    g_autofree char *folded = g_utf8_strdown(title, -1);
    return g_strv_contains(words, folded);
}

/* The step or move that was added last; NULL: none. */
static struct outline_step *last_of(const struct outline *outline, const struct outline_step *group)
{
    GPtrArray *steps = group ? group->moves : outline->steps;
    return steps->len ? steps->pdata[steps->len - 1] : NULL;
}

/* A letter or a digit is needed for something to be said. */
static bool is_sayable(const char *title)
{
    for (const char *at = title; *at; at = g_utf8_next_char(at))
        if (g_unichar_isalnum(g_utf8_get_char(at))) return true;
    return false;
}

static struct outline_step *append(GPtrArray *steps, char *title)
{
    struct outline_step *step = g_new0(struct outline_step, 1);
    step->title = title;
    g_ptr_array_add(steps, step);
    return step;
}

struct outline_step *outline_add(struct outline *outline, struct outline_step *group, const char *title,
                                 gint64 seconds)
{
    g_autofree char *clean = clean_title(title);
    struct outline_step *last = last_of(outline, group);
    GPtrArray *steps = group ? group->moves : outline->steps;
    if (is_rest(clean)) {
        if (last)
            last->after_s += CLAMP(seconds, 0, MOST_REST_S);
        else
            outline_note(outline, "a rest at the beginning (%" G_GINT64_FORMAT " seconds)", seconds);
        return NULL;
    }
    if (steps->len >= (group ? OUTLINE_MOVES : OUTLINE_STEPS)) {
        outline_note(outline, "'%s' and what follows it (at most %d fit)", clean,
                     group ? (int)OUTLINE_MOVES : (int)OUTLINE_STEPS);
        return NULL;
    }
    if (!is_sayable(clean)) {
        outline_note(outline, "a title of which nothing can be said ('%s')", clean);
        g_free(clean);
        clean = g_strdup_printf("Exercise %u", steps->len + 1);
    }
    struct outline_step *step = append(steps, g_steal_pointer(&clean));
    step->seconds = seconds;
    return step;
}

struct outline_step *outline_group(struct outline *outline, const char *title, gint64 reps)
{
    char *clean = clean_title(title);
    if (!is_sayable(clean)) {
        g_free(clean);
        clean = g_strdup_printf("Round %u", outline->steps->len + 1);
    }
    struct outline_step *group = append(outline->steps, clean);
    group->moves = g_ptr_array_new_with_free_func(step_free);
    group->reps = reps;
    return group;
}

/* ---- sides ---- */

/* The title without the word for the side; NULL: it has none, or both. To be freed. */
static char *without_side(const char *title, bool *left)
{
    g_autoptr(GRegex) side =
        pattern_new("[(,-]* *\\b(left|right)\\b( +(side|leg|arm)\\b)?[ )]*", G_REGEX_CASELESS);
    g_autoptr(GMatchInfo) match = NULL;
    if (!pattern_match(side, title, &match)) return NULL;
    g_autofree char *word = g_match_info_fetch(match, 1);
    *left = g_ascii_tolower(*word) == 'l';
    if (pattern_next(match)) return NULL;
    char *rest = g_strstrip(pattern_replace(side, title, " "));
    if (is_sayable(rest)) return rest;
    g_free(rest);
    return NULL;
}

static bool same_dose(const struct outline_step *a, const struct outline_step *b)
{
    return a->seconds == b->seconds && a->times == b->times && a->sets == b->sets && !a->sides && !b->sides &&
           !a->moves && !b->moves;
}

/* "Side plank left" and "Side plank right" are one step with two sides. */
static bool join(struct outline *outline, struct outline_step *one, const struct outline_step *two)
{
    bool left_one, left_two;
    g_autofree char *a = without_side(one->title, &left_one), *b = without_side(two->title, &left_two);
    if (!a || !b || strcmp(a, b) != 0 || left_one == left_two || !same_dose(one, two)) return false;
    if (one->after_s)
        outline_note(outline, "'%s': the rest before the other side (pace.change-sides is the time for it)",
                     a);
    g_free(one->title);
    one->title = g_steal_pointer(&a);
    one->sides = left_one ? "left, right" : "right, left";
    one->after_s = two->after_s;
    return true;
}

static void join_sides(struct outline *outline, GPtrArray *steps)
{
    for (guint i = 0; i < steps->len; i++) {
        struct outline_step *step = steps->pdata[i];
        if (step->moves) join_sides(outline, step->moves);
        if (i + 1 < steps->len && join(outline, step, steps->pdata[i + 1]))
            g_ptr_array_remove_index(steps, i + 1);
    }
}

/* ---- how long it takes ---- */

/* About, with the words. Numbers are within their limits. */
static gint64 time_of(const struct outline_step *step)
{
    enum { WORDS_S = 20, MOVEMENT_S = 6 };
    gint64 hold = step->times > 0 ? step->times * MOVEMENT_S : MAX(step->seconds, STANDARD_HOLD_S), sum = 0;
    for (guint i = 0; step->moves && i < step->moves->len; i++) sum += time_of(step->moves->pdata[i]);
    const gint64 once = step->moves ? sum + step->between_s : (hold + WORDS_S) * (step->sides ? 2 : 1);
    return MAX(step->sets, 1) * (MAX(step->reps, 1) * once + step->rest_s) + step->after_s + WORDS_S;
}

static void limit(struct outline *outline, const struct outline_step *step, const char *what, gint64 *value,
                  gint64 most)
{
    if (*value > most)
        outline_note(outline, "'%s': %s of %" G_GINT64_FORMAT " (now %" G_GINT64_FORMAT ", the most)",
                     step->title, what, *value, most);
    *value = CLAMP(*value, 0, most);
}

static void limit_step(struct outline *outline, struct outline_step *step)
{
    limit(outline, step, "a hold in seconds", &step->seconds, MOST_HOLD_S);
    limit(outline, step, "movements", &step->times, MOST_TIMES);
    limit(outline, step, "repetitions", &step->reps, MOST_REPS);
    limit(outline, step, "sets", &step->sets, MOST_SETS);
    limit(outline, step, "a rest in seconds", &step->rest_s, MOST_REST_S);
    limit(outline, step, "a rest in seconds", &step->after_s, MOST_REST_S);
    limit(outline, step, "a rest in seconds", &step->between_s, MOST_REST_S);
    for (guint i = 0; step->moves && i < step->moves->len; i++) limit_step(outline, step->moves->pdata[i]);
}

/* A session has at most a day: what makes it longer is done once, or left out. */
static void limit_all(struct outline *outline)
{
    gint64 total = 0;
    for (guint i = 0; i < outline->steps->len; i++) {
        struct outline_step *step = outline->steps->pdata[i];
        limit_step(outline, step);
        if (total + time_of(step) > MOST_SESSION_S && (step->reps > 1 || step->sets > 1)) {
            outline_note(outline, "'%s': its rounds (a session has at most 24 hours)", step->title);
            step->reps = step->sets = 1;
        }
        if (total + time_of(step) > MOST_SESSION_S) {
            outline_note(outline, "'%s' and what follows it (a session has at most 24 hours)", step->title);
            g_ptr_array_set_size(outline->steps, (gint)i);
            return;
        }
        total += time_of(step);
    }
}

/* ---- writing ---- */

struct writer {
    struct outline *outline;
    GString *text;
    GHashTable *names; /* of sections */
};

/* Fields and comments have no meaning in it. */
static char *escaped(const char *text)
{
    g_autoptr(GString) braces = g_string_new(text);
    g_string_replace(braces, "{", "{{", 0);
    g_string_replace(braces, "}", "}}", 0);
    return ini_escaped(braces->str);
}

/* Duplicates get numbers. To be freed. */
static char *section_name(GHashTable *names, const char *title, const char *other)
{
    g_autofree char *slug = author_slug(title, other);
    char *name = g_strdup(slug);
    for (int n = 2; !g_hash_table_add(names, g_strdup(name)); n++) {
        g_free(name);
        name = g_strdup_printf("%s-%d", slug, n);
    }
    return name;
}

/* Less than `least` needs no key. */
static void append_number(struct writer *w, const char *key, gint64 value, gint64 least, const char *unit)
{
    if (value >= least) g_string_append_printf(w->text, "%s = %" G_GINT64_FORMAT "%s\n", key, value, unit);
}

/* What is said, and how long it takes. */
static void append_hold(struct writer *w, const struct outline_step *step)
{
    g_autofree char *title = escaped(step->title);
    const char *stop = strchr(".!?", title[strlen(title) - 1]) ? "" : ".";
    if (step->times > 0) {
        g_string_append_printf(w->text, "say = %s%s {times} times.\n", title, stop);
        append_number(w, "hold", step->times, 1, " times");
        return;
    }
    if (step->seconds <= 0)
        outline_note(w->outline, "'%s' has no time (now %d seconds)", step->title, (int)STANDARD_HOLD_S);
    g_string_append_printf(w->text, "say = %s%s Stay for {time}.\n", title, stop);
    if (step->least > 0 && step->least < step->seconds)
        g_string_append_printf(w->text, "hold = %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "s\n", step->least,
                               step->seconds);
    else
        append_number(w, "hold", step->seconds > 0 ? step->seconds : STANDARD_HOLD_S, 1, "s");
}

static void append_moves(struct writer *w, const struct outline_step *group, const char *section)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < group->moves->len; i++) {
        const struct outline_step *move = group->moves->pdata[i];
        g_autofree char *name = section_name(names, move->title, "move");
        g_string_append_printf(w->text, "\n[%s.%s]\n", section, name);
        if (move->sides) g_string_append_printf(w->text, "sides = %s\n", move->sides);
        if (move->sets > 1) outline_note(w->outline, "'%s': its sets, inside of a group", move->title);
        append_hold(w, move);
        append_number(w, "after", move->after_s, 1, "s");
    }
}

static void append_step(struct writer *w, const struct outline_step *step)
{
    g_autofree char *section = section_name(w->names, step->title, "step"), *title = escaped(step->title);
    g_string_append_printf(w->text, "\n[%s]\ntitle = %s\n", section, title);
    append_number(w, "reps", step->reps, 2, "");
    if (step->reps > 1) append_number(w, "between", step->between_s, 1, "s");
    append_number(w, "sets", step->sets, 2, "");
    if (step->sets > 1) append_number(w, "rest", step->rest_s, 1, "s");
    if (step->sides) g_string_append_printf(w->text, "sides = %s\n", step->sides);
    append_number(w, "after", step->after_s, 1, "s");
    if (step->moves)
        append_moves(w, step, section);
    else
        append_hold(w, step);
}

char *outline_ini(struct outline *outline, const char *name)
{
    g_autofree char *clean = clean_title(outline->title ? outline->title : name);
    g_autofree char *title = escaped(is_sayable(clean) ? clean : "Workout");
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    join_sides(outline, outline->steps);
    limit_all(outline);
    struct writer w = {outline, g_string_new(NULL), names};
    g_hash_table_add(names, g_strdup("routine"));
    g_string_append_printf(
        w.text,
        "; Imported. Give each step a 'setup', the way into its position, and write 'say' for\n"
        "; the ear: see doc/routines.md.\n\n[routine]\ntitle = %s\nlanguage = en\n",
        title);
    guint n = 0;
    for (guint i = 0; i < outline->steps->len; i++) {
        const struct outline_step *step = outline->steps->pdata[i];
        if (step->moves && !step->moves->len) continue;
        append_step(&w, step);
        n++;
    }
    return g_string_free(w.text, n == 0);
}
