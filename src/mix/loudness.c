#include "mix/loudness.h"
#include <ebur128.h>
#include <glib.h>
#include <math.h>

double loudness_of(const int16_t *samples, int64_t frames, int rate)
{
    ebur128_state *state = ebur128_init(1, rate, EBUR128_MODE_I);
    if (!state) g_error("loudness: out of memory");
    ebur128_set_channel(state, 0, EBUR128_DUAL_MONO);
    double lufs = -HUGE_VAL;
    if (ebur128_add_frames_short(state, samples, frames) != EBUR128_SUCCESS ||
        ebur128_loudness_global(state, &lufs) != EBUR128_SUCCESS)
        g_error("loudness: out of memory");
    ebur128_destroy(&state);
    return lufs;
}

double loudness_gain(const int16_t *samples, int64_t frames, int rate, double target)
{
    double lufs = loudness_of(samples, frames, rate);
    return isinf(lufs) ? 1 : pow(10, (target - lufs) / 20);
}
