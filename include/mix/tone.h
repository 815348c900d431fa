/* The sounds other than speech, made once for a session: one for each occasion. Pure arithmetic on the
 * settings, the same on every run. */
#ifndef MIX_TONE_H
#define MIX_TONE_H

#include "config/settings.h"
#include "mix/breath.h"

struct tone {
    int64_t frames; /* 0: there is no sound; TONE_FILLS: as many as there are, of a breath */
    float *samples; /* mono, full scale 1.0, already at its level; NULL: a breath's */
    float
        aside; /* the factor, up to 1, with which it may come from one side: no ear gets more than -16 dBFS */
};

#define TONE_FILLS INT64_MAX

struct tones {
    struct tone tone[N_OCCASIONS];
    struct breath breath;
    struct tone sentence; /* in the place of one that cannot be said */
};

/* Levels: the peak of ticks and chimes is voice.level + cue-level dBFS, never above -16 dBFS, and all that
 * are built in are equally loud: within 2 LU in the loudest 400 ms (EBU Tech 3341, momentary). Sounds that
 * answer commands have the level of speech, whatever that of the cues is: their loudest 100 ms are 12 to 18
 * dB under those of speech. `in`, `keep` and `out` have their full length: where the timeline has a shorter
 * one, the mixer fades it. */
void tones_init(struct tones *tones, const struct settings *settings);
void tones_finish(struct tones *tones);

/* The length of `sentence`, known before it is made. */
int64_t tones_sentence_frames(int rate);

#endif
