/* What can speak inside the helper: a table of engines, and the memory that they speak into.
 *
 * start() and set_voice() are called once each in the helper itself; say() in a child of it that lives for
 * one text. */
#ifndef SPEECH_HELPER_ENGINE_H
#define SPEECH_HELPER_ENGINE_H

#include "ipc/speech_packets.h"
#include <stdbool.h>
#include <string.h>

/* In memory that the helper shares with its child, so the helper believes nothing that stands there. */
struct recording {
    uint32_t room;    /* samples that there is place for */
    uint32_t samples; /* samples taken; more than `room` once there were too many */
    int16_t sample[];
};

struct engine {
    const char *name;
    /* Reads what every voice needs. Returns the sample rate, 0 if there is no speaking. */
    int (*start)(void);
    /* Chooses the voice. Returns what is wrong with it, to be freed, or NULL: see speech_problem(). */
    char *(*set_voice)(const struct voice_parameters *voice);
    /* The directory that say() may still have to read from; NULL if there is none. Borrowed. */
    const char *(*directory)(void);
    /* Speaks; false if the engine reports failure. */
    bool (*say)(const char *text, struct recording *recording);
};

extern const struct engine engine_espeak, engine_tone;

/* False once there were too many: there is no point in speaking on. */
static inline bool recording_add(struct recording *recording, const int16_t *samples, uint32_t n)
{
    if (recording->samples > recording->room || n > recording->room - recording->samples) {
        recording->samples = recording->room + 1;
        return false;
    }
    memcpy(recording->sample + recording->samples, samples, n * sizeof *samples);
    recording->samples += n;
    return true;
}

#endif
