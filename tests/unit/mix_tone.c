#include "mix/tone.h"
#include <glib.h>
#include <math.h>
#include <stdlib.h>

static struct settings plain(void)
{
    struct settings settings = {0};
    settings.sound.rate = 48000;
    settings.voice.level = -18;
    return settings;
}

static bool has_tone(enum cue_type type)
{
    return cue_sounds(type) && type != CUE_SPEECH;
}

static int peak_of(const struct tone *tone)
{
    int peak = 0;
    for (int64_t i = 0; i < tone->frames; i++) peak = MAX(peak, abs((int)lrintf(tone->samples[i] * 32768)));
    return peak;
}

static int crossings(const struct tone *tone, int64_t from, int64_t to)
{
    int n = 0;
    for (int64_t i = from + 1; i < to; i++) n += (tone->samples[i - 1] < 0) != (tone->samples[i] < 0);
    return n;
}

/* Heard from its first sample on, and gone at its end. */
static void expect_tone(const struct tone *tone, double dbfs)
{
    double wanted = pow(10, dbfs / 20) * 32768;
    int peak = peak_of(tone);
    g_assert_cmpint(tone->frames, >, 0);
    g_assert_cmpfloat(peak, <=, wanted);
    g_assert_cmpfloat(peak, >, wanted - 1.01);
    g_assert_cmpfloat(fabsf(tone->samples[0]) * 32768, >=, 0.01 * wanted);
    g_assert_cmpfloat(fabsf(tone->samples[tone->frames - 1]), <, 0.0001);
}

static void expect_tones(const struct settings *settings, double dbfs)
{
    struct tones tones;
    tones_init(&tones, settings);
    for (int type = 0; type < N_CUE_TYPES; type++)
        if (has_tone(type))
            expect_tone(&tones.cue[type], dbfs);
        else
            g_assert_cmpint(tones.cue[type].frames, ==, 0);
    tones_finish(&tones);
}

static void test_levels(void)
{
    for (int rate = 44100; rate <= 48000; rate += 3900)
        for (int tick = TICK_SOFT; tick <= TICK_CLICK; tick++)
            for (double cue = -12; cue <= 6; cue += 1.7) {
                struct settings settings = plain();
                settings.sound.rate = rate;
                settings.sound.tick = tick;
                settings.sound.cue_level = cue;
                expect_tones(&settings, MIN(-18 + cue, -16));
            }
}

static void test_faintest(void)
{
    struct settings settings = plain();
    struct tones tones;
    settings.voice.level = -40;
    settings.sound.cue_level = -60;
    tones_init(&tones, &settings);
    g_assert_cmpint(tones.cue[CUE_GO].frames, >, 0);
    g_assert_cmpint(peak_of(&tones.cue[CUE_GO]), <=, 1);
    tones_finish(&tones);
}

/* Whatever a breath is: where one has less time, the mixer ends them earlier. */
static void test_breath(void)
{
    struct settings settings = plain();
    struct tones tones;
    tones_init(&tones, &settings);
    g_assert_cmpint(tones.cue[CUE_IN].frames, ==, 57600);
    g_assert_cmpint(tones.cue[CUE_KEEP].frames, ==, 24000);
    g_assert_cmpint(tones.cue[CUE_OUT].frames, ==, 57600);
    tones_finish(&tones);
}

/* In rises and out falls. */
static void test_glide(void)
{
    struct settings settings = plain();
    struct tones tones;
    tones_init(&tones, &settings);
    const struct tone *in = &tones.cue[CUE_IN], *out = &tones.cue[CUE_OUT];
    g_assert_cmpint(crossings(in, 0, in->frames / 2) + 20, <, crossings(in, in->frames / 2, in->frames));
    g_assert_cmpint(crossings(out, 0, out->frames / 2), >, crossings(out, out->frames / 2, out->frames) + 20);
    tones_finish(&tones);
}

/* A filter of the second order, in place. */
static void filter(double *x, int64_t n, const double b[3], const double a[2])
{
    double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
    for (int64_t i = 0; i < n; i++) {
        double y = b[0] * x[i] + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
        x2 = x1, x1 = x[i], y2 = y1, y1 = y;
        x[i] = y;
    }
}

