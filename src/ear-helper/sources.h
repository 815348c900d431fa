/* The microphones of the sound server, asked over PulseAudio's protocol before one is opened. */
#ifndef EAR_HELPER_SOURCES_H
#define EAR_HELPER_SOURCES_H

#include "ipc/ear_packets.h"

enum { SOURCE_NAME = 300 };

/* A Bluetooth headset's own microphone turns its sound to telephone quality. Where that is the default,
 * `name` becomes the server's name of another one, and `shown` how people call it; "" if there is none. Takes
 * half a second at most; without a server the choice is CHOICE_USUAL. */
enum choice_of sources_choose(char name[SOURCE_NAME], char shown[SOURCE_NAME]);

#endif
