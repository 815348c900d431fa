/* The engines that speak inside the helper, and the memory that they speak into.
 *
 * start() and set_voice() are called once each in the helper itself; say() in a child of it that lives for
 * one text. */
#ifndef SPEECH_HELPER_ENGINE_H
#define SPEECH_HELPER_ENGINE_H

#include "ipc/speech_packets.h"
#include <stdbool.h>
#include <string.h>

/* Shared between the helper and its child, so the helper checks what it reads there. */
struct recording {
    uint32_t room;    /* for so many samples */
    uint32_t samples; /* samples taken; more than `room` once there were too many */
    int16_t sample[];
};

struct engine {
    const char *name;
    /* Loads what every voice needs. Returns the sample rate, or 0 if the engine cannot speak. */
    int (*start)(void);
    /* Chooses the voice. Returns what is wrong with it, to be freed, or NULL: see speech_problem(). */
    char *(*set_voice)(const struct voice_parameters *voice);
    /* The directory that say() may still have to read from; NULL if there is none. Borrowed. */
    const char *(*directory)(void);
    /* Speaks; false if the engine reports failure. */
    bool (*say)(const char *text, struct recording *recording);
};

/* The second is for tests: tones whose lengths are known without speaking. Some words make it misbehave as
 * engines do: "crash-now", "hang-now", "silent-now", "long-now". */
extern const struct engine engine_espeak, engine_tone;

enum { TONE_RATE = 22050 };

/* The number of samples of the tone for a text: 40 ms, and 20 ms for each letter or digit. */
uint32_t tone_samples(const char *text);

/* False if there is no room for them: the engine need not go on. */
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
