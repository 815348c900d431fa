/* The warnings of a routine, each by a text that is warned of and one that is not. */
#include "routine/lint.h"
#include "routine/parse.h"
#include <stdlib.h>
#include <string.h>

static guint warnings_by(const struct lint_voice *voice, const char *language, const char *step)
{
    g_autofree char *text =
        g_strdup_printf("[routine]\ntitle = T\nlanguage = %s\n[step]\n%s\n", language, step);
    AUTO(diags) diags = diags_new();
    AUTO(ini) ini = ini_from_text(text, strlen(text), "t.ini", diags);
    AUTO(routine) routine = routine_from_ini(ini, diags);
    routine_lint(routine, ini, voice, diags);
    return diags_warnings(diags);
}

/* How many warnings a step of these lines gets. */
static guint warnings(const char *language, const char *step)
{
    static const struct lint_voice voice = {
        .right = "right",
        .left = "left",
        .rate = 160,
        .sentence_s = 1.2,
        .sentences = {"Dr., approx., e.g., min.?, sec.?, no.#, etc.?", false}};
    return warnings_by(&voice, language, step);
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

static guint sided_in(const char *language, const char *right, const char *left, const char *say)
{
    const struct lint_voice voice = {.right = right, .left = left, .rate = 160};
    g_autofree char *step = g_strdup_printf("sides = right, left\nhold = 20s\nsay = %s", say);
    return warnings_by(&voice, language, step);
}

/* The voice has one form of each word, a text any. */
static void test_inflected_sides(void)
{
    g_assert_cmpint(sided_in("de", "rechts", "links", "Heb den rechten Arm, dann das linke Bein."), ==, 2);
    g_assert_cmpint(sided_in("de", "rechte", "linke", "Dreh dich nach rechts."), ==, 1);
    g_assert_cmpint(sided_in("de", "rechts", "links", "Im Rechteck, recht langsam, gelinkt."), ==, 0);
    g_assert_cmpint(sided_in("es", "derecha", "izquierda", "Levanta el brazo izquierdo."), ==, 1);
    g_assert_cmpint(sided_in("fr", "droite", "gauche", "Garde le dos droit."), ==, 0);
    g_assert_cmpint(sided_in("pl", "prawa", "lewa", "Podnie\u015b praw\u0105 r\u0119k\u0119."), ==, 1);
    g_assert_cmpint(sided_in("de", NULL, NULL, "Heb den rechten Arm."), ==, 0);
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

/* A text may name any time of its step. */
static void test_other_times(void)
{
    g_assert_cmpint(warnings("en", "hold = 5s\nsets = 2\nrest = 20s\nsay = Go. Rest for 20 seconds."), ==, 0);
    g_assert_cmpint(warnings("en", "hold = 5s\nsets = 2\nrest = 2m\nsay = Go. Rest for 2 minutes."), ==, 0);
    g_assert_cmpint(warnings("en", "hold = 5s\nafter = 20s\nsay = Go. Then 20 seconds."), ==, 0);
    g_assert_cmpint(warnings("en", "hold = 5s\nsets = 2\nrest = 15s\nsay = Go. Rest for 20 seconds."), ==, 1);
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

static void test_numbers_in_other_languages(void)
{
    g_assert_cmpint(warnings("de", "hold = 20s\nsay = Halte 30 Sekunden."), ==, 1);
    g_assert_cmpint(warnings("de", "hold = 20-30s\nsay = Halte 20 bis 30 Sekunden."), ==, 0);
    g_assert_cmpint(warnings("fr", "hold = 1m\nsay = Reste 2 minutes."), ==, 1);
    g_assert_cmpint(warnings("es", "hold = 20s\nsay = 20 segundos, 2 piernas."), ==, 0);
}

/* Texts only: a key may be missing because of the mistake. */
static void test_beside_errors(void)
{
    g_assert_cmpint(warnings("en", "reps = 3\nhold = 20s\nsay = Lift for 30 seconds.\nrealease = Lower."), ==,
                    1);
    g_assert_cmpint(warnings("en", "reps = 3\nhold = 20s\nsay = Lift for 30 seconds."), ==, 2);
    g_assert_cmpint(warnings("en", "stes = 3\nrest = 9s\nhold = 20s\nsay = Ask Dr. Miller."), ==, 1);
    g_assert_cmpint(warnings("en", "reps = x\nbetween = 9s\nhold = 20s\nsay = Lift."), ==, 0);
    g_assert_cmpint(warnings("en", "hold = 2\nsay = Stay for 9 seconds."), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/routine/lint/sides", test_sides);
    g_test_add_func("/routine/lint/numbers", test_numbers);
    g_test_add_func("/routine/lint/other-times", test_other_times);
    g_test_add_func("/routine/lint/abbreviations", test_abbreviations);
    g_test_add_func("/routine/lint/times", test_times);
    g_test_add_func("/routine/lint/letters", test_letters);
    g_test_add_func("/routine/lint/long-texts", test_long_texts);
    g_test_add_func("/routine/lint/inflected-sides", test_inflected_sides);
    g_test_add_func("/routine/lint/other-languages", test_numbers_in_other_languages);
    g_test_add_func("/routine/lint/beside-errors", test_beside_errors);
    return g_test_run();
}
