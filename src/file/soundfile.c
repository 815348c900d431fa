#include "file/soundfile.h"
#include "file/newfile.h"
#include "base/read.h"
#include "mix/resample.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <sndfile.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CHANNELS = 2,
    PIECE = 4096, /* frames; Vorbis keeps a whole write on the stack */
    OPUS_RATE = 48000,
    STAGE = 1 << 21, /* frames after which the disk gets something to do: 8 MiB of a wav */
    WAIT_MS = 50,
};

/* ---- WAV ---- */

enum { WAV_PCM = 1, WAV_BITS = 16, WAV_FORMAT = 16, WAV_HEADER = 44, WAV_FRAME = CHANNELS * WAV_BITS / 8 };

/* A WAV has 32 bits for its sizes; the first counts the rest of the header, too. */
#define WAV_MOST_FRAMES (((int64_t)UINT32_MAX - (WAV_HEADER - 8)) / WAV_FRAME)

static uint8_t *put_tag(uint8_t *at, const char *tag)
{
    memcpy(at, tag, 4);
    return at + 4;
}

/* Little-endian, whatever this machine is. */
static uint8_t *put(uint8_t *at, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) at[i] = (uint8_t)(value >> 8 * i);
    return at + bytes;
}

static void make_header(uint8_t header[WAV_HEADER], int rate, int64_t frames)
{
    uint32_t data = frames < 0 ? UINT32_MAX : (uint32_t)(frames * WAV_FRAME);
    uint8_t *at = put_tag(header, "RIFF");
    at = put(at, frames < 0 ? UINT32_MAX : data + (WAV_HEADER - 8), 4);
    at = put_tag(at, "WAVE");
    at = put_tag(at, "fmt ");
    at = put(at, WAV_FORMAT, 4);
    at = put(at, WAV_PCM, 2);
    at = put(at, CHANNELS, 2);
    at = put(at, (uint32_t)rate, 4);
    at = put(at, (uint32_t)rate * WAV_FRAME, 4);
    at = put(at, WAV_FRAME, 2);
    at = put(at, WAV_BITS, 2);
    at = put_tag(at, "data");
    put(at, data, 4);
}

/* ---- formats ---- */

/* Chosen for speech: 75 to 90 kb/s while it speaks, and FLAC at its fastest that knows that both channels are
 * alike. */
