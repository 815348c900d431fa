#include "limiter.h"
#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* The true peak is that of the signal between its samples. As in ITU-R BS.1770-4, annex 2, it is looked for
 * at three more points in each gap, by a windowed sinc over 12 samples: 48 taps, 12 for each phase. */
enum {
    OVERSAMPLING = 4,
    PHASES = OVERSAMPLING - 1, /* the fourth are the samples themselves */
    REACH = 6,                 /* samples on each side of a point */
    TAPS = 2 * REACH,
    BLOCK = 64,
    WINDOW = BLOCK + TAPS,
    DENT_MS = 15, /* half the width of a reduction */
    MAX_PASSES = 8,
    /* Speech needs fewer dents than one for so many frames; with more, the clip as a whole is turned down. */
    DENT_FRAMES = 16,
    LANES = 4,
};

/* The gain is not quite the same at all samples that make up a point, so that a reduction may leave the peak
 * a hair over what it aims at. It aims a hair lower (0.02 dB), and the next pass looks again. */
static const float AIM = 0.998f;

struct interpolator {
    float taps[PHASES][TAPS];
    float bound; /* no point exceeds the greatest sample within reach by more than this factor */
};

/* The taps are a Hann-windowed sinc. A sum of products cannot exceed the sum of their magnitudes times the
 * greatest sample. */
static void interpolator_init(struct interpolator *interpolator)
{
    interpolator->bound = 1;
    for (int p = 0; p < PHASES; p++) {
        double sum = 0;
        for (int k = 0; k < TAPS; k++) {
            double at = k - (REACH - 1) - (p + 1) / (double)OVERSAMPLING;
            double tap = sin(G_PI * at) / (G_PI * at) * 0.5 * (1 + cos(G_PI * at / REACH));
            interpolator->taps[p][k] = (float)tap;
            sum += fabs(tap);
        }
        interpolator->bound = MAX(interpolator->bound, (float)sum);
    }
}

/* Loads the samples from `begin` - REACH + 1 on, zeros outside the clip. */
static void load(const float *samples, int64_t frames, int64_t begin, float window[WINDOW])
{
    int64_t from = begin - (REACH - 1);
    int64_t first = MAX(from, 0), last = MIN(from + WINDOW, frames);
    memset(window, 0, WINDOW * sizeof *window);
    memcpy(window + (first - from), samples + first, (last - first) * sizeof *window);
}

/* `n` is a multiple of LANES, so that the loop is vectorised. */
static float greatest(const float *samples, int n)
{
    float most[LANES] = {0};
    for (int i = 0; i < n; i += LANES)
        for (int lane = 0; lane < LANES; lane++) most[lane] = MAX(most[lane], fabsf(samples[i + lane]));
    return MAX(MAX(most[0], most[1]), MAX(most[2], most[3]));
}

/* The peak between each sample of a block and the next one. The inner loop runs over the block, so it is
 * vectorised. */
static void block_peaks(const struct interpolator *interpolator, const float window[WINDOW],
                        float peaks[BLOCK])
{
    for (int i = 0; i < BLOCK; i++) peaks[i] = fabsf(window[i + REACH - 1]);
    for (int p = 0; p < PHASES; p++) {
        float points[BLOCK] = {0};
        for (int k = 0; k < TAPS; k++)
            for (int i = 0; i < BLOCK; i++) points[i] += interpolator->taps[p][k] * window[i + k];
        for (int i = 0; i < BLOCK; i++) peaks[i] = MAX(peaks[i], fabsf(points[i]));
    }
}

double limiter_true_peak(const float *samples, int64_t frames)
{
    struct interpolator interpolator;
    interpolator_init(&interpolator);
    float most = 0;
    for (int64_t begin = 0; begin < frames; begin += BLOCK) {
        float window[WINDOW], peaks[BLOCK];
        load(samples, frames, begin, window);
        if (greatest(window, WINDOW) * interpolator.bound <= most) continue;
        block_peaks(&interpolator, window, peaks);
        most = MAX(most, greatest(peaks, BLOCK));
    }
    return most;
}

/* ---- reduction ---- */

/* A reduction has the form of a bell: without a corner, only the lower level is heard. */
struct bell {
    int half;
    const float *shape; /* 1 at 0, falling to 0 at `half` */
};

/* Overlapping reductions do not add up: the deeper one holds. */
static void dent(float *reduction, int64_t frames, int64_t at, float depth, const struct bell *bell)
{
    int64_t right = MIN(bell->half, frames - at), left = MIN(bell->half, at + 1);
    for (int64_t i = 0; i < right; i++) reduction[at + i] = MAX(reduction[at + i], depth * bell->shape[i]);
    for (int64_t i = 1; i < left; i++) reduction[at - i] = MAX(reduction[at - i], depth * bell->shape[i]);
}

/* False if no peak was over the ceiling, or there are more than *dents dents, which becomes negative then. */
static bool find_dents(const float *samples, int64_t frames, float ceiling, const struct bell *bell,
                       float *reduction, int64_t *dents)
{
    struct interpolator interpolator;
    interpolator_init(&interpolator);
    bool any = false;
    for (int64_t begin = 0; begin < frames; begin += BLOCK) {
        float window[WINDOW], peaks[BLOCK];
        load(samples, frames, begin, window);
        if (greatest(window, WINDOW) * interpolator.bound <= ceiling) continue;
        block_peaks(&interpolator, window, peaks);
        for (int i = 0; i < BLOCK && begin + i < frames; i++) {
            if (peaks[i] <= ceiling) continue;
            any = true;
            /* The dent of a summit also covers the flank before it. */
            bool rising = i + 1 < BLOCK && peaks[i + 1] > peaks[i];
            float depth = 1 - AIM * ceiling / peaks[i];
            if (rising || depth <= reduction[begin + i]) continue;
            if (--*dents < 0) return false;
            dent(reduction, frames, begin + i, depth, bell);
        }
    }
    return any;
}

void limiter_apply(float *samples, int64_t frames, int rate, double ceiling_dbtp)
{
    float ceiling = (float)pow(10, ceiling_dbtp / 20);
    int64_t dents = frames / DENT_FRAMES + BLOCK;
    int half = MAX(1, (int)((int64_t)rate * DENT_MS / 1000));
    g_autofree float *shape = g_new(float, half);
    for (int i = 0; i < half; i++) shape[i] = (float)(0.5 * (1 + cos(G_PI * i / half)));
    const struct bell bell = {half, shape};
    for (int pass = 0; pass < MAX_PASSES; pass++) {
        g_autofree float *reduction = g_new0(float, frames);
        if (!find_dents(samples, frames, ceiling, &bell, reduction, &dents)) break;
        for (int64_t i = 0; i < frames; i++) samples[i] *= 1 - reduction[i];
    }
    if (dents >= 0) return;
    float gain = AIM * ceiling / (float)limiter_true_peak(samples, frames);
    for (int64_t i = 0; i < frames; i++) samples[i] *= gain;
}
