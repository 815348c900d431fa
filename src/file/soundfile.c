#include "file/soundfile.h"
#include "dress.h"
#include "soundread.h"
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
    CHANNELS = 2, /* that are given; one or both are written */
    PIECE = 4096, /* frames; Vorbis keeps a whole write on the stack */
    OPUS_RATE = 48000,
    STAGE = 1 << 21, /* frames after which the disk gets something to do: 8 MiB of a wav */
    WAIT_MS = 50,
    MP4_QUALITY = 2,
    MP4_LEAST_KBPS = 32,
};

/* ---- WAV ---- */

enum { WAV_PCM = 1, WAV_SAMPLE = 2 /* bytes */, WAV_FORMAT = 16, WAV_HEADER = 44, WAV_SIZE = 4 };

/* A WAV has 32 bits for its sizes; the first counts the rest of the header, too. */
#define WAV_MOST_BYTES ((int64_t)UINT32_MAX - (WAV_HEADER - 8))
#define WAV_MOST_FRAMES (WAV_MOST_BYTES / (CHANNELS * WAV_SAMPLE))

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

/* `frames` -1: not known. `behind` is how many bytes follow the samples. */
static void make_header(uint8_t header[WAV_HEADER], int rate, int channels, int64_t frames, uint32_t behind)
{
    const uint32_t frame = (uint32_t)channels * WAV_SAMPLE;
    uint32_t data = frames < 0 ? UINT32_MAX : (uint32_t)frames * frame;
    uint8_t *at = put_tag(header, "RIFF");
    at = put(at, frames < 0 ? UINT32_MAX : data + (WAV_HEADER - 8) + behind, 4);
    at = put_tag(at, "WAVE");
    at = put_tag(at, "fmt ");
    at = put(at, WAV_FORMAT, 4);
    at = put(at, WAV_PCM, 2);
    at = put(at, (uint32_t)channels, 2);
    at = put(at, (uint32_t)rate, 4);
    at = put(at, (uint32_t)rate * frame, 4);
    at = put(at, frame, 2);
    at = put(at, WAV_SAMPLE * 8, 2);
    at = put_tag(at, "data");
    put(at, data, 4);
}

/* ---- formats ---- */

/* libsndfile knows no bit rates. Its levels from 0 to 1 are those from 256 to 6 kb/s for each channel of an
 * Opus, */
static double opus_level(int kbps, int channels)
{
    return CLAMP(1 - ((double)kbps / channels - 6) / 250, 0, 1);
}

/* and from 320 to 32 kb/s of an MP3 whose rate is constant; it rounds down. */
static double mp3_level(int kbps, int channels)
{
    (void)channels;
    return CLAMP(1 - (kbps + 0.01 - 32) / 288, 0, 1);
}

/* Chosen for speech: 75 to 90 kb/s while it speaks, and FLAC at its fastest that knows that both channels are
 * alike. */
static const struct format {
    const char *extension;
    int type;
    int rate;    /* 0: any */
    bool exact;  /* takes 16 bits as they are */
    int quality; /* the command that sets `value`; 0: none */
    double value, worst, best;
    bool counted; /* its header is only a guess: all of it must be decoded */
    /* What level stands for a bit rate in kb/s; NULL: it has none. */
    double (*level)(int kbps, int channels);
    bool (*dress)(const struct dress *dress, int from, struct newfile *to, GError **error);
} formats[] = {
    {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 0, true, 0, 0, 0, 0, false, NULL, NULL},
    {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 0, true, SFC_SET_COMPRESSION_LEVEL, 0.25, 0.25, 0.25, false,
     NULL, dress_flac},
    {"ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 0, false, SFC_SET_VBR_ENCODING_QUALITY, 0.3, 0, 1, false, NULL,
     dress_vorbis},
    {"opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, OPUS_RATE, false, SFC_SET_COMPRESSION_LEVEL, 0.85, 0.96, 0.5,
     false, opus_level, dress_opus},
    {"mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 0, false, SFC_SET_COMPRESSION_LEVEL, 0.5, 0.99, 0,
     true, mp3_level, dress_mp3},
    {"m4a", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 0, true, SFC_SET_COMPRESSION_LEVEL, 0, 0, 0, false, NULL,
     dress_mp4},
    {"m4b", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 0, true, SFC_SET_COMPRESSION_LEVEL, 0, 0, 0, false, NULL,
     dress_mp4},
};

