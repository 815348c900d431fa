/* A take: what a microphone heard while one sentence was said, made into a clip. Pure.
 *
 * Silence at both ends is cut, with what is shorter than speech in it, such as the click of a key. What is
 * left is brought to the loudness of all speech. */
#ifndef MIX_TAKE_H
#define MIX_TAKE_H

#include "mix/clip.h"

enum take_fault {
    TAKE_RIGHT,
    TAKE_SILENT,  /* there is no speech in it */
    TAKE_QUIET,   /* it would have to be amplified so much that its noise would be heard */
    TAKE_CLIPPED, /* louder than the microphone can hear */
};

/* From mono samples at `rate` Hz; `level` is in LUFS. The clip has the same rate. NULL if the take is not
 * TAKE_RIGHT. */
struct clip *take_make(const int16_t *samples, int64_t frames, int rate, double level,
                       enum take_fault *fault);

#endif
