/* How much there is to do, as it is said of one step. */
#include "../lib/made.h"
#include "plan/dose.h"

#define HELD "say = Go.\nhold = "

static const struct {
    const char *step, *dose; /* NULL: nothing */
} cases[] = {
    {HELD "20s", NULL},
    {HELD "20s\nsides = right", NULL},
    {HELD "20s\nsides = right, left", "Both sides, 20 seconds each."},
    {HELD "20s\nsides = right, left\nreps = 3", "Both sides, 3 times, 20 seconds each."},
    {HELD "5s\nreps = 10\nsets = 2", "2 sets of 10, 5 seconds each."},
    {HELD "1m\nsets = 2", "2 sets, 1 minute each."},
    {HELD "100s\nreps = 2", "2 times, 1 minute 40 each."},
    {HELD "8 breaths", "8 breaths."},
    {HELD "1 breath", "1 breath."},
    {HELD "8 breaths\nreps = 2", "2 times, 8 breaths each."},
    {HELD "ready", NULL},
    {HELD "ready\nreps = 2", "2 times."},
    /* Of several moves, what is true of all of them. */
    {"[a.b]\n" HELD "15s\n[a.c]\n" HELD "15s", "15 seconds each."},
    {"reps = 5\n[a.b]\n" HELD "15s\n[a.c]\n" HELD "15s", "5 times, 15 seconds each."},
    {"reps = 5\n[a.b]\n" HELD "15s\n[a.c]\n" HELD "20s", "5 times."},
    {"[a.b]\n" HELD "15s\n[a.c]\n" HELD "3 breaths", NULL},
    {"[a.b]\n" HELD "ready\n[a.c]\n" HELD "1m", NULL},
    {"sides = left, right\n[a.b]\n" HELD "ready\n[a.c]\n" HELD "1m", "Both sides, 1 minute each."},
    {"reps = 2\n[a.b]\n" HELD "8 breaths\n[a.c]\nsides = right, left\n" HELD "8 breaths",
     "2 times, 8 breaths each."},
    {"[a.b]\nsides = right, left\n" HELD "8 breaths", "Both sides, 8 breaths each."},
};

static char *dose(const char *step, const char *level)
{
    g_autofree char *text = g_strconcat("[routine]\ntitle = T\n[a]\n", step, "\n", NULL);
    AUTO(made) made = made_new(text, (const char *const[]){level, NULL});
    const struct script *script = &made->script;
    const struct step *first = &made->routine->steps[0];
    const struct step_counts counts =
        step_counts(first, effort_sets(script->effort, first), effort_reps(script->effort, first));
    return dose_of(script, first, &counts);
}

static void test_doses(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *said = dose(cases[i].step, NULL);
        g_assert_cmpstr(said, ==, cases[i].dose);
    }
}

/* Every number is that of the session. */
static void test_level(void)
{
    static const char step[] = "sets = 1-3\nreps = 5-15\n" HELD "5-10s";
    g_autofree char *easy = dose(step, "pace.level=0"), *hard = dose(step, "pace.level=100"),
                    *longer = dose(step, "pace.hold=200%");
    g_assert_cmpstr(easy, ==, "5 times, 5 seconds each.");
    g_assert_cmpstr(hard, ==, "3 sets of 15, 10 seconds each.");
    g_assert_cmpstr(longer, ==, "5 times, 10 seconds each.");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dose/doses", test_doses);
    g_test_add_func("/dose/level", test_level);
    return g_test_run();
}
