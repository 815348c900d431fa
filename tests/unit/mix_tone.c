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
    expect_tone(&tones.ack, dbfs - 6);
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
    g_test_add_func("/tone/different", test_different);
    g_test_add_func("/tone/repeatable", test_repeatable);
    return g_test_run();
}
