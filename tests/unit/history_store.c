/* The forms of the history: from one to the next, with a copy before each; and the weeks that it is shown in.
 */
#include "../../src/history/store_private.h"
#include "history/calendar.h"
#include <glib/gstdio.h>

static const char *const FORMS[] = {
    "CREATE TABLE a (x); INSERT INTO a VALUES (1)",
    "CREATE TABLE b (x); INSERT INTO b SELECT x + 1 FROM a",
    "INSERT INTO b SELECT x + 1 FROM b",
};

struct place {
    char *directory, *path;
};

static void place_init(struct place *place)
{
    place->directory = g_dir_make_tmp("history-XXXXXX", NULL);
    place->path = g_build_filename(place->directory, "history.db", NULL);
}

static void place_finish(struct place *place)
{
    g_autoptr(GDir) directory = g_dir_open(place->directory, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(directory))) {
        g_autofree char *path = g_build_filename(place->directory, name, NULL);
        g_unlink(path);
    }
    g_rmdir(place->directory);
    g_free(place->directory);
    g_free(place->path);
}

static int64_t number_in(const struct place *place, const char *file, const char *sql)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(place->directory, file, NULL);
    AUTO(db) db = db_open(path, DB_READ, &error);
    g_assert_no_error(error);
    int64_t number = db_number(db, sql, -1, &error);
    g_assert_no_error(error);
    return number;
}

static bool migrate(const struct place *place, int n, GError **error)
{
    AUTO(db) db = db_open(place->path, DB_WRITE, error);
    return db && store_migrate(db, place->path, FORMS, n, error);
}

