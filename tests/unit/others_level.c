#include "others-helper/level.h"
#include <glib.h>

enum { FULL = 65536 };

static const struct steps ALL = {0, LEVEL_STEPS};

static void test_depth(void)
{
    g_assert_cmpuint(level_at(FULL, 0), ==, FULL);
    g_assert_cmpuint(level_at(FULL, LEVEL_STEPS), ==, 41350); /* -12 dB, as pactl has it */
    g_assert_cmpuint(level_at(0, LEVEL_STEPS), ==, 0);
}

static void test_each_step_is_known_again(void)
{
    static const uint32_t levels[] = {FULL, FULL / 2, 3 * FULL / 2, 20000, 2000};
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++)
        for (int step = 0; step <= LEVEL_STEPS; step++) {
            const uint32_t now = level_at(levels[i], step);
            g_assert_cmpint(level_step(levels[i], now, ALL), ==, step);
            g_assert_cmpint(level_step(levels[i], now + 1, ALL), ==, step); /* rounded by a server */
        }
}

static void test_the_users_levels_are_not_ours(void)
{
    static const int percent[] = {0, 10, 30, 50, 60, 63, 70, 80, 90, 99, 101, 150};
    for (gsize i = 0; i < G_N_ELEMENTS(percent); i++)
        g_assert_cmpint(level_step(FULL, (uint32_t)(FULL * percent[i] / 100), ALL), ==, -1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/level/depth", test_depth);
    g_test_add_func("/level/steps", test_each_step_is_known_again);
    g_test_add_func("/level/users", test_the_users_levels_are_not_ours);
    return g_test_run();
}
