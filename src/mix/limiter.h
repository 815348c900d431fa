/* Keeps a clip's true peak under a ceiling. */
#ifndef MIX_LIMITER_H
#define MIX_LIMITER_H

#include <stdint.h>

/* In place, on the whole clip at once (look-ahead is free), float samples with full scale 1.0. Smooth gain
 * reduction around each peak; what lies under the ceiling everywhere comes out bit for bit as it went in, and
 * costs no oversampling where a bound on the sample peak already shows it. A clip that is over the ceiling
 * nearly everywhere, which is not speech, is turned down as a whole, so that the time is bounded. */
void limiter_apply(float *samples, int64_t frames, int rate, double ceiling_dbtp);

/* The true peak (4 times oversampled), linear. */
double limiter_true_peak(const float *samples, int64_t frames);

#endif
