/* The sounds of a breath: their shape, over whatever time a breath takes. */
#include "mix/breath.h"
#include "mix/clip.h"
#include <glib.h>
#include <math.h>

enum { RATE = 48000 };

static const double PEAK_DBFS = -18;

static float *make(enum occasion occasion, int64_t length)
{
    struct breath breath;
    float *sound = g_new0(float, length);
    breath_init(&breath, RATE, PEAK_DBFS);
    breath_add(&breath, occasion, length, 0, length, 1, sound);
    breath_finish(&breath);
    return sound;
}

static double rms_db(const float *sound, int64_t from, int64_t to)
{
    double sum = 0;
    for (int64_t i = from; i < to; i++) sum += sound[i] * sound[i];
    return 10 * log10(sum / (double)(to - from));
}

/* The frequency of the tone in a part of the sound, by how the phase of a window turns: in Hz. */
static double pitch(const float *sound, int64_t from, int64_t frames)
{
    double best = 0, most = 0;
    for (double hz = 200; hz < 450; hz += 2) {
        double re = 0, im = 0;
        for (int64_t i = from; i < from + frames; i++) {
            re += sound[i] * cos(2 * G_PI * hz * (double)i / RATE);
            im += sound[i] * sin(2 * G_PI * hz * (double)i / RATE);
        }
        if (re * re + im * im > most) most = re * re + im * im, best = hz;
    }
    return best;
}

/* In eighths of its time, each is louder and higher than the one before, or softer and lower. */
static void expect_way(enum occasion occasion, int64_t length)
{
    g_autofree float *sound = make(occasion, length);
    int64_t eighth = length / 8, way = occasion == OCCASION_IN ? 1 : -1;
    for (int64_t i = 1; i < 8; i++) {
        double before = rms_db(sound, (i - 1) * eighth, i * eighth),
               now = rms_db(sound, i * eighth, (i + 1) * eighth);
        bool edge = i == (way > 0 ? 7 : 1); /* where it fades it may lose a little */
        g_assert_cmpfloat((double)way * (now - before), >, edge ? -2 : 0.1);
    }
    if (length < RATE) return; /* too short to tell pitches apart */
    for (int64_t i = 2; i < 8; i++)
        g_assert_cmpfloat(
            (double)way * (pitch(sound, i * eighth, eighth) - pitch(sound, (i - 1) * eighth, eighth)), >, 2);
}

static void test_in_rises_and_out_falls(void)
{
    static const double seconds[] = {0.6, 2, 3, 4.2, 8, 18};
    for (gsize i = 0; i < G_N_ELEMENTS(seconds); i++) {
        expect_way(OCCASION_IN, (int64_t)(seconds[i] * RATE));
        expect_way(OCCASION_OUT, (int64_t)(seconds[i] * RATE));
    }
}

static void test_keep_is_steady_and_quiet(void)
{
    g_autofree float *keep = make(OCCASION_KEEP, 4 * RATE), *in = make(OCCASION_IN, 4 * RATE);
    double middle = rms_db(keep, RATE, 2 * RATE);
    for (int i = 0; i < 14; i++)
        g_assert_cmpfloat(fabs(rms_db(keep, RATE / 4 + i * RATE / 4, RATE / 2 + i * RATE / 4) - middle), <,
                          0.7);
    g_assert_cmpfloat(rms_db(in, 3 * RATE, 4 * RATE) - middle, >, 8);
    g_assert_cmpfloat(fabs(pitch(keep, RATE, RATE) - 330), <=, 2);
}

