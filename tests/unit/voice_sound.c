/* Sound files that other programs have made. */
#include "voice-helper/sound.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PCM = 1, FLOAT = 3, RIFF_SIZES = 8 };

struct wav {
    int format, bits, channels, rate;
    double seconds;
    guint32 claimed;  /* bytes of sound in the header; 0: what there are, */
    bool claims_none; /* or really 0 */
};

static void add(GByteArray *file, guint64 value, int bytes)
{
    for (int i = 0; i < bytes; i++) g_byte_array_append(file, &(guint8){(guint8)(value >> 8 * i)}, 1);
}

static void add_sample(GByteArray *file, const struct wav *wav, double value)
{
    if (wav->format == FLOAT && wav->bits == 32) {
        float sample = (float)value;
        guint32 bits;
        memcpy(&bits, &sample, sizeof bits);
        add(file, bits, 4);
    } else if (wav->format == FLOAT) {
        guint64 bits;
        memcpy(&bits, &value, sizeof bits);
        add(file, bits, 8);
    } else {
        gint64 whole = (gint64)(value * (double)((gint64)1 << (wav->bits - 1)));
        add(file, (guint64)(wav->bits == 8 ? whole + 128 : whole), wav->bits / 8);
    }
}

/* A tone of half the scale on the first channel; the others are silent. */
static GByteArray *make(const struct wav *wav)
{
    GByteArray *file = g_byte_array_new();
    const int frames = (int)(wav->seconds * wav->rate), frame = wav->channels * wav->bits / 8;
    const guint32 size = wav->claims_none ? 0 : wav->claimed ? wav->claimed : (guint32)(frames * frame);
    g_byte_array_append(file, (const guint8 *)"RIFF", 4);
    add(file, (guint64)size + 36, 4);
    g_byte_array_append(file, (const guint8 *)"WAVEfmt ", 8);
    add(file, 16, 4);
    add(file, (guint64)wav->format, 2);
    add(file, (guint64)wav->channels, 2);
    add(file, (guint64)wav->rate, 4);
    add(file, (guint64)(wav->rate * frame), 4);
    add(file, (guint64)frame, 2);
    add(file, (guint64)wav->bits, 2);
    g_byte_array_append(file, (const guint8 *)"data", 4);
    add(file, size, 4);
    for (int i = 0; i < frames; i++)
        for (int c = 0; c < wav->channels; c++) add_sample(file, wav, c ? 0 : 0.5 * sin(i * 0.3));
    return file;
}

static int peak(const struct sound *sound)
{
    int most = 0;
    for (guint i = 0; i < sound->samples->len; i++)
        most = MAX(most, abs(g_array_index(sound->samples, int16_t, i)));
    return most;
}

static void expect_right(const struct wav *wav)
{
    struct sound sound;
    g_autofree char *why = NULL;
    g_autoptr(GByteArray) file = make(wav);
    g_test_message("format %d, %d bits, %d channels, %d Hz", wav->format, wav->bits, wav->channels,
                   wav->rate);
    sound_init(&sound);
    g_assert_true(sound_decode(&sound, file->data, file->len, &why));
    g_assert_cmpint(sound.rate, ==, wav->rate);
    g_assert_cmpint(sound.samples->len, ==, (int)(wav->seconds * wav->rate));
    g_assert_cmpint(sound_judge(&sound), ==, OUTCOME_SPOKEN);
    g_assert_cmpfloat_with_epsilon(peak(&sound), 16384.0 / wav->channels, 300);
    sound_finish(&sound);
}

static void test_forms(void)
{
    static const int rates[] = {8000, 11025, 16000, 22050, 44100, 48000, 96000, 192000};
    for (gsize i = 0; i < G_N_ELEMENTS(rates); i++)
        expect_right(&(struct wav){PCM, 16, 1, rates[i], 0.3, 0, false});
    static const struct wav forms[] = {
        {PCM, 8, 1, 22050, 0.3, 0, false},     {PCM, 24, 1, 22050, 0.3, 0, false},
        {PCM, 32, 1, 22050, 0.3, 0, false},    {FLOAT, 32, 1, 22050, 0.3, 0, false},
        {FLOAT, 64, 1, 22050, 0.3, 0, false},  {PCM, 16, 2, 22050, 0.3, 0, false},
        {FLOAT, 32, 2, 192000, 0.3, 0, false}, {PCM, 16, 8, 22050, 0.3, 0, false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) expect_right(&forms[i]);
}

/* Programs that write to a pipe do not know the length beforehand. */
static void test_headers(void)
{
    static const guint32 sizes[] = {0xffffffff, 0x7ffff000, 0x7fffffff, 0xffffffff - 36, 100000};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++)
        expect_right(&(struct wav){PCM, 16, 1, 22050, 0.3, sizes[i], false});
}

