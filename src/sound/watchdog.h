/* Judges by the heartbeat whether something plays. Pure arithmetic: the time comes in as an argument, in
 * microseconds. */
#ifndef SOUND_WATCHDOG_H
#define SOUND_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

enum {
    WATCHDOG_LATE_MS = 1700, /* so a loss that is reported has lasted for two seconds when sound is back */
    /* An idle sink may take its first frames at once and the next ones after two seconds: a device that has
       just been started has more time. */
    WATCHDOG_LATE_AT_START_MS = 3000,
    WATCHDOG_SETTLED_MS = 500, /* a device that has taken frames for so long is no longer starting */
    WATCHDOG_STEP_MS = 600,    /* more between two looks is not counted: then this program was asleep */
};

struct watchdog {
    uint32_t heartbeat;
    int64_t looked;  /* the last look */
    int64_t silent;  /* how long there has been no heartbeat, */
    int64_t waited;  /* without the time that it waited for a processor: all of that until the last look */
    int64_t beating; /* when the first heartbeat was seen; 0 before */
    bool settled;
};

static inline void watchdog_start(struct watchdog *watchdog, uint32_t heartbeat, int64_t waited, int64_t now)
{
    *watchdog = (struct watchdog){.heartbeat = heartbeat, .waited = waited, .looked = now};
}

/* To be called at every look. True if there has been no heartbeat for too long. If none is `due`, none is
 * missed. On a busy machine what plays may be able to play, and not get a processor: `waited` says for how
 * long that was so, ever. */
static inline bool watchdog_late(struct watchdog *watchdog, uint32_t heartbeat, int64_t waited, bool due,
                                 int64_t now)
{
    int64_t starved = waited > watchdog->waited ? waited - watchdog->waited : 0;
    int64_t most = WATCHDOG_STEP_MS * 1000;
    int64_t passed = now - watchdog->looked - starved;
    int64_t limit = (watchdog->settled ? WATCHDOG_LATE_MS : WATCHDOG_LATE_AT_START_MS) * 1000;
    watchdog->looked = now;
    watchdog->waited = waited;
    watchdog->silent += passed < 0 ? 0 : passed < most ? passed : most;
    if (heartbeat != watchdog->heartbeat) {
        watchdog->heartbeat = heartbeat;
        watchdog->silent = 0;
        if (watchdog->beating == 0) watchdog->beating = now;
        if (now - watchdog->beating >= WATCHDOG_SETTLED_MS * 1000) watchdog->settled = true;
    }
    if (!due) watchdog->silent = 0;
    return watchdog->silent >= limit;
}

#endif
