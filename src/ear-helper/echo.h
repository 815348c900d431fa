/* libspeexdsp: takes what we play ourselves out of what the microphone hears, and brings it to HEARING_RATE.
 */
#ifndef EAR_HELPER_ECHO_H
#define EAR_HELPER_ECHO_H

#include <stdint.h>

struct echo;

struct echo *echo_new(int played_rate);
void echo_free(struct echo *echo); /* NULL is fine */

/* A microphone is opened. What is known of the way from the device to it is kept: it is mostly the same. */
void echo_begin(struct echo *echo, int heard_rate);

/* Stereo frames that have been played since the last call. In a pause there are none. */
void echo_played(struct echo *echo, const int16_t *stereo, int frames);

/* Mono samples of the microphone. `take` gets what is left of them, in pieces. */
void echo_heard(struct echo *echo, const int16_t *samples, int frames,
                void (*take)(void *data, const int16_t *samples, int frames), void *data);

#endif