static const struct format {
    const char *extension;
    int type;
    int rate;    /* 0: any */
    bool exact;  /* takes 16 bits as they are */
    int quality; /* the command that sets `value`; 0: none */
    double value;
    bool counted; /* its header is only a guess: all of it must be decoded */
} formats[] = {
    {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 0, true, 0, 0, false},
    {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 0, true, SFC_SET_COMPRESSION_LEVEL, 0.25, false},
    {"ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 0, false, SFC_SET_VBR_ENCODING_QUALITY, 0.3, false},
    {"opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, OPUS_RATE, false, SFC_SET_COMPRESSION_LEVEL, 0.85, false},
    {"mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 0, false, SFC_SET_COMPRESSION_LEVEL, 0.5, true},
};

/* Either a WAV on standard output, or a file that libsndfile encodes. */
struct soundfile {
    int64_t expected; /* frames, or -1 */
    int64_t frames;   /* given so far */
    int problem;      /* errno of the first system call that failed */

    bool is_pipe;
    int pipe;
    int64_t piped; /* bytes */
    bool (*stop)(void *data);
    void *data;

    struct newfile *file;
    const struct format *format;
    SNDFILE *sndfile;
    struct resampler *resampler; /* NULL if the format takes the rate */
    int64_t encoded;             /* frames given to libsndfile */
};

const char *const *soundfile_formats(void)
{
    static const char *extensions[G_N_ELEMENTS(formats) + 1];
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) extensions[i] = formats[i].extension;
    return extensions;
}

static const struct format *format_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    for (gsize i = 0; dot && i < G_N_ELEMENTS(formats); i++)
        if (g_ascii_strcasecmp(dot + 1, formats[i].extension) == 0) return &formats[i];
    return NULL;
}

static bool is_pipe(const char *path)
{
    return strcmp(path, "-") == 0;
}

bool soundfile_known(const char *path)
{
    return is_pipe(path) || format_of(path);
}

bool soundfile_wants_length(const char *path, double estimate)
{
    return is_pipe(path) || (format_of(path) == &formats[0] && estimate > WAV_MOST_FRAMES * 0.75);
}

/* ---- errors ---- */

static bool fail(const struct soundfile *file, GError **error, int code, const char *what)
{
    return file->is_pipe ? newfile_fail_name(error, code, "standard output", file->piped, what)
                         : newfile_fail(file->file, error, code, what);
}

/* The system's reason, if there is one, else libsndfile's. */
static bool fail_write(const struct soundfile *file, GError **error)
{
    int code = file->problem ? (int)g_io_error_from_errno(file->problem) : G_IO_ERROR_FAILED;
    const char *why = file->problem ? g_strerror(file->problem) : sf_strerror(file->sndfile);
    g_autofree char *what = g_strconcat("cannot be written: ", why, NULL);
    return fail(file, error, code, what);
}

static bool check_length(const struct soundfile *file, int64_t frames, GError **error)
{
    bool wav = file->is_pipe || file->format == &formats[0];
    if (!wav || frames <= WAV_MOST_FRAMES) return true;
    return fail(file, error, G_IO_ERROR_NOT_SUPPORTED,
                "would exceed the 4 GiB of a wav; a flac has no such limit");
}

/* ---- standard output ---- */

/* A pipe is opened once more: O_NONBLOCK would be shared with every process that holds the same open pipe. */
static int open_pipe(void)
{
    struct stat there;
    int own = -1;
    if (fstat(STDOUT_FILENO, &there) == 0 && S_ISFIFO(there.st_mode))
        own = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    return own >= 0 ? own : fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
}

/* False if writing is to stop. A signal that GLib watches for does not interrupt poll(). */
static bool wait_for_reader(const struct soundfile *file)
{
    struct pollfd fd = {.fd = file->pipe, .events = POLLOUT};
    while (!file->stop || !file->stop(file->data))
        if (poll(&fd, 1, WAIT_MS) != 0) return true;
    return false;
}

static bool write_pipe(struct soundfile *file, const void *bytes, gsize size, GError **error)
{
    const uint8_t *at = bytes, *end = at + size;
    while (at < end) {
        ssize_t n = write(file->pipe, at, (gsize)(end - at));
        if (n >= 0) {
            at += n;
            file->piped += n;
        } else if (errno == EAGAIN && !wait_for_reader(file)) {
            return fail(file, error, G_IO_ERROR_CANCELLED, "was given up");
        } else if (errno != EAGAIN && errno != EINTR) {
            file->problem = errno;
            return fail_write(file, error);
        }
    }
    return true;
}

static bool pipe_samples(struct soundfile *file, const int16_t *stereo, int64_t frames, GError **error)
{
    int16_t piece[CHANNELS * PIECE];
    for (int64_t done = 0; done < frames; done += PIECE) {
        int64_t samples = CHANNELS * MIN(PIECE, frames - done);
        for (int64_t i = 0; i < samples; i++) piece[i] = GINT16_TO_LE(stereo[CHANNELS * done + i]);
        if (!write_pipe(file, piece, (gsize)samples * sizeof *piece, error)) return false;
    }
    return true;
}

/* ---- the file as libsndfile sees it ----
 * libsndfile reports errors of the disk in some formats only, so these functions keep the first one, and
 * the caller of libsndfile looks at it. */

static sf_count_t note(struct soundfile *file, sf_count_t result)
{
    if (result < 0 && file->problem == 0) file->problem = errno;
    return result;
}

static sf_count_t file_length(void *data)
{
    struct soundfile *file = data;
    struct stat status = {0};
    note(file, fstat(newfile_fd(file->file), &status));
    return status.st_size;
}

static sf_count_t file_seek(sf_count_t offset, int whence, void *data)
{
    struct soundfile *file = data;
    off_t at = lseek(newfile_fd(file->file), offset, whence);
    return at < 0 && errno == EINVAL ? at : note(file, at); /* it may look for a tag before the beginning */
}

static sf_count_t file_tell(void *data)
{
    return file_seek(0, SEEK_CUR, data);
}

static sf_count_t file_read(void *bytes, sf_count_t size, void *data)
{
    struct soundfile *file = data;
    sf_count_t n = note(file, TEMP_FAILURE_RETRY(read(newfile_fd(file->file), bytes, size)));
    return MAX(n, 0);
}

/* Always reports success: libsndfile leaks memory on write errors. */
static sf_count_t file_write(const void *bytes, sf_count_t size, void *data)
{
    struct soundfile *file = data;
    for (sf_count_t done = 0; done < size && file->problem == 0;) {
        sf_count_t n = note(
            file, TEMP_FAILURE_RETRY(write(newfile_fd(file->file), (const char *)bytes + done, size - done)));
        done += MAX(n, 0);
    }
    return size;
}

static SNDFILE *open_virtual(struct soundfile *file, int mode, SF_INFO *info)
{
    SF_VIRTUAL_IO io = {file_length, file_seek, file_read, file_write, file_tell};
    return sf_open_virtual(&io, mode, info, file);
}

/* ---- encoding ---- */

static bool encoder_open(struct soundfile *file, int rate, GError **error)
{
    const struct format *format = file->format;
    double value = format->value;
    int own_rate = format->rate ? format->rate : rate;
    if (own_rate != rate) file->resampler = resampler_new(rate, own_rate);
    SF_INFO info = {.samplerate = own_rate, .channels = CHANNELS, .format = format->type};
    file->sndfile = open_virtual(file, SFM_WRITE, &info);
    bool tuned = file->sndfile && (!format->quality || sf_command(file->sndfile, format->quality, &value,
                                                                  sizeof value) == SF_TRUE);
    return (tuned && file->problem == 0) || fail_write(file, error);
}

/* As floats to what is not exact anyway: libsndfile 1.2 garbles 16-bit stereo on its way to mp3
 * (libsndfile#1106). */
static bool encode(struct soundfile *file, const int16_t *stereo, int64_t frames, GError **error)
{
    float floats[CHANNELS * PIECE];
    bool exact = file->format->exact;
    for (int64_t done = 0; done < frames;) {
        const int16_t *at = stereo + CHANNELS * done;
        int64_t piece = exact ? frames : MIN(PIECE, frames - done);
        for (int64_t i = 0; !exact && i < CHANNELS * piece; i++) floats[i] = (float)at[i] / 32768;
        int64_t written =
            exact ? sf_writef_short(file->sndfile, at, piece) : sf_writef_float(file->sndfile, floats, piece);
        if (written != piece || file->problem || sf_error(file->sndfile)) return fail_write(file, error);
        done += piece;
        file->encoded += piece;
    }
    return true;
}

/* `stereo` NULL: what the resampler still holds. */
static bool resample_and_encode(struct soundfile *file, const int16_t *stereo, int64_t frames, GError **error)
{
    int16_t out[CHANNELS * PIECE];
    int64_t made, taken, done = 0;
    do {
        const int16_t *in = stereo ? stereo + CHANNELS * done : NULL;
        made = resampler_run(file->resampler, in, frames - done, &taken, out, PIECE);
        done += taken;
        if (!encode(file, out, made, error)) return false;
    } while (done < frames || made == PIECE);
    return true;
}

/* ---- looking at what was written ---- */

/* Reads back what was written. */
static bool check_written(struct soundfile *file, GError **error)
{
    SF_INFO info = {0};
    file_seek(0, SEEK_SET, file);
    SNDFILE *sndfile = open_virtual(file, SFM_READ, &info);
    int64_t frames = sndfile ? info.frames : -1;
    if (sndfile && file->format->counted) {
        int16_t block[CHANNELS * PIECE];
        int64_t n;
        for (frames = 0; (n = sf_readf_short(sndfile, block, PIECE)) > 0;) frames += n;
    }
    if (sndfile) sf_close(sndfile);
    if (frames == file->encoded && file->problem == 0) return true;
    g_autofree char *what =
        file->problem ? g_strdup_printf("cannot be read back: %s", g_strerror(file->problem))
                      : g_strdup_printf("reads back as %" G_GINT64_FORMAT " frames of %" G_GINT64_FORMAT,
                                        frames, file->encoded);
    return fail(file, error, G_IO_ERROR_FAILED, what);
}

/* ---- all of it ---- */

void soundfile_abort(struct soundfile *file)
{
    if (!file) return;
    if (file->sndfile) sf_close(file->sndfile);
    resampler_free(file->resampler);
    newfile_discard(file->file);
    if (file->pipe >= 0) close(file->pipe);
    g_free(file);
}

static bool begin(struct soundfile *file, const char *path, int rate, GError **error)
{
    uint8_t header[WAV_HEADER];
    file->is_pipe = is_pipe(path);
    file->format = format_of(path);
    if (!file->is_pipe && !(file->file = newfile_create(path, error))) return false;
    if (!check_length(file, file->expected, error)) return false;
    if (!file->is_pipe) return encoder_open(file, rate, error);
    file->pipe = open_pipe(); /* if there is none, writing says so */
    make_header(header, rate, file->expected);
    return write_pipe(file, header, sizeof header, error);
}

struct soundfile *soundfile_create(const char *path, int rate, int64_t frames, GError **error)
{
    struct soundfile *file = g_new0(struct soundfile, 1);
    file->expected = frames;
    file->pipe = -1;
    if (begin(file, path, rate, error)) return file;
    soundfile_abort(file);
    return NULL;
}

void soundfile_watch(struct soundfile *file, bool (*stop)(void *data), void *data)
{
    file->stop = stop;
    file->data = data;
}

/* A pipe without a known length may become as long as it likes. */
bool soundfile_write(struct soundfile *file, const int16_t *stereo, int64_t frames, GError **error)
{
    bool stage = file->frames / STAGE != (file->frames + frames) / STAGE;
    bool endless = file->is_pipe && file->expected < 0;
    file->frames += frames;
    if (!endless && !check_length(file, file->frames, error)) return false;
    if (file->is_pipe) return pipe_samples(file, stereo, frames, error);
    if (stage) newfile_write_out(file->file);
    return file->resampler ? resample_and_encode(file, stereo, frames, error)
                           : encode(file, stereo, frames, error);
}

/* Everything that must be right before the file gets its name. */
static bool complete(struct soundfile *file, GError **error)
{
    if (file->expected >= 0 && file->expected != file->frames) {
        g_autofree char *what = g_strdup_printf(
            "has %" G_GINT64_FORMAT " frames instead of %" G_GINT64_FORMAT, file->frames, file->expected);
        return fail(file, error, G_IO_ERROR_FAILED, what);
    }
    if (file->is_pipe) return true;
    if (file->resampler && !resample_and_encode(file, NULL, 0, error)) return false;
    if (sf_close(g_steal_pointer(&file->sndfile)) != 0 || file->problem) return fail_write(file, error);
    return newfile_sync(file->file, error) && check_written(file, error) &&
           newfile_commit(g_steal_pointer(&file->file), error);
}

bool soundfile_finish(struct soundfile *file, GError **error)
{
    bool whole = complete(file, error);
    soundfile_abort(file);
    return whole;
}

/* ---- reading ---- */

enum { READ_PIECE = 1024, CHANNELS_MOST = 32, RATE_LEAST = 1000, RATE_MOST = 768000 };

static void fold(GArray *mono, const float *samples, int64_t frames, int channels)
{
    for (int64_t i = 0; i < frames; i++) {
        float sum = 0;
        for (int c = 0; c < channels; c++) sum += samples[i * channels + c];
        sum = isfinite(sum) ? sum / (float)channels : 0;
        g_array_append_val(mono, sum);
    }
}

/* To the end, whatever the header says of the length; one piece more than `most` is enough to see. NULL, or
 * what is wrong. */
static const char *decode(SNDFILE *sndfile, const SF_INFO *info, int64_t most, GArray *mono)
{
    if (info->channels > CHANNELS_MOST) return "over 32 channels";
    if (info->samplerate < RATE_LEAST || info->samplerate > RATE_MOST) return "not 1,000 to 768,000 Hz";
    g_autofree float *piece = g_new(float, (gsize)READ_PIECE *(gsize)info->channels);
    for (int64_t n; mono->len <= most && (n = sf_readf_float(sndfile, piece, READ_PIECE)) > 0;)
        fold(mono, piece, n, info->channels);
    if (sf_error(sndfile) != SF_ERR_NO_ERROR) return "a damaged sound file";
    return mono->len > most ? "too long" : mono->len == 0 ? "empty" : NULL;
}

float *soundfile_read(const char *path, int seconds, int *rate, int64_t *frames, char **problem)
{
    gint64 size;
    int fd = open_regular(path, &size, problem);
    if (fd < 0) return NULL;
    SF_INFO info = {0};
    SNDFILE *sndfile = sf_open_fd(fd, SFM_READ, &info, SF_FALSE);
    g_autoptr(GArray) mono = g_array_new(FALSE, FALSE, sizeof(float));
    const char *wrong =
        sndfile ? decode(sndfile, &info, (int64_t)info.samplerate * seconds, mono) : "not a sound file";
    if (sndfile) sf_close(sndfile);
    close(fd);
    *rate = info.samplerate;
    *frames = mono->len;
    if (!wrong) return (float *)(void *)g_array_free(g_steal_pointer(&mono), FALSE);
    *problem = g_strdup(wrong);
    return NULL;
}
