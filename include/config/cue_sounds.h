/* Which sound a cue has: a key of [cues] for each occasion. */
#ifndef CONFIG_CUE_SOUNDS_H
#define CONFIG_CUE_SOUNDS_H

#include "base/key.h"
#include <stdint.h>

/* clang-format off */
enum occasion {
    OCCASION_TICK, OCCASION_GO, OCCASION_END, OCCASION_IN, OCCASION_OUT, OCCASION_KEEP,
    OCCASION_CHANGE, OCCASION_REST, OCCASION_STEP, OCCASION_DONE, OCCASION_ATTENTION,
    /* These answer commands. Waiting is said from time to time; the last two when the microphone opens and closes. */
    OCCASION_ACK, OCCASION_PAUSED, OCCASION_GOING_ON, OCCASION_REFUSED, OCCASION_STOPPED, OCCASION_WAIT,
    OCCASION_LISTEN, OCCASION_LISTENED,
    N_OCCASIONS
};
/* clang-format on */

/* SOUND_OWN is made for its occasion, SOUND_FILE is not built in. */
enum cue_sound {
    SOUND_OFF,
    SOUND_OWN,
    SOUND_SOFT,
    SOUND_WOOD,
    SOUND_CLICK,
    SOUND_BELL,
    SOUND_BOWL,
    SOUND_FILE
};

enum { CUE_FILE_SECONDS = 5 }; /* no sound file is longer */

/* What a sound file holds: mono at sound.rate, from its onset on, its peak at full scale. */
struct cue_file {
    int64_t frames;
    int16_t *samples; /* NULL: there is none */
};

/* A built-in name, or the path of a sound file: char *. */
extern const struct kind KIND_CUE;

/* The built-in names, for KIND_CUE's rows. */
extern const struct choice CUE_SOUNDS[];

/* The name of an occasion's key: "going-on". */
const char *occasion_name(enum occasion occasion);

/* Whether its sound answers a command, whatever the level of the cues. */
static inline bool occasion_answers(enum occasion occasion)
{
    return occasion >= OCCASION_ACK;
}

/* What a value of [cues] means; NULL is SOUND_OWN. */
enum cue_sound cue_sound_of(const char *value);

#endif
