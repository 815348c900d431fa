#include "mix/take.h"
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_MS = 10,
    SPEECH_BLOCKS = 3, /* a click is shorter */
    LEAD_MS = 50,      /* that stays of the silence before speech, with its faintest consonants, */
    TAIL_MS = 150,     /* and behind it; */
    FADE_MS = 50,      /* so much of either fades */
    FULL = 32700,      /* so many samples in a row, this far out, are the flat top of a clipped wave */
    FULL_SAMPLES = 3,
    QUIET_LUFS = -45,
};

/* Speech is 6 dB above the noise between words, but never counted from more than 20 dB below its loudest
 * block, nor from less than 40 dB: as amplitudes. */
static const double ABOVE_NOISE = 2, LEAST = 0.01, MOST = 0.1;

/* Frames from `begin` up to `end`. */
struct part {
    int64_t begin, end;
};

static bool is_clipped(const int16_t *samples, int64_t frames)
{
    int row = 0;
    for (int64_t i = 0; i < frames && row < FULL_SAMPLES; i++) row = abs(samples[i]) >= FULL ? row + 1 : 0;
    return row == FULL_SAMPLES;
}

/* ---- where speech is ---- */

static double level_of(const int16_t *samples, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++) sum += (double)samples[i] * samples[i];
    return sqrt(sum / n);
}

static int compare(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A tenth of the blocks at most is noise only, where speech begins at once and hardly pauses. */
static double threshold_of(const double *levels, gsize n)
{
    g_autofree double *sorted = g_memdup2(levels, n * sizeof *levels);
    qsort(sorted, n, sizeof *sorted, compare);
    double noise = sorted[n / 10], loudest = sorted[n - 1];
    return CLAMP(ABOVE_NOISE * noise, LEAST * loudest, MOST * loudest);
}

/* The blocks from the first to the last run of loud ones; false if there is none. */
static bool find_speech(const double *levels, gsize n, double threshold, struct part *blocks)
{
    int row = 0;
    bool found = false;
    for (gsize i = 0; i < n; i++) {
        row = levels[i] > threshold ? row + 1 : 0;
        if (row < SPEECH_BLOCKS) continue;
        if (!found) blocks->begin = (int64_t)i - SPEECH_BLOCKS + 1;
        blocks->end = (int64_t)i + 1;
        found = true;
    }
    return found;
}

static bool cut(const int16_t *samples, int64_t frames, int rate, struct part *part)
{
    const int block = rate * BLOCK_MS / 1000;
    const gsize n = (gsize)(frames / block);
    struct part blocks = {0};
    if (n == 0) return false;
    g_autofree double *levels = g_new(double, n);
    for (gsize i = 0; i < n; i++) levels[i] = level_of(samples + (int64_t)i * block, block);
    if (!find_speech(levels, n, threshold_of(levels, n), &blocks)) return false;
    part->begin = MAX(blocks.begin * block - rate * LEAD_MS / 1000, 0);
    part->end = MIN(blocks.end * block + rate * TAIL_MS / 1000, frames);
    return true;
}

/* ---- the clip ---- */

/* Noise that begins or ends at once is heard as a click, and would be taken for the onset. */
static void fade(int16_t *samples, int64_t frames, int rate)
{
    const int64_t n = MIN(rate * FADE_MS / 1000, frames);
    for (int64_t i = 0; i < n; i++) {
        int16_t *first = &samples[i], *last = &samples[frames - 1 - i];
        *first = (int16_t)(*first * i / n);
        *last = (int16_t)(*last * i / n);
    }
}

/* Cheap microphones add a constant, which would count as sound. */
static int16_t *without_offset(const int16_t *samples, int64_t frames)
{
    int64_t sum = 0;
    int16_t *centred = g_new(int16_t, frames);
    for (int64_t i = 0; i < frames; i++) sum += samples[i];
    const int offset = (int)(sum / MAX(frames, 1));
    for (int64_t i = 0; i < frames; i++)
        centred[i] = (int16_t)CLAMP(samples[i] - offset, INT16_MIN, INT16_MAX);
    return centred;
}

struct clip *take_make(const int16_t *samples, int64_t frames, int rate, double level, enum take_fault *fault)
{
    struct part part;
    g_autofree int16_t *centred = without_offset(samples, frames);
    if (!cut(centred, frames, rate, &part)) {
        *fault = TAKE_SILENT;
        return NULL;
    }
    const int64_t n = part.end - part.begin;
    g_autofree int16_t *speech = g_memdup2(centred + part.begin, (gsize)n * sizeof *samples);
    const double lufs = loudness_of(speech, n, rate);
    *fault = is_clipped(samples + part.begin, n) ? TAKE_CLIPPED : lufs < QUIET_LUFS ? TAKE_QUIET : TAKE_RIGHT;
    if (*fault != TAKE_RIGHT) return NULL;
    fade(speech, n, rate);
    return clip_make(speech, n, rate, rate, loudness_gain(speech, n, rate, level), CLIP_CEILING_DBTP);
}
