#include "base/duration.h"

static void test_times(void)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        {"0s", 0},
        {"8s", 8000},
        {"0.6s", 600},
        {"0.001s", 1},
        {"1.50s", 1500},
        {"90s", 90000},
        {"1m30s", 90000},
        {"2m", 120000},
        {"1.5m", 90000},
        {"1h", 3600000},
        {"1h1m1.5s", 3661500},
        {"1h5s", 3605000},
        {"24h", 86400000},
        {"0.10000s", 100},
        {"0h0m0s", 0},
        {"007s", 7000},
        {"8 s", 8000},
        {" 8s ", 8000},
        {"8sec", 8000},
        {"0.6 sec.", 600},
        {"1 Minute", 60000},
        {"1 min. 30 secs", 90000},
        {"1:30", 90000},
        {"0:05 min", 5000},
        {"1:00:00", 3600000},
        {"2 Hours", 7200000},
        {"8\u00a0s", 8000},
        {"8\u200bs", 8000},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        int64_t ms = -1;
        g_test_message("%s", cases[i].text);
        g_assert_true(duration_parse(cases[i].text, &ms));
        g_assert_cmpint(ms, ==, cases[i].ms);
    }
}

/* B19: nothing that is no time, or no sensible one. */
static void test_no_times(void)
{
    static const char *const cases[] = {
        "",    "s",       "8",      "0",       "8 0s",     "1 : 30",      "1:5",
        "-8s", "+8s",     "8S",     "8 sek",   "1s1m",     "1m1m",        "1.s",
        ".5s", "0.0001s", "1..5s",  "1.5m30s", "1.00001s", "0.00000001h", "m30s",
        "nan", "inf",     "1e308s", "0x10s",   "24h1s",    "99999h",      "99999999999999999999999h",
        "8ss", "1h-1h",   "off",    "8,5s",    "٣s",       "1:60",        "1:30 h",
        ":30", "1:30:",   "1.5:30", "1:2:3:4", "8 s s",    "8s.",         "1:-30",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        int64_t ms;
        g_test_message("%s", cases[i]);
        g_assert_false(duration_parse(cases[i], &ms));
    }
}

