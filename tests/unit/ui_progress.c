#include "ui/progress.h"
#include <glib.h>
#include <string.h>

static void expect(double part, double done, int columns, const char *wanted)
{
    g_autofree char *line = progress_line(part, done, columns);
    g_assert_cmpstr(line, ==, wanted);
}

static void test_line(void)
{
    expect(0.5, 192, 79, "[###############...............]  50 %  3:12 of sound");
    expect(0, 0, 79, "[..............................]   0 %  0:00 of sound");
    expect(0.99, 6000, 79, "[##############################]  99 %  100:00 of sound");
}

static void test_narrow(void)
{
    expect(0.5, 192, 29, "[###...]  50 %  3:12 of sound");
    expect(0.5, 192, 22, " 50 %  3:12 of sound");
    expect(0.5, 192, 18, "[#####.....]  50 %");
    expect(0.5, 192, 7, " 50 %");
    expect(0.5, 192, 4, "");
    expect(0.5, 192, 0, "");
}

static void test_never_wider(void)
{
    for (int columns = -1; columns < 200; columns++) {
        g_autofree char *line = progress_line(0.3, 86400, columns);
        g_assert_cmpint((int)strlen(line), <=, MAX(columns, 0));
        for (const char *c = line; *c; c++) g_assert_true(g_ascii_isprint(*c));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/progress/line", test_line);
    g_test_add_func("/progress/narrow", test_narrow);
    g_test_add_func("/progress/never-wider", test_never_wider);
    return g_test_run();
}
