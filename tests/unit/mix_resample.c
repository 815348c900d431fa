#include "mix/resample.h"
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int16_t *sine(int64_t frames, int rate, double hz, int channels)
{
    int16_t *samples = g_new(int16_t, frames * channels + 1);
    for (int64_t i = 0; i < frames * channels; i++)
        samples[i] = (int16_t)lrint(16000 * sin(2 * G_PI * hz * (double)(i / channels) / rate));
    return samples;
}

static void test_lengths(void)
{
    static const int64_t lengths[] = {0, 1, 2, 3, 154, 1000, 22050, 54321};
    for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autofree int16_t *samples = sine(lengths[i], 22050, 440, 1);
        int64_t frames;
        g_free(resample(samples, lengths[i], 22050, 44100, &frames));
        g_assert_cmpint(frames, ==, 2 * lengths[i]);
        g_free(resample(samples, lengths[i], 22050, 48000, &frames));
        g_assert_cmpint(frames, ==, llround(lengths[i] * 48000.0 / 22050));
    }
}

/* Far from its ends the tone is where it was, neither earlier nor later, at its level. */
static void expect_tone(double hz)
{
    g_autofree int16_t *samples = sine(22050, 22050, hz, 1);
    int64_t frames;
    g_autofree float *out = resample(samples, 22050, 22050, 48000, &frames);
    for (int64_t i = 2000; i < frames - 2000; i++) {
        double wanted = 16000.0 / 32768 * sin(2 * G_PI * hz * (double)i / 48000);
        g_assert_cmpfloat(fabs(out[i] - wanted), <, 2e-4);
    }
}

static void test_signal(void)
{
    expect_tone(100);
    expect_tone(440);
    expect_tone(9000);
}

/* A clip is loud to its end, whatever its length. */
static void test_end(void)
{
    for (int64_t length = 4090; length < 4102; length++) {
        g_autofree int16_t *samples = g_new(int16_t, length);
        for (int64_t i = 0; i < length; i++) samples[i] = 16000;
        int64_t frames;
        g_autofree float *out = resample(samples, length, 22050, 48000, &frames);
        for (int64_t i = 100; i < frames - 3; i++) g_assert_cmpfloat(out[i], >, 0.2);
    }
}

static void test_equal_rates(void)
{
    static const int16_t samples[] = {0, 1, -1, 1234, 32767, -32768};
    int64_t frames;
    g_autofree float *out = resample(samples, G_N_ELEMENTS(samples), 48000, 48000, &frames);
    g_assert_cmpint(frames, ==, G_N_ELEMENTS(samples));
    for (int64_t i = 0; i < frames; i++) g_assert_cmpfloat(out[i] * 32768, ==, samples[i]);
}

static void test_no_memory(void)
{
    g_autofree int16_t *samples = sine(10000, 22050, 440, 1);
    int64_t frames, again, other;
    g_autofree float *first = resample(samples, 10000, 22050, 48000, &frames);
    g_free(resample(samples + 3000, 5000, 22050, 48000, &other));
    g_autofree float *second = resample(samples, 10000, 22050, 48000, &again);
    g_assert_cmpmem(first, frames * sizeof *first, second, again * sizeof *second);
}

/* What a stream gives in pieces of any size, both channels alike. */
static void test_stream(void)
{
    const int64_t frames = 44100;
    g_autofree int16_t *samples = sine(frames, 44100, 440, 2);
    g_autofree int16_t *out = g_new(int16_t, 2 * 50000);
    struct resampler *resampler = resampler_new(44100, 48000);
    int64_t done = 0, got = 0, made, taken;
    do {
        int64_t piece = MIN(1777, frames - done);
        made = resampler_run(resampler, piece > 0 ? samples + 2 * done : NULL, piece, &taken, out + 2 * got,
                             999);
        done += taken;
        got += made;
    } while (done < frames || made > 0);
    resampler_free(resampler);
    g_assert_cmpint(llabs(got - 48000), <=, 1);
    for (int64_t i = 1000; i < got - 1000; i++) {
        double wanted = 16000 * sin(2 * G_PI * 440 * (double)i / 48000);
        g_assert_cmpfloat(fabs(out[2 * i] - wanted), <, 5);
        g_assert_cmpint(out[2 * i], ==, out[2 * i + 1]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/resample/lengths", test_lengths);
    g_test_add_func("/resample/signal", test_signal);
    g_test_add_func("/resample/end", test_end);
    g_test_add_func("/resample/equal-rates", test_equal_rates);
    g_test_add_func("/resample/no-memory", test_no_memory);
    g_test_add_func("/resample/stream", test_stream);
    return g_test_run();
}
