/* What the main program and the helper that speaks say to each other: frames over one stream socket, which is
 * the helper's standard input. Both ends are built together and run on one machine, so numbers travel as they
 * lie in memory.
 *
 *   USE   once, before anything else: the voice. Answered by READY.
 *   SAY   a text. Answered by CLIP. Answers come in the order of asking.
 *
 * Whoever receives a frame that breaks these rules ends the conversation. */
#ifndef IPC_SPEECH_PACKETS_H
#define IPC_SPEECH_PACKETS_H

#include <stdint.h>

/* The helper's one argument: a person who starts it by hand does not know it. */
#define PROTOCOL_NAME "--protocol=1"

enum {
    PROTOCOL_TEXT = 16 << 10, /* bytes of a text or problem, at most */
    PROTOCOL_RATE = 48000,    /* samples a second, at most */
    PROTOCOL_SECONDS = 120,   /* of speech in a clip, at most */
    PROTOCOL_PATIENCE_S = 10, /* for a text; then its child is killed */
    /* bytes of a clip, at most */
    PROTOCOL_CLIP = PROTOCOL_RATE * PROTOCOL_SECONDS * 2,
};

enum frame_kind { FRAME_USE, FRAME_SAY, FRAME_READY, FRAME_CLIP };

/* What became of a sentence. */
enum outcome { OUTCOME_SPOKEN, OUTCOME_CRASHED, OUTCOME_SLOW, OUTCOME_SILENT, OUTCOME_LONG, N_OUTCOMES };

/* Followed by `size` bytes: struct use; the text; the problem ("" is none); 16-bit mono samples. */
struct frame {
    uint32_t kind;
    uint32_t size;
    uint32_t outcome; /* of a clip */
    uint32_t rate;    /* of a clip, Hz */
};

/* The voice, as the profile names it. */
struct use {
    char engine[16];
    char voice[64];
    char variant[64];
    int32_t rate, pitch, range, word_gap; /* words a minute; 0-99; 0-99; units of 10 ms */
};

#endif
