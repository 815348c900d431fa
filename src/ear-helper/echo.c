#include "echo.h"
#include "hearing.h"

#include <glib.h>
#include <speex/speex_echo.h>
#include <speex/speex_resampler.h>
#include <string.h>

enum {
    BLOCK = 320,   /* 20 ms */
    TAIL = 6400,   /* 400 ms: the way through the device, the air and the room */
    QUALITY = 4,   /* of the resampler */
    PIECE = 1024,  /* frames that are resampled at once */
    CUSHION = 640, /* 40 ms of what has been played: it comes in steps. The device's own delay is longer */
    MOST = 3200,   /* a clock that runs faster leaves no more than this behind */
    CHANNELS = 2,
};

struct echo {
    SpeexEchoState *canceller;
    SpeexResamplerState *heard_rate, *played_rate;
    GArray *heard, *played; /* int16_t, at HEARING_RATE */
};

struct echo *echo_new(int played_rate)
{
    struct echo *echo = g_new0(struct echo, 1);
    int rate = HEARING_RATE;
    echo->canceller = speex_echo_state_init(BLOCK, TAIL);
    speex_echo_ctl(echo->canceller, SPEEX_ECHO_SET_SAMPLING_RATE, &rate);
    echo->heard_rate = speex_resampler_init(1, HEARING_RATE, HEARING_RATE, QUALITY, NULL);
    echo->played_rate = speex_resampler_init(1, (spx_uint32_t)played_rate, HEARING_RATE, QUALITY, NULL);
    echo->heard = g_array_new(FALSE, FALSE, sizeof(int16_t));
    echo->played = g_array_new(FALSE, TRUE, sizeof(int16_t));
    return echo;
}

void echo_begin(struct echo *echo, int heard_rate)
{
    speex_resampler_set_rate(echo->heard_rate, (spx_uint32_t)heard_rate, HEARING_RATE);
    speex_resampler_reset_mem(echo->heard_rate);
    speex_resampler_reset_mem(echo->played_rate);
    g_array_set_size(echo->heard, 0);
    g_array_set_size(echo->played, 0);
    g_array_set_size(echo->played, CUSHION);
}

void echo_free(struct echo *echo)
{
    if (!echo) return;
    speex_echo_state_destroy(echo->canceller);
    speex_resampler_destroy(echo->heard_rate);
    speex_resampler_destroy(echo->played_rate);
    g_array_unref(echo->heard);
    g_array_unref(echo->played);
    g_free(echo);
}

/* At most PIECE samples. */
static void resample(SpeexResamplerState *resampler, const int16_t *samples, int n, GArray *out)
{
    int16_t made[3 * PIECE]; /* from 8000 Hz on it is twice as many */
    spx_uint32_t in = (spx_uint32_t)n, given = G_N_ELEMENTS(made);
    speex_resampler_process_int(resampler, 0, samples, &in, made, &given);
    g_array_append_vals(out, made, given);
}

void echo_played(struct echo *echo, const int16_t *stereo, int frames)
{
    int16_t mono[PIECE];
    while (frames > 0) {
        const int n = MIN(frames, PIECE);
        for (int i = 0; i < n; i++)
            mono[i] = (int16_t)((stereo[CHANNELS * i] + stereo[CHANNELS * i + 1]) / 2);
        resample(echo->played_rate, mono, n, echo->played);
        stereo += (gsize)CHANNELS * (gsize)n;
        frames -= n;
    }
    if (echo->played->len > MOST) g_array_remove_range(echo->played, 0, echo->played->len - CUSHION);
}

/* What was playing meanwhile; silence, if nothing was. */
static void next_played(struct echo *echo, int16_t block[BLOCK])
{
    const guint n = MIN(echo->played->len, BLOCK);
    memset(block, 0, BLOCK * sizeof *block);
    if (n == 0) return;
    memcpy(block, echo->played->data, n * sizeof *block);
    g_array_remove_range(echo->played, 0, n);
}

void echo_heard(struct echo *echo, const int16_t *samples, int frames,
                void (*take)(void *data, const int16_t *samples, int frames), void *data)
{
    for (; frames > 0; samples += PIECE, frames -= PIECE)
        resample(echo->heard_rate, samples, MIN(frames, PIECE), echo->heard);
    while (echo->heard->len >= BLOCK) {
        int16_t played[BLOCK], left[BLOCK];
        next_played(echo, played);
        speex_echo_cancellation(echo->canceller, (const int16_t *)(void *)echo->heard->data, played, left);
        g_array_remove_range(echo->heard, 0, BLOCK);
        take(data, left, BLOCK);
    }
}