static void expect_wrong(const struct wav *wav, const char *expected)
{
    struct sound sound;
    g_autofree char *why = NULL;
    g_autoptr(GByteArray) file = make(wav);
    sound_init(&sound);
    g_assert_false(sound_decode(&sound, file->data, file->len, &why));
    g_assert_cmpstr(why, ==, expected);
    sound_finish(&sound);
}

static void test_out_of_range(void)
{
    expect_wrong(&(struct wav){PCM, 16, 1, 7999, 0.3, 0, false},
                 "its sound has 1 channels at 7999 Hz (1 to 8, 8000 to 192000 Hz)");
    expect_wrong(&(struct wav){PCM, 16, 1, 192001, 0.1, 0, false},
                 "its sound has 1 channels at 192001 Hz (1 to 8, 8000 to 192000 Hz)");
    expect_wrong(&(struct wav){PCM, 16, 9, 22050, 0.1, 0, false},
                 "its sound has 9 channels at 22050 Hz (1 to 8, 8000 to 192000 Hz)");
}

static void expect_judged(const struct wav *wav, enum outcome outcome)
{
    struct sound sound;
    g_autofree char *why = NULL;
    g_autoptr(GByteArray) file = make(wav);
    sound_init(&sound);
    if (sound_decode(&sound, file->data, file->len, &why)) g_assert_cmpint(sound_judge(&sound), ==, outcome);
    sound_finish(&sound);
}

static void test_judged(void)
{
    expect_judged(&(struct wav){PCM, 16, 1, 8000, 0, 0, false}, OUTCOME_SILENT);
    expect_judged(&(struct wav){PCM, 16, 1, 8000, 0.3, 0, true}, OUTCOME_SILENT);
    expect_judged(&(struct wav){PCM, 16, 1, 8000, 0.01, 0, false}, OUTCOME_SILENT);
    expect_judged(&(struct wav){PCM, 16, 1, 8000, 119, 0, false}, OUTCOME_SPOKEN);
    expect_judged(&(struct wav){PCM, 16, 1, 8000, 121, 0, false}, OUTCOME_LONG);
}

static void test_no_sound(void)
{
    static const char *const texts[] = {"",      "RIFF",       "not a sound file at all", "fLaC", "OggS",
                                        "ID3\3", "#!/bin/sh\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct sound sound;
        g_autofree char *why = NULL;
        sound_init(&sound);
        g_assert_false(sound_decode(&sound, texts[i], strlen(texts[i]), &why) &&
                       sound_judge(&sound) == OUTCOME_SPOKEN);
        sound_finish(&sound);
    }
}

/* A file that is cut is known to be. */
static void test_kept(void)
{
    struct sound sound, again;
    g_autofree char *why = NULL, *data = NULL, *directory = g_dir_make_tmp("sound-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "clip.flac", NULL);
    g_autoptr(GByteArray) file = make(&(struct wav){PCM, 16, 1, 24000, 2, 0, false});
    gsize size;
    sound_init(&sound);
    g_assert_true(sound_decode(&sound, file->data, file->len, &why));
    g_assert_true(sound_write(&sound, path, "the mark"));
    g_assert_true(g_file_get_contents(path, &data, &size, NULL));
    sound_init(&again);
    g_assert_true(sound_decode(&again, data, size, &why));
    g_assert_cmpmem(again.samples->data, again.samples->len * 2, sound.samples->data, sound.samples->len * 2);
    g_assert_cmpstr(again.mark, ==, "the mark");
    g_assert_null(sound.mark);
    for (gsize cut = 0; cut < size; cut += size / 61 + 1) {
        g_autofree char *problem = NULL;
        g_array_set_size(again.samples, 0);
        g_test_message("cut at %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT, cut, size);
        g_assert_false(sound_decode(&again, data, cut, &problem));
    }
    unlink(path);
    rmdir(directory);
    sound_finish(&sound);
    sound_finish(&again);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sound/forms", test_forms);
    g_test_add_func("/sound/headers", test_headers);
    g_test_add_func("/sound/out_of_range", test_out_of_range);
    g_test_add_func("/sound/judged", test_judged);
    g_test_add_func("/sound/no_sound", test_no_sound);
    g_test_add_func("/sound/kept", test_kept);
    return g_test_run();
}
