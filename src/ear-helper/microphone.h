/* PortAudio's input. Each call may take as long as the sound server likes: the main program must be ready to
 * kill this one. JACK is left alone, because a client of it that is killed disturbs all others. */
#ifndef EAR_HELPER_MICROPHONE_H
#define EAR_HELPER_MICROPHONE_H

#include <stdbool.h>
#include <stdint.h>

enum { MICROPHONE_LOOK_MS = 20, MICROPHONE_NAME = 300 };

struct microphone;

/* Opens the one of that name, or the default one (""). NULL, and why in half a sentence in `name`; else its
 * name. */
struct microphone *microphone_open(const char *wanted, char name[MICROPHONE_NAME]);
void microphone_close(struct microphone *microphone); /* NULL is fine */
int microphone_rate(const struct microphone *microphone);

/* Up to `frames` mono samples that have been heard, and how many; negative: it is gone. Does not wait. */
int microphone_read(struct microphone *microphone, int16_t *samples, int frames);

#endif
