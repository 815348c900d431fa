/* The session as a media player on the session bus (MPRIS 2.2), for desktops, headset buttons and playerctl.
 * A step is a track.
 *
 * Runs on the default main context. Nothing blocks and nothing fails: without a bus it waits for one. It
 * appears on the bus some turns of the main loop after mpris_new(), and stays until mpris_free(). */
#ifndef CONTROL_MPRIS_H
#define CONTROL_MPRIS_H

#include "base/auto.h"
#include "player/command.h"
#include <stdbool.h>
#include <stdint.h>

struct mpris;

/* What clients on the bus ask for. Only what the state allows is passed on (no COMMAND_NEXT without
 * can_next). Stop and Quit always are. Both may call mpris_update() and mpris_free(). */
struct mpris_ops {
    void (*command)(void *data, enum command_id id);
    void (*volume)(void *data, double db); /* -60 to 0 */
};

enum mpris_playback { MPRIS_STOPPED, MPRIS_PAUSED, MPRIS_PLAYING };

struct mpris_state {
    enum mpris_playback playback; /* paused also while it waits for the person, or for lost sound */
    const char *routine;          /* its title */
    const char *track; /* title of the step, or of what is outside the steps; NULL: no track (stopped) */
    int step;          /* from 1; 0 before the first and after the last */
    unsigned jumps;    /* to the start of any step, this one included, since the session began */
    int64_t length;    /* of the step, in microseconds; -1: not known. Each change is signalled */
    int64_t position;  /* in the step, in microseconds */
    bool stands;       /* playing, while the position stands: something is said in between */
    double volume;     /* dB */
    bool can_next, can_previous;
    bool can_begin; /* stopped, and Play begins something */
};

/* The ops are borrowed, and must live as long. */
struct mpris *mpris_new(const struct mpris_ops *ops, void *data);
void mpris_free(struct mpris *mpris);
AUTO_DEFINE(mpris)

/* Sets the state; its texts are copied. Call it whenever something has changed, and about every second while
 * playing. It signals only differences: properties, and a position that has not run on since the last call
 * (after a jump, or when it stood a while). Each change of step, and each jump, is a track with its own id.
 */
void mpris_update(struct mpris *mpris, const struct mpris_state *state);

#endif
