#include "sound/watchdog.h"

#include <glib.h>

enum { MS = 1000, SECOND = 1000 * MS };

/* Looks every 100 ms from `now` on, with or without a heartbeat; returns after how many milliseconds it was
 * late, or 0. */
static int look_for(struct watchdog *watchdog, int64_t *now, uint32_t *beat, int ms, bool alive)
{
    for (int i = 100; i <= ms; i += 100) {
        *now += 100 * MS;
        *beat += alive;
        if (watchdog_late(watchdog, *beat, 0, true, *now)) return i;
    }
    return 0;
}

static void test_settled(void)
{
    struct watchdog watchdog;
    int64_t now = 5 * SECOND;
    uint32_t beat = 7;
    watchdog_start(&watchdog, beat, 0, now);
    g_assert_cmpint(look_for(&watchdog, &now, &beat, 60000, true), ==, 0);
    g_assert_cmpint(look_for(&watchdog, &now, &beat, 60000, false), ==, 1700);
}

static void test_short_stalls(void)
{
    struct watchdog watchdog;
    int64_t now = 0;
    uint32_t beat = 0;
    watchdog_start(&watchdog, beat, 0, now);
    look_for(&watchdog, &now, &beat, 1000, true);
    for (int i = 0; i < 100; i++) {
        g_assert_cmpint(look_for(&watchdog, &now, &beat, 1600, false), ==, 0);
        g_assert_cmpint(look_for(&watchdog, &now, &beat, 100, true), ==, 0);
    }
}

/* The first frames are taken at once, and the next ones after two seconds. */
static void test_slow_start(void)
{
    struct watchdog watchdog;
    int64_t now = 0;
    uint32_t beat = 0;
    watchdog_start(&watchdog, beat, 0, now);
    look_for(&watchdog, &now, &beat, 100, true);
    g_assert_cmpint(look_for(&watchdog, &now, &beat, 2000, false), ==, 0);
    look_for(&watchdog, &now, &beat, 100, true);
    g_assert_cmpint(look_for(&watchdog, &now, &beat, 3000, false), ==, 1700);
}

static void test_no_start(void)
{
    struct watchdog watchdog;
    int64_t now = 0;
    uint32_t beat = 0;
    watchdog_start(&watchdog, beat, 0, now);
    g_assert_cmpint(look_for(&watchdog, &now, &beat, 10000, false), ==, 3000);
}

/* Nothing is to play: no heartbeat is missed, and none of that time counts afterwards. */
static void test_not_due(void)
{
    struct watchdog watchdog;
    int64_t now = 0;
    uint32_t beat = 0;
    watchdog_start(&watchdog, beat, 0, now);
    look_for(&watchdog, &now, &beat, 1000, true);
    for (int i = 0; i < 100; i++) g_assert_false(watchdog_late(&watchdog, beat, 0, false, now += 500 * MS));
    g_assert_cmpint(look_for(&watchdog, &now, &beat, 5000, false), ==, 1700);
}

/* The machine was suspended, or this program stopped: one long step is no proof. */
static void test_looker_slept(void)
{
    struct watchdog watchdog;
    int64_t now = 0;
    uint32_t beat = 0;
    watchdog_start(&watchdog, beat, 0, now);
    look_for(&watchdog, &now, &beat, 1000, true);
    now += 3600 * (int64_t)SECOND;
    g_assert_false(watchdog_late(&watchdog, beat, 0, true, now));
    g_assert_cmpint(look_for(&watchdog, &now, &beat, 5000, false), ==, 1100);
}

/* On a busy machine it gets no processor for half of the time, or for all of it. */
static void test_starved(void)
{
    struct watchdog watchdog;
    int64_t now = 0, waited = 0;
    uint32_t beat = 0;
    watchdog_start(&watchdog, beat, waited, now);
    for (int i = 0; i < 10; i++) watchdog_late(&watchdog, ++beat, waited, true, now += 100 * MS);
    for (int i = 0; i < 600; i++)
        g_assert_false(watchdog_late(&watchdog, beat, waited += 100 * MS, true, now += 100 * MS));
    for (int i = 0; i < 33; i++)
        g_assert_false(watchdog_late(&watchdog, beat, waited += 50 * MS, true, now += 100 * MS));
    g_assert_true(watchdog_late(&watchdog, beat, waited += 50 * MS, true, now += 100 * MS));
}

/* The kernel may say nothing of a process that has ended. */
static void test_unknown_wait(void)
{
    struct watchdog watchdog;
    int64_t now = 0;
    uint32_t beat = 0;
    watchdog_start(&watchdog, beat, 70 * SECOND, now);
    g_assert_cmpint(look_for(&watchdog, &now, &beat, 10000, false), ==, 3000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/watchdog/settled", test_settled);
    g_test_add_func("/watchdog/short-stalls", test_short_stalls);
    g_test_add_func("/watchdog/slow-start", test_slow_start);
    g_test_add_func("/watchdog/no-start", test_no_start);
    g_test_add_func("/watchdog/not-due", test_not_due);
    g_test_add_func("/watchdog/looker-slept", test_looker_slept);
    g_test_add_func("/watchdog/starved", test_starved);
    g_test_add_func("/watchdog/unknown-wait", test_unknown_wait);
    return g_test_run();
}
