/* Stereo that can be told from any other, and what a WAV of it begins with. For the tests of src/file. */
#ifndef TESTS_STEREO_H
#define TESTS_STEREO_H

#include "file/soundfile.h"
#include <math.h>
#include <string.h>

enum { WAV_HEADER = 44 };

static inline int16_t *stereo_sweep(int64_t frames)
{
    int16_t *stereo = g_new(int16_t, 2 * frames + 1);
    for (int64_t i = 0; i < frames; i++)
        stereo[2 * i] = stereo[2 * i + 1] = (int16_t)lrint(9000 * sin((double)i * i * 2e-6));
    return stereo;
}

/* Without tags. */
static inline struct soundfile *stereo_file(const char *path, int rate, int64_t frames, GError **error)
{
    return soundfile_create(path, &(struct soundfile_options){.rate = rate, .frames = frames}, error);
}

/* In pieces of changing size. */
static inline bool stereo_write(struct soundfile *file, const int16_t *stereo, int64_t frames, GError **error)
{
    for (int64_t done = 0, piece = 1; done < frames; piece = piece * 3 % 20011) {
        int64_t n = MIN(piece, frames - done);
        if (!soundfile_write(file, stereo + 2 * done, n, error)) return false;
        done += n;
    }
    return true;
}

static inline uint32_t stereo_number(const char *bytes, int at)
{
    uint32_t number;
    memcpy(&number, bytes + at, sizeof number);
    return GUINT32_FROM_LE(number);
}

static inline void stereo_expect_header(const char *bytes, int rate, uint32_t data)
{
    g_assert_cmpmem(bytes, 4, "RIFF", 4);
    g_assert_cmphex(stereo_number(bytes, 4), ==, data == UINT32_MAX ? data : data + 36);
    g_assert_cmpmem(bytes + 8, 16, "WAVEfmt \x10\0\0\0\1\0\2\0", 16);
    g_assert_cmpuint(stereo_number(bytes, 24), ==, rate);
    g_assert_cmpuint(stereo_number(bytes, 28), ==, rate * 4);
    g_assert_cmpmem(bytes + 32, 8, "\4\0\x10\0data", 8);
    g_assert_cmphex(stereo_number(bytes, 40), ==, data);
}

#endif
