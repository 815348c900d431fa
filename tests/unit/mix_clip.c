#include "mix/clip.h"
#include <ebur128.h>
#include <glib.h>
#include <math.h>
#include <stdlib.h>

enum { RATE = 22050, FRAMES = RATE, LEAD = 1500 };

/* Silence, then faint noise, then something like a vowel that swells and dies away. */
static int16_t *word(double level, int faint)
{
    int16_t *samples = g_new0(int16_t, FRAMES);
    GRand *rand = g_rand_new_with_seed(7);
    for (int i = LEAD / 2; i < LEAD; i++) samples[i] = (int16_t)g_rand_int_range(rand, -faint, faint + 1);
    for (int i = LEAD; i < FRAMES - LEAD; i++) {
        double t = (double)(i - LEAD) / RATE, ring = fmod(t, 0.008);
        double swell = MIN(1, t / 0.05) * exp(-2 * t);
        samples[i] = (int16_t)lrint(level * swell * exp(-200 * ring) * sin(2 * G_PI * 900 * ring));
    }
    g_rand_free(rand);
    return samples;
}

static int peak_of(const struct clip *clip)
{
    int peak = 0;
    for (int64_t i = 0; i < clip->frames; i++) peak = MAX(peak, abs(clip->samples[i]));
    return peak;
}

static double true_peak_db(const struct clip *clip, int rate)
{
    double peak = 0;
    ebur128_state *state = ebur128_init(1, rate, EBUR128_MODE_TRUE_PEAK);
    ebur128_add_frames_short(state, clip->samples, clip->frames);
    ebur128_true_peak(state, 0, &peak);
    ebur128_destroy(&state);
    return 20 * log10(peak);
}

static void test_onset(void)
{
    for (int faint = 0; faint <= 20; faint += 10) {
        g_autofree int16_t *samples = word(20000, faint);
        struct clip *clip = clip_make(samples, FRAMES, RATE, 48000, 0.9, CLIP_CEILING_DBTP);
        g_assert_false(clip->chime);
        g_assert_cmpfloat(abs(clip->samples[0]), >, peak_of(clip) * pow(10, -2.5));
        /* The word's own begin, or a little before: the resampler rings ahead of it. */
        int64_t whole = llround(FRAMES * 48000.0 / RATE), lead = whole - clip->frames,
                begin = LEAD * 48000 / RATE;
        g_assert_cmpint(lead, >, begin - 150);
        g_assert_cmpint(lead, <=, begin + 20);
        clip_unref(clip);
    }
}

/* Without a change of rate and level nothing changes but the begin. */
static void test_bits(void)
{
    g_autofree int16_t *samples = word(12000, 0);
    struct clip *clip = clip_make(samples, FRAMES, RATE, RATE, 1, CLIP_CEILING_DBTP);
    int64_t cut = FRAMES - clip->frames;
    g_assert_cmpint(cut, >=, LEAD);
    g_assert_cmpmem(clip->samples, clip->frames * sizeof(int16_t), samples + cut,
                    clip->frames * sizeof(int16_t));
    for (int64_t i = 0; i < cut; i++) g_assert_cmpfloat(abs(samples[i]), <=, peak_of(clip) * pow(10, -2.5));
    clip_unref(clip);
}

static void test_rounded(void)
{
    g_autofree int16_t *samples = word(30000, 0);
    struct clip *clip = clip_make(samples, FRAMES, RATE, RATE, 0.3, CLIP_CEILING_DBTP);
    int64_t cut = FRAMES - clip->frames;
    for (int64_t i = 0; i < clip->frames; i++)
        g_assert_cmpfloat(fabs(clip->samples[i] - 0.3 * samples[cut + i]), <=, 0.501);
    clip_unref(clip);
}

static void test_ceiling(void)
{
    static const int rates[] = {44100, 48000};
    for (gsize r = 0; r < G_N_ELEMENTS(rates); r++)
        for (double gain = 0.5; gain < 20; gain *= 1.7) {
            g_autofree int16_t *samples = word(30000, 5);
            struct clip *clip = clip_make(samples, FRAMES, RATE, rates[r], gain, CLIP_CEILING_DBTP);
            g_assert_cmpfloat(true_peak_db(clip, rates[r]), <=, CLIP_CEILING_DBTP);
            clip_unref(clip);
        }
}

static void test_repeatable(void)
{
    g_autofree int16_t *samples = word(30000, 5);
    struct clip *first = clip_make(samples, FRAMES, RATE, 48000, 1.3, CLIP_CEILING_DBTP);
    clip_unref(clip_make(samples + 700, 3000, RATE, 48000, 4, CLIP_CEILING_DBTP));
    struct clip *second = clip_make(samples, FRAMES, RATE, 48000, 1.3, CLIP_CEILING_DBTP);
    g_assert_cmpmem(first->samples, first->frames * sizeof(int16_t), second->samples,
                    second->frames * sizeof(int16_t));
    clip_unref(first);
    clip_unref(second);
}

static void test_silence(void)
{
    static const int16_t silence[FRAMES];
    g_assert_null(clip_make(silence, FRAMES, RATE, 48000, 1, CLIP_CEILING_DBTP));
    g_assert_null(clip_make(silence, 0, RATE, 48000, 1, CLIP_CEILING_DBTP));
    g_assert_null(clip_make(silence, 1, RATE, RATE, 1000, CLIP_CEILING_DBTP));
}

static void test_chime(void)
{
    struct clip *chime = clip_chime(777);
    g_assert_true(chime->chime);
    g_assert_cmpint(chime->frames, ==, 777);
    g_assert_true(clip_ref(chime) == chime);
    clip_unref(chime);
    g_assert_cmpint(chime->refs, ==, 1);
    clip_unref(chime);
    clip_unref(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clip/onset", test_onset);
    g_test_add_func("/clip/bits", test_bits);
    g_test_add_func("/clip/rounded", test_rounded);
    g_test_add_func("/clip/ceiling", test_ceiling);
    g_test_add_func("/clip/repeatable", test_repeatable);
    g_test_add_func("/clip/silence", test_silence);
    g_test_add_func("/clip/chime", test_chime);
    return g_test_run();
}
