/* Notices that the machine was asleep: CLOCK_BOOTTIME runs on then, CLOCK_MONOTONIC does not. */
#ifndef LIVE_SLEEP_H
#define LIVE_SLEEP_H

#include <stdbool.h>
#include <stdint.h>

struct sleep_watch {
    int64_t asleep; /* nanoseconds of sleep since boot, when last looked at */
};

void sleep_watch_init(struct sleep_watch *watch);

/* True once after more than two seconds of sleep. */
bool sleep_watch_slept(struct sleep_watch *watch);

#endif
