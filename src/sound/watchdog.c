#include "watchdog.h"

void watchdog_start(struct watchdog *watchdog, uint32_t heartbeat, int64_t now)
{
    *watchdog = (struct watchdog){.heartbeat = heartbeat, .looked = now};
}

static void note_beat(struct watchdog *watchdog, uint32_t heartbeat, int64_t now)
{
    watchdog->heartbeat = heartbeat;
    watchdog->silent = 0;
    if (watchdog->beating == 0) watchdog->beating = now;
    if (now - watchdog->beating >= WATCHDOG_SETTLED_MS * 1000) watchdog->settled = true;
}

bool watchdog_late(struct watchdog *watchdog, uint32_t heartbeat, bool due, int64_t now)
{
    int64_t passed = now - watchdog->looked;
    int64_t most = WATCHDOG_STEP_MS * 1000;
    int64_t limit = (watchdog->settled ? WATCHDOG_LATE_MS : WATCHDOG_LATE_AT_START_MS) * 1000;
    watchdog->looked = now;
    watchdog->silent += passed < most ? passed : most;
    if (heartbeat != watchdog->heartbeat) note_beat(watchdog, heartbeat, now);
    if (!due) watchdog->silent = 0;
    return watchdog->silent >= limit;
}
