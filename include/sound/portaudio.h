/* PortAudio, for stretchvoice-sound alone. Each call may take as long as the sound server likes, for ever if
 * it is frozen: whoever waits for this program must be ready to kill it. */
#ifndef SOUND_PORTAUDIO_H
#define SOUND_PORTAUDIO_H

#include "sound/message.h"
#include "sound/ring.h"

/* What the audio thread touches; it stays where it is while the stream runs. */
struct player {
    struct ring *ring;
    int ended; /* an eventfd: written to when the stream ends by itself */
};

/* Plays the ring on the output of that name, or on the default one (""). `answer` is MESSAGE_STARTED or
 * MESSAGE_REFUSED. */
void portaudio_play(struct player *player, const char *name, struct message *answer);

/* Tells the outputs: MESSAGE_DEFAULT for the one that "" plays on, MESSAGE_OUTPUT for each other. */
void portaudio_list(void (*tell)(void *data, const struct message *output), void *data);

#endif
