/* How full the buffer of a device is kept that is fed by a timer. Pure arithmetic, in frames.
 *
 * Two periods out of three are kept filled. ALSA's pulse plugin takes no fewer than three, and a pause is
 * heard behind all that is in the buffer. PortAudio's own callback would always fill it, and costs a third
 * more at the same delay (measured on PulseAudio's null sink). */
#ifndef SOUND_HELPER_FILL_H
#define SOUND_HELPER_FILL_H

enum { FILL_PERIODS = 3, FILL_FED = 2, FILL_PERIOD_MS = 34 };

struct fill {
    long period; /* between two feedings */
    long full;   /* in the device after one */
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
    long wanted = fill_wanted(rate), period = wanted < buffer / FILL_PERIODS ? wanted : buffer / FILL_PERIODS;
    long full = FILL_FED * (wanted > own_period ? wanted : own_period);
    return (struct fill){
        .period = period,
        .full = full < buffer ? full : buffer,
        .least = period / 2,
        .again = period / 8,
    };
}

#endif
