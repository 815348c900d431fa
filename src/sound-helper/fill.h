/* How full the buffer of a device is kept that is fed by a timer. Pure arithmetic, in frames.
 *
 * A pause is heard behind all that is in the buffer: so two periods are kept filled, and the rest of it is
 * for a machine that is too busy to feed it in time. PortAudio's own callback would always fill it, and costs
 * a third more at the same delay (measured on PulseAudio's null sink). */
#ifndef SOUND_HELPER_FILL_H
#define SOUND_HELPER_FILL_H

#include <stdbool.h>

enum { FILL_PERIODS = 9, FILL_LEAST_PERIODS = 3, FILL_FED = 2, FILL_PERIOD_MS = 34 };

struct fill {
    long period; /* between two feedings */
    long full;   /* in the device after one, */
    long usual;  /* if it has not run low, */
    long most;   /* and at most */
    long least;  /* less room than this is not worth a feeding */
    long again;  /* until the next look, if there was less */
};

/* The period that suits us, to ask the device for FILL_PERIODS of them. */
static inline long fill_wanted(int rate)
{
    return (long)rate * FILL_PERIOD_MS / 1000;
}

/* For the buffer that the device has, and its own period (0 if it is not known): it does not begin to play
 * before it has been given that much. */
static inline struct fill fill_for(int rate, long buffer, long own_period)
{
    long wanted = fill_wanted(rate),
         period = wanted < buffer / FILL_LEAST_PERIODS ? wanted : buffer / FILL_LEAST_PERIODS;
    long full = FILL_FED * (wanted > own_period ? wanted : own_period);
    if (full > buffer) full = buffer;
    return (struct fill){
        .period = period,
        .full = full,
        .usual = full,
        .most = buffer,
        .least = period / 2,
        .again = period / 8,
    };
}

/* True if the device has run low, or soon may: half a period is left, or this look is late by as much. */
static inline bool fill_is_low(const struct fill *fill, long room, long late)
{
    return room > fill->full - fill->period / 2 || late > fill->period / 2;
}

/* The device has run low: it is kept fuller from now on, until fill_calm(). */
static inline void fill_more(struct fill *fill)
{
    long more = fill->full + FILL_FED * fill->period;
    fill->full = more < fill->most ? more : fill->most;
}

static inline void fill_calm(struct fill *fill)
{
    fill->full = fill->usual;
}

#endif
