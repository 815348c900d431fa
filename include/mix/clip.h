/* A sentence, ready to be mixed: 16-bit mono at the output rate, at the level that the settings ask for,
 * limited, beginning with its onset. Immutable once made; counted references, one thread. */
#ifndef MIX_CLIP_H
#define MIX_CLIP_H

#include <stdbool.h>
#include <stdint.h>

struct clip {
    int refs;
    bool chime;     /* the sentence cannot be said: no samples, a chime takes its place */
    int64_t frames; /* of the samples, or of the chime */
    int16_t samples[];
};

enum {
    CLIP_ONSET_DB = -50,    /* the first sample above this, relative to the clip's peak, is its first */
    CLIP_CEILING_DBTP = -3, /* ITU-R BS.1770-4 annex 2 */
};

/* From the samples of the engine: resampled (soxr, HQ), amplified by `gain` (linear), limited to
 * a true peak of `ceiling_dbtp`, at most CLIP_CEILING_DBTP, rounded once, cut to its onset (measured on the
 * result). The same input gives the same samples whatever was made before. NULL if there is nothing above
 * silence. */
struct clip *clip_make(const int16_t *samples, int64_t frames, int rate, int output_rate, double gain,
                       double ceiling_dbtp);

/* Integrated loudness after ITU-R BS.1770-4 (libebur128), in LUFS, of mono samples that are heard on both
 * channels; a short sound as if it were repeated. -HUGE_VAL for silence, and for what cannot be measured (a
 * rate below 16 or above 2,822,400 Hz).
 */
double loudness_of(const int16_t *samples, int64_t frames, int rate);

/* The same of the loudest `window_ms` of them, at most 400, silence behind them included: without gates, for
 * sounds that are too short to have a loudness. */
double loudness_most(const int16_t *samples, int64_t frames, int rate, int window_ms);

/* The linear gain that brings a voice with this calibration sample to `target` LUFS; 1.0 where loudness_of()
 * gives none. */
double loudness_gain(const int16_t *samples, int64_t frames, int rate, double target);

/* A stand-in without samples. */
struct clip *clip_chime(int64_t frames);

struct clip *clip_ref(struct clip *clip);
void clip_unref(struct clip *clip); /* NULL is fine */

#endif