static void test_ranges(void)
{
    static const struct {
        const char *text;
        struct range range;
    } cases[] = {
        {"20s", {20, 20}},
        {"20-30s", {20, 30}},
        {"30s-1m", {30, 60}},
        {"1-2m", {60, 120}},
        {"1m30s", {90, 90}},
        {"1m-1m30s", {60, 90}},
        {"30-20s", {30, 20}},
        {"0s", {0, 0}},
        {"0.5-1m", {30, 60}},
        {"1-2h", {3600, 7200}},
        {"99999h", {359996400, 359996400}},
        {"20 – 30 sec", {20, 30}},
        {"20 — 30 Seconds", {20, 30}},
        {"20s − 1 min", {20, 60}},
        {"0:45 - 1:30", {45, 90}},
        {"1:30–2m", {90, 120}},
        {"1‑2\u202fmin.", {60, 120}},
        {"99999999999999999999h", {G_MAXINT, G_MAXINT}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct range range = {-1, -1};
        g_test_message("%s", cases[i].text);
        g_assert_true(duration_parse_range(cases[i].text, &range));
        g_assert_cmpint(range.low, ==, cases[i].range.low);
        g_assert_cmpint(range.high, ==, cases[i].range.high);
    }
}

static void test_no_ranges(void)
{
    static const char *const cases[] = {
        "",          "-",    "20",       "20-30",   "20s-30", "20s-",    "-20s",  "20--30s",
        "20-30-40s", "0.5s", "20-30.5s", "1-1m30s", "1-1:30", "20s 30s", "s-20s", "8 breaths",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct range range;
        g_test_message("%s", cases[i]);
        g_assert_false(duration_parse_range(cases[i], &range));
    }
}

static void test_counts(void)
{
    struct range range;
    g_assert_true(count_parse_range("3", &range));
    g_assert_true(range.low == 3 && range.high == 3);
    g_assert_true(count_parse_range("5-10", &range));
    g_assert_true(range.low == 5 && range.high == 10);
    g_assert_true(count_parse_range("5 – 10", &range));
    g_assert_true(range.low == 5 && range.high == 10);
    g_assert_true(count_parse_range("10-5", &range));
    g_assert_true(count_parse_range("99999999999999999999", &range));
    g_assert_cmpint(range.high, >=, 1000000);
    static const char *const wrong[] = {"", "-", "-3", "3-", "5 to 10", "5-10-15", "3x", "x3", "3.5", "+3"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) g_assert_false(count_parse_range(wrong[i], &range));
}

static void test_plain(void)
{
    static const struct {
        const char *text, *plain;
    } cases[] = {
        {"20 – 30 sec", "20-30s"},
        {"8–10breath", "8-10 breaths"},
        {"1:30", "1m30s"},
        {"2 0s", "2 0s"},
        {"ready", "ready"},
        {"100 %", "100%"},
        {"1:30\u202fmin", "1m30s"},
        {"8\xff s", "8\xff s"},
        {"− 18", "-18"},
        {"8 breath s", "8 breaths s"},
        {"", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *plain = duration_plain(cases[i].text), *again = duration_plain(plain);
        g_assert_cmpstr(plain, ==, cases[i].plain);
        g_assert_cmpstr(again, ==, plain);
    }
}

static void test_numbers(void)
{
    int number;
    g_assert_true(number_parse("-42", &number));
    g_assert_cmpint(number, ==, -42);
    g_assert_true(number_parse("2147483647", &number));
    g_assert_cmpint(number, ==, G_MAXINT);
    g_assert_true(number_parse("-2147483648", &number));
    g_assert_cmpint(number, ==, G_MININT);
    static const char *const wrong[] = {"",           "-",           "+1",  " 1",
                                        "1 ",         "1.0",         "1e3", "0x1",
                                        "2147483648", "-2147483649", "--1", "9999999999999999999999",
                                        "nan"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) g_assert_false(number_parse(wrong[i], &number));
}

static void test_range_at(void)
{
    g_assert_cmpint(range_at((struct range){20, 30}, 0), ==, 20);
    g_assert_cmpint(range_at((struct range){20, 30}, 100), ==, 30);
    g_assert_cmpint(range_at((struct range){20, 30}, 50), ==, 25);
    g_assert_cmpint(range_at((struct range){1, 2}, 49), ==, 1);
    g_assert_cmpint(range_at((struct range){1, 2}, 50), ==, 2);
    g_assert_cmpint(range_at((struct range){0, 3}, 50), ==, 2);
    g_assert_cmpint(range_at((struct range){7, 7}, 33), ==, 7);
}

static void test_text(void)
{
    static const struct {
        int64_t ms;
        const char *text;
    } cases[] = {
        {0, "0s"},         {600, "0.6s"},       {1, "0.001s"},    {20000, "20s"},   {20050, "20.05s"},
        {60000, "60s"},    {90000, "90s"},      {90500, "90.5s"}, {3600000, "1h"},  {3601000, "1h1s"},
        {86400000, "24h"}, {100000, "100s"},    {10000, "10s"},   {60500, "60.5s"}, {120000, "2m"},
        {150000, "2m30s"}, {3661000, "1h1m1s"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = duration_text(cases[i].ms);
        int64_t back;
        g_assert_cmpstr(text, ==, cases[i].text);
        g_assert_true(duration_parse(text, &back));
        g_assert_cmpint(back, ==, cases[i].ms);
    }
}

static void test_frames(void)
{
    g_assert_cmpint(duration_frames(1000, 48000, 100), ==, 48000);
    g_assert_cmpint(duration_frames(1, 44100, 100), ==, 44);
    g_assert_cmpint(duration_frames(5, 44100, 100), ==, 221); /* 220.5 */
    g_assert_cmpint(duration_frames(1000, 48000, 200), ==, 24000);
    g_assert_cmpint(duration_frames(1000, 44100, 150), ==, 29400);
    g_assert_cmpint(duration_frames(1000, 48000, 70), ==, 68571); /* 68571.43 */
    g_assert_cmpint(duration_frames(0, 48000, 100), ==, 0);
    g_assert_cmpint(duration_frames(86400000, 192000, 1), ==, G_GINT64_CONSTANT(1658880000000));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/duration/times", test_times);
    g_test_add_func("/duration/no-times", test_no_times);
    g_test_add_func("/duration/ranges", test_ranges);
    g_test_add_func("/duration/no-ranges", test_no_ranges);
    g_test_add_func("/duration/counts", test_counts);
    g_test_add_func("/duration/plain", test_plain);
    g_test_add_func("/duration/numbers", test_numbers);
    g_test_add_func("/duration/range-at", test_range_at);
    g_test_add_func("/duration/text", test_text);
    g_test_add_func("/duration/frames", test_frames);
    return g_test_run();
}
