/* Characters that look like others. */
#include "base/letter.h"
#include <string.h>

static void expect_plain(const char *text, const char *plain)
{
    g_autofree char *copy = g_strdup(text);
    g_assert_cmpstr(letters_plain(copy), ==, plain);
}

static void test_plain(void)
{
    expect_plain("", "");
    expect_plain("cat-cow", "cat-cow");
    expect_plain("cat\u2011c\u00adow\u2013\u2212\u2014", "cat-cow---");
    expect_plain("\u200ba\u00a0b\u202f\u2007c\ufeff", "a b  c");
    expect_plain("Gr\u00fc\u00dfe \u043e", "Gr\u00fc\u00dfe \u043e");
}

static void test_edges(void)
{
    g_assert_cmpstr(letters_skip_space(" \t\u00a0\u200ba b"), ==, "a b");
    g_assert_cmpstr(letters_skip_space("\u00a0"), ==, "");
    g_assert_cmpuint(letters_length("a b\u00a0\u200b \t"), ==, 3);
    g_assert_cmpuint(letters_length("\u00a0 "), ==, 0);
    g_assert_cmpuint(letters_length(""), ==, 0);
}

static void expect_unseen(const char *text, const char *unseen)
{
    g_autofree char *found = letters_unseen(text);
    g_assert_cmpstr(found, ==, unseen);
}

static void test_unseen(void)
{
    expect_unseen("", NULL);
    expect_unseen("hold", NULL);
    expect_unseen("\u00dcbung 45\u00b0", NULL);
    expect_unseen("ho\u200bld", "U+200B, a zero width space");
    expect_unseen("right,\u00a0left", "U+00A0, a no-break space");
    expect_unseen("en\u2013gb", "U+2013, an en dash");
    expect_unseen("20\u201330", NULL); /* the dash of a range */
    expect_unseen("one \u2013 two", NULL);
    expect_unseen("h\u043eld", "U+043E, a Cyrillic letter");
    expect_unseen("\u0434\u043e", NULL); /* no Latin letter beside it */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/letter/plain", test_plain);
    g_test_add_func("/letter/edges", test_edges);
    g_test_add_func("/letter/unseen", test_unseen);
    return g_test_run();
}
