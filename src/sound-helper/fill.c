#include "fill.h"
#include <glib.h>

/* Two periods out of three, the fewest that ALSA's pulse plugin takes: a full buffer would be heard, since a
 * pause comes behind what is in it. PortAudio's callback always fills it, and cost a third more at the same
 * delay (measured on PulseAudio's silent sink). */
enum { PERIOD_MS = 34, FED_PERIODS = 2 };

long fill_wanted(int rate)
{
    return (long)rate * PERIOD_MS / 1000;
}

struct fill fill_for(int rate, long buffer, long own_period)
{
    long wanted = fill_wanted(rate), period = MIN(wanted, buffer / FILL_PERIODS);
    return (struct fill){
        .period = period,
        .full = MIN(FED_PERIODS * MAX(wanted, own_period), buffer),
        .least = period / 2,
        .again = period / 8,
    };
}
