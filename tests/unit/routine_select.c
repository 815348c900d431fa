/* Which steps a session has, in which order, and what becomes of several routines. */
#include "../lib/read.h"
#include "routine/select.h"

static const char BACK[] = "[routine]\ntitle = Back\ncaution = Slowly.\nclosing = Rest.\n"
                           "[cat-cow]\ntitle = Cat and cow\nsay = A.\nhold = 5s\n"
                           "[cobra]\nsay = B.\nhold = 5s\n"
                           "[cobra-two]\ntitle = Über cobra\nsay = C.\nhold = 5s\n"
                           "[5]\ntitle = Five\nsay = D.\nhold = 5s\n";
static const char NECK[] = "[routine]\ntitle = Neck\ncaution = Sit.\nclosing = Breathe.\nmusic = drum.ogg\n"
                           "[tilt]\nsay = A.\nhold = 5s\n[cobra]\nsay = B.\nhold = 5s\n";

static void test_one_step(void)
{
    static const struct {
        const char *word;
        int step;
    } cases[] = {
        {"cat-cow", 0},
        {"CAT-cow", 0},
        {"cat AND cow", 0},
        {"cat", 0},
        {"cobra", 1},
        {"Cobra", 1},
        {"cobra-", 2},
        {"üBER", 2},
        {"1", 0},
        {"4", 3},
        {"5", 3},
        {"c", STEP_AMBIGUOUS},
        {"6", STEP_UNKNOWN},
        {"0", -1},
        {"-1", STEP_UNKNOWN},
        {"", STEP_UNKNOWN},
        {" ", STEP_UNKNOWN},
        {"co", -2},
        {"cobras", -1},
        {"99999999999999999999", -1},
        {"routine", -1},
        {"%s%n", -1},
        {"\xff", STEP_UNKNOWN},
    };
    AUTO(routine) routine = read_right(BACK);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].word);
        g_assert_cmpint(step_find(routine, NULL, cases[i].word), ==, cases[i].step);
    }
}

/* Numbers are those that are heard. */
static void test_numbers_without_a_step(void)
{
    AUTO(routine) routine = read_right(BACK);
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_byte_array_append(out, (const guint8 *)"\1\0\0\0", 4);
    g_assert_cmpint(step_find(routine, out, "1"), ==, 1);
    g_assert_cmpint(step_find(routine, out, "4"), ==, STEP_UNKNOWN);
    g_autofree char *problem = step_problem(routine, out, "4", STEP_UNKNOWN);
    g_assert_nonnull(strstr(problem, "('4'; without what is left out today there are 3: "));
    g_assert_cmpint(step_find(routine, out, "cat"), ==, 0);
}

/* The first letters of the names of the steps, in order; or the problem. */
static void expect(const char *text, struct selection selection, const char *expected)
{
    AUTO(routine) routine = read_right(text);
    AUTO(diags) diags = diags_new();
    g_autoptr(GArray) steps = routine_select(routine, &selection, diags);
    if (!steps) {
        expect_problems(diags, expected);
        return;
    }
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < steps->len; i++)
        g_string_append_printf(names, "%s ", routine->steps[g_array_index(steps, int, i)].name);
    g_assert_cmpstr(names->str, ==, expected);
    expect_problems(diags, "");
}

static void test_selection(void)
{
    expect(BACK, (struct selection){0}, "cat-cow cobra cobra-two 5 ");
    expect(BACK, (struct selection){.only = " 5 ,Cobra,, cat,cobra"}, "5 cobra cat-cow ");
    expect(BACK, (struct selection){.from = "cobra"}, "cobra cobra-two 5 ");
    expect(BACK, (struct selection){.skip = "cobra,1"}, "cobra-two 5 ");
    expect(BACK, (struct selection){.only = "5,cobra,cat", .from = "cobra", .skip = "cat"}, "cobra ");
}

static void test_what_is_wrong(void)
{
    static const char there[] = "cat-cow, cobra, cobra-two, 5";
    g_autofree char *unknown = g_strdup_printf("--only: no such step ('cobar'; did you mean 'cobra'? There "
                                               "are: %s)\n",
                                               there),
                    *none = g_strdup_printf("--from: no such step ('?[2J'; there are: %s)\n", there);
    expect(BACK, (struct selection){.only = "cat,cobar,dog"}, unknown);
    expect(BACK, (struct selection){.from = "\033[2J"}, none);
    expect(BACK, (struct selection){.skip = "c"},
           "--skip: more than one step begins so ('c'; cat-cow, cobra, cobra-two)\n");
    expect(BACK, (struct selection){.only = " , "},
           "--only: no step is named (' , '; names or numbers of steps, with commas between)\n");
    expect(BACK, (struct selection){.skip = "1,2,3,5"},
           "--skip: no step is left ('1,2,3,5'; at least one must stay)\n");
    expect(BACK, (struct selection){.only = "1", .from = "2"},
           "--from: not among the steps of --only ('2'; the step to begin with)\n");
    expect(BACK, (struct selection){.from = "1,2"},
           "--from: more than one step ('1,2'; the step to begin with)\n");
}

