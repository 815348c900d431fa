#include "asleep.h"
#include <time.h>

enum { LEAST_NS = 2000000000 };

/* CLOCK_BOOTTIME runs on in sleep, CLOCK_MONOTONIC does not. */
bool asleep_since(int64_t *last)
{
    const int64_t before = *last;
    struct timespec all, awake;
    clock_gettime(CLOCK_BOOTTIME, &all);
    clock_gettime(CLOCK_MONOTONIC, &awake);
    *last = (int64_t)(all.tv_sec - awake.tv_sec) * 1000000000 + all.tv_nsec - awake.tv_nsec;
    return *last - before > LEAST_NS;
}