/* The loudest 400 ms; the other sounds lie between -31.4 and -29.8 LUFS at this level (mix_tone). */
static void test_loudness(void)
{
    static const double seconds[] = {1.2, 2, 3, 6};
    for (gsize i = 0; i < G_N_ELEMENTS(seconds); i++)
        for (int out = 0; out < 2; out++) {
            int64_t length = (int64_t)(seconds[i] * RATE);
            g_autofree float *sound = make(out ? OCCASION_OUT : OCCASION_IN, length);
            g_autofree int16_t *samples = g_new(int16_t, length);
            for (int64_t k = 0; k < length; k++) samples[k] = (int16_t)lrintf(sound[k] * 32768);
            double lufs = loudness_most(samples, length, RATE, 400);
            g_test_message("%s of %g s: %.1f LUFS", out ? "out" : "in", seconds[i], lufs);
            g_assert_cmpfloat(lufs, >=, -31.8);
            g_assert_cmpfloat(lufs, <=, -29.8);
        }
}

/* Heard from its frame on, without a click at either end, and never over the cues' peak. */
static void test_ends(void)
{
    static const enum occasion occasions[] = {OCCASION_IN, OCCASION_KEEP, OCCASION_OUT};
    static const int64_t lengths[] = {1, 2, 57, 4800, 57600, 200000};
    for (gsize i = 0; i < G_N_ELEMENTS(occasions); i++)
        for (gsize n = 0; n < G_N_ELEMENTS(lengths); n++) {
            int64_t length = lengths[n];
            g_autofree float *sound = make(occasions[i], length);
            float peak = 0, step = 0;
            for (int64_t k = 0; k < length; k++) {
                g_assert_true(isfinite(sound[k]));
                peak = MAX(peak, fabsf(sound[k]));
                if (k > 0) step = MAX(step, fabsf(sound[k] - sound[k - 1]));
            }
            g_assert_cmpfloat(peak, <=, pow(10, PEAK_DBFS / 20));
            if (length < 4800) continue;
            g_assert_cmpfloat(fabsf(sound[0]), <=, 1.2 * step);
            g_assert_cmpfloat(fabsf(sound[length - 1]), <=, 0.0001);
            int64_t onset = 0;
            while (fabsf(sound[onset]) <= peak * pow(10, -50 / 20.0)) onset++;
            g_assert_cmpint(onset, <=, 4);
        }
}

/* There is breath in it: beside the tone and its octave, noise that does not repeat within a second. */
static void test_noise(void)
{
    struct breath breath;
    breath_init(&breath, RATE, PEAK_DBFS);
    double sum = 0, same = 0, neighbours = 0;
    for (int i = 0; i < BREATH_NOISE; i++) {
        double now = breath.noise[i];
        sum += now * now;
        same += now * breath.noise[(i + RATE) % BREATH_NOISE];
        neighbours += now * breath.noise[(i + 1) % BREATH_NOISE];
        g_assert_cmpfloat(fabs(now), <=, 1.0001);
    }
    g_assert_cmpfloat(fabs(same / sum), <, 0.05);
    g_assert_cmpfloat(neighbours / sum, >, 0.8); /* soft: little of it is high */
    breath_finish(&breath);
}

/* Whatever the blocks are. */
static void test_blocks(void)
{
    enum { LENGTH = 90000 };
    g_autofree float *whole = make(OCCASION_OUT, LENGTH), *parts = g_new0(float, LENGTH);
    struct breath breath;
    breath_init(&breath, RATE, PEAK_DBFS);
    for (int64_t at = 0, n; at < LENGTH; at += n) {
        n = MIN(1 + at % 777, LENGTH - at);
        breath_add(&breath, OCCASION_OUT, LENGTH, at, n, 1, parts + at);
    }
    breath_finish(&breath);
    g_assert_cmpmem(whole, LENGTH * sizeof *whole, parts, LENGTH * sizeof *parts);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/breath/in-rises-and-out-falls", test_in_rises_and_out_falls);
    g_test_add_func("/breath/keep-is-steady-and-quiet", test_keep_is_steady_and_quiet);
    g_test_add_func("/breath/loudness", test_loudness);
    g_test_add_func("/breath/ends", test_ends);
    g_test_add_func("/breath/noise", test_noise);
    g_test_add_func("/breath/blocks", test_blocks);
    return g_test_run();
}
