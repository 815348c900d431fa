/* The estimate of a step, by what one change in it makes. */
#include "../lib/made.h"

static double estimate(const char *step, const char *const *sets)
{
    g_autofree char *routine = g_strconcat("[routine]\ntitle = T\n", step, NULL);
    AUTO(made) made = made_new(routine, sets);
    return script_estimate_step(&made->script, 0);
}

static void assert_about(double a, double b)
{
    g_assert_cmpfloat(ABS(a - b), <, 1e-6);
}

/* A letter is a letter, however many bytes it takes. */
static void test_letters(void)
{
    double plain = estimate("[a]\nsay = Saege boese Koepfe.\nhold = 20s\n", NULL);
    double marked = estimate("[a]\nsay = Säege böese Köepfe.\nhold = 20s\n", NULL);
    double other = estimate("[a]\nsay = Сйегж бтжсж Когппж.\nhold = 20s\n", NULL);
    double longer = estimate("[a]\nsay = Saege boese Koepfe xx.\nhold = 20s\n", NULL);
    assert_about(marked, plain);
    assert_about(other, plain);
    g_assert_cmpfloat(longer, >, plain + 0.1);
}

/* How much longer a step is where sides are changed in five seconds instead of at once. */
static double for_changes(const char *step)
{
    return estimate(step, (const char *const[]){"pace.change-sides=5s", NULL}) -
           estimate(step, (const char *const[]){"pace.change-sides=0s", NULL});
}

/* In every repetition where the sides are the move's own, once a set where they are the step's. */
static void test_changes_of_side(void)
{
    assert_about(for_changes("[a]\nsets = 2\nreps = 3\n[a.b]\nsay = Go.\nhold = 20s\nsides = right, left\n"),
                 2 * 3 * 5);
    assert_about(for_changes("[a]\nsets = 2\nreps = 3\nsay = Go.\nhold = 20s\nsides = right, left\n"), 2 * 5);
    assert_about(for_changes("[a]\nsets = 2\nreps = 3\nsay = Go.\nhold = 20s\n"), 0);
}

static double for_settle(const char *key)
{
    g_autofree char *step = g_strconcat("[a]\nsets = 2\nreps = 3\n[a.b]\nsay = Go.\nhold = 20s\n", key, NULL);
    return estimate(step, NULL);
}

/* By how much a step becomes longer with more keys. */
static double more(const char *keys)
{
    static const char step[] = "[a]\nsets = 2\nreps = 3\nrest = 4s\n%s[a.b]\nsay = Go.\nhold = 20s\n";
    g_autofree char *without = g_strdup_printf(step, ""), *with = g_strdup_printf(step, keys);
    const char *const silent[] = {"pace.prepare=0s", "pace.settle=0s", NULL};
    return estimate(with, silent) - estimate(without, silent);
}

/* What is too short to be announced has no words. */
static void test_waits(void)
{
    assert_about(more("between = 7s\n"), 4 * 7);
    assert_about(more("prepare = 4s\n"), 4);
    assert_about(more("after = 4s\n"), 4);
    g_assert_cmpfloat(more("prepare = 14s\n"), >, 14 + 1); /* "14 seconds to get there." */
    g_assert_cmpfloat(more("prepare = 4s\nagain = Lie down again.\n"), >, 2 * 4 + 1);
    assert_about(for_settle("settle = 3s\n") - for_settle(""), 6 * 3 - 6 * 1.5);
}

/* Steps that have not begun are as they will be: of a session that has been fitted anew, with fewer words. */
static void test_coming_effort(void)
{
    AUTO(made)
    made = made_new(
        "[routine]\ntitle = T\nclosing = Well done. See you.\n"
        "[a]\nsetup = Lie down. Bend your knees.\nsay = Go up, slowly. Stay.\nhold = 5-20s\nsets = 2\n"
        "[b]\nsetup = Turn over. Look down.\nsay = Lift a leg. Hold it.\nhold = 5-20s\n",
        NULL);
    struct script present = made->script, brief = made->script;
    brief.effort.words = brief.coming.words = present.coming.words = WORDS_BRIEF;
    brief.effort.waits = brief.coming.waits = present.coming.waits = -EFFORT_WHOLE / 2;
    const struct script_pos begin = {.step = 0}, second_set = {.step = 0, .set = 1}, last = {.step = 1};
    g_assert_cmpfloat(script_estimate_from(&brief, last), <, script_estimate_from(&made->script, last) - 3);
    assert_about(script_estimate_from(&present, begin), script_estimate_from(&brief, begin));
    assert_about(script_estimate_from(&present, last), script_estimate_from(&brief, last));
    const double to_last = script_estimate_from(&present, second_set) - script_estimate_from(&present, last);
    g_assert_cmpfloat(to_last, >,
                      script_estimate_from(&brief, second_set) - script_estimate_from(&brief, last));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/estimate/letters", test_letters);
    g_test_add_func("/estimate/changes-of-side", test_changes_of_side);
    g_test_add_func("/estimate/coming-effort", test_coming_effort);
    g_test_add_func("/estimate/waits", test_waits);
    return g_test_run();
}
