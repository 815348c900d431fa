#include "measure.h"
#include "ipc/music_packets.h"
#include <ebur128.h>
#include <glib.h>
#include <math.h>

struct meter {
    ebur128_state *state;
};

struct meter *meter_new(int rate)
{
    struct meter *meter = g_new0(struct meter, 1);
    const int mode = EBUR128_MODE_I | EBUR128_MODE_SAMPLE_PEAK | EBUR128_MODE_HISTOGRAM; /* of fixed size */
    meter->state = ebur128_init(MUSIC_CHANNELS, (unsigned)rate, mode);
    if (!meter->state) g_error("no memory to measure loudness");
    return meter;
}

void meter_add(struct meter *meter, const int16_t *stereo, int64_t frames)
{
    if (ebur128_add_frames_short(meter->state, stereo, (size_t)frames) == EBUR128_ERROR_NOMEM)
        g_error("no memory to measure loudness");
}

void meter_read(struct meter *meter, double *lufs, double *peak)
{
    double left = 0, right = 0;
    *lufs = -HUGE_VAL;
    ebur128_loudness_global(meter->state, lufs);
    ebur128_sample_peak(meter->state, 0, &left);
    ebur128_sample_peak(meter->state, 1, &right);
    *peak = MAX(left, right);
    ebur128_destroy(&meter->state);
    g_free(meter);
}
