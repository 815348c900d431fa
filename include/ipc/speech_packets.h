/* What the main program and stretchvoice-speech say to each other.
 *
 *   USE   once, before anything else: the voice. Answered by READY.
 *   SAY   a text. Answered by CLIP. Answers come in the order of the requests. */
#ifndef IPC_SPEECH_PACKETS_H
#define IPC_SPEECH_PACKETS_H

#include "ipc/packets.h"

enum {
    SPEECH_TEXT_MAX = 16 << 10, /* bytes of a text or problem, at most */
    SPEECH_RATE_MIN = 8000,     /* samples a second */
    SPEECH_RATE_MAX = 48000,
    SPEECH_SECONDS = 120,   /* in a clip, at most */
    SPEECH_PATIENCE_S = 10, /* for a text; then its child is killed */
    /* Bytes of a clip, at most. */
    SPEECH_CLIP_MAX = SPEECH_RATE_MAX * SPEECH_SECONDS * 2,
};

enum speech_kind {
    SPEECH_USE,   /* struct voice_parameters */
    SPEECH_SAY,   /* the text */
    SPEECH_READY, /* what is wrong with the voice; empty if nothing is */
    SPEECH_CLIP,  /* 16-bit mono samples, and these values */
};

/* The values of SPEECH_CLIP: an enum outcome, and the rate in Hz. */
enum { CLIP_OUTCOME, CLIP_RATE };

enum outcome { OUTCOME_SPOKEN, OUTCOME_CRASHED, OUTCOME_SLOW, OUTCOME_SILENT, OUTCOME_LONG, N_OUTCOMES };

/* The voice, as the profile names it. */
struct voice_parameters {
    char engine[16];
    char voice[64];
    char variant[64];
    int32_t rate, pitch, range, word_gap; /* words a minute; 0-99; 0-99; units of 10 ms */
};

#endif
