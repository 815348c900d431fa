#include "ring_memory.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MAGIC = 0x52565331,
    HEADER_BYTES = 4096,
    MIN_RATE = 8000,
    MAX_RATE = 192000,
    MAX_FRAMES = 1 << 20,
};

/* An atomic that needs a lock would take it in one process only. */
static_assert(ATOMIC_INT_LOCK_FREE == 2 && ATOMIC_LLONG_LOCK_FREE == 2, "the ring needs lock-free atomics");
static_assert(sizeof(struct ring_header) <= HEADER_BYTES, "the header has one page");

static size_t size_of(uint32_t capacity)
{
    return HEADER_BYTES + (size_t)capacity * RING_FRAME_BYTES;
}

/* The pages are there from the beginning, so that the reader takes no page fault. */
static bool map(struct ring *ring, int fd, uint32_t capacity)
{
    void *memory = mmap(NULL, size_of(capacity), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (memory == MAP_FAILED) return false;
    ring->fd = fd;
    ring->capacity = capacity;
    ring->header = memory;
    ring->frames = (int16_t *)((char *)memory + HEADER_BYTES);
    return true;
}

/* Sealed: a file that shrinks would kill its readers with SIGBUS. */
static int make_file(size_t size)
{
    int fd = memfd_create("stretchvoice-ring", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return -1;
    if (ftruncate(fd, (off_t)size) == 0 &&
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
        return fd;
    close(fd);
    return -1;
}

bool ring_memory_make(struct ring *ring, uint32_t rate, uint32_t capacity)
{
    int fd = make_file(size_of(capacity));
    if (fd < 0) return false;
    if (!map(ring, fd, capacity)) {
        close(fd);
        return false;
    }
    ring->header->magic = MAGIC; /* the rest of a new file is zero */
    ring->header->rate = rate;
    ring->header->capacity = capacity;
    ring->fade = rate * RING_FADE_MS / 1000;
    return true;
}

void ring_memory_drop(struct ring *ring)
{
    munmap(ring->header, size_of(ring->capacity));
    close(ring->fd);
}

struct ring *ring_new(int rate, uint32_t frames)
{
    assert(rate >= MIN_RATE && rate <= MAX_RATE && frames <= MAX_FRAMES);
    uint32_t capacity = 1;
    while (capacity < frames) capacity *= 2;
    struct ring *ring = calloc(1, sizeof *ring);
    if (ring && ring_memory_make(ring, (uint32_t)rate, capacity)) return ring;
    free(ring);
    return NULL;
}

static bool header_fits(const struct ring_header *header, size_t size)
{
    uint32_t capacity = header->capacity;
    return header->magic == MAGIC && header->rate >= MIN_RATE && header->rate <= MAX_RATE && capacity != 0 &&
           capacity <= MAX_FRAMES && (capacity & (capacity - 1)) == 0 && size == size_of(capacity);
}

static bool read_header(int fd, struct ring_header *header)
{
    struct stat status;
    if (fstat(fd, &status) == 0 && pread(fd, header, sizeof *header, 0) == sizeof *header &&
        header_fits(header, (size_t)status.st_size))
        return true;
    errno = EINVAL;
    return false;
}

struct ring *ring_open(int fd)
{
    struct ring_header header;
    if (!read_header(fd, &header)) return NULL;
    struct ring *ring = calloc(1, sizeof *ring);
    if (!ring || !map(ring, fd, header.capacity)) {
        free(ring);
        return NULL;
    }
    ring->fade = header.rate * RING_FADE_MS / 1000;
    return ring;
}

void ring_free(struct ring *ring)
{
    if (!ring) return;
    ring_memory_drop(ring);
    free(ring);
}

int ring_fd(const struct ring *ring)
{
    return ring->fd;
}

int ring_rate(const struct ring *ring)
{
    return (int)ring->header->rate;
}

bool ring_flushing(const struct ring *ring)
{
    return RING_LOAD(ring->header->asked) != RING_LOAD(ring->header->answered);
}

uint32_t ring_queued(const struct ring *ring)
{
    uint64_t count = RING_LOAD(ring->header->head) - RING_LOAD(ring->header->tail);
    assert(count <= ring->capacity);
    return (uint32_t)count;
}

uint32_t ring_piece(const struct ring *ring, uint64_t index, uint32_t frames)
{
    return ring_min(frames, ring->capacity - (uint32_t)(index % ring->capacity));
}

int16_t *ring_place(const struct ring *ring, uint64_t index)
{
    return ring->frames + index % ring->capacity * RING_CHANNELS;
}

/* The beginning of a session does not fade in, whatever was asked before it. */
uint32_t ring_fade_in_after(const struct ring *ring, uint64_t taken)
{
    return taken > 0 ? ring->fade : 0;
}

/* The end is looked for before the frames: what was written before ring_end is then seen. */
bool ring_drained(const struct ring *ring, uint64_t *silence)
{
    bool ended = RING_LOAD(ring->header->mood) == MOOD_ENDED;
    bool drained = ended && !ring_flushing(ring) && ring_queued(ring) == 0;
    *silence = drained ? RING_LOAD(ring->header->silence) : 0;
    return drained;
}
