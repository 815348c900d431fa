/* PortAudio, for stretchvoice-sound alone. Each call may take as long as the sound server likes, for ever if
 * it is frozen: the main program must be ready to kill this one. */
#ifndef SOUND_HELPER_PORTAUDIO_H
#define SOUND_HELPER_PORTAUDIO_H

#include "ipc/sound_packets.h"
#include "ipc/ring.h"

struct player;

/* Begins to play the ring on the output of that name, or on the default one (""). `answer` is
 * MESSAGE_STARTED, and the player is to be run; or MESSAGE_REFUSED. The player is for the rest of the
 * process. */
struct player *portaudio_start(struct ring *ring, const char *name, struct message *answer);

/* Feeds the output until it ends by itself (false), or until the main program says anything but MESSAGE_WAKE
 * on `control`, or ends (true). While the ring is idle, the output is stopped (but JACK's). */
bool portaudio_play(struct player *player, int control);

/* Takes leave of the server, where that is needed; within a second, or the process is killed. Nothing can be
 * played or looked for after it. */
void portaudio_leave(void);

/* Names the outputs: MESSAGE_DEFAULT for the one that "" plays on, MESSAGE_OUTPUT for each other. */
void portaudio_list(void (*found)(void *data, const struct message *output), void *data);

#endif
