#include "sleep.h"
#include <time.h>

static int64_t nanoseconds(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t sleep_since_boot(void)
{
    return nanoseconds(CLOCK_BOOTTIME) - nanoseconds(CLOCK_MONOTONIC);
}

void sleep_watch_init(struct sleep_watch *watch)
{
    watch->asleep = sleep_since_boot();
}

bool sleep_watch_slept(struct sleep_watch *watch)
{
    int64_t before = watch->asleep;
    watch->asleep = sleep_since_boot();
    return watch->asleep - before > 2000000000;
}