static bool is_there(const struct place *place, const char *file)
{
    g_autofree char *path = g_build_filename(place->directory, file, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void test_forms(void)
{
    g_autoptr(GError) error = NULL;
    struct place place;
    place_init(&place);
    g_assert_true(migrate(&place, 1, &error));
    g_assert_false(is_there(&place, "history-before-1.db"));
    g_assert_true(migrate(&place, 3, &error));
    g_assert_no_error(error);
    g_assert_cmpint(number_in(&place, "history.db", "SELECT sum(x) FROM b"), ==, 5);
    g_assert_cmpint(number_in(&place, "history.db", "PRAGMA user_version"), ==, 3);
    g_assert_cmpint(number_in(&place, "history-before-2.db", "PRAGMA user_version"), ==, 1);
    g_assert_cmpint(number_in(&place, "history-before-3.db", "SELECT sum(x) FROM b"), ==, 2);
    g_assert_true(migrate(&place, 3, &error)); /* nothing is left to do */
    g_assert_cmpint(number_in(&place, "history.db", "SELECT sum(x) FROM b"), ==, 5);
    place_finish(&place);
}

static void test_a_newer_form(void)
{
    g_autoptr(GError) error = NULL;
    struct place place;
    place_init(&place);
    g_assert_true(migrate(&place, 3, &error));
    g_assert_false(migrate(&place, 2, &error));
    g_assert_error(error, HISTORY_ERROR, HISTORY_NEWER);
    place_finish(&place);
}

/* A script that fails leaves the form as it was. */
static void test_a_form_that_fails(void)
{
    static const char *const broken[] = {"CREATE TABLE a (x)", "CREATE TABLE b (x); nonsense"};
    g_autoptr(GError) error = NULL;
    struct place place;
    place_init(&place);
    AUTO(db) db = db_open(place.path, DB_WRITE, &error);
    g_assert_false(store_migrate(db, place.path, broken, 2, &error));
    g_assert_error(error, HISTORY_ERROR, HISTORY_FAILED);
    g_assert_cmpint(db_number(db, "PRAGMA user_version", -1, NULL), ==, 1);
    g_assert_cmpint(db_number(db, "SELECT count(*) FROM sqlite_master", -1, NULL), ==, 1);
    place_finish(&place);
}

/* Of a damaged file: what is read is UTF-8 all the same, as long as its row. */
static void test_bytes_that_are_no_text(void)
{
    g_autoptr(GError) error = NULL;
    struct place place;
    place_init(&place);
    AUTO(db) db = db_open(place.path, DB_WRITE, &error);
    AUTO(query)
    query = query_new(db, "SELECT CAST(x'41ff42' AS TEXT), 'plain' UNION ALL SELECT 'z', NULL", &error);
    g_assert_no_error(error);
    g_assert_cmpint(query_next(query, &error), ==, QUERY_ROW);
    g_assert_cmpstr(query_text(query, 0), ==, "A\357\277\275B");
    g_assert_cmpstr(query_text(query, 1), ==, "plain");
    g_assert_cmpint(query_next(query, &error), ==, QUERY_ROW);
    g_assert_cmpstr(query_text(query, 0), ==, "z");
    g_assert_null(query_text(query, 1));
    g_clear_pointer(&query, query_free);
    place_finish(&place);
}

/* ---- weeks ---- */

static void test_days(void)
{
    int year, month, day;
    calendar_date(20787, &year, &month, &day);
    g_assert_true(year == 2026 && month == 11 && day == 30);
    g_assert_cmpint(calendar_day(86399, 0), ==, 0);
    g_assert_cmpint(calendar_day(86399, 1), ==, 1);
    g_assert_cmpint(calendar_day(0, -1), ==, -1);
}

static void test_weeks(void)
{
    struct calendar calendar;
    struct week usual;
    for (int64_t today = 20787; today < 20794; today++) { /* a Monday, to Sunday */
        calendar_init(&calendar, today);
        g_assert_cmpint(calendar.first, ==, 20787 - 7 * (CALENDAR_WEEKS - 1));
    }
    calendar_add(&calendar, 20786, 1, 600); /* on Sunday before */
    calendar_add(&calendar, 20787, 2, 1200);
    calendar_add(&calendar, calendar.first - 1, 7, 7);
    g_assert_cmpint(calendar_week(&calendar, CALENDAR_WEEKS - 1).sessions, ==, 2);
    g_assert_cmpint(calendar_week(&calendar, CALENDAR_WEEKS - 2).seconds, ==, 600);
    g_assert_cmpint(calendar_week(&calendar, 0).sessions, ==, 0);
    g_assert_true(calendar_usual(&calendar, &usual));
    g_assert_true(usual.sessions == 1 && usual.seconds == 600);
}

/* Half of the weeks since the first session had more, half had less; older than eight weeks does not count.
 */
static void test_usual(void)
{
    struct calendar calendar;
    struct week usual;
    calendar_init(&calendar, 20790);
    g_assert_false(calendar_usual(&calendar, &usual));
    calendar_add(&calendar, 20790, 3, 300);
    g_assert_false(calendar_usual(&calendar, &usual)); /* this week is none */
    static const int sessions[] = {9, 9, 9, 1, 2, 0, 3, 4, 0, 5, 1};
    for (int i = 0; i < 11; i++) calendar_add(&calendar, 20787 - 7 * (11 - i), sessions[i], 60 * sessions[i]);
    g_assert_true(calendar_usual(&calendar, &usual));
    g_assert_cmpint(usual.sessions, ==, 2);
    g_assert_cmpint(usual.seconds, ==, 90);
}

static void test_shades(void)
{
    static const struct {
        int seconds, minutes, shade;
    } cases[] = {{0, 0, 0}, {1, 1, 1}, {89, 1, 1}, {569, 9, 1}, {600, 10, 2}, {1200, 20, 3}, {2400, 40, 4}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_cmpint(calendar_minutes(cases[i].seconds), ==, cases[i].minutes);
        g_assert_cmpint(calendar_shade(cases[i].seconds), ==, cases[i].shade);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/history/forms", test_forms);
    g_test_add_func("/history/a-newer-form", test_a_newer_form);
    g_test_add_func("/history/a-form-that-fails", test_a_form_that_fails);
    g_test_add_func("/history/bytes-that-are-no-text", test_bytes_that_are_no_text);
    g_test_add_func("/history/days", test_days);
    g_test_add_func("/history/weeks", test_weeks);
    g_test_add_func("/history/usual", test_usual);
    g_test_add_func("/history/shades", test_shades);
    return g_test_run();
}
