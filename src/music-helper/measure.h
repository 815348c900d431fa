/* How loud a piece of music is as a whole. */
#ifndef MUSIC_HELPER_MEASURE_H
#define MUSIC_HELPER_MEASURE_H

#include <stdint.h>

struct meter;

struct meter *meter_new(int rate);
void meter_add(struct meter *meter, const int16_t *stereo, int64_t frames);

/* As in struct music_measure. Takes the meter. */
void meter_read(struct meter *meter, double *lufs, double *peak);

#endif
