/* Judges by the heartbeat whether something plays. Pure arithmetic: the time comes in as an argument. */
#ifndef SOUND_WATCHDOG_H
#define SOUND_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

enum {
    WATCHDOG_LATE_MS = 1000,
    /* An idle sink may take its first frames at once and the next ones after two seconds: a device that has
       just been started has more time. */
    WATCHDOG_LATE_AT_START_MS = 3000,
    WATCHDOG_SETTLED_MS = 500, /* what has been taking frames for so long is no longer starting */
    WATCHDOG_STEP_MS = 600,    /* more between two looks is not counted: it was the looker who slept */
};

struct watchdog {
    uint32_t heartbeat;
    int64_t looked;  /* microseconds */
    int64_t silent;  /* how long there has been no heartbeat */
    int64_t beating; /* when the first heartbeat was seen; 0 before */
    bool settled;
};

void watchdog_start(struct watchdog *watchdog, uint32_t heartbeat, int64_t now);

/* To be called at every look. True if there has been no heartbeat for too long. Where none is `due`, none is
 * missed. */
bool watchdog_late(struct watchdog *watchdog, uint32_t heartbeat, bool due, int64_t now);

#endif
