/* The sounds other than speech, made once for a session: ticks, go, end, chimes, the breath's in and out,
 * and the short one that acknowledges a command. Pure arithmetic: the same on every run. */
#ifndef MIX_TONE_H
#define MIX_TONE_H

#include "config/settings.h"
#include "plan/cue.h"

struct tone {
    int64_t frames;
    float *samples; /* mono, full scale 1.0, already at its level */
};

struct tones {
    struct tone cue[N_CUE_TYPES]; /* empty for speech and spans */
    struct tone ack;              /* 6 dB under the cues: it may sound over a tick and a word */
};

/* Levels: the peak is voice.level + cue-level dBFS, never above -16 dBFS. `in`, `keep` and `out` have their
 * full length: where the timeline has a shorter one, the mixer fades it. */
void tones_init(struct tones *tones, const struct settings *settings);
/* The length of CUE_CHIME, known before it is made. */
int64_t tones_chime_frames(int rate);

void tones_finish(struct tones *tones);

#endif
