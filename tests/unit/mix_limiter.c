#include "mix/limiter.h"
#include <ebur128.h>
#include <glib.h>
#include <math.h>
#include <string.h>
#include <time.h>

enum { RATE = 48000, FRAMES = RATE };

static const double CEILING_DB = -3;

static double linear(double db)
{
    return pow(10, db / 20);
}

/* Another's measurement. Some silence behind, so that the filter gives all of it. */
static double measured_peak(const float *samples, int64_t frames)
{
    static const float silence[256];
    double peak = 0;
    ebur128_state *state = ebur128_init(1, RATE, EBUR128_MODE_TRUE_PEAK);
    g_assert_nonnull(state);
    ebur128_add_frames_float(state, samples, frames);
    ebur128_add_frames_float(state, silence, G_N_ELEMENTS(silence));
    ebur128_true_peak(state, 0, &peak);
    ebur128_destroy(&state);
    return peak;
}

/* ---- signals ---- */

static void make_sine(float *out, double hz, double phase, double level)
{
    for (int i = 0; i < FRAMES; i++) out[i] = (float)(level * sin(2 * G_PI * hz * i / RATE + phase));
}

static void make_square(float *out, double level)
{
    for (int i = 0; i < FRAMES; i++) out[i] = (float)(i / 97 % 2 ? level : -level);
}

static void make_noise(float *out, double level, guint32 seed)
{
    GRand *rand = g_rand_new_with_seed(seed);
    for (int i = 0; i < FRAMES; i++) out[i] = (float)(level * g_rand_double_range(rand, -1, 1));
    g_rand_free(rand);
}

/* Like speech: pulses at a pitch that ring out, in syllables of changing height. */
static void make_pulses(float *out, double level)
{
    double x = 0, v = 0;
    for (int i = 0; i < FRAMES; i++) {
        if (i % 431 == 0) v += level * (1 + sin(i * 0.0005));
        double turn = 2 * G_PI * 700 / RATE;
        v -= turn * x + 0.01 * v;
        x += turn * v;
        out[i] = (float)x;
    }
}

static void make_clicks(float *out, double level)
{
    memset(out, 0, FRAMES * sizeof *out);
    for (int i = 5; i < FRAMES; i += 1237) out[i] = (float)(i % 2 ? level : -level);
    out[0] = out[FRAMES - 1] = (float)level;
}

/* ---- tests ---- */

static void test_true_peak(void)
{
    static float samples[FRAMES];
    make_sine(samples, RATE / 4.0, G_PI / 4, 1);
    samples[0] = 0;
    g_assert_cmpfloat(fabs(limiter_true_peak(samples, FRAMES) - measured_peak(samples, FRAMES)), <, 1e-4);
    g_assert_cmpfloat(limiter_true_peak(samples, FRAMES), >, 0.98);
    for (guint32 seed = 0; seed < 20; seed++) {
        make_noise(samples, 1, seed);
        g_assert_cmpfloat(fabs(limiter_true_peak(samples, FRAMES) - measured_peak(samples, FRAMES)), <, 1e-4);
    }
    g_assert_cmpfloat(limiter_true_peak(samples, 0), ==, 0);
    g_assert_cmpfloat(limiter_true_peak((float[]){0.5f}, 1), ==, 0.5f);
}

static void expect_limited(const char *what, float *samples)
{
    g_assert_cmpfloat(measured_peak(samples, FRAMES), >, linear(CEILING_DB));
    limiter_apply(samples, FRAMES, RATE, CEILING_DB);
    double peak = measured_peak(samples, FRAMES);
    g_test_message("%s: %.4f dB", what, 20 * log10(peak));
    g_assert_cmpfloat(peak, <=, linear(CEILING_DB) * 1.00001);
    g_assert_cmpfloat(peak, >, linear(CEILING_DB - 0.5));
}

