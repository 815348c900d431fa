#include "ui/cells.h"

static void cut(const char *text, int cells, bool ascii, const char *expected)
{
    g_autofree char *found = cells_cut(text, cells, ascii);
    g_assert_cmpstr(found, ==, expected);
}

static void test_cut(void)
{
    cut("Cobra", 5, false, "Cobra");
    cut("Cobra", 4, false, "Cob…");
    cut("Cobra", 4, true, "C...");
    cut("Cobra", 2, true, "Co"); /* no room for dots */
    cut("Cobra", 0, false, "");
    cut("Cat and cow", 5, false, "Cat…"); /* no blank before it */
    cut("右と左", 5, false, "右と…");
    cut("右と左", 4, false, "右…");
    cut("cafe\xcc\x81", 4, false, "cafe\xcc\x81"); /* a mark takes no cell */
}

static void wrap(const char *text, int cells, int most, const char *expected)
{
    g_auto(GStrv) lines = cells_wrap(text, cells, most, false);
    g_autofree char *found = g_strjoinv("|", lines);
    g_assert_cmpstr(found, ==, expected);
}

static void test_wrap(void)
{
    wrap("", 10, 3, "");
    wrap("one two three", 13, 3, "one two three");
    wrap("one two three", 7, 3, "one two|three");
    wrap("one two three", 8, 3, "one two|three");
    wrap("one two three four", 5, 2, "one|two…");
    wrap("unbreakable", 4, 3, "unbr|eaka|ble");
    wrap("右と左と前", 5, 3, "右と|左と|前");
    wrap("右", 1, 3, ""); /* it never ends where a letter has no room */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cells/cut", test_cut);
    g_test_add_func("/cells/wrap", test_wrap);
    return g_test_run();
}
