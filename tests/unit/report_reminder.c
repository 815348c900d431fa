/* Reminders: times and days as they are written, the units, and the calendar. */
#include "report/reminder.h"
#include <string.h>

static void test_clock(void)
{
    static const struct {
        const char *text;
        int minutes;
    } right[] = {{"8:00", 480}, {"08:00", 480}, {"0:00", 0}, {"23:59", 1439}};
    static const char *const wrong[] = {"",       "8",     "24:00", "8:60",  "8:0",   "8:000", "-1:00",
                                        "+8:00",  "8:-1",  ":30",   "008:0", "8:00 ", " 8:00", "8.00",
                                        "8:00\n", "8:00;", "%h:00", "1e:00", "٨:00"};
    int minutes;
    for (gsize i = 0; i < G_N_ELEMENTS(right); i++) {
        g_assert_true(reminder_read_clock(right[i].text, &minutes));
        g_assert_cmpint(minutes, ==, right[i].minutes);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_test_message("'%s'", wrong[i]);
        g_assert_false(reminder_read_clock(wrong[i], &minutes));
    }
}

static void test_days(void)
{
    static const char *const same[][2] = {{"mon-fri", "mon-fri"},
                                          {"MON,wed, Fri", "mon,wed,fri"},
                                          {"sat-mon", "mon,sat-sun"},
                                          {"mon-sun", "daily"},
                                          {"daily", "daily"},
                                          {"sun", "sun"},
                                          {"mon,mon-tue,sat", "mon-tue,sat"}};
    static const char *const wrong[] = {"",     ",",    "mon,",        "mo",       "monday",
                                        "mon-", "-fri", "mon-wed-fri", "mon..fri", "%a"};
    unsigned days;
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++) {
        g_assert_true(reminder_read_days(same[i][0], &days));
        g_autofree char *text = reminder_days(days);
        g_assert_cmpstr(text, ==, same[i][1]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_test_message("'%s'", wrong[i]);
        g_assert_false(reminder_read_days(wrong[i], &days));
    }
}

static void test_times(void)
{
    static const int given[] = {600, 480, 600, 0, 1439};
    struct reminder reminder = {0};
    for (gsize i = 0; i < G_N_ELEMENTS(given); i++) reminder_add_time(&reminder, given[i]);
    g_autofree char *times = reminder_times(&reminder);
    g_assert_cmpstr(times, ==, "00:00, 08:00, 10:00, 23:59");
    for (int i = 0; i < REMINDER_DAY_MINUTES; i++) reminder_add_time(&reminder, i);
    g_assert_cmpint(reminder.n_times, ==, REMINDER_TIMES);
}

/* What is written is read back, whatever the name. */
static void test_timer(void)
{
    static const char *const names[] = {"middle-back", "/a b/%h\\.ini", "; #", " blank ",
                                        "a\\",         "/ä=ü.ini",      "[x]"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        struct reminder reminder = {.number = 7,
                                    .routine = g_strdup(names[i]),
                                    .days = 0x1f,
                                    .way = REMINDER_NOTIFY,
                                    .made = 99},
                        read;
        reminder_add_time(&reminder, 480);
        reminder_add_time(&reminder, 570);
        g_autofree char *timer = reminder_timer(&reminder);
        g_assert_nonnull(
            strstr(timer, "OnCalendar=Mon..Fri *-*-* 08:00:00\nOnCalendar=Mon..Fri *-*-* 09:30:00\n"));
        g_assert_true(reminder_read_timer(&read, 7, timer, strlen(timer)));
        g_assert_cmpstr(read.routine, ==, names[i]);
        g_assert_cmpint(read.days, ==, 0x1f);
        g_assert_cmpint(read.n_times, ==, 2);
        g_assert_cmpint(read.way, ==, REMINDER_NOTIFY);
        g_assert_cmpint(read.made, ==, 99);
        reminder_finish(&read);
        reminder_finish(&reminder);
    }
}

static void test_what_is_no_timer(void)
{
    static const char head[] = "[X-Stretchvoice]\n";
    static const char *const wrong[] = {"",
                                        "\n[Timer]\nOnCalendar=daily\n",
                                        "Routine=a\nDays=mon\nTimes=8:00\n",
                                        "Routine=a\nDays=mon\nTimes=8:00\nWay=shout\n",
                                        "Routine=a\nDays=\nTimes=8:00\nWay=say\n",
                                        "Routine=a\nDays=mon\nTimes=\nWay=say\n",
                                        "Routine=\nDays=mon\nTimes=8:00\nWay=say\n",
                                        "Routine=a\\nb\nDays=mon\nTimes=8:00\nWay=say\n"};
    struct reminder reminder;
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *text = g_strconcat(head, wrong[i], NULL);
        g_assert_false(reminder_read_timer(&reminder, 1, text, strlen(text)));
    }
}

static void test_service(void)
{
    static const char *const words[] = {"remind", "now", "/a b/%h\"$HOME\\.ini", NULL};
    const struct reminder reminder = {.number = 1, .routine = (char *)"%n", .days = 1, .n_times = 1};
    g_autofree char *service = reminder_service(&reminder, "/opt/50% $x/stretchvoice", words);
    g_assert_nonnull(strstr(service, "\nExecStart=:\"/opt/50%% $x/stretchvoice\" \"remind\" \"now\" "
                                     "\"/a b/%%h\\\"$HOME\\\\.ini\"\n"));
    g_assert_nonnull(strstr(service, "\nDescription=Reminder of the routine %%n (say)\n"));
}

static void test_plain(void)
{
    g_assert_true(reminder_is_plain("ä b%\"'\\$"));
    g_assert_false(reminder_is_plain("a\nb"));
    g_assert_false(reminder_is_plain("a\x7f"));
    g_assert_false(reminder_is_plain("a\xff"));
    g_assert_false(reminder_is_plain("a\xc2\x85"));
}

/* A Wednesday, at 8:00: today's 8:00 is over. */
static void test_calendar(void)
{
    static const struct {
        unsigned days;
        int minutes;
        const char *first;
    } cases[] = {{REMINDER_DAILY, 480, "20261203T080000"}, {REMINDER_DAILY, 481, "20261202T080100"},
                 {1 << 2, 480, "20261209T080000"},         {1 << 2, 481, "20261202T080100"},
                 {1 << 0, 600, "20261207T100000"},         {1 << 1 | 1 << 4, 0, "20261204T000000"}};
    g_autoptr(GDateTime) now = g_date_time_new_local(2026, 12, 2, 8, 0, 30);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct reminder reminder = {.number = 1, .days = cases[i].days};
        g_autoptr(GString) ics = g_string_new(NULL);
        g_autofree char *line = g_strdup_printf("\r\nDTSTART:%s\r\n", cases[i].first);
        reminder_add_time(&reminder, cases[i].minutes);
        reminder_events(ics, &reminder, "Back", 605, now);
        g_assert_nonnull(strstr(ics->str, line));
        g_assert_nonnull(strstr(ics->str, "\r\nDURATION:PT10M\r\n"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reminder/clock", test_clock);
    g_test_add_func("/reminder/days", test_days);
    g_test_add_func("/reminder/times", test_times);
    g_test_add_func("/reminder/timer", test_timer);
    g_test_add_func("/reminder/what-is-no-timer", test_what_is_no_timer);
    g_test_add_func("/reminder/service", test_service);
    g_test_add_func("/reminder/plain", test_plain);
    g_test_add_func("/reminder/calendar", test_calendar);
    return g_test_run();
}
