/* pocketsphinx: WAKE is spotted, or a phrase is listened for. It gets what the microphone heard, without our
 * own sound.
 *
 * A phrase counts if it fits better than any row of phones does, and better than each other phrase. */
#ifndef EAR_HELPER_HEARING_H
#define EAR_HELPER_HEARING_H

#include "words.h"

#include <stdbool.h>
#include <stdint.h>

enum { HEARING_RATE = 16000 };

struct hearing;

enum heard { HEARD_NOTHING_YET, HEARD_WAKE, HEARD_PHRASE, HEARD_UNSURE, HEARD_NOTHING };

struct hearing_result {
    enum heard heard;
    int command, other; /* of HEARD_PHRASE and HEARD_UNSURE; and the next best one, -1: there is none */
    double score,
        ahead; /* how much better than any phones, and than the next best, it fits: logarithms a frame */
};

/* `model` is the directory of the acoustic model, `words` are borrowed. NULL if it cannot be read. */
struct hearing *hearing_new(const char *model, const struct words *words);
void hearing_free(struct hearing *hearing);

void hearing_spot(struct hearing *hearing); /* from now on WAKE is spotted, */
void hearing_listen(struct hearing *hearing,
                    int window_s);          /* or one phrase is listened for, so many seconds */
void hearing_stop(struct hearing *hearing); /* or nothing is */
bool hearing_is_busy(const struct hearing *hearing);

/* Mono, at HEARING_RATE. After HEARD_WAKE it listens by itself, also to what has already come behind it;
 * after one of the others nothing is listened for. */
struct hearing_result hearing_feed(struct hearing *hearing, const int16_t *samples, int frames, int window_s);

#endif
