#include "sound-helper/fill.h"
#include <glib.h>

static const int rates[] = {8000, 44100, 48000, 192000};

/* A device as it was asked for: two periods of 34 ms out of nine. */
static void test_usual(void)
{
    struct fill fill = fill_for(48000, 9 * 1632, 1632);
    g_assert_cmpint(fill_wanted(48000), ==, 1632);
    g_assert_cmpint(fill.period, ==, 1632);
    g_assert_cmpint(fill.full, ==, 2 * 1632);
}

/* Some outputs have no choice of buffers. Whatever they have: they begin to play, nothing is asked of them
 * that they do not have, and a look that comes late finds something still in them. */
static void expect_sound(int rate, long buffer, long own_period)
{
    struct fill fill = fill_for(rate, buffer, own_period);
    g_assert_cmpint(fill.full, >=, own_period);
    g_assert_cmpint(fill.full, <=, buffer);
    g_assert_cmpint(fill.period, >, 0);
    g_assert_cmpint(fill.full - fill.period, >=, fill.period);
    g_assert_cmpint(fill.again, >, 0);
    g_assert_cmpint(fill.again, <, fill.least);
    g_assert_cmpint(fill.least, <, fill.period);
}

static void test_any(void)
{
    static const long periods[] = {0,    32,   64,   256,  441,  512,   1024,
                                   1632, 2048, 3264, 3300, 4096, 16384, 65536};
    for (gsize r = 0; r < G_N_ELEMENTS(rates); r++)
        for (gsize p = 0; p < G_N_ELEMENTS(periods); p++)
            for (long n = 2; n <= 32; n *= 2) expect_sound(rates[r], n * MAX(periods[p], 32), periods[p]);
}

/* A pause waits for what is in the device: no more than it takes to play on. */
static void test_delay(void)
{
    g_assert_cmpint(fill_for(48000, 65536, 1024).full, ==, 2 * 1632);
    g_assert_cmpint(fill_for(48000, 16384, 4096).full, ==, 2 * 4096);
    g_assert_cmpint(fill_for(48000, 768, 256).full, ==, 768);
}

/* Each time that it has run low there is more in it, until it is full. */
static void test_run_low(void)
{
    struct fill fill = fill_for(48000, 9 * 1632, 1632);
    g_assert_false(fill_is_low(&fill, fill.period, fill.again)); /* as at each feeding */
    g_assert_true(fill_is_low(&fill, fill.full - fill.period / 3, 0));
    g_assert_true(fill_is_low(&fill, fill.period, fill.period));
    for (long periods = 4; periods <= 12; periods += 2) {
        fill_more(&fill);
        g_assert_cmpint(fill.full, ==, MIN(periods, 9) * 1632);
    }
    fill_calm(&fill);
    g_assert_cmpint(fill.full, ==, 2 * 1632);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fill/usual", test_usual);
    g_test_add_func("/fill/any", test_any);
    g_test_add_func("/fill/delay", test_delay);
    g_test_add_func("/fill/run-low", test_run_low);
    return g_test_run();
}
