/* What the main program says to the helpers that speak, and what they answer: stretchvoice-speech
 * (espeak-ng), and stretchvoice-voice (a program that the user has chosen).
 *
 *   USE   once, before anything else: the voice. Answered by READY.
 *   SAY   a text. Answered by CLIP. Answers come in the order of the requests. */
#ifndef IPC_SPEECH_PACKETS_H
#define IPC_SPEECH_PACKETS_H

#include "ipc/packets.h"

enum {
    SPEECH_TEXT_MAX = 16 << 10, /* bytes of a text or problem, at most */
    SPEECH_RATE_MIN = 8000,     /* samples a second */
    SPEECH_RATE_MAX = 192000,
    SPEECH_SECONDS = 120,    /* in a clip, at most */
    SPEECH_PATIENCE_S = 10,  /* of stretchvoice-speech for a text; then its child is killed */
    PROGRAM_PATIENCE_S = 30, /* of stretchvoice-voice, for a program */
    /* Bytes of a clip, at most. */
    SPEECH_CLIP_MAX = SPEECH_RATE_MAX * SPEECH_SECONDS * 2,
};

enum speech_kind {
    SPEECH_USE,   /* struct voice_parameters, or struct program_parameters */
    SPEECH_SAY,   /* the text */
    SPEECH_READY, /* what is wrong with the voice; empty if nothing is */
    SPEECH_CLIP,  /* these values, and 16-bit mono samples; after a failure why, if that is known */
};

/* The values of SPEECH_CLIP: an enum outcome, the rate in Hz, and an enum origin. */
enum { CLIP_OUTCOME, CLIP_RATE, CLIP_ORIGIN };

enum origin {
    ORIGIN_SPOKEN,
    ORIGIN_RECORDED,
    ORIGIN_KEPT,   /* in the cache */
    ORIGIN_UNKEPT, /* spoken, but it could not be kept in the cache */
    N_ORIGINS
};

enum outcome {
    OUTCOME_SPOKEN,
    OUTCOME_CRASHED,
    OUTCOME_SLOW,
    OUTCOME_SILENT,
    OUTCOME_LONG,
    OUTCOME_FAILED,  /* a program has said why */
    OUTCOME_MISSING, /* it is not recorded, and there is no program to say it */
    N_OUTCOMES
};

/* A voice of espeak-ng, as the profile names it. */
struct voice_parameters {
    char engine[16];
    char voice[64];
    char variant[64];
    int32_t rate, pitch, range, word_gap; /* words a minute; 0-99; 0-99; units of 10 ms */
};

/* A voice of another program. */
enum { PROGRAM_COMMAND_MAX = 4096, PROGRAM_NAME_MAX = 256, PROGRAM_PATH_MAX = 4096 };

struct program_parameters {
    char engine[16];                   /* "command" or "module"; "": there are only recorded clips */
    char command[PROGRAM_COMMAND_MAX]; /* its words, quoted as for a shell; or the module's name or path */
    char config[PROGRAM_PATH_MAX];     /* the module's file; may be "" */
    char voice[PROGRAM_NAME_MAX];      /* may be "" */
    char language[64];
    char package[PROGRAM_NAME_MAX];   /* that has the program; may be "" */
    char directory[PROGRAM_PATH_MAX]; /* the profile's, from which relative paths count */
    char clips[PROGRAM_PATH_MAX];     /* the directory of recorded clips; may be "" */
    char cache[PROGRAM_PATH_MAX];     /* the directory of clips that are kept, and of files on their way */
    int64_t cache_bytes;              /* of these, at most; 0: none are kept */
    int32_t stays;                    /* 1: one process for all sentences */
    int32_t rate, pitch;              /* words a minute; 0-99 */
};

#endif
