/* PortAudio, for stretchvoice-sound alone. Each call may take as long as the sound server likes, for ever if
 * it is frozen: the main program must be ready to kill this one. */
#ifndef SOUND_HELPER_PORTAUDIO_H
#define SOUND_HELPER_PORTAUDIO_H

#include "ipc/packets.h"
#include "ipc/ring.h"
#include "ipc/sound_packets.h"

struct player;
struct recorder;

enum direction { DIRECTION_OUT, DIRECTION_IN };

/* To the main program: a packet with its values and text. */
struct answer {
    enum sound_packet kind;
    int32_t value[PACKET_VALUES]; /* as the kind says */
    char text[500];
};

/* Begins to play the ring on the output of that name, or on the default one (""). `answer` is
 * SOUND_STARTED, and the player is to be run; or SOUND_REFUSED or SOUND_UNKNOWN. The player is for the rest
 * of the process. */
struct player *portaudio_start(struct ring *ring, const char *name, struct answer *answer);

/* Feeds the output until it ends (false), or until the main program says anything but SOUND_WAKE
 * on `control`, or ends (true). While the ring is idle, the output is stopped (but JACK's). `tell` gets
 * SOUND_SINK, from a server that says it. */
bool portaudio_play(struct player *player, int control, void (*tell)(const struct answer *sink));

/* Opens the microphone of that name, or the default one (""). `answer` is SOUND_RECORDING, and the recorder
 * is to be run; or SOUND_REFUSED or SOUND_UNKNOWN. The recorder is for the rest of the process. */
struct recorder *portaudio_listen(const char *name, struct answer *answer);

/* Gives `take` what the microphone hears, at most SOUND_FRAMES_MAX frames at once (`lost`: some before them
 * have been lost), until it ends (false), or until the main program says anything on `control`, or ends, or
 * `take` returns false (true). */
bool portaudio_record(struct recorder *recorder, int control,
                      bool (*take)(const int16_t *samples, int frames, bool lost));

/* Takes leave of the server, if that is needed; within a second, or the process is killed. Nothing can be
 * played or looked for after it. */
void portaudio_leave(void);

/* Names the outputs or the microphones: SOUND_DEFAULT for the one that "" is, SOUND_DEVICE for each other. */
void portaudio_list(enum direction direction, void (*found)(const struct answer *device));

#endif
