#include "mix/clip.h"
#include "limiter.h"
#include "mix/resample.h"
#include <ebur128.h>
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rounding to 16 bits and cutting before the onset can each raise the true peak slightly. */
static const double CLIP_MARGIN_DB = 0.05;

static struct clip *new_clip(int64_t samples)
{
    struct clip *clip = g_malloc(sizeof *clip + samples * sizeof clip->samples[0]);
    *clip = (struct clip){.refs = 1, .frames = samples};
    return clip;
}

/* Cuts what comes before its onset. NULL if nothing is heard. */
static struct clip *from_onset(struct clip *clip)
{
    int peak = 0;
    int64_t begin = 0;
    for (int64_t i = 0; i < clip->frames; i++) peak = MAX(peak, abs(clip->samples[i]));
    double threshold = peak * pow(10, CLIP_ONSET_DB / 20.0);
    while (begin < clip->frames && abs(clip->samples[begin]) <= threshold) begin++;
    if (peak == 0) {
        g_free(clip);
        return NULL;
    }
    clip->frames -= begin;
    memmove(clip->samples, clip->samples + begin, clip->frames * sizeof clip->samples[0]);
    return clip;
}

struct clip *clip_make(const int16_t *samples, int64_t frames, int rate, int output_rate, double gain,
                       double ceiling_dbtp)
{
    int64_t n;
    g_autofree float *sound = resample(samples, frames, rate, output_rate, &n);
    for (int64_t i = 0; i < n; i++) sound[i] *= (float)gain;
    limiter_apply(sound, n, output_rate, ceiling_dbtp - CLIP_MARGIN_DB);
    struct clip *clip = new_clip(n);
    for (int64_t i = 0; i < n; i++) clip->samples[i] = (int16_t)lrintf(sound[i] * 32768); /* within 16 bits */
    return from_onset(clip);
}

struct clip *clip_chime(int64_t frames)
{
    struct clip *clip = new_clip(0);
    clip->chime = true;
    clip->frames = frames;
    return clip;
}

struct clip *clip_ref(struct clip *clip)
{
    clip->refs++;
    return clip;
}

void clip_unref(struct clip *clip)
{
    if (clip && --clip->refs == 0) g_free(clip);
}

/* ---- loudness ---- */

/* What libebur128 measures, in Hz. */
enum { LEAST_RATE = 16, MOST_RATE = 2822400 };

static void need_memory(bool is_there)
{
    if (!is_there) g_error("no memory to measure loudness");
}

/* Of mono samples that are heard on both channels. NULL for a rate that is out of range. */
static ebur128_state *start_measure(int rate, int mode)
{
    if (rate < LEAST_RATE || rate > MOST_RATE) return NULL;
    ebur128_state *state = ebur128_init(1, (unsigned)rate, mode);
    need_memory(state != NULL);
    ebur128_set_channel(state, 0, EBUR128_DUAL_MONO);
    return state;
}

static void measure(ebur128_state *state, const int16_t *samples, int64_t frames)
{
    need_memory(ebur128_add_frames_short(state, samples, (size_t)frames) != EBUR128_ERROR_NOMEM);
}

/* What BS.1770 measures at once. A shorter sound ("Three.") is measured as if it were said again and again.
 */
static const double BLOCK_S = 0.4;

double loudness_of(const int16_t *samples, int64_t frames, int rate)
{
    double lufs = -HUGE_VAL;
    ebur128_state *state = start_measure(rate, EBUR128_MODE_I);
    if (!state) return lufs;
    for (int64_t done = 0; frames > 0 && done < BLOCK_S * rate; done += frames)
        measure(state, samples, frames);
    ebur128_loudness_global(state, &lufs);
    ebur128_destroy(&state);
    return lufs;
}

double loudness_most(const int16_t *samples, int64_t frames, int rate, int window_ms)
{
    const int64_t step = MAX(1, rate / 100), all = frames + (int64_t)rate * window_ms / 1000;
    g_autofree int16_t *padded = g_new0(int16_t, all);
    double most = -HUGE_VAL, lufs;
    ebur128_state *state = start_measure(rate, EBUR128_MODE_M);
    if (!state) return most;
    memcpy(padded, samples, frames * sizeof *padded);
    for (int64_t at = 0; at < all; at += step) {
        measure(state, padded + at, MIN(step, all - at));
        if (ebur128_loudness_window(state, (unsigned long)window_ms, &lufs) == EBUR128_SUCCESS)
            most = MAX(most, lufs);
    }
    ebur128_destroy(&state);
    return most;
}

double loudness_gain(const int16_t *samples, int64_t frames, int rate, double target)
{
    double lufs = loudness_of(samples, frames, rate);
    return isfinite(lufs) ? pow(10, (target - lufs) / 20) : 1;
}
