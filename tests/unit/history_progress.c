/* How the level follows the history: each rule, and a year of four people with a clock of the test's own. */
#include "history/progress.h"
#include "history/calendar.h"
#include <glib.h>

enum { DAY = 86400, NOON = 1767268800 /* 2026-01-01, in UTC */, WEEK = 7 * DAY };

/* ---- a person who practises ---- */

struct person {
    struct progress kept;
    GArray *sessions; /* struct practised, all */
    int level, most;  /* of the settings */
    bool proposes;
};

static struct person person_new(void)
{
    return (struct person){progress_none(), g_array_new(FALSE, FALSE, sizeof(struct practised)), 0, 100,
                           false};
}

static void person_finish(struct person *person)
{
    g_array_unref(person->sessions);
}

static struct practised *session_at(const struct person *person, guint i)
{
    return &g_array_index(person->sessions, struct practised, i);
}

/* How often on different days, as the database counts. */
static int days_of(const struct person *person)
{
    g_autoptr(GHashTable) days = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < person->sessions->len; i++) {
        const struct practised *session = session_at(person, i);
        g_hash_table_add(days, GSIZE_TO_POINTER(1 + calendar_day(session->begun, session->zone)));
    }
    return MIN((int)g_hash_table_size(days), PROGRESS_DAYS);
}

static struct progress_day look(const struct person *person, int64_t now, int zone, bool given)
{
    struct progress_facts facts = {.now = now,
                                   .zone = zone,
                                   .level = person->level,
                                   .most = person->most,
                                   .fixed = given,
                                   .proposes = person->proposes,
                                   .days = days_of(person)};
    guint first = 0;
    for (; first < person->sessions->len && session_at(person, first)->id <= person->kept.judged; first++) {
        const struct practised *session = session_at(person, first);
        if (session->begun < facts.last || session->begun > now + DAY) continue;
        facts.last = session->begun;
        facts.last_zone = session->zone;
    }
    facts.n_recent = (int)(person->sessions->len - first);
    facts.recent = facts.n_recent > 0 ? session_at(person, first) : NULL;
    return progress_day(&person->kept, &facts);
}

static void practise(struct person *person, const struct progress_day *day, struct practised session)
{
    session.id = person->sessions->len + 1;
    person->kept = day->next;
    if (day->caution_in_full) person->kept.caution = session.begun;
    if (day->closing_in_full && session.done) person->kept.closing = session.begun;
    g_array_append_val(person->sessions, session);
}

/* A whole session on a day, counted from the first; it did not hurt. */
static struct progress_day on_day(struct person *person, int day, bool hard)
{
    const struct practised session = {.begun = NOON + day * DAY, .done = true, .hard = hard};
    const struct progress_day today = look(person, session.begun, 0, false);
    struct progress_day answered = today;
    if (today.ask) progress_answer(&answered, false);
    practise(person, &answered, session);
    return today;
}

static int level_on(struct person *person, int day)
{
    return on_day(person, day, false).level;
}

/* ---- rules ---- */

static void test_rises(void)
{
    /* Twice in 7 days, each after two sessions. */
    static const int levels[] = {0, 0, 5, 5, 10, 10, 10, 10, 10, 15, 15, 20, 20, 20, 20, 20, 25};
    struct person person = person_new();
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++)
        g_assert_cmpint(level_on(&person, (int)i), ==, levels[i]);
    g_assert_cmpint(look(&person, NOON + 17 * DAY, 0, false).change, ==, CHANGE_NONE);
    person_finish(&person);
}

static void test_not_done(void)
{
    struct person person = person_new();
    on_day(&person, 0, false);
    struct progress_day day = on_day(&person, 1, false);
    session_at(&person, 1)->done = false;
    g_assert_cmpint(level_on(&person, 2), ==, 0);
    g_assert_cmpint(level_on(&person, 3), ==, 0);
    day = on_day(&person, 4, false); /* those of days 2 and 3 were done */
    g_assert_cmpint(day.level, ==, 5);
    g_assert_cmpint(day.change, ==, CHANGE_LONGER);
    person_finish(&person);
}

