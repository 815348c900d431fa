/* Reads a sound file of the user's. libsndfile may turn for ever in a damaged one, so a child process reads
 * it. */
#include "file/soundfile.h"
#include "base/read.h"
#include "soundread.h"
#include <errno.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSOR_S = 3 }; /* a second of it reads minutes of sound */

/* What the child says; the samples follow. */
struct found {
    int rate;
    int64_t frames;
    char wrong[40]; /* "" if nothing is */
};

static bool write_all(int fd, const void *bytes, gsize size)
{
    for (ssize_t n; size > 0; bytes = (const char *)bytes + n, size -= (gsize)n)
        if ((n = write(fd, bytes, size)) <= 0) return false;
    return true;
}

static bool read_all(int fd, void *bytes, gsize size)
{
    for (ssize_t n; size > 0; bytes = (char *)bytes + n, size -= (gsize)n)
        if ((n = read(fd, bytes, size)) <= 0) return false;
    return true;
}

/* In the child. */
static void look(int fd, int seconds, const int *ends)
{
    close(ends[0]); /* so that a parent that has gone is noticed */
    const struct rlimit limit = {PROCESSOR_S, PROCESSOR_S};
    setrlimit(RLIMIT_CPU, &limit);
    struct found found = {0};
    g_autoptr(GArray) mono = g_array_new(FALSE, FALSE, sizeof(float));
    const char *wrong = soundfile_decode(fd, seconds, &found.rate, mono);
    found.frames = wrong ? 0 : mono->len;
    if (wrong) g_strlcpy(found.wrong, wrong, sizeof found.wrong);
    if (write_all(ends[1], &found, sizeof found))
        write_all(ends[1], mono->data, (gsize)found.frames * sizeof(float));
}

/* In the parent: the samples, or NULL. */
static float *take(int in, struct found *found)
{
    if (!read_all(in, found, sizeof *found) || found->frames == 0) return NULL;
    float *samples = g_new(float, (gsize)found->frames);
    if (read_all(in, samples, (gsize)found->frames * sizeof *samples)) return samples;
    g_free(samples);
    return NULL;
}

static float *await(pid_t child, const int *ends, struct found *found)
{
    close(ends[1]);
    float *samples = take(ends[0], found);
    close(ends[0]);
    waitpid(child, NULL, 0);
    return samples;
}

float *soundfile_read(const char *path, int seconds, int *rate, int64_t *frames, char **problem)
{
    gint64 size;
    int ends[2] = {-1, -1}, fd = open_regular(path, &size, problem);
    if (fd < 0) return NULL;
    struct found found = {.wrong = "a damaged sound file"};
    pid_t child = pipe(ends) == 0 ? fork() : -1;
    if (child == 0) {
        look(fd, seconds, ends);
        _exit(0);
    }
    int error = errno;
    close(fd);
    if (child < 0 && ends[0] >= 0) {
        close(ends[0]);
        close(ends[1]);
    }
    float *samples = child > 0 ? await(child, ends, &found) : NULL;
    *rate = found.rate;
    *frames = found.frames;
    if (!samples) *problem = g_strdup(child > 0 ? found.wrong : g_strerror(error));
    return samples;
}
