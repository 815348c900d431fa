#include "mix/clip.h"
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

static const char *const built_in[] = {"own", "soft", "wood", "click", "bell", "bowl"};

static void choose(struct settings *settings, const char *sound)
{
    for (int i = 0; i < N_OCCASIONS; i++) settings->cues.sound[i] = (char *)sound;
}

static int peak_of(const struct tone *tone)
{
    int peak = 0;
    for (int64_t i = 0; i < tone->frames; i++) peak = MAX(peak, abs((int)lrintf(tone->samples[i] * 32768)));
    return peak;
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
    for (enum occasion i = 0; i < OCCASION_ACK; i++)
        if (tones.tone[i].frames != TONE_FILLS) expect_tone(&tones.tone[i], dbfs);
    expect_tone(&tones.sentence, dbfs);
    tones_finish(&tones);
}

static void test_levels(void)
{
    for (int rate = 44100; rate <= 48000; rate += 3900)
        for (gsize sound = 0; sound < G_N_ELEMENTS(built_in); sound++)
            for (double cue = -12; cue <= 6; cue += 3.7) {
                struct settings settings = plain();
                settings.sound.rate = rate;
                choose(&settings, built_in[sound]);
                settings.sound.cue_level = cue;
                expect_tones(&settings, MIN(-18 + cue, -16));
            }
}

static void test_off(void)
{
    struct settings settings = plain();
    struct tones tones;
    choose(&settings, "off");
    tones_init(&tones, &settings);
    for (int i = 0; i < N_OCCASIONS; i++) g_assert_cmpint(tones.tone[i].frames, ==, 0);
    expect_tone(&tones.sentence, -18); /* stands for words */
    tones_finish(&tones);
}

static void test_faintest(void)
{
    struct settings settings = plain();
    struct tones tones;
    settings.voice.level = -40;
    settings.sound.cue_level = -60;
    tones_init(&tones, &settings);
    g_assert_cmpint(tones.tone[OCCASION_GO].frames, >, 0);
    g_assert_cmpint(peak_of(&tones.tone[OCCASION_GO]), <=, 1);
    tones_finish(&tones);
}