static void test_hard(void)
{
    struct person person = person_new();
    person.level = 30;
    on_day(&person, 0, false);
    on_day(&person, 1, true);
    struct progress_day day = on_day(&person, 2, false);
    g_assert_cmpint(day.level, ==, 20);
    g_assert_cmpint(day.change, ==, CHANGE_HARD);
    g_assert_true(day.ask);
    g_assert_cmpint(level_on(&person, 3), ==, 20);
    g_assert_cmpint(level_on(&person, 4), ==, 25);
    person_finish(&person);
}

static void test_away(void)
{
    static const struct {
        int days, level;
    } cases[] = {{7, 50}, {8, 40}, {21, 40}, {22, 30}, {400, 30}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct person person = person_new();
        person.level = 50;
        on_day(&person, 0, false);
        g_assert_cmpint(level_on(&person, cases[i].days), ==, cases[i].level);
        person_finish(&person);
    }
}

static void test_limits(void)
{
    struct person person = person_new();
    person.level = 97;
    on_day(&person, 0, false);
    on_day(&person, 1, false);
    g_assert_cmpint(level_on(&person, 2), ==, 100);
    person.most = 40;
    g_assert_cmpint(level_on(&person, 3), ==, 40);
    on_day(&person, 4, true);
    g_assert_cmpint(level_on(&person, 5), ==, 30);
    person_finish(&person);
    person = person_new();
    person.level = 3;
    on_day(&person, 0, true);
    g_assert_cmpint(level_on(&person, 1), ==, 0);
    on_day(&person, 2, true);
    g_assert_cmpint(on_day(&person, 3, false).change, ==, CHANGE_NONE); /* it cannot be lower */
    person_finish(&person);
}

static void test_given(void)
{
    struct person person = person_new();
    person.level = 50;
    on_day(&person, 0, false);
    struct progress_day given = look(&person, NOON + DAY, 0, true);
    g_assert_cmpint(given.level, ==, 50); /* the option is the setting */
    g_assert_cmpmem(&given.next, sizeof given.next, &person.kept, sizeof person.kept);
    practise(&person, &given, (struct practised){.begun = NOON + DAY, .hard = true, .by = LEVEL_BY_OPTION});
    g_assert_cmpint(level_on(&person, 2), ==, 50);
    g_assert_cmpint(level_on(&person, 3), ==, 55); /* those of days 0 and 2 */
    given = look(&person, NOON + 30 * DAY, 0, true);
    practise(&person, &given,
             (struct practised){.begun = NOON + 30 * DAY, .done = true, .by = LEVEL_BY_OPTION});
    g_assert_cmpint(level_on(&person, 31), ==, 35); /* the month before it was one without practice */
    person_finish(&person);
}

/* A session on a day, whose level something else than progress has chosen. */
static void otherwise_on_day(struct person *person, int day, struct practised session)
{
    const struct progress_day given = look(person, NOON + day * DAY, 0, true);
    session.begun = NOON + day * DAY;
    practise(person, &given, session);
}

/* Backing off always counts; with --level, pain alone. */
static void test_too_much(void)
{
    static const struct practised sessions[] = {{.by = LEVEL_BY_LENGTH, .level = 90, .hard = true},
                                                {.by = LEVEL_BY_LENGTH, .level = 90, .hurt = true},
                                                {.by = LEVEL_BY_OPTION, .level = 90, .hurt = true}};
    for (gsize i = 0; i < G_N_ELEMENTS(sessions); i++) {
        struct person person = person_new();
        person.level = 60;
        on_day(&person, 0, false);
        otherwise_on_day(&person, 1, sessions[i]);
        const struct progress_day day = look(&person, NOON + 2 * DAY, 0, false);
        g_assert_cmpint(day.level, ==, 50);
        g_assert_cmpint(day.change, ==, CHANGE_HARD);
        g_assert_true(day.ask);
        person_finish(&person);
    }
}

