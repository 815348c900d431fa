/* Preloaded into the program: no memory for the ring. $REFUSED names the call that fails. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static bool is_refused(const char *call)
{
    const char *refused = getenv("REFUSED");
    if (!refused || strcmp(refused, call) != 0) return false;
    errno = ENOMEM;
    return true;
}

int memfd_create(const char *name, unsigned flags)
{
    int (*real)(const char *, unsigned);
    *(void **)&real = dlsym(RTLD_NEXT, "memfd_create");
    return is_refused("memfd_create") ? -1 : real(name, flags);
}

int ftruncate(int fd, off_t size)
{
    int (*real)(int, off_t);
    *(void **)&real = dlsym(RTLD_NEXT, "ftruncate");
    return is_refused("ftruncate") ? -1 : real(fd, size);
}

void *mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
    void *(*real)(void *, size_t, int, int, int, off_t);
    *(void **)&real = dlsym(RTLD_NEXT, "mmap");
    bool of_ring = (flags & MAP_SHARED) && (flags & MAP_POPULATE);
    return of_ring && is_refused("mmap") ? MAP_FAILED : real(address, size, protection, flags, fd, offset);
}
