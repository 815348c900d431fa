#include "mix/resample.h"
#include <glib.h>
#include <soxr.h>
#include <string.h>

enum { MONO = 1, STEREO = 2, PIECE = 2048 };

/* All rates have been checked, so only memory can be the reason. */
static void check(soxr_error_t error)
{
    if (error) g_error("resampling: %s", error);
}

static soxr_t start(int rate, int out_rate, unsigned channels, soxr_io_spec_t io)
{
    soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
    soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
    soxr_error_t error = NULL;
    soxr_t soxr = soxr_create(rate, out_rate, channels, &error, &io, &quality, &one_thread);
    check(error);
    return soxr;
}

/* Given a whole clip at once, the library copies it for each of its stages, into fresh memory: measured to
 * cost several times as much as the arithmetic. */
static void convert_in_pieces(soxr_t soxr, const int16_t *samples, size_t frames, float *out, size_t room)
{
    size_t done = 0, got = 0, piece, taken, made;
    do {
        piece = MIN(PIECE, frames - done);
        check(soxr_process(soxr, piece ? samples + done : NULL, piece, &taken, out + got, room - got, &made));
        done += taken;
        got += made;
    } while (got < room && (piece > 0 || made > 0));
    memset(out + got, 0, (room - got) * sizeof *out);
}

float *resample(const int16_t *samples, int64_t frames, int rate, int out_rate, int64_t *out_frames)
{
    *out_frames = (frames * out_rate + rate / 2) / rate;
    float *out = g_new(float, *out_frames + 1);
    if (rate == out_rate) {
        for (int64_t i = 0; i < frames; i++) out[i] = (float)samples[i] / 32768;
        return out;
    }
    soxr_t soxr = start(rate, out_rate, MONO, soxr_io_spec(SOXR_INT16_I, SOXR_FLOAT32_I));
    convert_in_pieces(soxr, samples, (size_t)frames, out, (size_t)*out_frames);
    soxr_delete(soxr);
    return out;
}

/* ---- a stream ---- */

struct resampler {
    soxr_t soxr;
};

struct resampler *resampler_new(int rate, int out_rate)
{
    soxr_io_spec_t io = soxr_io_spec(SOXR_INT16_I, SOXR_INT16_I);
    io.flags |= SOXR_NO_DITHER;
    struct resampler *resampler = g_new0(struct resampler, 1);
    resampler->soxr = start(rate, out_rate, STEREO, io);
    return resampler;
}

int64_t resampler_run(struct resampler *resampler, const int16_t *in, int64_t frames, int64_t *taken,
                      int16_t *out, int64_t room)
{
    size_t eaten = 0, made = 0;
    check(soxr_process(resampler->soxr, in, frames, &eaten, out, room, &made));
    *taken = eaten;
    return made;
}

void resampler_free(struct resampler *resampler)
{
    if (!resampler) return;
    soxr_delete(resampler->soxr);
    g_free(resampler);
}