/* A session whose length chose a level counts for a rise, unless that was lower than its own. */
static void test_of_a_length(void)
{
    static const int levels[] = {49, 50, 100}, after[] = {50, 55, 55};
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++) {
        struct person person = person_new();
        person.level = 50;
        on_day(&person, 0, false);
        otherwise_on_day(&person, 1,
                         (struct practised){.by = LEVEL_BY_LENGTH, .level = levels[i], .done = true});
        g_assert_cmpint(level_on(&person, 2), ==, after[i]);
        person_finish(&person);
    }
}

static void test_question(void)
{
    struct person person = person_new();
    on_day(&person, 0, false);
    on_day(&person, 1, false);
    struct progress_day day = on_day(&person, 2, false);
    g_assert_true(day.level == 5 && !day.ask);
    const int64_t evening = NOON + 2 * DAY + DAY / 3;
    day = look(&person, evening, 0, false); /* not on the same day */
    g_assert_false(day.ask);
    day = look(&person, NOON + 3 * DAY, 0, false);
    g_assert_true(day.ask);
    progress_answer(&day, true);
    g_assert_cmpint(day.level, ==, 0);
    practise(&person, &day, (struct practised){.begun = NOON + 3 * DAY, .done = true});
    g_assert_cmpint(level_on(&person, 4), ==, 0);
    g_assert_cmpint(level_on(&person, 5), ==, 0);
    day = on_day(&person, 6, false);
    g_assert_true(day.level == 5 && !day.ask);
    day = on_day(&person, 7, false);
    g_assert_true(day.ask);
    progress_answer(&day, false);
    g_assert_true(day.level == 5 && !day.next.ask);
    person_finish(&person);
}

static void test_proposes(void)
{
    struct person person = person_new();
    person.proposes = true;
    on_day(&person, 0, false);
    on_day(&person, 1, false);
    struct progress_day day = on_day(&person, 2, false);
    g_assert_true(day.level == 0 && day.change == CHANGE_PROPOSED && day.next.proposed == 5);
    day = on_day(&person, 3, false);
    g_assert_true(day.level == 0 && day.change == CHANGE_NONE && !day.ask); /* once */
    progress_set(&person.kept, 5, 4);
    g_assert_cmpint(person.kept.proposed, ==, LEVEL_NONE);
    g_assert_cmpint(level_on(&person, 4), ==, 5);
    person_finish(&person);
}

static void test_words(void)
{
    struct person person = person_new();
    static const struct {
        int day;
        bool in_full, caution;
    } days[] = {{0, true, true},   {0, true, false},   {1, true, false},  {2, true, false},
                {3, false, false}, {13, false, false}, {14, false, true}, {15, false, false},
                {34, false, true}, {55, true, true},   {56, false, false}};
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        const struct progress_day day = on_day(&person, days[i].day, false);
        g_test_message("day %d", days[i].day);
        g_assert_true(day.in_full == days[i].in_full);
        g_assert_true(day.caution_in_full == days[i].caution);
        g_assert_true(day.closing_in_full == days[i].caution);
    }
    person_finish(&person);
}

/* A closing that was not heard is still to come. */
static void test_closing(void)
{
    struct person person = person_new();
    struct progress_day day = look(&person, NOON, 0, false);
    practise(&person, &day, (struct practised){.begun = NOON});
    day = look(&person, NOON + DAY, 0, false);
    g_assert_true(!day.caution_in_full && day.closing_in_full);
    person_finish(&person);
}

/* ---- clocks ---- */

static void test_clocks(void)
{
    static const int64_t wrong[] = {1000, INT64_C(4000000000)}; /* in 1970, and in 2096 */
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        struct person person = person_new();
        person.level = 50;
        on_day(&person, 0, false);
        struct progress_day day = look(&person, wrong[i], 0, false);
        int level = day.level; /* as far as it is known, 70 years may have passed */
        practise(&person, &day, (struct practised){.begun = wrong[i], .done = true});
        g_assert_cmpint(level, ==, i == 0 ? 50 : 30);
        day = on_day(&person, 1, false); /* the clock is right again: nobody has been away */
        g_assert_cmpint(day.level, ==, i == 0 ? 55 : level);
        g_assert_cmpint(level_on(&person, 10), ==, day.level - 10);
        person_finish(&person);
    }
}

