/* The own sounds as an ear measures them: when they are struck, how bright they are, how high and how long.
 * Guidelines for earcons (Brewster, Wright, Edwards, 1995): two are told apart by rhythm, timbre and
 * register, not by pitch alone. */
#include "mix/tone.h"
#include <glib.h>
#include <math.h>
#include <stdbool.h>

enum { RATE = 48000, STEP = RATE / 200 /* 5 ms */, BINS = 96, MOST_STROKES = 8 };

static const double LOWEST_HZ = 120, HIGHEST_HZ = 7000;

struct ear {
    int strokes;
    double at[MOST_STROKES]; /* seconds */
    double seconds;          /* until 99 % of its energy is over */
    double centre;           /* Hz, of its spectrum */
    double height;           /* Hz, of its strongest partial */
};

static double power(const struct tone *tone, int64_t begin, int64_t frames)
{
    double sum = 0;
    for (int64_t i = begin; i < MIN(begin + frames, tone->frames); i++)
        sum += tone->samples[i] * tone->samples[i];
    return sum;
}

/* Struck: 3 dB more than 10 ms before, and not again for 85 ms: two notes that beat are one. */
static void hear_strokes(const struct tone *tone, struct ear *ear)
{
    double before = 0, last = 0, loudest = 0;
    for (int64_t i = 0; i < tone->frames; i += STEP) loudest = MAX(loudest, power(tone, i, STEP));
    for (int64_t i = 0; i < tone->frames; i += STEP) {
        const double now = power(tone, i, STEP), at = (double)i / RATE;
        const bool rises = now > 2 * before && now > loudest / 100;
        const bool apart = ear->strokes == 0 || at - ear->at[ear->strokes - 1] > 0.085;
        if (rises && apart && ear->strokes < MOST_STROKES) ear->at[ear->strokes++] = at;
        before = last;
        last = now;
    }
}

static double bin_hz(int bin)
{
    return LOWEST_HZ * pow(HIGHEST_HZ / LOWEST_HZ, (double)bin / (BINS - 1));
}

/* Goertzel's filter. */
static double energy_at(const struct tone *tone, double hz)
{
    const double turn = 2 * cos(2 * G_PI * hz / RATE);
    double one = 0, two = 0;
    for (int64_t i = 0; i < tone->frames; i++) {
        const double now = tone->samples[i] + turn * one - two;
        two = one, one = now;
    }
    return one * one + two * two - turn * one * two;
}

static void hear_spectrum(const struct tone *tone, struct ear *ear)
{
    double sum = 0, weighted = 0, most = 0;
    for (int bin = 0; bin < BINS; bin++) {
        const double hz = bin_hz(bin), energy = hz * energy_at(tone, hz); /* wider bins, higher up */
        sum += energy;
        weighted += energy * log(hz);
        if (energy / hz > most) most = energy / hz, ear->height = hz;
    }
    ear->centre = exp(weighted / sum);
}

static void hear_length(const struct tone *tone, struct ear *ear)
{
    const double all = power(tone, 0, tone->frames);
    int64_t end = 0;
    for (double heard = 0; heard < 0.99 * all; end += STEP) heard += power(tone, end, STEP);
    ear->seconds = (double)end / RATE;
}

static void hear(const struct tone *tone, struct ear *ear)
{
    *ear = (struct ear){0};
    hear_strokes(tone, ear);
    hear_spectrum(tone, ear);
    hear_length(tone, ear);
}

/* ---- what tells them apart ---- */

static bool differ(double a, double b, double ratio)
{
    return MAX(a, b) > ratio * MIN(a, b);
}

/* Another number of strokes, or others between them, or one rings much longer. */
static bool differ_in_rhythm(const struct ear *a, const struct ear *b)
{
    bool other = a->strokes != b->strokes || differ(a->seconds, b->seconds, 1.6);
    for (int i = 1; i < a->strokes && !other; i++)
        other = differ(a->at[i] - a->at[i - 1], b->at[i] - b->at[i - 1], 1.3);
    return other;
}

static bool differ_in_timbre(const struct ear *a, const struct ear *b)
{
    return differ(a->centre, b->centre, 1.3);
}

/* Half an octave. */
static bool differ_in_register(const struct ear *a, const struct ear *b)
{
    return differ(a->height, b->height, sqrt(2));
}

struct ears {
    struct tones tones;
    struct ear ear[N_OCCASIONS];
};

static void ears_init(struct ears *ears)
{
    const struct settings settings = {.sound = {.rate = RATE}, .voice = {.level = -18}};
    tones_init(&ears->tones, &settings);
    for (int i = 0; i < N_OCCASIONS; i++) {
        struct ear *ear = &ears->ear[i];
        if (!ears->tones.tone[i].samples) continue; /* those of a breath take as long as it does */
        hear(&ears->tones.tone[i], ear);
        g_test_message("%s: %d strokes, %.2f s, %.0f Hz, around %.0f Hz", occasion_name(i), ear->strokes,
                       ear->seconds, ear->height, ear->centre);
    }
}

static void test_any_two(void)
{
    struct ears ears;
    ears_init(&ears);
    for (int i = 0; i < N_OCCASIONS; i++)
        for (int k = 0; k < i; k++) {
            const struct ear *a = &ears.ear[i], *b = &ears.ear[k];
            if (!ears.tones.tone[i].samples || !ears.tones.tone[k].samples) continue;
            g_test_message("%s and %s", occasion_name(i), occasion_name(k));
            g_assert_true(differ_in_rhythm(a, b) || (differ_in_timbre(a, b) && differ_in_register(a, b)));
        }
    tones_finish(&ears.tones);
}

/* Taken for each other, these would do harm. */
static void test_worst_two(void)
{
    static const enum occasion pairs[][2] = {
        {OCCASION_END, OCCASION_ACK}, {OCCASION_CHANGE, OCCASION_STEP}, {OCCASION_END, OCCASION_GO}};
    struct ears ears;
    ears_init(&ears);
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        const struct ear *a = &ears.ear[pairs[i][0]], *b = &ears.ear[pairs[i][1]];
        g_assert_true(differ_in_rhythm(a, b) && differ_in_timbre(a, b) && differ_in_register(a, b));
    }
    tones_finish(&ears.tones);
}

static void test_rhythms(void)
{
    static const struct {
        enum occasion occasion;
        int strokes;
    } expected[] = {{OCCASION_TICK, 1}, {OCCASION_GO, 2},   {OCCASION_END, 1},       {OCCASION_CHANGE, 3},
                    {OCCASION_STEP, 1}, {OCCASION_DONE, 3}, {OCCASION_ATTENTION, 2}, {OCCASION_ACK, 1}};
    struct ears ears;
    ears_init(&ears);
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
        g_assert_cmpint(ears.ear[expected[i].occasion].strokes, ==, expected[i].strokes);
    tones_finish(&ears.tones);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/earcon/any-two", test_any_two);
    g_test_add_func("/earcon/worst-two", test_worst_two);
    g_test_add_func("/earcon/rhythms", test_rhythms);
    return g_test_run();
}
