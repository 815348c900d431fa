#include "../lib/made.h"
#include "report/chapters.h"

static const char ROUTINE[] = "[routine]\ntitle = R\n"
                              "[a]\ntitle = First\nhold = 5s\nsay = Sit.\n"
                              "[b]\ntitle = Second\nsides = right, left\nreps = 2\n"
                              "[b.up]\nhold = 5s\nsay = Up.\n"
                              "[b.far-out]\nhold = 5s\nsay = Out.\n";

static char *titles(const struct chapters *chapters)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < chapters->list->len; i++)
        g_string_append_printf(text, "%s|", g_array_index(chapters->list, struct chapter, i).title);
    return g_string_free(text, FALSE);
}

/* In steps of so many frames, forgetting what is behind. */
static void look(struct chapters *chapters, bool moves, int64_t frames)
{
    struct made *made = made_new(ROUTINE, NULL);
    enum planner_state state = PLANNER_AHEAD;
    chapters_init(chapters, &made->script, moves);
    for (int64_t until = 0; state != PLANNER_OVER; until += frames) {
        state = planner_run(made->planner, until);
        chapters_look(chapters, planner_timeline(made->planner));
        planner_forget(made->planner, timeline_final(planner_timeline(made->planner)));
    }
    made_free(made);
}

static void expect(bool moves, const char *expected)
{
    struct chapters whole, pieces;
    look(&whole, moves, INT64_MAX / 2);
    look(&pieces, moves, 1000);
    g_autofree char *all = titles(&whole), *again = titles(&pieces);
    g_assert_cmpstr(all, ==, expected);
    g_assert_cmpstr(again, ==, expected);
    for (guint i = 0; i < whole.list->len; i++) {
        const struct chapter *a = &g_array_index(whole.list, struct chapter, i),
                             *b = &g_array_index(pieces.list, struct chapter, i);
        g_assert_cmpint(a->frame, ==, b->frame);
        g_assert_cmpint(a->quiet, ==, b->quiet);
        g_assert_cmpint(a->quiet, <=, a->frame);
    }
    g_assert_cmpint(g_array_index(whole.list, struct chapter, 0).frame, ==, 0);
    chapters_finish(&whole);
    chapters_finish(&pieces);
}

static void test_steps(void)
{
    expect(false, "Introduction|First|Second|Closing|");
}

/* Each time that the move or the side changes. */
static void test_moves(void)
{
    expect(true, "Introduction|First|Second: up, right|Second: far out, right|Second: up, right|"
                 "Second: far out, right|Second: up, left|Second: far out, left|Second: up, left|"
                 "Second: far out, left|Closing|");
}

static void test_text(void)
{
    g_autofree char *plain = chapters_text("a\nb\tc\x7f \xc2\x85\xef\xbf\xbf\xff"
                                           "d",
                                           100),
                    *cut = chapters_text("äöü", 2);
    g_assert_cmpstr(plain, ==,
                    "a b c    \xef\xbf\xbd"
                    "d");
    g_assert_cmpstr(cut, ==, "äö");
}

static void test_times(void)
{
    g_assert_cmpint(chapters_ms(47999, 48000), ==, 1000);
    g_assert_cmpint(chapters_ms(23, 44100), ==, 1);
    g_assert_cmpint(chapters_ms(INT64_C(86400) * 48000, 48000), ==, 86400000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chapters/steps", test_steps);
    g_test_add_func("/chapters/moves", test_moves);
    g_test_add_func("/chapters/text", test_text);
    g_test_add_func("/chapters/times", test_times);
    return g_test_run();
}
