#include "wavpipe.h"
#include "fail.h"
#include <fcntl.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(G_BYTE_ORDER == G_LITTLE_ENDIAN, "samples are written as they lie in memory");

enum {
    RIFF_REST = WAV_HEADER_BYTES - 8, /* of the header, counted in the first size */
    FORMAT_SIZE = 16,
    FORMAT_PCM = 1,
    CHANNELS = 2,
    BITS = 16,
};

struct wavpipe {
    int fd;
    int64_t bytes;
    const int *stop;
};

bool wav_fits(int64_t frames)
{
    return frames <= ((int64_t)UINT32_MAX - RIFF_REST) / WAV_FRAME_BYTES;
}

/* ---- the header ---- */

static uint8_t *put_tag(uint8_t *at, const char *tag)
{
    memcpy(at, tag, 4);
    return at + 4;
}

static uint8_t *put(uint8_t *at, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) at[i] = (uint8_t)(value >> 8 * i);
    return at + bytes;
}

static void make_header(uint8_t header[WAV_HEADER_BYTES], int rate, int64_t frames)
{
    uint32_t data = frames < 0 ? UINT32_MAX : (uint32_t)(frames * WAV_FRAME_BYTES);
    uint8_t *at = put_tag(header, "RIFF");
    at = put(at, frames < 0 ? UINT32_MAX : data + RIFF_REST, 4);
    at = put_tag(at, "WAVE");
    at = put_tag(at, "fmt ");
    at = put(at, FORMAT_SIZE, 4);
    at = put(at, FORMAT_PCM, 2);
    at = put(at, CHANNELS, 2);
    at = put(at, (uint32_t)rate, 4);
    at = put(at, (uint32_t)rate * WAV_FRAME_BYTES, 4);
    at = put(at, WAV_FRAME_BYTES, 2);
    at = put(at, BITS, 2);
    at = put_tag(at, "data");
    put(at, data, 4);
}

/* ---- the pipe ---- */

static gboolean writable(gint fd, GIOCondition condition, gpointer data)
{
    (void)fd, (void)condition;
    *(bool *)data = true;
    return G_SOURCE_REMOVE;
}

/* False if it was told to stop. */
static bool wait_for_reader(const struct wavpipe *wav)
{
    bool ready = false;
    guint source = g_unix_fd_add(wav->fd, G_IO_OUT | G_IO_ERR | G_IO_HUP, writable, &ready);
    while (!ready && !(wav->stop && *wav->stop)) g_main_context_iteration(NULL, TRUE);
    if (!ready) g_source_remove(source);
    return ready;
}

static bool write_all(struct wavpipe *wav, const void *bytes, int64_t size, GError **error)
{
    const uint8_t *at = bytes, *end = at + size;
    while (at < end) {
        ssize_t n = write(wav->fd, at, end - at);
        if (n >= 0) {
            at += n;
            wav->bytes += n;
        } else if (errno == EAGAIN && !wait_for_reader(wav)) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "was given up");
            return false;
        } else if (errno != EAGAIN && errno != EINTR) {
            return fail_errno(error, "cannot be written");
        }
    }
    return true;
}

/* A pipe is opened once more: not to block is a property that all who hold the same open pipe would share. */
static int open_again(int fd)
{
    struct stat there;
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    int own = -1;
    if (fstat(fd, &there) == 0 && S_ISFIFO(there.st_mode))
        own = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    return own >= 0 ? own : fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

/* Without a descriptor, writing will say so. */
struct wavpipe *wavpipe_new(int fd)
{
    struct wavpipe *wav = g_new0(struct wavpipe, 1);
    wav->fd = open_again(fd);
    return wav;
}

void wavpipe_free(struct wavpipe *wav)
{
    if (!wav) return;
    if (wav->fd >= 0) close(wav->fd);
    g_free(wav);
}

void wavpipe_watch(struct wavpipe *wav, const int *stop)
{
    wav->stop = stop;
}

bool wavpipe_begin(struct wavpipe *wav, int rate, int64_t frames, GError **error)
{
    uint8_t header[WAV_HEADER_BYTES];
    make_header(header, rate, frames);
    return write_all(wav, header, sizeof header, error);
}

bool wavpipe_write(struct wavpipe *wav, const int16_t *stereo, int64_t frames, GError **error)
{
    return write_all(wav, stereo, frames * WAV_FRAME_BYTES, error);
}

int64_t wavpipe_bytes(const struct wavpipe *wav)
{
    return wav->bytes;
}