static void test_ceiling(void)
{
    static float samples[FRAMES];
    for (double level = 0.72; level < 50; level *= 2) {
        make_sine(samples, RATE / 4.0, G_PI / 4, level);
        expect_limited("sine between samples", samples);
        make_sine(samples, 220, 0, level);
        expect_limited("sine", samples);
        make_square(samples, level);
        expect_limited("square", samples);
        make_pulses(samples, level);
        expect_limited("pulses", samples);
        make_clicks(samples, level);
        expect_limited("clicks", samples);
        for (guint32 seed = 0; seed < 5; seed++) {
            make_noise(samples, level + 0.1, seed);
            expect_limited("noise", samples);
        }
    }
}

static void test_quiet_is_untouched(void)
{
    static float samples[FRAMES], before[FRAMES];
    make_noise(samples, 0.4, 1);
    memcpy(before, samples, sizeof before);
    limiter_apply(samples, FRAMES, RATE, CEILING_DB);
    g_assert_cmpmem(samples, sizeof samples, before, sizeof before);
}

/* One loud place; its neighbours follow softly, what is far stays. */
static void test_shape(void)
{
    static float samples[FRAMES], before[FRAMES];
    make_sine(samples, 1000, 0.3, 0.3);
    for (int i = 24000; i < 24048; i++) samples[i] *= 4;
    memcpy(before, samples, sizeof before);
    limiter_apply(samples, FRAMES, RATE, CEILING_DB);
    float gain = 1;
    for (int i = 0; i < FRAMES; i++) {
        if (i < 22000 || i > 26048) g_assert_cmpfloat(samples[i], ==, before[i]);
        if (fabsf(before[i]) < 0.1f) continue;
        float now = samples[i] / before[i];
        g_assert_cmpfloat(now, <=, 1);
        g_assert_cmpfloat(fabsf(now - gain), <, 0.02); /* over at most 20 samples */
        gain = now;
    }
    g_assert_cmpfloat(samples[24012], !=, before[24012]);
}

static void test_lengths(void)
{
    for (int64_t frames = 0; frames < 200; frames++) {
        g_autofree float *samples = g_new(float, frames + 1);
        for (int64_t i = 0; i <= frames; i++) samples[i] = 1;
        limiter_apply(samples, frames, RATE, CEILING_DB);
        g_assert_cmpfloat(limiter_true_peak(samples, frames), <=, linear(CEILING_DB) * 1.00001);
        g_assert_cmpfloat(samples[frames], ==, 1);
    }
}

static void limit_at_full_level(int kind, float *samples, int64_t frames)
{
    for (int64_t i = 0; i < frames; i++) samples[i] = kind == 0 || i % 50 < 25 ? 1 : -1;
    limiter_apply(samples, frames, RATE, CEILING_DB);
}

/* CPU time, the least of three. */
static clock_t cost_at_full_level(int kind, float *samples, int64_t frames)
{
    clock_t least = 0;
    for (int i = 0; i < 3; i++) {
        clock_t begun = clock();
        limit_at_full_level(kind, samples, frames);
        clock_t passed = clock() - begun;
        least = i == 0 ? passed : MIN(least, passed);
    }
    return least;
}

/* Not speech, but a minute of it must not keep the main program busy: ten times the sound costs ten times the
 * time, not a hundred times. */
static void test_full_level(void)
{
    enum { MINUTE = 60 * RATE };
    g_autofree float *samples = g_new(float, MINUTE);
    for (int kind = 0; kind < 2; kind++) {
        clock_t part = cost_at_full_level(kind, samples, MINUTE / 10);
        g_assert_cmpint(cost_at_full_level(kind, samples, MINUTE), <, 30 * part);
        g_assert_cmpfloat(limiter_true_peak(samples, MINUTE), <=, linear(CEILING_DB) * 1.00001);
        g_assert_cmpfloat(fabsf(samples[MINUTE / 2]), >, linear(CEILING_DB) * 0.5);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limiter/true-peak", test_true_peak);
    g_test_add_func("/limiter/ceiling", test_ceiling);
    g_test_add_func("/limiter/quiet-is-untouched", test_quiet_is_untouched);
    g_test_add_func("/limiter/shape", test_shape);
    g_test_add_func("/limiter/lengths", test_lengths);
    g_test_add_func("/limiter/full-level", test_full_level);
    return g_test_run();
}