/* ---- several ---- */

static void free_routine(gpointer routine)
{
    routine_free(routine);
}

static struct routine *join(const char *const *texts)
{
    GPtrArray *routines = g_ptr_array_new_with_free_func(free_routine);
    for (; *texts; texts++) g_ptr_array_add(routines, read_right(*texts));
    return routine_join(routines);
}

static char *names_of(const struct routine *routine)
{
    GString *names = g_string_new(NULL);
    for (int i = 0; i < routine->n_steps; i++) g_string_append_printf(names, "%s ", routine->steps[i].name);
    return g_string_free(names, FALSE);
}

static void test_several(void)
{
    AUTO(routine) routine = join((const char *const[]){BACK, NECK, BACK, NULL});
    g_autofree char *names = names_of(routine);
    g_assert_cmpstr(names, ==, "cat-cow cobra cobra-two 5 tilt cobra-2 cat-cow-2 cobra-3 cobra-two-2 5-2 ");
    g_assert_cmpstr(routine->title, ==, "Back, Neck, Back");
    g_assert_cmpstr(routine->caution.template, ==, "Slowly. Sit.");
    g_assert_cmpint(routine->caution.line, ==, 3);
    g_assert_cmpstr(routine->closing.template, ==, "Rest.");
    g_assert_cmpstr(routine->steps[5].home->title, ==, "Neck");
    g_assert_cmpint(routine->steps[5].index, ==, 1);
}

/* What is kept can be made again from the same files. */
static void test_kept(void)
{
    AUTO(routine) routine = join((const char *const[]){BACK, NECK, NULL});
    AUTO(diags) diags = diags_new();
    g_autoptr(GArray) steps =
        routine_select(routine, &(struct selection){.only = "tilt,cobra-2,cobra"}, diags);
    routine_keep(routine, steps);
    g_autofree char *names = names_of(routine);
    g_assert_cmpstr(names, ==, "tilt cobra-2 cobra ");
    g_autoptr(GArray) kept = routine_kept(routine);
    g_assert_cmpmem(kept->data, kept->len * sizeof(int), steps->data, steps->len * sizeof(int));
}

/* A file of which no step is left is not heard at all. */
static void test_texts_of_what_is_kept(void)
{
    static const struct {
        const char *only, *title, *caution, *closing;
        int line;
    } cases[] = {{"cobra,cat", "Back", "Slowly.", "Rest.", 3},
                 {"tilt", "Neck", "Sit.", "Breathe.", 3},
                 {"tilt,cobra", "Back, Neck", "Slowly. Sit.", "Breathe.", 3},
                 {"plain", "Plain", NULL, NULL, 0}};
    static const char PLAIN_ONE[] = "[routine]\ntitle = Plain\n[plain]\nsay = A.\nhold = 5s\n";
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        AUTO(routine) routine = join((const char *const[]){BACK, NECK, PLAIN_ONE, NULL});
        AUTO(diags) diags = diags_new();
        g_autoptr(GArray) steps = routine_select(routine, &(struct selection){.only = cases[i].only}, diags);
        routine_keep(routine, steps);
        g_assert_cmpstr(routine->title, ==, cases[i].title);
        g_assert_cmpstr(routine->caution.template, ==, cases[i].caution);
        g_assert_cmpstr(routine->closing.template, ==, cases[i].closing);
        g_assert_cmpint(routine->caution.line, ==, cases[i].line);
    }
}

/* The same seed, the same order; another, another; and a routine stays together. */
static void test_shuffle(void)
{
    AUTO(routine) routine = join((const char *const[]){BACK, NECK, NULL});
    AUTO(diags) diags = diags_new();
    g_autoptr(GHashTable) orders =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    for (uint32_t seed = 0; seed < 20; seed++) {
        const struct selection selection = {.shuffle = true, .seed = seed};
        g_autoptr(GArray) steps = routine_select(routine, &selection, diags),
                          again = routine_select(routine, &selection, diags);
        int sum = 0;
        g_assert_cmpmem(steps->data, steps->len * sizeof(int), again->data, again->len * sizeof(int));
        for (guint i = 0; i < 4; i++) sum += 1 << g_array_index(steps, int, i);
        g_assert_cmpint(sum, ==, 15);
        g_assert_cmpuint(steps->len, ==, 6);
        g_hash_table_add(orders, g_bytes_new(steps->data, steps->len * sizeof(int)));
    }
    g_assert_cmpuint(g_hash_table_size(orders), >, 10);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/select/one-step", test_one_step);
    g_test_add_func("/select/numbers", test_numbers_without_a_step);
    g_test_add_func("/select/selection", test_selection);
    g_test_add_func("/select/wrong", test_what_is_wrong);
    g_test_add_func("/select/several", test_several);
    g_test_add_func("/select/kept", test_kept);
    g_test_add_func("/select/texts", test_texts_of_what_is_kept);
    g_test_add_func("/select/shuffle", test_shuffle);
    return g_test_run();
}
