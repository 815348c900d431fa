/* Loudness after ITU-R BS.1770-4 (libebur128). Pure functions. */
#ifndef MIX_LOUDNESS_H
#define MIX_LOUDNESS_H

#include <stdint.h>

/* Integrated loudness, in LUFS, of mono samples heard on both channels; -HUGE_VAL for silence. */
double loudness_of(const int16_t *samples, int64_t frames, int rate);

/* The linear gain that brings a voice with this calibration sample to `target` LUFS; 1.0 for silence. */
double loudness_gain(const int16_t *samples, int64_t frames, int rate, double target);

#endif
