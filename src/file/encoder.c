#include "encoder.h"
#include "fail.h"
#include "mix/resample.h"
#include <sndfile.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CHANNELS = 2,
    PIECE = 4096, /* frames; Vorbis keeps a whole write on the stack */
    OPUS_RATE = 48000,
};

/* Chosen for speech: 75 to 90 kb/s while it speaks, and FLAC at its fastest that knows that both channels are
 * alike. */
struct format {
    int type;
    int rate;    /* 0: any */
    bool exact;  /* takes 16 bits as they are */
    int quality; /* the command that sets `value`; 0: none */
    double value;
    bool counted; /* its header is only a guess: all of it must be decoded */
};

static const struct format formats[] = {
    {SF_FORMAT_WAV | SF_FORMAT_PCM_16, 0, true, 0, 0, false},
    {SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 0, true, SFC_SET_COMPRESSION_LEVEL, 0.25, false},
    {SF_FORMAT_OGG | SF_FORMAT_VORBIS, 0, false, SFC_SET_VBR_ENCODING_QUALITY, 0.3, false},
    {SF_FORMAT_OGG | SF_FORMAT_OPUS, OPUS_RATE, false, SFC_SET_COMPRESSION_LEVEL, 0.85, false},
    {SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 0, false, SFC_SET_COMPRESSION_LEVEL, 0.5, true},
};

static const char *const endings[] = {"wav", "flac", "ogg", "opus", "mp3", NULL}; /* in the same order */

struct encoder {
    const struct format *format;
    SNDFILE *sndfile;
    struct resampler *resampler; /* NULL where the format takes the rate */
    int fd;
    int problem;    /* errno of the first write that failed */
    int64_t frames; /* given to libsndfile */
};

const char *const *encoder_formats(void)
{
    return endings;
}

int encoder_format(const char *path)
{
    const char *dot = strrchr(path, '.');
    for (int i = 0; dot && endings[i]; i++)
        if (g_ascii_strcasecmp(dot + 1, endings[i]) == 0) return i;
    return -1;
}

/* ---- the file as libsndfile sees it ---- */

static sf_count_t file_length(void *data)
{
    const struct encoder *encoder = data;
    struct stat status;
    return fstat(encoder->fd, &status) == 0 ? status.st_size : 0;
}

static sf_count_t file_seek(sf_count_t offset, int whence, void *data)
{
    const struct encoder *encoder = data;
    return lseek(encoder->fd, offset, whence);
}

static sf_count_t file_tell(void *data)
{
    return file_seek(0, SEEK_CUR, data);
}

static sf_count_t file_read(void *bytes, sf_count_t size, void *data)
{
    const struct encoder *encoder = data;
    ssize_t n = TEMP_FAILURE_RETRY(read(encoder->fd, bytes, size));
    return MAX(n, 0);
}

/* It is told that all is well: its ways out of a failed write leak memory, and we know better. */
static sf_count_t file_write(const void *bytes, sf_count_t size, void *data)
{
    struct encoder *encoder = data;
    for (sf_count_t done = 0; done < size && encoder->problem == 0;) {
        ssize_t n = write(encoder->fd, (const char *)bytes + done, size - done);
        if (n >= 0)
            done += n;
        else if (errno != EINTR)
            encoder->problem = errno;
    }
    return size;
}

static SNDFILE *open_virtual(struct encoder *encoder, int mode, SF_INFO *info)
{
    SF_VIRTUAL_IO io = {file_length, file_seek, file_read, file_write, file_tell};
    return sf_open_virtual(&io, mode, info, encoder);
}

/* ---- writing ---- */

/* The disk's reason, if there is one, else libsndfile's. */
static bool fail(const struct encoder *encoder, GError **error)
{
    errno = encoder->problem;
    if (errno) return fail_errno(error, "cannot be written");
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot be written: %s", sf_strerror(encoder->sndfile));
    return false;
}

static bool tune(const struct encoder *encoder)
{
    const struct format *format = encoder->format;
    double value = format->value;
    return format->quality == 0 ||
           sf_command(encoder->sndfile, format->quality, &value, sizeof value) == SF_TRUE;
}

