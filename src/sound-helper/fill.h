/* How full the buffer of a device is kept that is fed by a timer. Pure arithmetic, in frames. */
#ifndef SOUND_HELPER_FILL_H
#define SOUND_HELPER_FILL_H

enum { FILL_PERIODS = 3 };

struct fill {
    long period; /* between two feedings */
    long full;   /* in the device after one */
    long least;  /* less room than this is not worth a feeding */
    long again;  /* until the next look, where there was less */
};

/* The period that suits us, to ask the device for FILL_PERIODS of them. */
long fill_wanted(int rate);

/* For the buffer that the device has, and its own period (0 if it is not known): it does not begin to play
 * before it has been given that much. */
struct fill fill_for(int rate, long buffer, long own_period);

#endif
