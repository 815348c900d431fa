/* Which configuration ALSA reads, for stretchvoice-sound alone; before PortAudio starts.
 *
 * ALSA's own describes each card and dozens of outputs, and PortAudio opens them all when it starts. If a
 * sound server plays, only the way to it is needed: a configuration of two lines, in memory, brings the first
 * sound after 68 ms instead of 117. It can go as soon as PortAudio lets a program choose a host API before it
 * looks for devices. */
#ifndef SOUND_HELPER_ALSA_CONFIG_H
#define SOUND_HELPER_ALSA_CONFIG_H

#include <stdbool.h>

/* From now on ALSA knows one output, "pulse", the sound server, and none is started any more if none answers.
 * False, and nothing is changed, if the user or the machine has a configuration (ALSA_CONFIG_PATH,
 * asound.conf, .asoundrc), in which "pulse" may be something else; and if it cannot be done. */
bool alsa_config_shorten(void);

/* Undoes it. After PortAudio has ended. */
void alsa_config_restore(void);

#endif