/* Either a WAV on standard output, or a file that libsndfile encodes. */
struct soundfile {
    struct soundfile_options options; /* frames: expected, or -1 */
    int channels;
    int64_t frames; /* given so far */
    int problem;    /* errno of the first system call that failed */

    bool is_pipe;
    int pipe;
    int64_t piped; /* bytes */
    bool (*stop)(void *data);
    void *data;

    char *path;
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

const char *soundfile_needs(const char *path)
{
    const struct format *format = format_of(path);
    return format && format->dress == dress_mp4 ? "ffmpeg" : NULL;
}

bool soundfile_has_bitrate(const char *path)
{
    const struct format *format = format_of(path);
    return format && format->level;
}

/* ---- errors ---- */

static bool fail(const struct soundfile *file, GError **error, int code, const char *what)
{
    return file->is_pipe ? newfile_fail_name(error, code, "standard output", file->piped, what)
                         : newfile_fail(file->file, error, code, what);
}

/* The system's, if there is one, else libsndfile's, which knows none if the encoder of a format has failed.
 */
static const char *reason(const struct soundfile *file)
{
    if (file->problem) return g_strerror(file->problem);
    return sf_error(file->sndfile) ? sf_strerror(file->sndfile) : "its encoder failed";
}

static bool fail_write(const struct soundfile *file, GError **error)
{
    int code = file->problem ? (int)g_io_error_from_errno(file->problem) : G_IO_ERROR_FAILED;
    g_autofree char *what = g_strconcat("cannot be written: ", reason(file), NULL);
    return fail(file, error, code, what);
}

static bool is_wav(const struct soundfile *file)
{
    return file->is_pipe || file->format == &formats[0];
}

/* With `behind` bytes behind the samples. */
static bool check_length(const struct soundfile *file, int64_t frames, gsize behind, GError **error)
{
    int64_t most = (WAV_MOST_BYTES - (int64_t)behind) / (file->channels * WAV_SAMPLE);
    if (!is_wav(file) || frames <= most) return true;
    return fail(file, error, G_IO_ERROR_NOT_SUPPORTED,
                "would exceed the 4 GiB of a wav; a flac has no such limit");
}

/* ---- channels ---- */

/* One channel is the mean of both. */
static void take_channels(const struct soundfile *file, const int16_t *stereo, int64_t frames, int16_t *out)
{
    if (file->channels == CHANNELS) memcpy(out, stereo, (gsize)frames * CHANNELS * sizeof *out);
    for (int64_t i = 0; file->channels == 1 && i < frames; i++)
        out[i] = (int16_t)((stereo[2 * i] + stereo[2 * i + 1]) / 2);
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
        int64_t n = MIN(PIECE, frames - done);
        take_channels(file, stereo + CHANNELS * done, n, piece);
        for (int64_t i = 0; i < file->channels * n; i++) piece[i] = GINT16_TO_LE(piece[i]);
        if (!write_pipe(file, piece, (gsize)(file->channels * n) * sizeof *piece, error)) return false;
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

/* How well it encodes. */
static bool tune(struct soundfile *file)
{
    const struct format *format = file->format;
    const double *quality = file->options.quality;
    double value = quality ? format->worst + (format->best - format->worst) * *quality / 10 : format->value;
    if (file->options.kbps > 0 && format->level) {
        int mode = SF_BITRATE_MODE_CONSTANT; /* only an MP3 has modes */
        value = format->level(file->options.kbps, file->channels);
        sf_command(file->sndfile, SFC_SET_BITRATE_MODE, &mode, sizeof mode);
    }
    return !format->quality || sf_command(file->sndfile, format->quality, &value, sizeof value) == SF_TRUE;
}

static bool encoder_open(struct soundfile *file, GError **error)
{
    int rate = file->options.rate, own_rate = file->format->rate ? file->format->rate : rate;
    if (own_rate != rate) file->resampler = resampler_new(rate, own_rate);
    SF_INFO info = {.samplerate = own_rate, .channels = file->channels, .format = file->format->type};
    file->sndfile = open_virtual(file, SFM_WRITE, &info);
    return (file->sndfile && tune(file) && file->problem == 0) || fail_write(file, error);
}

/* As floats to what is not exact anyway: libsndfile 1.2 garbles 16-bit stereo on its way to mp3
 * (libsndfile#1106). */
static int64_t encode_piece(struct soundfile *file, const int16_t *samples, int64_t frames)
{
    float floats[CHANNELS * PIECE];
    if (file->format->exact) return sf_writef_short(file->sndfile, samples, frames);
    for (int64_t i = 0; i < file->channels * frames; i++) floats[i] = (float)samples[i] / 32768;
    return sf_writef_float(file->sndfile, floats, frames);
}

static bool encode(struct soundfile *file, const int16_t *stereo, int64_t frames, GError **error)
{
    int16_t samples[CHANNELS * PIECE];
    for (int64_t done = 0; done < frames;) {
        int64_t piece = MIN(PIECE, frames - done);
        take_channels(file, stereo + CHANNELS * done, piece, samples);
        int64_t written = encode_piece(file, samples, piece);
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

/* LAME writes how long an MP3 is only from 64 kb/s on, where that has room in a packet. Else its delay and
 * the rest of its last packet are part of the sound. */
enum { MP3_SURPLUS = 3 * 1152 };

static bool is_as_long(const struct soundfile *file, int64_t frames)
{
    int64_t surplus = frames - file->encoded;
    return surplus >= 0 && surplus <= (file->format->counted ? MP3_SURPLUS : 0);
}

/* Reads back what was written. */
static bool check_written(struct soundfile *file, GError **error)
{
    SF_INFO info = {0};
    file_seek(0, SEEK_SET, file);
    SNDFILE *sndfile = open_virtual(file, SFM_READ, &info);
    int64_t frames = info.frames;
    if (sndfile && file->format->counted) {
        int16_t block[CHANNELS * PIECE];
        int64_t n;
        for (frames = 0; (n = sf_readf_short(sndfile, block, PIECE)) > 0;) frames += n;
    }
    if (sndfile) sf_close(sndfile);
    if (sndfile && is_as_long(file, frames) && file->problem == 0) return true;
    const char *why = file->problem ? g_strerror(file->problem) : sndfile ? NULL : "its decoder failed";
    g_autofree char *what =
        why ? g_strdup_printf("cannot be read back: %s", why)
            : g_strdup_printf("reads back as %" G_GINT64_FORMAT " frames of %" G_GINT64_FORMAT, frames,
                              file->encoded);
    return fail(file, error, G_IO_ERROR_FAILED, what);
}

/* ---- tags and chapters ---- */

static bool has_tags(const struct soundfile *file)
{
    return file->options.tags != NULL;
}

static struct dress dress_of(const struct soundfile *file, int64_t frames)
{
    double quality = file->options.quality ? *file->options.quality : MP4_QUALITY;
    return (struct dress){
        .tags = file->options.tags,
        .rate = file->options.rate,
        .frames = frames,
        .kbps = (int)(MP4_LEAST_KBPS * (1 + quality * file->channels / CHANNELS)),
        .stop = file->stop,
        .data = file->data,
    };
}

/* What follows the samples of a WAV of so many frames. */
static GByteArray *behind(const struct soundfile *file, int64_t frames)
{
    const struct dress dress = dress_of(file, frames);
    return has_tags(file) ? dress_wav(&dress) : g_byte_array_new();
}

/* Its header was made before that was known. */
static bool append_to_wav(struct soundfile *file, GError **error)
{
    g_autoptr(GByteArray) bytes = behind(file, file->frames);
    uint8_t header[WAV_HEADER];
    int64_t frame = file->channels * WAV_SAMPLE;
    if (!check_length(file, file->frames, bytes->len, error)) return false;
    make_header(header, file->options.rate, file->channels, file->frames, bytes->len);
    file_seek(WAV_HEADER + file->frames * frame, SEEK_SET, file);
    if (!newfile_write(file->file, (const char *)bytes->data, bytes->len, error)) return false;
    file_seek(WAV_SIZE, SEEK_SET, file);
    file_write(header + WAV_SIZE, 4, file);
    return file->problem == 0 || fail_write(file, error);
}

/* In the other formats they come before the sound, which is copied behind them. */
static bool copy_dressed(struct soundfile *file, GError **error)
{
    const struct dress dress = dress_of(file, file->frames);
    struct newfile *dressed = newfile_create(file->path, error);
    if (!dressed) return false;
    bool done = file->format->dress(&dress, newfile_fd(file->file), dressed, error);
    newfile_discard(done ? file->file : dressed);
    if (done) file->file = dressed;
    return done;
}

static bool add_tags(struct soundfile *file, GError **error)
{
    if (!has_tags(file)) return true;
    return is_wav(file) ? append_to_wav(file, error) : copy_dressed(file, error);
}

/* ---- all of it ---- */

void soundfile_abort(struct soundfile *file)
{
    if (!file) return;
    if (file->sndfile) sf_close(file->sndfile);
    resampler_free(file->resampler);
    newfile_discard(file->file);
    if (file->pipe >= 0) close(file->pipe);
    g_free(file->path);
    g_free(file);
}

static bool begin_pipe(struct soundfile *file, GError **error)
{
    uint8_t header[WAV_HEADER];
    int64_t expected = file->options.frames;
    g_autoptr(GByteArray) bytes = expected < 0 ? g_byte_array_new() : behind(file, expected);
    if (!check_length(file, expected, bytes->len, error)) return false;
    file->pipe = open_pipe(); /* if there is none, writing says so */
    make_header(header, file->options.rate, file->channels, expected, bytes->len);
    return write_pipe(file, header, sizeof header, error);
}

static bool begin(struct soundfile *file, GError **error)
{
    file->is_pipe = is_pipe(file->path);
    file->format = format_of(file->path);
    if (file->is_pipe) return begin_pipe(file, error);
    file->file = newfile_create(file->path, error);
    return file->file && check_length(file, file->options.frames, 0, error) && encoder_open(file, error);
}

struct soundfile *soundfile_create(const char *path, const struct soundfile_options *options, GError **error)
{
    struct soundfile *file = g_new0(struct soundfile, 1);
    file->options = *options;
    file->channels = options->mono ? 1 : CHANNELS;
    file->path = g_strdup(path);
    file->pipe = -1;
    if (begin(file, error)) return file;
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
    bool endless = file->is_pipe && file->options.frames < 0;
    file->frames += frames;
    if (!endless && !check_length(file, file->frames, 0, error)) return false;
    if (file->is_pipe) return pipe_samples(file, stereo, frames, error);
    if (stage) newfile_write_out(file->file);
    return file->resampler ? resample_and_encode(file, stereo, frames, error)
                           : encode(file, stereo, frames, error);
}

static bool finish_pipe(struct soundfile *file, GError **error)
{
    if (file->options.frames < 0) return true;
    g_autoptr(GByteArray) bytes = behind(file, file->frames);
    return write_pipe(file, bytes->data, bytes->len, error);
}

/* Everything that must be right before the file gets its name. */
static bool complete(struct soundfile *file, GError **error)
{
    int64_t expected = file->options.frames;
    if (expected >= 0 && expected != file->frames) {
        g_autofree char *what = g_strdup_printf(
            "has %" G_GINT64_FORMAT " frames instead of %" G_GINT64_FORMAT, file->frames, expected);
        return fail(file, error, G_IO_ERROR_FAILED, what);
    }
    if (file->is_pipe) return finish_pipe(file, error);
    if (file->resampler && !resample_and_encode(file, NULL, 0, error)) return false;
    if (sf_close(g_steal_pointer(&file->sndfile)) != 0 || file->problem) return fail_write(file, error);
    bool own = file->format->dress != dress_mp4; /* libsndfile cannot read those */
    return (own || check_written(file, error)) && add_tags(file, error) && newfile_sync(file->file, error) &&
           (!own || check_written(file, error));
}

bool soundfile_finish(struct soundfile *file, struct newfile **whole, GError **error)
{
    bool done = complete(file, error);
    if (done && whole)
        *whole = g_steal_pointer(&file->file);
    else if (done && file->file)
        done = newfile_commit(g_steal_pointer(&file->file), error);
    soundfile_abort(file);
    return done;
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

const char *soundfile_decode(int fd, int seconds, int *rate, GArray *mono)
{
    SF_INFO info = {0};
    SNDFILE *sndfile = sf_open_fd(fd, SFM_READ, &info, SF_FALSE);
    if (!sndfile) return "not a sound file";
    const char *wrong = decode(sndfile, &info, (int64_t)info.samplerate * seconds, mono);
    sf_close(sndfile);
    *rate = info.samplerate;
    return wrong;
}
