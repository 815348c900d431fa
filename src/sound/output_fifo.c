/* The output "fifo:PATH": signed 16-bit stereo for another program, such as Snapcast's server, by a clock of
 * our own. Silence is written too, also in a pause. Without a reader, and while one takes nothing, the sound
 * is lost, and comes back with it. */
#include "backend.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PERIOD_MS = 10,    /* between two writes */
    LEAD_MS = 40,      /* so much lies in the FIFO, because a reader may take 20 ms at once; */
    MOST_MS = 160,     /* or more after this program was late, until the next flush */
    STALLED_MS = 1000, /* a reader that has taken nothing for so long has stopped */
    FIRST_MS = 400,    /* for a reader to open it, before it is reported that there is none; */
    AGAIN_MS = 4000,   /* and later on, before it is tried anew */
    FRAME = RING_CHANNELS * sizeof(int16_t),
    BLOCK = PIPE_BUF / FRAME, /* frames: a write of no more is whole, or not done at all */
    OTHERS_WRITE = 022,
};

struct fifo_output {
    const struct backend_host *host;
    const char *path;
    bool again; /* not the first start */
    guint source;
    int fd;
    gint64 lead;     /* frames */
    gint64 given;    /* frames, silence too */
    gint64 origin;   /* microseconds: when the first of them was due */
    gint64 left;     /* frames in the FIFO after the last write */
    gint64 moved_at; /* microseconds: when the reader took some last */
    gint64 until;    /* microseconds: so long a reader is waited for before it is reported */
    int16_t block[RING_CHANNELS * BLOCK];
    gint64 pending; /* frames of the block that had no room in the FIFO */
};

static gint64 in_frames(const struct fifo_output *fifo, gint64 ms)
{
    return ms * ring_rate(fifo->host->ring) / 1000;
}

static void report(const struct fifo_output *fifo, enum backend_news news, const char *text)
{
    const struct backend_report news_of = {.news = news,
                                           .text = text,
                                           .latency = (int)in_frames(fifo, LEAD_MS),
                                           .tail = (int)in_frames(fifo, LEAD_MS)};
    fifo->host->report(fifo->host->data, &news_of);
}

/* Of the frames taken, `unheard` will never be read. */
static void report_stop(const struct fifo_output *fifo, const char *what, gint64 unheard)
{
    g_autofree char *text = g_strdup_printf("%s %s", fifo->host->device, what);
    const struct backend_report stopped = {
        .news = BACKEND_STOPPED, .text = text, .latency = (int)unheard, .counted = true};
    fifo->host->report(fifo->host->data, &stopped);
}

/* ---- writing ---- */

/* Frames that lie in the FIFO. */
static gint64 unread(const struct fifo_output *fifo)
{
    int bytes = 0;
    return ioctl(fifo->fd, FIONREAD, &bytes) == 0 ? bytes / (int)FRAME : 0;
}

/* Frames that are due by the clock and have not been given. After a long sleep the time is lost, as on a
 * device. */
static gint64 due(struct fifo_output *fifo, gint64 now)
{
    gint64 rate = ring_rate(fifo->host->ring), most = in_frames(fifo, MOST_MS);
    gint64 late = (now - fifo->origin) * rate / G_USEC_PER_SEC + in_frames(fifo, LEAD_MS) - fifo->given;
    if (late > most) fifo->origin += (late - most) * G_USEC_PER_SEC / rate;
    return CLAMP(late, 0, most);
}

/* False if there is no room, or no reader any more: errno. */
static bool write_block(struct fifo_output *fifo)
{
    if (fifo->pending > 0 && write(fifo->fd, fifo->block, (size_t)fifo->pending * FRAME) < 0) return false;
    fifo->pending = 0;
    return true;
}

static bool write_frames(struct fifo_output *fifo, gint64 frames)
{
    bool written = write_block(fifo);
    for (gint64 count; written && frames > 0; frames -= count) {
        count = MIN(frames, BLOCK);
        ring_read(fifo->host->ring, fifo->block, (uint32_t)count);
        fifo->given += count;
        fifo->pending = count;
        written = write_block(fifo);
    }
    return written || errno == EAGAIN || errno == EINTR;
}

static bool has_reader(const struct fifo_output *fifo)
{
    struct pollfd look = {.fd = fifo->fd, .events = POLLOUT};
    return poll(&look, 1, 0) >= 0 && (look.revents & POLLERR) == 0;
}

/* How many to write now. A flush is answered at once: its fade needs room. */
static gint64 wanted(struct fifo_output *fifo, gint64 queued, gint64 now)
{
    uint64_t unused;
    gint64 late = due(fifo, now), fade = in_frames(fifo, RING_FADE_MS) + 1;
    if (queued == 0 && late > 2 * fifo->lead) fifo->lead = MIN(2 * fifo->lead, in_frames(fifo, MOST_MS));
    gint64 frames = MIN(late, MAX(fifo->lead - queued, 0));
    if (ring_flushed(fifo->host->ring, &unused)) return frames;
    fifo->lead = in_frames(fifo, LEAD_MS);
    return MAX(frames, fade);
}

