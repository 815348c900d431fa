/* From the engine's rate to the output's (libsoxr, HQ), the whole clip at once. */
#ifndef MIX_RESAMPLE_H
#define MIX_RESAMPLE_H

#include <stdint.h>

/* Full scale becomes 1.0. Returns a buffer to be freed with g_free, and its length in *out_frames. No state is kept
 * between calls. Equal rates only convert. */
float *resample(const int16_t *samples, int64_t frames, int rate, int out_rate, int64_t *out_frames);

#endif