/* Summer time: half past eleven at night is another day than half past midnight. */
static void test_zones(void)
{
    struct person person = person_new();
    person.level = 50;
    const int64_t night = NOON + 11 * 3600 + 1800;
    struct progress_day day = look(&person, night, 0, false);
    practise(&person, &day, (struct practised){.begun = night, .done = true});
    g_assert_cmpint(look(&person, night + 7 * DAY, 0, false).level, ==, 50);
    g_assert_cmpint(look(&person, night + 7 * DAY, 3600, false).level, ==, 40);
    person_finish(&person);
}

/* ---- a year ---- */

struct kind {
    const char *name;
    int least, most; /* days between two sessions */
    int done, hard;  /* percent of the sessions */
    int hurt;        /* percent of the questions */
    int break_after; /* so many sessions, a month without; 0: never */
};

static const struct kind KINDS[] = {
    {"eager", 0, 1, 98, 1, 5, 0},
    {"irregular", 1, 12, 70, 10, 20, 0},
    {"in pain", 1, 3, 80, 35, 60, 0},
    {"away for a month", 1, 2, 95, 3, 10, 20},
};

enum { SESSIONS = 100 };

/* What was seen of a session, for rules that are stated anew here. */
struct seen {
    struct practised session;
    int before, level, kept; /* kept: afterwards */
    bool asked, hurt;
};

static int64_t days_apart(const struct practised *a, const struct practised *b)
{
    return calendar_day(b->begun, b->zone) - calendar_day(a->begun, a->zone);
}

/* The session before that was not given a level; NULL: there is none. */
static const struct seen *own_before(const struct seen *seen, int i)
{
    while (--i >= 0)
        if (seen[i].session.by == LEVEL_BY_PROGRESS) return &seen[i];
    return NULL;
}

static int expected_drop(const struct seen *seen, int i)
{
    const struct seen *own = own_before(seen, i);
    int drop = own && own->session.hard ? 10 : 0;
    for (int j = own ? (int)(own - seen) : 0; j < i; j++) {
        int64_t days = days_apart(&seen[j].session, &seen[j + 1].session);
        drop += days > 21 ? 20 : days >= 8 ? 10 : 0;
    }
    return drop;
}

static bool was_well(const struct seen *own)
{
    return own && own->session.done && !own->session.hard;
}

/* The two sessions before, and so that no change lies between them and this one. */
static bool two_went_well(const struct seen *seen, int i)
{
    const struct seen *last = own_before(seen, i),
                      *before = last ? own_before(seen, (int)(last - seen)) : NULL;
    return was_well(last) && was_well(before) && last->level == last->before && !last->hurt &&
           expected_drop(seen, (int)(last - seen)) == 0;
}

static int risen_within_week(const struct seen *seen, int i)
{
    int sum = 0;
    for (int j = 0; j <= i; j++)
        if (seen[i].session.begun - seen[j].session.begun < WEEK && seen[j].session.by == LEVEL_BY_PROGRESS)
            sum += MAX(0, seen[j].level - seen[j].before);
    return sum;
}

static bool hurt_in_last_two(const struct seen *seen, int i)
{
    const struct seen *last = own_before(seen, i),
                      *before = last ? own_before(seen, (int)(last - seen)) : NULL;
    return (last && last->hurt) || (before && before->hurt);
}

static void check_question(const struct seen *seen, int i)
{
    const struct seen *last = own_before(seen, i);
    if (!last || i == 0 || days_apart(&seen[i - 1].session, &seen[i].session) == 0) {
        g_assert_false(seen[i].asked);
        return;
    }
    if (last->session.hard || (last->level > last->before && !last->hurt)) g_assert_true(seen[i].asked);
}

