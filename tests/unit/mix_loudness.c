#include "mix/clip.h"
#include <glib.h>
#include <math.h>
#include <sys/resource.h>

enum { RATE = 22050, FRAMES = 5 * RATE };

/* A sine of 1 kHz and L dBFS on both channels is L LUFS: EBU Tech 3341, case 1. */
static int16_t *sine(double dbfs)
{
    int16_t *samples = g_new(int16_t, FRAMES);
    for (int i = 0; i < FRAMES; i++)
        samples[i] = (int16_t)lrint(32768 * pow(10, dbfs / 20) * sin(2 * G_PI * 1000 * i / RATE));
    return samples;
}

static void test_measure(void)
{
    for (double dbfs = -36; dbfs < -5; dbfs += 6.5) {
        g_autofree int16_t *samples = sine(dbfs);
        g_assert_cmpfloat(fabs(loudness_of(samples, FRAMES, RATE) - dbfs), <, 0.1);
    }
}

static void test_gain(void)
{
    for (double target = -40; target <= -16; target += 8) {
        g_autofree int16_t *samples = sine(-20);
        double gain = loudness_gain(samples, FRAMES, RATE, target);
        g_assert_cmpfloat(fabs(20 * log10(gain) - (target + 20)), <, 0.1);
        for (int i = 0; i < FRAMES; i++) samples[i] = (int16_t)lrint(samples[i] * gain);
        g_assert_cmpfloat(fabs(loudness_of(samples, FRAMES, RATE) - target), <, 0.1);
    }
}

/* Down to a twentieth of what BS.1770 measures at once. */
static void test_short(void)
{
    g_autofree int16_t *samples = sine(-20);
    for (int frames = RATE / 50; frames < RATE; frames *= 2)
        g_assert_cmpfloat(fabs(loudness_of(samples, frames, RATE) + 20), <, 0.2);
}

static void test_silence(void)
{
    static const int16_t silence[FRAMES];
    g_assert_true(loudness_of(silence, FRAMES, RATE) == -HUGE_VAL);
    g_assert_cmpfloat(loudness_gain(silence, FRAMES, RATE, -18), ==, 1);
    g_assert_cmpfloat(loudness_gain(silence, 0, RATE, -18), ==, 1);
}

static void test_out_of_range(void)
{
    g_autofree int16_t *samples = sine(-20);
    g_assert_true(loudness_of(samples, FRAMES, 1) == -HUGE_VAL);
    g_assert_cmpfloat(loudness_gain(samples, FRAMES, 1, -18), ==, 1);
    g_assert_cmpfloat(loudness_gain(samples, FRAMES, INT32_MAX, -18), ==, 1);
    g_assert_cmpfloat(loudness_gain(samples, FRAMES, -RATE, -18), ==, 1);
}

/* The program ends, as GLib ends it: a sentence of another loudness would be heard, or stand in a file. */
static void test_no_memory(void)
{
#ifndef __SANITIZE_ADDRESS__ /* which reserves terabytes */
    if (g_test_subprocess()) {
        g_autofree int16_t *samples = sine(-20);
        const struct rlimit none = {0};
        setrlimit(RLIMIT_AS, &none);
        loudness_of(samples, FRAMES, 2822400); /* megabytes, which are not in the heap */
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*no memory to measure loudness*");
#endif
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/loudness/measure", test_measure);
    g_test_add_func("/loudness/gain", test_gain);
    g_test_add_func("/loudness/short", test_short);
    g_test_add_func("/loudness/silence", test_silence);
    g_test_add_func("/loudness/out-of-range", test_out_of_range);
    g_test_add_func("/loudness/no-memory", test_no_memory);
    return g_test_run();
}
