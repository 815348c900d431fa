/* Which configuration ALSA reads, for stretchvoice-sound alone; before PortAudio starts.
 *
 * ALSA's own describes each card and dozens of outputs, and PortAudio opens them all when it starts: half of
 * the time to the first sound. Where a sound server plays, only the way to it is needed. */
#ifndef SOUND_HELPER_ALSA_CONFIG_H
#define SOUND_HELPER_ALSA_CONFIG_H

#include <stdbool.h>

/* From now on ALSA knows one output, "pulse": the sound server. False, and nothing is changed, where the user
 * or the machine has a configuration of its own (ALSA_CONFIG_PATH, asound.conf, .asoundrc), since "pulse" may
 * be something else there; and where it cannot be done. Nor is a sound server started any more where none
 * answers. */
bool alsa_config_shorten(void);

/* Again what it would have been. After PortAudio has ended. */
void alsa_config_restore(void);

#endif