/* Its own sound takes as long as the breath does; another has its own length. */
static void test_breath(void)
{
    static const enum occasion breath[] = {OCCASION_IN, OCCASION_KEEP, OCCASION_OUT};
    struct settings settings = plain();
    struct tones own, bells;
    tones_init(&own, &settings);
    choose(&settings, "bell");
    tones_init(&bells, &settings);
    for (gsize i = 0; i < G_N_ELEMENTS(breath); i++) {
        g_assert_true(own.tone[breath[i]].frames == TONE_FILLS && !own.tone[breath[i]].samples);
        g_assert_cmpint(bells.tone[breath[i]].frames, ==, bells.tone[OCCASION_GO].frames);
    }
    tones_finish(&own);
    tones_finish(&bells);
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

/* The loudest so many frames in LUFS, heard on both channels, at 48,000 Hz: ITU-R BS.1770 without its gates.
 */
static double loudest(const struct tone *tone, int64_t window)
{
    int64_t n = tone->frames + window;
    g_autofree double *x = g_new0(double, n);
    for (int64_t i = 0; i < tone->frames; i++) x[i] = tone->samples[i];
    filter(x, n, (const double[]){1.53512485958697, -2.69169618940638, 1.19839281085285},
           (const double[]){-1.69065929318241, 0.73248077421585});
    filter(x, n, (const double[]){1, -2, 1}, (const double[]){-1.99004745483398, 0.99007225036621});
    double power = 0, most = 0;
    for (int64_t i = 0; i < n; i++) {
        power += x[i] * x[i] - (i >= window ? x[i - window] * x[i - window] : 0);
        most = MAX(most, power);
    }
    return -0.691 + 10 * log10(2 * most / (double)window);
}

enum { MS_100 = 4800, MS_400 = 19200 };

/* The loudest 100 ms of speech lie 7 dB above its loudness. */
static void test_acknowledging_sounds(void)
{
    for (double level = -40; level <= -16; level += 8) {
        struct settings settings = plain();
        struct tones tones;
        settings.voice.level = level;
        settings.sound.cue_level = -60; /* theirs it is not */
        tones_init(&tones, &settings);
        for (int i = OCCASION_ACK; i < N_OCCASIONS; i++) {
            double under = level + 7 - loudest(&tones.tone[i], MS_100);
            g_test_message("%s: %.1f dB under speech", occasion_name(i), under);
            g_assert_cmpfloat(under, >=, 12);
            g_assert_cmpfloat(under, <=, 18);
            g_assert_cmpfloat(fabsf(tones.tone[i].samples[0]) * 32768, >=, 0.01 * peak_of(&tones.tone[i]));
            g_assert_cmpint(peak_of(&tones.tone[i]), <=, (int)(pow(10, -16 / 20.0) * 32768));
        }
        tones_finish(&tones);
    }
}

/* All that are built in; mix_breath has those of a breath. */
static void test_loudness(void)
{
    double least = HUGE_VAL, most = -HUGE_VAL;
    for (gsize sound = 0; sound < G_N_ELEMENTS(built_in); sound++) {
        struct settings settings = plain();
        struct tones tones;
        choose(&settings, built_in[sound]);
        tones_init(&tones, &settings);
        for (int i = 0; i < N_OCCASIONS; i++) {
            if (!tones.tone[i].samples) continue;
            double lufs = loudest(&tones.tone[i], MS_400);
            g_test_message("%s, %s: %.1f LUFS", occasion_name(i), built_in[sound], lufs);
            least = MIN(least, lufs);
            most = MAX(most, lufs);
        }
        tones_finish(&tones);
    }
    g_test_message("%.1f to %.1f LUFS", least, most);
    g_assert_cmpfloat(most - least, <=, 2);
}

/* libebur128 and this file agree on what is loud. */
static void test_measured_as_by_libebur128(void)
{
    struct settings settings = plain();
    struct tones tones;
    tones_init(&tones, &settings);
    const struct tone *end = &tones.tone[OCCASION_END];
    g_autofree int16_t *samples = g_new(int16_t, end->frames);
    for (int64_t i = 0; i < end->frames; i++) samples[i] = (int16_t)lrintf(end->samples[i] * 32768);
    g_assert_cmpfloat(fabs(loudness_most(samples, end->frames, 48000, 100) - loudest(end, MS_100)), <, 0.3);
    g_assert_cmpfloat(fabs(loudness_most(samples, end->frames, 48000, 400) - loudest(end, MS_400)), <, 0.3);
    tones_finish(&tones);
}

/* A click is a step that its own material does not have: the first and the last sample stand near zero. */
static void test_no_click(void)
{
    for (gsize sound = 0; sound < G_N_ELEMENTS(built_in); sound++) {
        struct settings settings = plain();
        struct tones tones;
        choose(&settings, built_in[sound]);
        tones_init(&tones, &settings);
        for (int i = 0; i < N_OCCASIONS; i++) {
            const struct tone *tone = &tones.tone[i];
            float within = 0;
            if (!tone->samples) continue;
            for (int64_t k = 1; k < tone->frames; k++)
                within = MAX(within, fabsf(tone->samples[k] - tone->samples[k - 1]));
            g_assert_cmpfloat(fabsf(tone->samples[0]), <=, 1.2 * within);
            g_assert_cmpfloat(fabsf(tone->samples[tone->frames - 1]), <, 0.0001);
        }
        tones_finish(&tones);
    }
}

/* ---- sound files ---- */

/* A kilohertz for half a second. */
static void make_file(struct settings *settings, enum occasion occasion)
{
    struct cue_file *file = &settings->cues.file[occasion];
    file->frames = 24000;
    file->samples = g_new(int16_t, file->frames);
    for (int i = 0; i < 24000; i++) file->samples[i] = (int16_t)lrint(32767 * sin(2 * G_PI * i / 48));
    settings->cues.sound[occasion] = (char *)"/some/file.wav";
}

static void test_files(void)
{
    struct settings settings = plain();
    struct tones tones;
    make_file(&settings, OCCASION_END);
    make_file(&settings, OCCASION_ACK);
    settings.cues.sound[OCCASION_GO] = (char *)"/not/read.wav";
    settings.sound.cue_level = -4;
    tones_init(&tones, &settings);
    g_assert_cmpint(tones.tone[OCCASION_END].frames, ==, 24000);
    g_assert_cmpfloat(fabs(20 * log10(peak_of(&tones.tone[OCCASION_END]) / 32768.0) + 22), <, 0.01);
    g_assert_cmpfloat(fabs(-18 + 7 - loudest(&tones.tone[OCCASION_ACK], MS_100) - 15), <, 0.3);
    g_assert_cmpint(tones.tone[OCCASION_GO].frames, ==, 0);
    tones_finish(&tones);
    g_free(settings.cues.file[OCCASION_END].samples);
    g_free(settings.cues.file[OCCASION_ACK].samples);
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
    struct settings settings = plain();
    struct tones tones;
    tones_init(&tones, &settings);
    for (int a = 0; a < N_OCCASIONS; a++)
        for (int b = 0; b < a; b++) {
            if (!tones.tone[a].samples || !tones.tone[b].samples) continue;
            g_test_message("%s and %s", occasion_name(a), occasion_name(b));
            g_assert_cmpfloat(likeness(&tones.tone[a], &tones.tone[b]), <, 0.4);
        }
    tones_finish(&tones);
}

static void test_repeatable(void)
{
    struct settings settings = plain();
    struct tones first, second;
    tones_init(&first, &settings);
    tones_init(&second, &settings);
    for (int i = 0; i < N_OCCASIONS; i++)
        if (first.tone[i].samples)
            g_assert_cmpmem(first.tone[i].samples, first.tone[i].frames * sizeof(float),
                            second.tone[i].samples, second.tone[i].frames * sizeof(float));
    tones_finish(&first);
    tones_finish(&second);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tone/levels", test_levels);
    g_test_add_func("/tone/faintest", test_faintest);
    g_test_add_func("/tone/breath", test_breath);
    g_test_add_func("/tone/acknowledging-sounds", test_acknowledging_sounds);
    g_test_add_func("/tone/off", test_off);
    g_test_add_func("/tone/loudness", test_loudness);
    g_test_add_func("/tone/measured-as-by-libebur128", test_measured_as_by_libebur128);
    g_test_add_func("/tone/no-click", test_no_click);
    g_test_add_func("/tone/files", test_files);
    g_test_add_func("/tone/different", test_different);
    g_test_add_func("/tone/repeatable", test_repeatable);
    return g_test_run();
}
