/* A stand-in for a voice: tones whose lengths are known without speaking, for tests and trials. Some words
 * misbehave as engines do: "crash-now", "hang-now", "silent-now", "long-now". */
#ifndef SPEECH_HELPER_TONE_H
#define SPEECH_HELPER_TONE_H

#include <stdint.h>

enum { TONE_RATE = 22050 };

/* How many samples a text takes: 40 ms, and 20 ms a letter or digit. */
uint32_t tone_samples(const char *text);

#endif
