/* The ring's memory, and the writer's side. What the reader has written is checked at each look. */
#include "ring_memory.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MAGIC = 0x52565332,
    MIN_RATE = 8000,
    MAX_RATE = 192000,
    MAX_FRAMES = 1 << 20,
};

/* An atomic that needs a lock would take it in one process only. */
static_assert(ATOMIC_INT_LOCK_FREE == 2 && ATOMIC_LLONG_LOCK_FREE == 2, "the ring needs lock-free atomics");
static_assert(sizeof(struct ring_header) <= RING_HEADER_BYTES, "the header has one page");

/* --- memory --- */

static size_t size_of(uint32_t capacity)
{
    return RING_HEADER_BYTES + (size_t)capacity * RING_FRAME_BYTES;
}

/* Populated, so that the reader takes no page fault. */
static bool map(struct ring *ring, int fd, uint32_t rate, uint32_t capacity)
{
    void *memory = mmap(NULL, size_of(capacity), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (memory == MAP_FAILED) return false;
    ring->fd = fd;
    ring->rate = rate;
    ring->capacity = capacity;
    ring->fade = rate * RING_FADE_MS / 1000;
    ring->header = memory;
    ring->frames = (int16_t *)((char *)memory + RING_HEADER_BYTES);
    return true;
}

static bool make_memory(struct ring *ring, uint32_t rate, uint32_t capacity)
{
    int fd = memfd_create("stretchvoice-ring", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return false;
    /* Sealed: a file that shrinks would kill its readers with SIGBUS. */
    if (ftruncate(fd, (off_t)size_of(capacity)) != 0 ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0 ||
        !map(ring, fd, rate, capacity)) {
        int error = errno;
        close(fd);
        errno = error;
        return false;
    }
    ring->header->magic = MAGIC; /* the rest of a new file is zero */
    ring->header->rate = rate;
    ring->header->capacity = capacity;
    return true;
}

static void drop_memory(struct ring *ring)
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
    if (ring && make_memory(ring, (uint32_t)rate, capacity)) {
        ring->writer.is_ours = true;
        return ring;
    }
    free(ring);
    return NULL;
}

struct ring *ring_open(int fd)
{
    struct ring_header header;
    struct stat status;
    uint32_t capacity;
    if (fstat(fd, &status) != 0 || pread(fd, &header, sizeof header, 0) != sizeof header ||
        header.magic != MAGIC || header.rate < MIN_RATE || header.rate > MAX_RATE ||
        (capacity = header.capacity) == 0 || capacity > MAX_FRAMES || (capacity & (capacity - 1)) != 0 ||
        (size_t)status.st_size != size_of(capacity)) {
        errno = EINVAL;
        return NULL;
    }
    struct ring *ring = calloc(1, sizeof *ring);
    if (!ring || !map(ring, fd, header.rate, capacity)) {
        free(ring);
        return NULL;
    }
    ring->reader.fade_in = ring_fade_in_after(ring, RING_LOAD(ring->header->taken));
    ring->reader.seen = RING_LOAD(ring->header->answered);
    return ring;
}

void ring_free(struct ring *ring)
{
    if (!ring) return;
    drop_memory(ring);
    free(ring);
}

int ring_fd(const struct ring *ring)
{
    return ring->fd;
}

int ring_rate(const struct ring *ring)
{
    return (int)ring->rate;
}

/* --- what the other side wrote: the writer bounds it --- */

static uint32_t asked(const struct ring *ring)
{
    return ring->writer.is_ours ? ring->writer.asked : RING_LOAD(ring->header->asked);
}

static uint32_t state(const struct ring *ring)
{
    return ring->writer.is_ours ? ring->writer.state : RING_LOAD(ring->header->state);
}

static bool flushing(const struct ring *ring)
{
    return asked(ring) != RING_LOAD(ring->header->answered);
}

bool ring_intact(const struct ring *ring)
{
    uint32_t answered = RING_LOAD(ring->header->answered);
    uint64_t tail = RING_LOAD(ring->header->tail), taken = RING_LOAD(ring->header->taken);
    uint64_t head = ring->writer.head, written = head - ring->writer.first_head;
    uint64_t first_taken = ring->writer.first_taken;
    /* Nothing was taken before the last flush, and no more than the ring holds is left. */
    uint64_t least_tail = head - (written < ring->capacity ? written : ring->capacity);
    bool is_answered = answered == ring->writer.asked;
    bool may_wait = ring->writer.flushed && answered == ring->writer.asked - 1;
    bool all_dropped = !is_answered || !ring->writer.flushed || tail == head;
    return (is_answered || may_wait) && all_dropped && tail >= least_tail && tail <= head &&
           taken >= first_taken && taken <= first_taken + written;
}

uint64_t ring_taken(const struct ring *ring)
{
    uint64_t taken = RING_LOAD(ring->header->taken);
    if (!ring->writer.is_ours) return taken;
    uint64_t low = ring->writer.first_taken, high = low + ring->writer.head - ring->writer.first_head;
    return taken < low ? low : taken > high ? high : taken;
}

uint32_t ring_queued(const struct ring *ring)
{
    uint64_t tail = RING_LOAD(ring->header->tail);
    uint64_t head = ring->writer.is_ours ? ring->writer.head : RING_LOAD(ring->header->head);
    return head - tail <= ring->capacity ? (uint32_t)(head - tail) : 0;
}

/* --- the writer's side --- */

void ring_set_waker(struct ring *ring, void (*wake)(void *data), void *data)
{
    ring->writer.wake = wake;
    ring->writer.data = data;
}

static void wake(struct ring *ring)
{
    if (ring->writer.wake) ring->writer.wake(ring->writer.data);
}

static void set_state(struct ring *ring, enum ring_state new_state)
{
    ring->writer.state = new_state;
    RING_STORE(ring->header->state, new_state);
}

uint32_t ring_space(const struct ring *ring)
{
    if (ring->writer.detached || flushing(ring) || !ring_intact(ring)) return 0;
    return ring->capacity - ring_queued(ring);
}

/* The flush that was asked last has been answered: what is taken from now on is counted from here. */
static void begin_after_flush(struct ring *ring)
{
    if (!ring->writer.flushed) return;
    ring->writer.first_taken = ring_taken(ring);
    ring->writer.first_head = ring->writer.head;
    ring->writer.flushed = false;
}

uint32_t ring_write(struct ring *ring, const int16_t *stereo, uint32_t frames)
{
    uint32_t space = ring_space(ring), count = frames < space ? frames : space;
    if (count == 0) return 0;
    bool idle = ring->writer.state != STATE_PLAYING || space == ring->capacity;
    begin_after_flush(ring);
    uint64_t head = ring->writer.head;
    uint32_t first = ring_piece(ring, head, count);
    memcpy(ring_at(ring, head), stereo, (size_t)first * RING_FRAME_BYTES);
    memcpy(ring->frames, stereo + (size_t)first * RING_CHANNELS, (size_t)(count - first) * RING_FRAME_BYTES);
    ring->writer.head = head + count;
    RING_STORE(ring->header->head, head + count);
    set_state(ring, STATE_PLAYING); /* after the frames: to be playing without any would be an underrun */
    if (idle) wake(ring);
    return count;
}

void ring_flush(struct ring *ring)
{
    if (ring->writer.detached || flushing(ring)) return;
    begin_after_flush(ring);
    set_state(ring, STATE_FRESH);
    ring->writer.flushed = true;
    RING_STORE(ring->header->asked, ++ring->writer.asked);
    wake(ring);
}

bool ring_flushed(const struct ring *ring, uint64_t *heard)
{
    bool answered = !flushing(ring);
    if (answered) *heard = ring_taken(ring);
    return answered;
}

void ring_end(struct ring *ring)
{
    if (ring->writer.state == STATE_ENDED) return;
    set_state(ring, STATE_ENDED);
    wake(ring);
}

void ring_rest(struct ring *ring)
{
    set_state(ring, STATE_RESTING);
}

bool ring_rested(const struct ring *ring)
{
    return state(ring) == STATE_RESTING && !flushing(ring) && ring_queued(ring) == 0;
}

bool ring_wants(const struct ring *ring)
{
    uint32_t now = state(ring);
    return (now == STATE_FRESH || now == STATE_PLAYING) && ring_space(ring) > 0;
}

uint32_t ring_heartbeat(const struct ring *ring)
{
    return RING_LOAD(ring->header->heartbeat);
}

uint32_t ring_underruns(const struct ring *ring)
{
    return RING_LOAD(ring->header->underruns);
}

/* The state is read before the counts, so that what was written before ring_end() is seen. */
bool ring_drained(const struct ring *ring, uint64_t *silence)
{
    bool drained = state(ring) == STATE_ENDED && !flushing(ring) && ring_queued(ring) == 0;
    *silence = drained ? RING_LOAD(ring->header->silence) : 0;
    return drained;
}

void ring_reset(struct ring *ring, uint32_t unheard)
{
    uint64_t taken = ring_taken(ring), first = ring->writer.first_taken;
    if (ring->writer.flushed && !flushing(ring)) first = taken;
    uint64_t heard = taken - first < unheard ? first : taken - unheard;
    uint32_t underruns = RING_LOAD(ring->header->underruns);

    /* A reader that was killed may still run for a moment; it keeps the old memory to itself. If no new
     * memory can be had, the two share it for that moment. */
    struct ring fresh = *ring;
    if (make_memory(&fresh, ring->rate, ring->capacity)) {
        drop_memory(ring);
        *ring = fresh;
    }
    struct ring_header *header = ring->header;
    ring->writer.first_head = ring->writer.head;
    ring->writer.first_taken = heard;
    ring->writer.flushed = false;
    ring->writer.detached = true;
    ring->writer.resets++;
    ring->reader.fade_in = ring_fade_in_after(ring, heard);
    ring->reader.starved = false;
    ring->reader.seen = ring->writer.asked;
    RING_STORE(header->underruns, underruns);
    RING_STORE(header->taken, heard);
    RING_STORE(header->silence, 0);
    RING_STORE(header->asked, ring->writer.asked);
    RING_STORE(header->answered, ring->writer.asked);
    RING_STORE(header->head, ring->writer.head);
    RING_STORE(header->tail, ring->writer.head);
    set_state(ring, STATE_FRESH);
}

uint32_t ring_resets(const struct ring *ring)
{
    return ring->writer.resets;
}

void ring_attach(struct ring *ring)
{
    ring->writer.detached = false;
}