static gboolean on_period(gpointer data)
{
    struct fifo_output *fifo = data;
    gint64 now = g_get_monotonic_time(), queued = unread(fifo), frames = wanted(fifo, queued, now);
    if (queued < fifo->left || queued == 0) fifo->moved_at = now;
    if (now - fifo->moved_at > STALLED_MS * G_GINT64_CONSTANT(1000)) {
        fifo->source = 0;
        report_stop(fifo, "is not being read", fifo->pending); /* what lies there may still be */
        return G_SOURCE_REMOVE;
    }
    bool lost = frames + fifo->pending == 0 ? !has_reader(fifo) : !write_frames(fifo, frames);
    if (lost) {
        fifo->source = 0;
        report_stop(fifo, "has lost its reader", unread(fifo) + fifo->pending);
        return G_SOURCE_REMOVE;
    }
    fifo->left = unread(fifo);
    report(fifo, BACKEND_READ, NULL);
    return G_SOURCE_CONTINUE;
}

/* ---- opening ---- */

/* In a directory in which only this user can make files. */
static bool may_create(const char *path)
{
    struct stat directory;
    g_autofree char *name = g_path_get_dirname(path);
    return stat(name, &directory) == 0 && directory.st_uid == geteuid() &&
           (directory.st_mode & OTHERS_WRITE) == 0;
}

/* Makes it if it is not there. What is wrong, or NULL. */
static const char *have_fifo(const char *path)
{
    struct stat there;
    if (!*path) return "needs a path, such as fifo:/run/user/1000/sound";
    if (lstat(path, &there) == 0) return S_ISFIFO(there.st_mode) ? NULL : "is not a FIFO";
    if (errno != ENOENT) return g_strerror(errno);
    if (!may_create(path))
        return "is not there, and is made only in a directory of yours that is closed to others";
    return mkfifo(path, 0600) == 0 || errno == EEXIST ? NULL : g_strerror(errno);
}

/* Opens it for writing, also without a reader: one that finds no writer may leave at once. What is wrong, or
 * NULL. */
static const char *open_fifo(struct fifo_output *fifo)
{
    struct stat opened;
    const char *problem = have_fifo(fifo->path);
    if (problem) return problem;
    int reader = open(fifo->path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (reader < 0) return g_strerror(errno);
    bool is_fifo = fstat(reader, &opened) == 0 && S_ISFIFO(opened.st_mode);
    if (is_fifo) fifo->fd = open(fifo->path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    int why = errno;
    close(reader);
    return !is_fifo ? "is not a FIFO" : fifo->fd < 0 ? g_strerror(why) : NULL;
}

static void refuse(struct fifo_output *fifo, const char *problem)
{
    g_autofree char *text = g_strdup_printf("%s %s", fifo->host->device, problem);
    fifo->source = 0;
    report(fifo, BACKEND_REFUSED, text);
}

static void begin(struct fifo_output *fifo)
{
    fifo->origin = fifo->moved_at = g_get_monotonic_time();
    fifo->lead = in_frames(fifo, LEAD_MS);
    fifo->source = g_timeout_add(PERIOD_MS, on_period, fifo);
    report(fifo, BACKEND_STARTED, fifo->host->device);
}

/* A session waits for its first reader as for one that is lost. */
static gboolean on_wait(gpointer data)
{
    struct fifo_output *fifo = data;
    bool waits = !has_reader(fifo), stopped = unread(fifo) > 0;
    const char *problem = stopped ? "is not being read" : "has no reader";
    if (!waits && !stopped) {
        begin(fifo);
        return G_SOURCE_REMOVE;
    }
    if (g_get_monotonic_time() < fifo->until) return G_SOURCE_CONTINUE;
    if (fifo->again) {
        refuse(fifo, problem);
    } else {
        fifo->source = 0;
        report_stop(fifo, problem, 0);
    }
    return G_SOURCE_REMOVE;
}

static gboolean on_start(gpointer data)
{
    struct fifo_output *fifo = data;
    const char *problem = open_fifo(fifo);
    if (problem) {
        refuse(fifo, problem);
        return G_SOURCE_REMOVE;
    }
    fifo->until = g_get_monotonic_time() + (fifo->again ? AGAIN_MS : FIRST_MS) * G_GINT64_CONSTANT(1000);
    fifo->source = g_timeout_add(PERIOD_MS, on_wait, fifo);
    return G_SOURCE_REMOVE;
}

/* ---- the backend ---- */

static void *start(struct backend_host *host)
{
    struct fifo_output *fifo = g_new0(struct fifo_output, 1);
    fifo->host = host;
    fifo->path = host->device + strlen("fifo:");
    fifo->again = host->attempt > 0;
    fifo->fd = -1;
    fifo->source = g_idle_add(on_start, fifo);
    return fifo;
}

static void wake(void *data)
{
    (void)data; /* it never sleeps */
}

static void stop(void *data)
{
    struct fifo_output *fifo = data;
    g_clear_handle_id(&fifo->source, g_source_remove);
    if (fifo->fd >= 0) close(fifo->fd);
    g_free(fifo);
}

const struct backend backend_fifo = {start, NULL, wake, stop, .stays = true};
