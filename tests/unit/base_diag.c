#include "../lib/problems.h"
#include <stdlib.h>
#include <string.h>

static void test_form(void)
{
    static const struct {
        enum diag_level level;
        struct diag_location place;
        const char *expected;
    } cases[] = {
        {DIAG_ERROR, {"a.ini", 3, "cat-cow", "hold"}, "a.ini:3: [cat-cow] hold: wrong"},
        {DIAG_ERROR, {"a.ini", 3, "cat-cow", NULL}, "a.ini:3: [cat-cow] wrong"},
        {DIAG_ERROR, {"a.ini", 3, NULL, NULL}, "a.ini:3: wrong"},
        {DIAG_ERROR, {"a.ini", 0, NULL, NULL}, "a.ini: wrong"},
        {DIAG_ERROR, {"--set pace.level", 0, NULL, NULL}, "--set pace.level: wrong"},
        {DIAG_WARNING, {"a.ini", 1, "routine", "language"}, "a.ini:1: [routine] language: warning: wrong"},
        {DIAG_ERROR, {NULL, 0, NULL, NULL}, "wrong"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        AUTO(diags) diags = diags_new();
        g_autofree char *line = g_strconcat(cases[i].expected, "\n", NULL);
        if (cases[i].level == DIAG_ERROR)
            diag_error(diags, &cases[i].place, "wrong");
        else
            diag_warning(diags, &cases[i].place, "wrong");
        expect_problems(diags, line);
    }
}

static void test_order(void)
{
    AUTO(diags) diags = diags_new();
    diag_error(diags, &(struct diag_location){"b", 9, NULL, NULL}, "one");
    diag_error(diags, &(struct diag_location){"a", 2, NULL, NULL}, "two");
    diag_warning(diags, &(struct diag_location){"b", 1, NULL, NULL}, "three");
    diag_error(diags, &(struct diag_location){"b", 9, NULL, NULL}, "four");
    diag_error(diags, &(struct diag_location){"a", 1, NULL, NULL}, "five");
    g_assert_cmpuint(diags_errors(diags), ==, 4);
    expect_problems(diags, "b:1: warning: three\nb:9: one\nb:9: four\na:1: five\na:2: two\n");
    g_assert_cmpuint(diags_errors(diags), ==, 0);
    expect_problems(diags, "");
}

static void test_copies(void)
{
    AUTO(diags) diags = diags_new();
    char path[] = "a", key[] = "k";
    diag_error(diags, &(struct diag_location){path, 1, NULL, key}, "x");
    path[0] = key[0] = 'z';
    expect_problems(diags, "a:1: k: x\n");
}

static void test_forms(void)
{
    AUTO(diags) diags = diags_new();
    struct diag_location place = {"a", 1, "s", "k"};
    const char *const names[] = {"right", "left", NULL};
    diag_wrong(diags, &place, "no number", "x", "0 to 9");
    diag_unknown(diags, &place, "no such side", "rigth", names);
    diag_unknown(diags, &place, "no such side", "up", names);
    expect_problems(diags, "a:1: [s] k: no number ('x'; 0 to 9)\n"
                           "a:1: [s] k: no such side ('rigth'; did you mean 'right'? One of right, left)\n"
                           "a:1: [s] k: no such side ('up'; one of right, left)\n");
}

static void test_shown(void)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"plain", "plain"},
        {"\033[2Jx\r\n\t\x7f", "?[2Jx????"},
        {"a\xc2\x9b"
         "31m",
         "a?31m"},
        {"caf\xc3\xa9", "café"},
        {"caf\xe9", "caf?"},
        {"1234567890", "1234567890"},
        {"12345678901", "1234567890…"},
        {"123456789é", "123456789…"},
        {"a\xe2\x80\xae"
         "b",
         "a?b"},
        {"a\xe2\x80\xa8"
         "b",
         "a?b"},
        {"a\xef\xbf\xbf\xef\xb7\x90"
         "b",
         "a??b"}, /* U+FFFF and U+FDD0 are no characters */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *shown = diag_shown(cases[i].text, 10);
        g_assert_cmpstr(shown, ==, cases[i].expected);
        g_assert_true(g_utf8_validate(shown, -1, NULL));
    }
}

static void test_hostile_value(void)
{
    AUTO(diags) diags = diags_new();
    g_autofree char *value = g_strnfill(1 << 20, 'x');
    diag_wrong(diags, &(struct diag_location){"a\nb", 1, value, value}, "no time", value, "a time");
    char *text = problems_printed(diags);
    g_assert_cmpuint(strlen(text), <, 400);
    g_assert_true(g_str_has_suffix(text, "…'; a time)\n"));
    g_assert_true(g_str_has_prefix(text, "a?b:1: [xxx"));
    free(text);
}

/* A hostile file has millions of problems. */
static void test_many(void)
{
    AUTO(diags) diags = diags_new();
    const char *const names[] = {"right", "left", NULL};
    const struct diag_location location = {"a", 1, "s", "k"};
    for (int i = 0; i < 999; i++) diag_error(diags, &location, "one");
    diag_wrong(diags, &location, "not a number", "x", "0 to 9");
    g_assert_true(diags_full(diags));
    diag_error(diags, &location, "two");
    diag_wrong(diags, &location, "not a number", "x", "0 to 9");
    diag_unknown(diags, &location, "unknown side", "up", names);
    diag_warning(diags, &location, "three");
    g_assert_cmpuint(diags_errors(diags), ==, 1003);
    char *text = problems_printed(diags);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 1003);
    g_assert_cmpstr(lines[999], ==, "a:1: [s] k: not a number ('x'; 0 to 9)");
    g_assert_cmpstr(lines[1000], ==, "a:1: [s] k: warning: three");
    g_assert_cmpstr(lines[1001], ==, "… and 3 more problems");
    free(text);
    expect_problems(diags, "");
    g_assert_false(diags_full(diags));
}

static void test_nearest(void)
{
    const char *const names[] = {"level", "speed", "hold", "on-lost", "gap", "say", NULL};
    static const char *const cases[][2] = {
        {"lvel", "level"},      {"elvel", "level"}, {"hodl", "hold"},   {"holds", "hold"},
        {"on_lost", "on-lost"}, {"LEVEL", "level"}, {"sy", "say"},      {"spee", "speed"},
        {"lvl", "level"},       {"level", "level"}, {"x", NULL},        {"", NULL},
        {"gpx", NULL},          {"hxxd", NULL},     {"onlostly", NULL}, {"llvvll", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(diag_nearest(cases[i][0], names), ==, cases[i][1]);
    g_autofree char *longer = g_strnfill(100000, 'l');
    g_assert_null(diag_nearest(longer, names));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/diag/form", test_form);
    g_test_add_func("/diag/order", test_order);
    g_test_add_func("/diag/copies", test_copies);
    g_test_add_func("/diag/usual-forms", test_forms);
    g_test_add_func("/diag/shown", test_shown);
    g_test_add_func("/diag/hostile-value", test_hostile_value);
    g_test_add_func("/diag/many", test_many);
    g_test_add_func("/diag/nearest", test_nearest);
    return g_test_run();
}
