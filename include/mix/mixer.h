/* From the timeline to 16-bit stereo frames. Stateless: any block size gives the same samples. */
#ifndef MIX_MIXER_H
#define MIX_MIXER_H

#include "mix/tone.h"
#include "plan/timeline.h"

struct clip;

struct mixer {
    const struct tones *tones; /* borrowed */
    double gain;               /* master, linear; may change between calls */
};

/* A level in dB to a factor. */
double mixer_gain(double db);

/* Writes `frames` stereo frames of the timeline from `from` on. Everything asked for must be before
 * timeline_final(). A speech cue's clip is a struct clip; a cue without one (nothing was kept) is silent.
 * Rounded once, no dither, saturating. */
void mixer_mix(const struct mixer *mixer, const struct timeline *timeline, int64_t from, int frames,
               int16_t *out);

/* Adds a tone that is on no timeline (an acknowledgement), from its frame `from` on, to what is in `out`,
 * saturating. */
void mixer_add(const struct mixer *mixer, const struct tone *tone, int64_t from, int frames, int16_t *out);

/* Adds part of a clip that is on no timeline, in the same way. */
void mixer_add_clip(const struct mixer *mixer, const struct clip *clip, int64_t from, int frames,
                    int16_t *out);

/* Adds faint noise in the same way: -80 dBFS RMS whatever the master level is, a function of the frame's
 * number alone. Wakes headphones where no timeline does it by a wake span: before a device's first sound. */
void mixer_add_noise(const struct mixer *mixer, int64_t from, int frames, int16_t *out);

#endif
