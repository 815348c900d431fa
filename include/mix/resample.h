/* From the engine's rate to the output's (libsoxr, HQ), the whole clip at once. */
#ifndef MIX_RESAMPLE_H
#define MIX_RESAMPLE_H

#include <stdint.h>

/* Full scale becomes 1.0. Returns a buffer to be freed with g_free, and its length in *out_frames. No state
 * is kept between calls. Equal rates only convert. */
float *resample(const int16_t *samples, int64_t frames, int rate, int out_rate, int64_t *out_frames);

/* The same for a stream of stereo frames, 16 bits in and out: some files cannot have the output's rate. */
struct resampler;

struct resampler *resampler_new(int rate, int out_rate);
void resampler_free(struct resampler *resampler); /* NULL is fine */

/* Takes up to `frames` and gives up to `room` frames; returns how many it gave, *taken is how many it took.
 * With `in` NULL nothing more comes: call until it gives nothing. */
int64_t resampler_run(struct resampler *resampler, const int16_t *in, int64_t frames, int64_t *taken,
                      int16_t *out, int64_t room);

#endif
