#include "mix/take.h"
#include <glib.h>
#include <math.h>
#include <string.h>

enum { RATE = 48000, LEVEL = -18 };

/* Noise of so many dBFS throughout, and in it a tone of 300 Hz: a stand-in for speech. */
struct sound {
    int64_t frames;
    int16_t samples[10 * RATE];
};

static double linear(double db)
{
    return 32768 * pow(10, db / 20);
}

static struct sound *noise(double seconds, double db)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    struct sound *sound = g_new0(struct sound, 1);
    sound->frames = (int64_t)(seconds * RATE);
    for (int64_t i = 0; i < sound->frames; i++)
        sound->samples[i] = (int16_t)lrint(g_rand_double_range(rand, -1, 1) * linear(db));
    return sound;
}

static void add_tone(struct sound *sound, double from, double seconds, double db)
{
    for (int64_t i = 0; i < (int64_t)(seconds * RATE); i++) {
        int16_t *sample = &sound->samples[(int64_t)(from * RATE) + i];
        double sum = *sample + linear(db) * sin(2 * G_PI * 300 * (double)i / RATE);
        *sample = (int16_t)lrint(CLAMP(sum, INT16_MIN, INT16_MAX));
    }
}

static enum take_fault fault_of(const struct sound *sound)
{
    enum take_fault fault;
    struct clip *clip = take_make(sound->samples, sound->frames, RATE, LEVEL, &fault);
    g_assert_true((clip != NULL) == (fault == TAKE_RIGHT));
    clip_unref(clip);
    return fault;
}

/* The clip of a take that is right. */
static struct clip *made(const struct sound *sound)
{
    enum take_fault fault;
    struct clip *clip = take_make(sound->samples, sound->frames, RATE, LEVEL, &fault);
    g_assert_cmpint(fault, ==, TAKE_RIGHT);
    return clip;
}

static double seconds(const struct clip *clip)
{
    return (double)clip->frames / RATE;
}

static void test_silence_is_cut(void)
{
    for (double db = -90; db <= -50; db += 10) {
        g_autofree struct sound *sound = noise(4, db);
        add_tone(sound, 1.5, 1, -20);
        struct clip *clip = made(sound);
        g_assert_cmpfloat_with_epsilon(seconds(clip), 1.17, 0.05);
        clip_unref(clip);
    }
}

/* Its onset is where the speech begins, also where the noise is louder than the onset's threshold. */
static void test_begins_with_speech(void)
{
    g_autofree struct sound *sound = noise(3, -55);
    add_tone(sound, 1, 1, -20);
    struct clip *clip = made(sound);
    int64_t loud = 0;
    while (abs(clip->samples[loud]) < 2000) loud++;
    g_assert_cmpint(loud, <, RATE * 55 / 1000);
    clip_unref(clip);
}

/* A microphone that adds a constant. */
static void test_offset(void)
{
    g_autofree struct sound *sound = noise(4, -70);
    add_tone(sound, 1.5, 1, -30);
    for (int64_t i = 0; i < sound->frames; i++) sound->samples[i] += 2000;
    struct clip *clip = made(sound);
    g_assert_cmpfloat_with_epsilon(seconds(clip), 1.17, 0.05);
    g_assert_cmpfloat_with_epsilon(loudness_of(clip->samples, clip->frames, RATE), LEVEL, 1);
    clip_unref(clip);
}

static void test_pauses_stay(void)
{
    g_autofree struct sound *sound = noise(5, -70);
    add_tone(sound, 1, 0.5, -20);
    add_tone(sound, 2.5, 0.5, -25);
    struct clip *clip = made(sound);
    g_assert_cmpfloat_with_epsilon(seconds(clip), 2.17, 0.05);
    clip_unref(clip);
}

static void test_clicks_are_cut(void)
{
    g_autofree struct sound *sound = noise(4, -70);
    add_tone(sound, 0.1, 0.015, -10);
    add_tone(sound, 1.5, 1, -20);
    add_tone(sound, 3.5, 0.015, -10);
    struct clip *clip = made(sound);
    g_assert_cmpfloat_with_epsilon(seconds(clip), 1.17, 0.05);
    clip_unref(clip);
}

static void test_speech_to_the_ends_is_whole(void)
{
    g_autofree struct sound *sound = noise(1, -90);
    add_tone(sound, 0, 1, -20);
    struct clip *clip = made(sound);
    g_assert_cmpfloat_with_epsilon(seconds(clip), 1, 0.01);
    clip_unref(clip);
}

static void test_loudness(void)
{
    for (double db = -35; db < -1; db += 8)
        for (double length = 0.2; length < 3; length *= 3) {
            g_autofree struct sound *sound = noise(length + 1, -80);
            add_tone(sound, 0.5, length, db);
            struct clip *clip = made(sound);
            double lufs = loudness_of(clip->samples, clip->frames, RATE);
            g_assert_cmpfloat_with_epsilon(lufs, LEVEL, 1);
            clip_unref(clip);
        }
}

static void test_faults(void)
{
    static const struct {
        double db;
        enum take_fault fault;
    } rows[] = {{-60, TAKE_QUIET}, {-30, TAKE_RIGHT}, {-1, TAKE_RIGHT}, {6, TAKE_CLIPPED}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree struct sound *sound = noise(3, -90);
        add_tone(sound, 1, 1, rows[i].db);
        g_assert_cmpint(fault_of(sound), ==, rows[i].fault);
    }
}

static void test_nothing(void)
{
    g_autofree struct sound *sound = g_new0(struct sound, 1);
    g_assert_cmpint(fault_of(sound), ==, TAKE_SILENT);
    sound->frames = 100;
    g_assert_cmpint(fault_of(sound), ==, TAKE_SILENT);
    sound->frames = 2 * RATE;
    g_assert_cmpint(fault_of(sound), ==, TAKE_SILENT);
    add_tone(sound, 1, 0.015, -10);
    g_assert_cmpint(fault_of(sound), ==, TAKE_SILENT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/take/silence-is-cut", test_silence_is_cut);
    g_test_add_func("/take/begins-with-speech", test_begins_with_speech);
    g_test_add_func("/take/offset", test_offset);
    g_test_add_func("/take/pauses-stay", test_pauses_stay);
    g_test_add_func("/take/clicks-are-cut", test_clicks_are_cut);
    g_test_add_func("/take/speech-to-the-ends", test_speech_to_the_ends_is_whole);
    g_test_add_func("/take/loudness", test_loudness);
    g_test_add_func("/take/faults", test_faults);
    g_test_add_func("/take/nothing", test_nothing);
    return g_test_run();
}
