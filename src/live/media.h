/* A session as a media player, for clients of the control socket. Pure. */
#ifndef LIVE_MEDIA_H
#define LIVE_MEDIA_H

#include "control/mpris.h"

/* {"playback":"playing","routine":…,"track":…,"step":4,"jumps":0,"length":61.5,"position":2.25,"next":true,
 * "previous":true}, times in seconds; without a state, of no session. To be freed. */
char *media_json(const struct mpris_state *state);

#endif
