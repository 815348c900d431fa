#include "base/template.h"

static const char *const NAMES[] = {"title", "side", "reps", NULL};
static const char *const NONE[] = {NULL};

static const struct field FIELDS[] = {{"title", "{side} }{"}, {"side", "right"}, {"reps", NULL}};

static void expect(const char *text, enum side side, const char *expected)
{
    g_test_message("%s", text);
    g_assert_null(template_problem(text, NAMES, true));
    g_autofree char *filled = template_fill(text, FIELDS, G_N_ELEMENTS(FIELDS), side);
    g_assert_cmpstr(filled, ==, expected);
}

static void test_fill(void)
{
    expect("", SIDE_NONE, "");
    expect("plain", SIDE_NONE, "plain");
    expect("the {side} knee", SIDE_RIGHT, "the right knee");
    expect("{{side}}", SIDE_NONE, "{side}");
    expect("{{{side}}}", SIDE_NONE, "{right}");
    expect("{title}", SIDE_NONE, "{side} }{"); /* a value is no template */
    expect("a{reps}b", SIDE_NONE, "ab");
    expect("{rechtes|linkes} Knie", SIDE_RIGHT, "rechtes Knie");
    expect("{rechtes|linkes} Knie", SIDE_LEFT, "linkes Knie");
    expect("droit{|e}{x|}", SIDE_LEFT, "droite");
    expect("droit{|e}{x|}", SIDE_RIGHT, "droitx");
    expect("{side}{side}", SIDE_LEFT, "rightright");
}

static void expect_problem(const char *text, const char *const *names, bool sided, const char *expected)
{
    g_autofree char *problem = template_problem(text, names, sided);
    g_assert_cmpstr(problem, ==, expected);
}

static void test_problems(void)
{
    expect_problem("{nothing}", NAMES, true,
                   "no such field here ('{nothing}'; fields here: {title}, {side}, {reps}, {a|b}; a brace is "
                   "written {{ or }})");
    expect_problem("{rep}", NAMES, false,
                   "no such field here ('{rep}'; did you mean {reps}? Fields here: {title}, {side}, {reps})");
    expect_problem("{x}", NONE, false,
                   "no such field here ('{x}'; fields here: none; a brace is written {{ or }})");
    expect_problem("{}", NONE, false,
                   "no such field here ('{}'; fields here: none; a brace is written {{ or }})");
    expect_problem("ok {a|b}", NAMES, false, "no sides here ('{a|b}'; {a|b} needs sides)");
    expect_problem("{a|b|c}", NAMES, true,
                   "two sides have two forms ('{a|b|c}'; {on the right|on the left})");
    expect_problem("a { b", NAMES, true, "a brace that is not closed ('{ b'; as text it is written {{)");
    expect_problem("{a{b}", NAMES, true, "a brace that is not closed ('{a'; as text it is written {{)");
    expect_problem("{", NAMES, true, "a brace that is not closed ('{'; as text it is written {{)");
    expect_problem("a } b", NAMES, true, "a brace that closes nothing ('} b'; as text it is written }})");
    expect_problem("{{side}", NAMES, true, "a brace that closes nothing ('}'; as text it is written }})");
    expect_problem("{side}}", NAMES, true, "a brace that closes nothing ('}'; as text it is written }})");
    expect_problem(
        "{ side }", NAMES, true,
        "no such field here ('{ side }'; did you mean {side}? Fields here: {title}, {side}, {reps}, {a|b})");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/template/fill", test_fill);
    g_test_add_func("/template/problems", test_problems);
    return g_test_run();
}
