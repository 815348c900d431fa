#include "base/template.h"
#include "../lib/problems.h"

static const char *const NAMES[] = {"title", "side", "reps", NULL};
static const char *const NONE[] = {NULL};

/* "Ready?." is what a title with a stop of its own would make of "{title}.". */
static void test_stops(void)
{
    static const struct {
        const char *value, *filled;
    } cases[] = {{"Go", "Next: Go. Now."},  {"Go!", "Next: Go! Now."}, {"Go?", "Next: Go? Now."},
                 {"Go.", "Next: Go. Now."}, {"Go…", "Next: Go… Now."}, {"", "Next: . Now."}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct field field = {"title", cases[i].value};
        g_autofree char *filled = template_fill("Next: {title}. Now.", &field, 1, SIDE_NONE);
        g_assert_cmpstr(filled, ==, cases[i].filled);
    }
}

static const struct field FIELDS[] = {{"title", "{side} }{"}, {"side", "right"}, {"reps", NULL}};

static void expect(const char *text, enum side side, const char *expected)
{
    g_test_message("%s", text);
    AUTO(diags) diags = diags_new();
    g_assert_true(template_check(text, NAMES, true, &(struct diag_location){0}, diags));
    g_assert_cmpuint(diags_errors(diags), ==, 0);
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
    AUTO(diags) diags = diags_new();
    g_assert_false(template_check(text, names, sided, &(struct diag_location){0}, diags));
    char *told = problems_printed(diags);
    g_assert_cmpstr(g_strchomp(told), ==, expected);
    free(told);
}

static void test_problems(void)
{
    expect_problem("{nothing}", NAMES, true,
                   "unknown field ('{nothing}'; fields here: {title}, {side}, {reps}, {a|b}; write {{ or }} "
                   "for a brace)");
    expect_problem("{rep}", NAMES, false,
                   "unknown field ('{rep}'; did you mean {reps}? Fields here: {title}, {side}, {reps})");
    expect_problem("{x}", NONE, false,
                   "unknown field ('{x}'; fields here: none; write {{ or }} for a brace)");
    expect_problem("{}", NONE, false, "unknown field ('{}'; fields here: none; write {{ or }} for a brace)");
    expect_problem("ok {a|b}", NAMES, false, "no sides here ('{a|b}'; {a|b} needs a step with sides)");
    expect_problem("{a|b|c}", NAMES, true, "too many forms ('{a|b|c}'; write {on the right|on the left})");
    expect_problem("a { b", NAMES, true, "a '{' without a '}' ('{ b'; write {{ for a brace)");
    expect_problem(
        "{a{b}", NAMES, true,
        "a '{' without a '}' ('{a'; write {{ for a brace)\n"
        "unknown field ('{b}'; fields here: {title}, {side}, {reps}, {a|b}; write {{ or }} for a brace)");
    expect_problem("{x} {reps} }", NAMES, false,
                   "unknown field ('{x}'; fields here: {title}, {side}, {reps}; write {{ or }} for a brace)\n"
                   "a '}' without a '{' ('}'; write }} for a brace)");
    expect_problem("{", NAMES, true, "a '{' without a '}' ('{'; write {{ for a brace)");
    expect_problem("a } b", NAMES, true, "a '}' without a '{' ('} b'; write }} for a brace)");
    expect_problem("{{side}", NAMES, true, "a '}' without a '{' ('}'; write }} for a brace)");
    expect_problem("{side}}", NAMES, true, "a '}' without a '{' ('}'; write }} for a brace)");
    expect_problem(
        "{ side }", NAMES, true,
        "unknown field ('{ side }'; did you mean {side}? Fields here: {title}, {side}, {reps}, {a|b})");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/template/fill", test_fill);
    g_test_add_func("/template/stops", test_stops);
    g_test_add_func("/template/problems", test_problems);
    return g_test_run();
}