/* The loudest 100 ms in LUFS, heard on both channels, at 48,000 Hz: ITU-R BS.1770 without its gates. */
static double loudest(const struct tone *tone)
{
    enum { WINDOW = 4800 };
    int64_t n = tone->frames + WINDOW;
    g_autofree double *x = g_new0(double, n);
    for (int64_t i = 0; i < tone->frames; i++) x[i] = tone->samples[i];
    filter(x, n, (const double[]){1.53512485958697, -2.69169618940638, 1.19839281085285},
           (const double[]){-1.69065929318241, 0.73248077421585});
    filter(x, n, (const double[]){1, -2, 1}, (const double[]){-1.99004745483398, 0.99007225036621});
    double power = 0, most = 0;
    for (int64_t i = 0; i < n; i++) {
        power += x[i] * x[i] - (i >= WINDOW ? x[i - WINDOW] * x[i - WINDOW] : 0);
        most = MAX(most, power);
    }
    return -0.691 + 10 * log10(2 * most / WINDOW);
}

/* The loudest 100 ms of speech lie 7 dB above its loudness. */
static void test_acknowledging_sounds(void)
{
    for (double level = -40; level <= -16; level += 8) {
        struct settings settings = plain();
        struct tones tones;
        settings.voice.level = level;
        settings.sound.cue_level = -60; /* theirs it is not */
        tones_init(&tones, &settings);
        for (int i = 0; i < N_ACKS; i++) {
            double under = level + 7 - loudest(&tones.ack[i]);
            g_test_message("sound %d: %.1f dB under speech", i, under);
            g_assert_cmpfloat(under, >=, 12);
            g_assert_cmpfloat(under, <=, 18);
            g_assert_cmpfloat(fabsf(tones.ack[i].samples[0]) * 32768, >=, 0.01 * peak_of(&tones.ack[i]));
            g_assert_cmpint(peak_of(&tones.ack[i]), <=, (int)(pow(10, -16 / 20.0) * 32768));
        }
        tones_finish(&tones);
    }
}

/* How alike two tones are, 1 being the same. */
static double likeness(const struct tone *a, const struct tone *b)
{
    double ab = 0, aa = 0, bb = 0;
    for (int64_t i = 0; i < a->frames; i++) aa += a->samples[i] * a->samples[i];
    for (int64_t i = 0; i < b->frames; i++) bb += b->samples[i] * b->samples[i];
    for (int64_t i = 0; i < MIN(a->frames, b->frames); i++) ab += a->samples[i] * b->samples[i];
    return fabs(ab) / sqrt(aa * bb);
}

static void test_different(void)
{
    for (int tick = TICK_SOFT; tick <= TICK_CLICK; tick++) {
        struct settings settings = plain();
        struct tones tones;
        settings.sound.tick = tick;
        tones_init(&tones, &settings);
        for (int a = 0; a < N_CUE_TYPES; a++)
            for (int b = 0; b < a; b++)
                if (has_tone(a) && has_tone(b))
                    g_assert_cmpfloat(likeness(&tones.cue[a], &tones.cue[b]), <, 0.4);
        for (int a = 0; a < N_ACKS; a++) {
            for (int b = 0; b < a; b++) g_assert_cmpfloat(likeness(&tones.ack[a], &tones.ack[b]), <, 0.4);
            for (int b = 0; b < N_CUE_TYPES; b++)
                if (has_tone(b)) g_assert_cmpfloat(likeness(&tones.ack[a], &tones.cue[b]), <, 0.4);
        }
        tones_finish(&tones);
    }
}

static void test_repeatable(void)
{
    struct settings settings = plain();
    struct tones first, second;
    tones_init(&first, &settings);
    tones_init(&second, &settings);
    for (int type = 0; type < N_CUE_TYPES; type++)
        g_assert_cmpmem(first.cue[type].samples, first.cue[type].frames * sizeof(float),
                        second.cue[type].samples, second.cue[type].frames * sizeof(float));
    tones_finish(&first);
    tones_finish(&second);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tone/levels", test_levels);
    g_test_add_func("/tone/faintest", test_faintest);
    g_test_add_func("/tone/breath", test_breath);
    g_test_add_func("/tone/glide", test_glide);
    g_test_add_func("/tone/acknowledging-sounds", test_acknowledging_sounds);
    g_test_add_func("/tone/different", test_different);
    g_test_add_func("/tone/repeatable", test_repeatable);
    return g_test_run();
}
