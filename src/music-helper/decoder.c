#include "decoder.h"
#include "ipc/music_packets.h"
#include "mix/resample.h"
#include <glib.h>
#include <math.h>
#include <sndfile.h>
#include <stdbool.h>
#include <string.h>

enum { CHANNELS_MAX = 8, RATE_MIN = 4000, RATE_MAX = 400000, BLOCK = 4096 };

struct decoder {
    SNDFILE *file;
    int channels;
    struct resampler *resampler; /* NULL where the rates are the same */
    int64_t left;                /* frames of the file that may still be read */
    float read[CHANNELS_MAX * BLOCK];
    int16_t block[MUSIC_CHANNELS * BLOCK]; /* decoded: from frame `at` on, `held` frames are to be given */
    int64_t at, held;
};

struct decoder *decoder_new(int fd, int rate, const char **why)
{
    SF_INFO info = {0};
    SNDFILE *file = sf_open_fd(fd, SFM_READ, &info, SF_FALSE);
    *why = file ? "not music in 1 to 8 channels at 4 to 400 kHz" : "not a sound file that can be read";
    if (!file || info.channels < 1 || info.channels > CHANNELS_MAX || info.samplerate < RATE_MIN ||
        info.samplerate > RATE_MAX) {
        if (file) sf_close(file);
        return NULL;
    }
    struct decoder *decoder = g_new0(struct decoder, 1);
    decoder->file = file;
    decoder->channels = info.channels;
    decoder->left = (int64_t)MUSIC_HOURS * 3600 * info.samplerate;
    if (info.samplerate != rate) decoder->resampler = resampler_new(info.samplerate, rate);
    return decoder;
}

void decoder_free(struct decoder *decoder)
{
    if (!decoder) return;
    sf_close(decoder->file);
    resampler_free(decoder->resampler);
    g_free(decoder);
}

static int16_t to_16_bits(float sample)
{
    return isnan(sample) ? 0 : (int16_t)lrintf(CLAMP(sample * 32768, INT16_MIN, INT16_MAX));
}

/* One channel is heard on both sides. Of more than two, the first are left and right, and the others are
 * heard on both sides, 3 dB lower; so that nothing is clipped, all of it becomes softer. */
static void fold(const float *frame, int channels, int16_t *stereo)
{
    static const float LOWER = 0.70795F;
    float others = 0;
    for (int c = 2; c < channels; c++) others += LOWER * frame[c];
    const float whole = channels > 2 ? 1 + LOWER * (float)(channels - 2) : 1;
    stereo[0] = to_16_bits((frame[0] + others) / whole);
    stereo[1] = to_16_bits((frame[channels > 1] + others) / whole);
}

/* The next frames of the file. */
static void decode(struct decoder *decoder)
{
    const int channels = decoder->channels;
    const int64_t n = sf_readf_float(decoder->file, decoder->read, MIN(BLOCK, decoder->left));
    decoder->held = MAX(n, 0);
    decoder->at = 0;
    decoder->left = decoder->held > 0 ? decoder->left - decoder->held : 0; /* it ends for good */
    for (int64_t i = 0; i < decoder->held; i++)
        fold(decoder->read + i * channels, channels, decoder->block + 2 * i);
}

static int64_t copy(struct decoder *decoder, int16_t *stereo, int64_t frames)
{
    const int64_t n = MIN(frames, decoder->held);
    memcpy(stereo, decoder->block + 2 * decoder->at, (size_t)(2 * n) * sizeof *stereo);
    decoder->at += n;
    decoder->held -= n;
    return n;
}

static int64_t convert(struct decoder *decoder, int16_t *stereo, int64_t frames)
{
    int64_t taken = 0;
    const int16_t *in = decoder->held > 0 ? decoder->block + 2 * decoder->at : NULL;
    const int64_t n = resampler_run(decoder->resampler, in, decoder->held, &taken, stereo, frames);
    decoder->at += taken;
    decoder->held -= taken;
    return n;
}

int64_t decoder_read(struct decoder *decoder, int16_t *stereo, int64_t frames)
{
    int64_t done = 0;
    while (done < frames) {
        if (decoder->held == 0 && decoder->left > 0) decode(decoder);
        const bool over = decoder->held == 0;
        const int64_t n = decoder->resampler ? convert(decoder, stereo + 2 * done, frames - done)
                                             : copy(decoder, stereo + 2 * done, frames - done);
        done += n;
        if (over && n == 0) break;
    }
    return done;
}