struct encoder *encoder_new(int format, int fd, int rate, GError **error)
{
    struct encoder *encoder = g_new0(struct encoder, 1);
    encoder->fd = fd;
    encoder->format = &formats[format];
    int own_rate = encoder->format->rate ? encoder->format->rate : rate;
    if (own_rate != rate) encoder->resampler = resampler_new(rate, own_rate);
    SF_INFO info = {.samplerate = own_rate, .channels = CHANNELS, .format = encoder->format->type};
    encoder->sndfile = open_virtual(encoder, SFM_WRITE, &info);
    if (encoder->sndfile && tune(encoder) && encoder->problem == 0) return encoder;
    fail(encoder, error);
    encoder_free(encoder);
    return NULL;
}

/* As floats to what is not exact anyway: libsndfile 1.2 garbles 16-bit stereo on its way to mp3
 * (libsndfile#1106). */
static int64_t write_piece(const struct encoder *encoder, const int16_t *stereo, int64_t frames)
{
    float floats[CHANNELS * PIECE];
    if (encoder->format->exact) return sf_writef_short(encoder->sndfile, stereo, frames);
    for (int64_t i = 0; i < CHANNELS * frames; i++) floats[i] = (float)stereo[i] / 32768;
    return sf_writef_float(encoder->sndfile, floats, frames);
}

static bool encode(struct encoder *encoder, const int16_t *stereo, int64_t frames, GError **error)
{
    for (int64_t done = 0; done < frames;) {
        int64_t piece = MIN(encoder->format->exact ? frames : PIECE, frames - done);
        int64_t written = write_piece(encoder, stereo + CHANNELS * done, piece);
        if (written != piece || encoder->problem || sf_error(encoder->sndfile)) return fail(encoder, error);
        done += piece;
        encoder->frames += piece;
    }
    return true;
}

/* `stereo` NULL: what the resampler still holds. */
static bool resample_and_encode(struct encoder *encoder, const int16_t *stereo, int64_t frames,
                                GError **error)
{
    int16_t out[CHANNELS * PIECE];
    int64_t made, taken, done = 0;
    do {
        const int16_t *in = stereo ? stereo + CHANNELS * done : NULL;
        made = resampler_run(encoder->resampler, in, frames - done, &taken, out, PIECE);
        done += taken;
        if (!encode(encoder, out, made, error)) return false;
    } while (done < frames || made == PIECE);
    return true;
}

bool encoder_write(struct encoder *encoder, const int16_t *stereo, int64_t frames, GError **error)
{
    return encoder->resampler ? resample_and_encode(encoder, stereo, frames, error)
                              : encode(encoder, stereo, frames, error);
}

bool encoder_close(struct encoder *encoder, GError **error)
{
    if (encoder->resampler && !resample_and_encode(encoder, NULL, 0, error)) return false;
    int failed = sf_close(g_steal_pointer(&encoder->sndfile));
    return (failed == 0 && encoder->problem == 0) || fail(encoder, error);
}

/* ---- looking at what was written ---- */

static int64_t count(SNDFILE *sndfile)
{
    int16_t block[CHANNELS * PIECE];
    int64_t frames = 0, n;
    while ((n = sf_readf_short(sndfile, block, PIECE)) > 0) frames += n;
    return frames;
}

bool encoder_check(struct encoder *encoder, GError **error)
{
    SF_INFO info = {0};
    file_seek(0, SEEK_SET, encoder);
    SNDFILE *sndfile = open_virtual(encoder, SFM_READ, &info);
    int64_t frames = !sndfile ? -1 : encoder->format->counted ? count(sndfile) : info.frames;
    if (sndfile) sf_close(sndfile);
    if (frames == encoder->frames) return true;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                "reads back as %" G_GINT64_FORMAT " frames of %" G_GINT64_FORMAT, frames, encoder->frames);
    return false;
}

void encoder_free(struct encoder *encoder)
{
    if (!encoder) return;
    if (encoder->sndfile) sf_close(encoder->sndfile);
    resampler_free(encoder->resampler);
    g_free(encoder);
}
