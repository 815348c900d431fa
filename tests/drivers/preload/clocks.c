/* Preloaded into the program: clocks that jump. In the directory that $CLOCKS names, a file called as the
 * clock's number holds the seconds that are added to what it tells. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long jump(clockid_t clock)
{
    char path[256], text[32] = "";
    const char *directory = getenv("CLOCKS");
    snprintf(path, sizeof path, "%s/%d", directory ? directory : "", (int)clock);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t size = read(fd, text, sizeof text - 1);
    close(fd);
    return size > 0 ? atol(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int (*real)(clockid_t, struct timespec *);
    *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, time);
    if (clock == CLOCK_BOOTTIME || clock == CLOCK_REALTIME) time->tv_sec += jump(clock);
    return result;
}

int gettimeofday(struct timeval *time, void *zone)
{
    int (*real)(struct timeval *, void *);
    *(void **)&real = dlsym(RTLD_NEXT, "gettimeofday");
    int result = real(time, zone);
    time->tv_sec += jump(CLOCK_REALTIME);
    return result;
}
