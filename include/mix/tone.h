/* The sounds other than speech, made once for a session: ticks, go, end, chimes, the breath's in and out,
 * and the short ones that acknowledge commands. Pure arithmetic: the same on every run. */
#ifndef MIX_TONE_H
#define MIX_TONE_H

#include "config/settings.h"
#include "plan/cue.h"

struct tone {
    int64_t frames;
    float *samples; /* mono, full scale 1.0, already at its level */
};

/* What acknowledges a command, and the one that says from time to time that the session waits. */
enum ack { ACK_TAKEN, ACK_PAUSED, ACK_GOING_ON, ACK_REFUSED, ACK_STOPPED, ACK_WAITING, N_ACKS };

struct tones {
    struct tone cue[N_CUE_TYPES]; /* empty for speech and spans */
    struct tone ack[N_ACKS];
};

/* Levels: the peak is voice.level + cue-level dBFS, never above -16 dBFS. Acknowledging sounds answer the
 * hand, whatever the level of the cues: their loudest 100 ms are 12 to 18 dB under those of speech. `in`,
 * `keep` and `out` have their full length: where the timeline has a shorter one, the mixer fades it. */
void tones_init(struct tones *tones, const struct settings *settings);
/* The length of CUE_CHIME, known before it is made. */
int64_t tones_chime_frames(int rate);

void tones_finish(struct tones *tones);

#endif
