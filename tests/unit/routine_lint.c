/* The warnings of a routine, each by a text that is warned of and one that is not. */
#include "routine/lint.h"
#include "routine/parse.h"
#include <stdlib.h>
#include <string.h>

/* How many warnings a step of these lines gets. */
static guint warnings(const char *language, const char *step)
{
    static const struct lint_voice voice = {
        .right = "right",
        .left = "left",
        .rate = 160,
        .sentences = {"Dr., approx., e.g., min.?, sec.?, no.#, etc.?", false}};
    g_autofree char *text =
        g_strdup_printf("[routine]\ntitle = T\nlanguage = %s\n[step]\n%s\n", language, step);
    AUTO(diags) diags = diags_new();
    AUTO(ini) ini = ini_from_text(text, strlen(text), "t.ini", diags);
    AUTO(routine) routine = routine_from_ini(ini, diags);
    g_assert_cmpint(diags_errors(diags), ==, 0);
    routine_lint(routine, ini, &voice, diags);
    return diags_warnings(diags);
}

static guint sided(const char *say)
{
    g_autofree char *step = g_strdup_printf("sides = right, left\nhold = 20s\nsay = %s", say);
    return warnings("en", step);
}

static guint held(const char *say)
{
    g_autofree char *step = g_strdup_printf("reps = 5\nrelease = Rest.\nhold = 20-30s\nsay = %s", say);
    return warnings("en", step);
}

static void test_sides(void)
{
    g_assert_cmpint(sided("Bend your right knee."), ==, 1);
    g_assert_cmpint(sided("RIGHT, then left."), ==, 2);
    g_assert_cmpint(sided("Sit upright, brightly, leftover."), ==, 0);
    g_assert_cmpint(sided("Bend your {side} knee to a right angle."), ==, 0);
    g_assert_cmpint(sided("{right|left} now."), ==, 0);
    g_assert_cmpint(warnings("en", "hold = 20s\nsay = Bend your right knee."), ==, 0);
}

static void test_numbers(void)
{
    static const char *const wrong[] = {
        "20 seconds", "Stay 30s.", "thirty seconds",    "forty-five seconds", "15-30 seconds",
        "1 minute",   "4 times",   "three repetitions", "20 to 40 seconds"};
    static const char *const right[] = {
        "{seconds} seconds", "20-30 seconds",     "20 to 30 seconds", "twenty to thirty seconds",
        "one second",        "five times",        "45 degrees",       "2 sets",
        "8 breaths",         "12. Seconds count", "Some seconds",     "5"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) g_assert_cmpint(held(wrong[i]), ==, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(right); i++) g_assert_cmpint(held(right[i]), ==, 0);
}

static void test_abbreviations(void)
{
    g_assert_cmpint(held("Ask Dr. Miller."), ==, 1);
    g_assert_cmpint(held("Arms, legs etc. and so on."), ==, 1);
    g_assert_cmpint(held("Arms, legs etc. Then rest."), ==, 0);
    g_assert_cmpint(held("Take no. 5."), ==, 1);
    g_assert_cmpint(held("I say no. Rest."), ==, 0);
    g_assert_cmpint(warnings("de", "hold = 20s\nsay = Frag Dr. Müller."), ==, 0);
}

static void test_times(void)
{
    g_assert_cmpint(warnings("en", "hold = 8 times\nsay = Lift 8 times."), ==, 0);
    g_assert_cmpint(warnings("en", "hold = 8-12 times\nsay = Lift ten times."), ==, 1);
    g_assert_cmpint(warnings("en", "hold = 8-12 times\nreps = 3\nrelease = x\nsay = Lift 3 times."), ==, 0);
    g_assert_cmpint(warnings("en", "hold = 8 times\ntempo = 3s\nsay = Lift."), ==, 0);
    g_assert_cmpint(warnings("en", "hold = 8 times\nbreath = 4-6\nsay = Lift."), ==, 1);
    g_assert_cmpint(warnings("en", "hold = 20s\nbreath = 4-6\ntempo = 3s\nsay = Lift."), ==, 2);
}

static void test_letters(void)
{
    g_assert_cmpint(held("N\xD0\xBE"
                         "d, \xD0\xBE"),
                    ==, 1);
    g_assert_cmpint(held("Grüße, naïve, 45°, 5 µm"), ==, 0);
    g_assert_cmpint(held("a\xE2\x80\x8B"
                         "b"),
                    ==, 1);
    g_assert_cmpint(warnings("ru", "hold = 20s\nsay = \xD0\xBE"), ==, 0);
}

static void test_long_texts(void)
{
    g_autofree char *longer = g_strnfill(1100, 'a'), *shorter = g_strnfill(900, 'a');
    g_assert_cmpint(held(longer), ==, 1);
    g_assert_cmpint(held(shorter), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/routine/lint/sides", test_sides);
    g_test_add_func("/routine/lint/numbers", test_numbers);
    g_test_add_func("/routine/lint/abbreviations", test_abbreviations);
    g_test_add_func("/routine/lint/times", test_times);
    g_test_add_func("/routine/lint/letters", test_letters);
    g_test_add_func("/routine/lint/long-texts", test_long_texts);
    return g_test_run();
}
