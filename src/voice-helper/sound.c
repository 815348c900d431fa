#include "sound.h"
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <string.h>

enum { CHANNELS_MAX = 8, BLOCK = 4096, SHORTEST_MS = 20 };

void sound_init(struct sound *sound)
{
    *sound = (struct sound){.samples = g_array_new(FALSE, FALSE, sizeof(int16_t))};
}

void sound_finish(struct sound *sound)
{
    g_array_unref(sound->samples);
    g_free(sound->mark);
}

/* ---- a file in memory ---- */

struct memory {
    const char *data;
    sf_count_t size, at;
};

static sf_count_t length(void *user)
{
    return ((struct memory *)user)->size;
}

static sf_count_t seek(sf_count_t offset, int whence, void *user)
{
    struct memory *memory = user;
    sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? memory->at : memory->size;
    memory->at = CLAMP(from + offset, 0, memory->size);
    return memory->at;
}

static sf_count_t read_bytes(void *to, sf_count_t n, void *user)
{
    struct memory *memory = user;
    n = CLAMP(n, 0, memory->size - memory->at);
    memcpy(to, memory->data + memory->at, (size_t)n);
    memory->at += n;
    return n;
}

static sf_count_t write_bytes(const void *from, sf_count_t n, void *user)
{
    (void)from, (void)n, (void)user;
    return 0;
}

static sf_count_t tell(void *user)
{
    return ((struct memory *)user)->at;
}

/* ---- reading ---- */

static int16_t to_16_bits(float sample)
{
    if (isnan(sample)) return 0;
    return (int16_t)lrintf(CLAMP(sample * 32768, INT16_MIN, INT16_MAX));
}

/* The mean of all channels. */
static void fold(struct sound *sound, const float *samples, sf_count_t frames, int channels)
{
    for (sf_count_t i = 0; i < frames; i++) {
        float sum = 0;
        for (int c = 0; c < channels; c++) sum += samples[i * channels + c];
        int16_t sample = to_16_bits(sum / (float)channels);
        g_array_append_val(sound->samples, sample);
    }
}

static bool read_frames(struct sound *sound, SNDFILE *file, const SF_INFO *info)
{
    g_autofree float *block = g_new(float, (gsize)BLOCK *(gsize)info->channels);
    const guint most = (guint)info->samplerate * SPEECH_SECONDS;
    for (sf_count_t n; (n = sf_readf_float(file, block, BLOCK)) > 0;) {
        fold(sound, block, n, info->channels);
        if (sound->samples->len > most) break; /* too long: sound_judge() says so */
    }
    return sf_error(file) == SF_ERR_NO_ERROR;
}

bool sound_decode(struct sound *sound, const void *data, gsize size, char **why)
{
    static const SF_VIRTUAL_IO io = {length, seek, read_bytes, write_bytes, tell};
    struct memory memory = {.data = data, .size = (sf_count_t)size};
    SF_INFO info = {0};
    SNDFILE *file = sf_open_virtual((SF_VIRTUAL_IO *)&io, SFM_READ, &info, &memory);
    if (!file) {
        *why = g_strdup(size ? "what it gave is no sound file" : "it gave no sound");
        return false;
    }
    bool right = info.channels >= 1 && info.channels <= CHANNELS_MAX && info.samplerate >= SPEECH_RATE_MIN &&
                 info.samplerate <= SPEECH_RATE_MAX;
    sound->rate = info.samplerate;
    g_free(sound->mark);
    sound->mark = g_strdup(sf_get_string(file, SF_STR_COMMENT));
    if (!right)
        *why = g_strdup_printf("its sound has %d channels at %d Hz (1 to 8, 8000 to 192000 Hz)",
                               info.channels, info.samplerate);
    else if (!(right = read_frames(sound, file, &info)))
        *why = g_strdup("its sound file is damaged");
    sf_close(file);
    return right;
}

enum outcome sound_judge(const struct sound *sound)
{
    const int64_t n = sound->samples->len;
    if (n > (int64_t)sound->rate * SPEECH_SECONDS) return OUTCOME_LONG;
    if (n < (int64_t)sound->rate * SHORTEST_MS / 1000) return OUTCOME_SILENT;
    for (int64_t i = 0; i < n; i++)
        if (g_array_index(sound->samples, int16_t, i) != 0) return OUTCOME_SPOKEN;
    return OUTCOME_SILENT;
}

/* ---- writing ---- */

bool sound_write(const struct sound *sound, const char *path, const char *mark)
{
    SF_INFO info = {.samplerate = sound->rate, .channels = 1, .format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16};
    SNDFILE *file = sf_open(path, SFM_WRITE, &info);
    if (!file) return false;
    sf_set_string(file, SF_STR_COMMENT, mark);
    const int16_t *samples = (const int16_t *)(void *)sound->samples->data;
    sf_count_t n = sound->samples->len;
    bool written = sf_writef_short(file, samples, n) == n && sf_error(file) == SF_ERR_NO_ERROR;
    return sf_close(file) == 0 && written;
}
