/* An engine for tests: tones whose lengths are known without speaking. Some words make it misbehave as
 * engines do: "crash-now", "hang-now", "silent-now", "long-now". */
#ifndef SPEECH_HELPER_TONE_H
#define SPEECH_HELPER_TONE_H

#include <stdint.h>

enum { TONE_RATE = 22050 };

/* The number of samples for a text: 40 ms, and 20 ms for each letter or digit. */
uint32_t tone_samples(const char *text);

#endif
