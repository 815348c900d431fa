/* From the timeline to 16-bit stereo frames. Stateless: any block size gives the same samples.
 *
 * A sound that concerns one side comes from there, by the law of constant power (C. Roads, The Computer
 * Music Tutorial, "constant power panning"): the gains of the two ears are √2 sin α and √2 cos α, so that
 * their squares always sum to those of a sound in the middle, which has 1 and 1, and the loudness of BS.1770,
 * which sums the power of the channels, stays. tan α is the difference between the ears, 10^(9/20): gains
 * of 1.333 and 0.473. The ears differ in level only, not in time, so that a mono sum, (L + R) / 2, cancels
 * nothing: it is 0.9 dB under the middle. */
#ifndef MIX_MIXER_H
#define MIX_MIXER_H

#include "mix/tone.h"
#include "plan/timeline.h"

struct mixer {
    const struct tones *tones; /* borrowed */
    double gain;               /* master, linear; may change between calls */
    bool sides;                /* each is heard from its side */
    bool no_noise;             /* a wake is silent: there is music */
    double least; /* of phrases, which answer commands: they are heard also in a session that is muted */
};

/* dB by which one ear gets more of a sound from its side than it gets of one in the middle. */
#define MIXER_NEAR_DB 2.4953

/* A level in dB as a factor. */
double mixer_gain(double db);

/* Writes `frames` stereo frames of the timeline from `from` on. All of them must lie before
 * timeline_final(). A speech cue without a clip (nothing was kept) is silent. Rounded once, no dither,
 * saturating. */
void mixer_mix(const struct mixer *mixer, const struct timeline *timeline, int64_t from, int frames,
               int16_t *out);

/* Adds a tone that is not on the timeline (an acknowledgement, or a hold's beginning on its side), from its
 * frame `from` on, to what is in `out`, saturating. */
void mixer_add(const struct mixer *mixer, const struct tone *tone, enum side side, int64_t from, int frames,
               int16_t *out);

/* Adds faint noise in the same way: -80 dBFS RMS whatever the master level is; each frame depends on its
 * number alone. Wakes headphones before a device's first sound, when the timeline has no wake span there. */
void mixer_add_noise(const struct mixer *mixer, int64_t from, int frames, int16_t *out);

#endif
