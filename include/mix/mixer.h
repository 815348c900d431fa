/* From the timeline to 16-bit stereo frames. Stateless: any block size gives the same samples. */
#ifndef MIX_MIXER_H
#define MIX_MIXER_H

#include "mix/tone.h"
#include "plan/timeline.h"

struct mixer {
    const struct tones *tones; /* borrowed */
    double gain;               /* master, linear; may change between calls */
    double least; /* of phrases, which answer commands: they are heard also in a session that is muted */
};

/* A level in dB as a factor. */
double mixer_gain(double db);

/* Writes `frames` stereo frames of the timeline from `from` on. All of them must lie before
 * timeline_final(). A speech cue without a clip (nothing was kept) is silent. Rounded once, no dither,
 * saturating. */
void mixer_mix(const struct mixer *mixer, const struct timeline *timeline, int64_t from, int frames,
               int16_t *out);

/* Adds a tone that is not on the timeline (an acknowledgement), from its frame `from` on, to what is in
 * `out`, saturating. */
void mixer_add(const struct mixer *mixer, const struct tone *tone, int64_t from, int frames, int16_t *out);

/* Adds faint noise in the same way: -80 dBFS RMS whatever the master level is; each frame depends on its
 * number alone. Wakes headphones before a device's first sound, when the timeline has no wake span there. */
void mixer_add_noise(const struct mixer *mixer, int64_t from, int frames, int16_t *out);

#endif