static void check(const struct seen *seen, int i)
{
    const struct seen *now = &seen[i];
    const int drop = expected_drop(seen, i);
    g_assert_true(now->level >= 0 && now->level <= 100);
    if (now->session.by == LEVEL_BY_OPTION) {
        g_assert_cmpint(now->kept, ==, now->before);
        return;
    }
    check_question(seen, i);
    if (drop > 0) {
        g_assert_cmpint(now->level, ==, MAX(0, now->before - drop));
    } else if (now->level != now->before) {
        g_assert_cmpint(now->level, ==, MIN(100, now->before + 5));
        g_assert_true(two_went_well(seen, i));
        g_assert_cmpint(risen_within_week(seen, i), <=, 10);
        g_assert_false(hurt_in_last_two(seen, i));
    } else if (now->before < 100 && two_went_well(seen, i) && !hurt_in_last_two(seen, i) && !now->asked) {
        g_assert_cmpint(risen_within_week(seen, i), >=, 10); /* it has risen enough */
    }
    g_assert_cmpint(now->kept, ==, now->hurt ? MAX(0, now->level - 10) : now->level);
}

static bool chance(GRand *random, int percent)
{
    return g_rand_int_range(random, 0, 100) < percent;
}

static int64_t time_without(GRand *random, const struct kind *kind, int i)
{
    int days = g_rand_int_range(random, kind->least, kind->most + 1);
    if (kind->break_after && i % kind->break_after == kind->break_after - 1) days = 25 + days * 5;
    return (int64_t)days * DAY + g_rand_int_range(random, 3600, 3 * 3600);
}

/* In the summer the zone is another. */
static int zone_of(int64_t at)
{
    int64_t days = (at - NOON) / DAY % 365;
    return days > 86 && days < 300 ? 7200 : 3600;
}

static void run_year(gconstpointer data)
{
    const struct kind *kind = data;
    g_autoptr(GRand) random = g_rand_new_with_seed(11);
    struct person person = person_new();
    struct seen seen[SESSIONS];
    int64_t now = NOON;
    person.level = person.kept.level = 20;
    for (int i = 0; i < SESSIONS; i++) {
        bool given = chance(random, 4);
        struct progress_day day = look(&person, now, zone_of(now), given);
        seen[i] = (struct seen){.before = person.kept.level, .level = day.level, .asked = day.ask};
        seen[i].hurt = day.ask && chance(random, kind->hurt);
        if (day.ask) progress_answer(&day, seen[i].hurt);
        seen[i].session = (struct practised){.begun = now,
                                             .zone = zone_of(now),
                                             .by = given ? LEVEL_BY_OPTION : LEVEL_BY_PROGRESS,
                                             .done = chance(random, kind->done),
                                             .hard = chance(random, kind->hard)};
        practise(&person, &day, seen[i].session);
        seen[i].kept = person.kept.level;
        check(seen, i);
        now += time_without(random, kind, i);
    }
    g_test_message("%s: %d days, level %d", kind->name, (int)((now - NOON) / DAY), person.kept.level);
    person_finish(&person);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/progress/rises", test_rises);
    g_test_add_func("/progress/not-done", test_not_done);
    g_test_add_func("/progress/hard", test_hard);
    g_test_add_func("/progress/away", test_away);
    g_test_add_func("/progress/limits", test_limits);
    g_test_add_func("/progress/given", test_given);
    g_test_add_func("/progress/too-much", test_too_much);
    g_test_add_func("/progress/of-a-length", test_of_a_length);
    g_test_add_func("/progress/question", test_question);
    g_test_add_func("/progress/proposes", test_proposes);
    g_test_add_func("/progress/words", test_words);
    g_test_add_func("/progress/closing", test_closing);
    g_test_add_func("/progress/clocks", test_clocks);
    g_test_add_func("/progress/zones", test_zones);
    for (gsize i = 0; i < G_N_ELEMENTS(KINDS); i++) {
        g_autofree char *path = g_strdup_printf("/progress/a-year/%s", KINDS[i].name);
        g_test_add_data_func(path, &KINDS[i], run_year);
    }
    return g_test_run();
}
