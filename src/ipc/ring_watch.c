#include "ipc/ring_watch.h"
#include "ring_memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct ring_watch {
    const struct ring_header *header;
    const int16_t *frames;
    size_t size;
    uint32_t capacity;
    int16_t *copy;   /* of `capacity` frames, at the same places as in the ring */
    uint64_t copied; /* up to this index */
    uint64_t tail;   /* of the last look: frames before it have been played or dropped, */
    uint64_t taken;  /* and so many have been played */
    uint64_t given;  /* next index to be given to the caller, */
    uint64_t due;    /* and how many of these there are */
};

struct ring_watch *ring_watch_new(int fd)
{
    struct stat status;
    struct ring *checked = ring_open(fd);
    if (!checked) return NULL;
    const uint32_t capacity = checked->capacity;
    const int own = dup(fd);
    ring_free(checked);
    void *memory = MAP_FAILED;
    if (own >= 0 && fstat(own, &status) == 0)
        memory = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, own, 0);
    if (own >= 0) close(own);
    if (memory == MAP_FAILED) return NULL;
    struct ring_watch *watch = calloc(1, sizeof *watch);
    int16_t *copy = calloc(capacity, RING_FRAME_BYTES);
    if (!watch || !copy) abort();
    const struct ring_header *header = memory;
    *watch = (struct ring_watch){
        .header = header, .size = (size_t)status.st_size, .capacity = capacity, .copy = copy};
    watch->frames = (const int16_t *)((const char *)memory + RING_HEADER_BYTES);
    watch->copied = watch->given = watch->tail = RING_LOAD(header->tail);
    watch->taken = RING_LOAD(header->taken);
    return watch;
}

void ring_watch_free(struct ring_watch *watch)
{
    if (!watch) return;
    munmap((void *)watch->header, watch->size);
    free(watch->copy);
    free(watch);
}

int ring_watch_rate(const struct ring_watch *watch)
{
    return (int)watch->header->rate;
}

static void copy_one(struct ring_watch *watch, uint64_t index)
{
    const size_t at = index % watch->capacity * RING_CHANNELS;
    memcpy(watch->copy + at, watch->frames + at, RING_FRAME_BYTES);
}

/* What has been written since the last look. */
static void copy_new(struct ring_watch *watch)
{
    const uint64_t head = RING_LOAD(watch->header->head);
    if (head - watch->copied > watch->capacity) watch->copied = head - watch->capacity;
    for (; watch->copied < head; watch->copied++) copy_one(watch, watch->copied);
}

/* What has been played since the last look. After a flush the rest was dropped, and is not heard. */
static void look(struct ring_watch *watch)
{
    const uint64_t taken = RING_LOAD(watch->header->taken), tail = RING_LOAD(watch->header->tail);
    uint64_t played = taken - watch->taken;
    if (played > watch->capacity || played > tail - watch->tail) played = 0;
    watch->given = watch->tail;
    watch->due = played;
    watch->tail = tail;
    watch->taken = taken;
}

uint32_t ring_watch_take(struct ring_watch *watch, int16_t *stereo, uint32_t frames)
{
    if (watch->due == 0) look(watch);
    uint32_t n = 0;
    for (; n < frames && watch->due > 0; n++, watch->due--, watch->given++)
        memcpy(stereo + (size_t)n * RING_CHANNELS,
               watch->copy + watch->given % watch->capacity * RING_CHANNELS, RING_FRAME_BYTES);
    copy_new(watch);
    return n;
}
