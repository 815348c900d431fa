/* Which device of the sound server our stream plays on, asked over PulseAudio's protocol, which PipeWire
 * speaks as well. A server moves a stream by itself when its device goes, and PortAudio does not report it.
 *
 * A connection of its own, beside that of ALSA's plugin. No call waits for the server: one that is frozen,
 * has ended, or speaks another protocol has nothing to say here. */
#ifndef SOUND_HELPER_SINK_WATCH_H
#define SOUND_HELPER_SINK_WATCH_H

#include "portaudio.h"

#include <poll.h>
#include <stdint.h>

struct sink_watch;

enum { SINK_WATCH_FDS = 256 };

/* `found` gets SOUND_SINK as soon as the device is known, and each time it is another one; from within
 * sink_watch_poll(). The watch is for the rest of the process. */
struct sink_watch *sink_watch_new(void (*found)(const struct answer *sink));

/* poll(), until `due` (g_get_monotonic_time(); INT64_MAX: without end), and handles what the server says
 * meanwhile. May return early. Returns how many of `fds`, SINK_WATCH_FDS at most, are ready. */
int sink_watch_poll(struct sink_watch *watch, struct pollfd *fds, nfds_t n, int64_t due);

#endif
