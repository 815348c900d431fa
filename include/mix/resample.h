/* From the engine's rate to the output's (libsoxr, HQ), the whole clip at once. */
#ifndef MIX_RESAMPLE_H
#define MIX_RESAMPLE_H

#include <stdint.h>

/* Full scale becomes 1.0. Returns a buffer to be freed with g_free, and its length in *out_frames. No state
 * is kept between calls. Equal rates only convert. */
float *resample(const int16_t *samples, int64_t frames, int rate, int out_rate, int64_t *out_frames);

/* The same for a stream of stereo frames, 16 bits in and out: some file formats do not have every rate. */
struct resampler;

struct resampler *resampler_new(int rate, int out_rate);
void resampler_free(struct resampler *resampler); /* NULL is fine */

/* Takes up to `frames` frames, *taken says how many, and gives up to `room`; returns how many. `in` NULL
 * marks the end: call until it returns 0. */
int64_t resampler_run(struct resampler *resampler, const int16_t *in, int64_t frames, int64_t *taken,
                      int16_t *out, int64_t room);

#endif
