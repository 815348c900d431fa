#include "mix/tone.h"
#include <complex.h>
#include <glib.h>
#include <math.h>

enum {
    N_NOTES = 4,
    FADE_MS = 4, /* at a tone's end, so that it does not end in a click */
    TOP_DBFS = -16,
};

/* A struck string: a decaying sine. */
struct note {
    double start; /* seconds from the tone's begin */
    double hz;
    double level; /* relative to the tone's other notes */
    double decay; /* seconds to 1/e */
};

struct recipe {
    double seconds;
    struct note notes[N_NOTES]; /* up to the first of level 0 */
};

static const struct recipe ticks[] = {
    [TICK_SOFT] = {0.025, {{0, 330, 1, 0.007}, {0, 660, 0.15, 0.003}}},
    [TICK_WOOD] = {0.060, {{0, 880, 1, 0.012}, {0, 1420, 0.5, 0.007}, {0, 2390, 0.2, 0.004}}},
    [TICK_CLICK] = {0.008, {{0, 2200, 1, 0.0015}, {0, 3700, 0.4, 0.001}}},
};

/* Bells are the first partials of a bar: 1, 2.76 and 5.40 times its lowest. */
static const struct recipe struck[N_CUE_TYPES] = {
    [CUE_GO] = {0.35,
                {{0, 523, 1, 0.07}, {0, 1046, 0.15, 0.03}, {0.11, 784, 1, 0.09}, {0.11, 1568, 0.15, 0.04}}},
    [CUE_END] = {0.60, {{0, 311, 1, 0.18}, {0, 622, 0.35, 0.10}, {0, 859, 0.30, 0.05}}},
    [CUE_CHIME] = {1.2,
                   {{0, 659, 1, 0.32}, {0, 1319, 0.15, 0.2}, {0, 1820, 0.3, 0.14}, {0, 3560, 0.08, 0.05}}},
    [CUE_ATTENTION] = {0.65,
                       {{0, 440, 1, 0.1}, {0, 880, 0.1, 0.05}, {0.24, 440, 1, 0.13}, {0.24, 880, 0.1, 0.06}}},
};

/* Taken: one note. Paused falls, going on rises. Refused: a low second, twice. Stopped falls by three steps.
 */
static const struct recipe acks[N_ACKS] = {
    [ACK_TAKEN] = {0.12, {{0, 1175, 1, 0.05}}},
    [ACK_PAUSED] = {0.20, {{0, 988, 1, 0.05}, {0.09, 659, 1, 0.06}}},
    [ACK_GOING_ON] = {0.20, {{0, 740, 1, 0.05}, {0.09, 1109, 1, 0.06}}},
    [ACK_REFUSED] = {0.24,
                     {{0, 370, 1, 0.05}, {0, 392, 1, 0.05}, {0.12, 370, 1, 0.05}, {0.12, 392, 1, 0.05}}},
    [ACK_STOPPED] = {0.40, {{0, 698, 1, 0.06}, {0.12, 466, 1, 0.06}, {0.24, 349, 1, 0.08}}},
    [ACK_WAITING] = {0.80, {{0, 554, 1, 0.2}, {0, 1108, 0.15, 0.1}}},
};

/* Peaks in dB above voice.level: each is as loud as the others to the ear, the one that waits a little
 * softer. */
static const double ack_db[N_ACKS] = {-2.4, -1.8, -1.9, 1.3, -2.1, -7};

int64_t tones_chime_frames(int rate)
{
    return llround(struck[CUE_CHIME].seconds * rate);
}

static void tone_alloc(struct tone *tone, double seconds, int rate)
{
    tone->frames = llround(seconds * rate);
    tone->samples = g_new0(float, tone->frames);
}

/* A damped phasor: multiplied by a decaying rotation for each sample; the imaginary part is the sine. It
 * starts one step ahead, so that the first sample is not 0. */
static void strike(struct tone *tone, const struct note *note, int rate)
{
    double turn = 2 * G_PI * note->hz / rate, shrink = exp(-1 / (note->decay * rate));
    double c = cos(turn) * shrink, s = sin(turn) * shrink;
    double x = note->level * c, y = note->level * s;
    for (int64_t i = llround(note->start * rate); i < tone->frames; i++) {
        tone->samples[i] += (float)y;
        double turned = x * c - y * s;
        y = x * s + y * c;
        x = turned;
    }
}

/* Fades its end, and brings its peak to a level that is rounded down to a whole step of 16 bits, so that
 * rounding never exceeds it. */
static void finish(struct tone *tone, int rate, double dbfs)
{
    int64_t fade = MIN((int64_t)rate * FADE_MS / 1000, tone->frames);
    for (int64_t i = 0; i < fade; i++)
        tone->samples[tone->frames - 1 - i] *= (float)(0.5 * (1 - cos(G_PI * i / fade)));
    float peak = 0, wanted = (float)(floor(pow(10, dbfs / 20) * 32768) / 32768);
    for (int64_t i = 0; i < tone->frames; i++) peak = MAX(peak, fabsf(tone->samples[i]));
    for (int64_t i = 0; i < tone->frames; i++) tone->samples[i] *= wanted / peak;
}

static void make_struck(struct tone *tone, const struct recipe *recipe, int rate, double dbfs)
{
    tone_alloc(tone, recipe->seconds, rate);
    for (int i = 0; i < N_NOTES && recipe->notes[i].level > 0; i++) strike(tone, &recipe->notes[i], rate);
    finish(tone, rate, dbfs);
}

/* A soft hum that swells and fades while it glides from one pitch to the other. It begins at 2 % of its
 * level. */
static void make_breath(struct tone *tone, int rate, int ms, double from_hz, double to_hz, double dbfs)
{
    tone_alloc(tone, ms / 1000.0, rate);
    /* Phasors; the pitch glides because the rotation itself is rotated. */
    double complex hum = I, turn = cexp(2 * G_PI * I * from_hz / rate);
    double complex glide = cexp(2 * G_PI * I * (to_hz - from_hz) / rate / tone->frames);
    double complex swell = 1, swelling = cexp(2 * G_PI * I / tone->frames);
    for (int64_t i = 0; i < tone->frames; i++) {
        double height = 0.02 + 0.98 * (1 - creal(swell)) / 2;
        double octave = 2 * cimag(hum) * creal(hum);
        tone->samples[i] = (float)(height * (cimag(hum) + 0.2 * octave));
        hum *= turn;
        turn *= glide;
        swell *= swelling;
    }
    finish(tone, rate, dbfs);
}

void tones_init(struct tones *tones, const struct settings *settings)
{
    int rate = settings->sound.rate;
    double dbfs = MIN(settings->voice.level + settings->sound.cue_level, TOP_DBFS);
    *tones = (struct tones){0};
    make_struck(&tones->cue[CUE_TICK], &ticks[settings->sound.tick], rate, dbfs);
    for (int type = 0; type < N_CUE_TYPES; type++)
        if (struck[type].seconds > 0) make_struck(&tones->cue[type], &struck[type], rate, dbfs);
    make_breath(&tones->cue[CUE_IN], rate, CUE_BREATH_MS, 196, 294, dbfs);
    make_breath(&tones->cue[CUE_KEEP], rate, CUE_KEEP_MS, 247, 247, dbfs);
    make_breath(&tones->cue[CUE_OUT], rate, CUE_BREATH_MS, 294, 196, dbfs);
    for (int i = 0; i < N_ACKS; i++)
        make_struck(&tones->ack[i], &acks[i], rate, MIN(settings->voice.level + ack_db[i], TOP_DBFS));
}

void tones_finish(struct tones *tones)
{
    for (int type = 0; type < N_CUE_TYPES; type++) g_free(tones->cue[type].samples);
    for (int i = 0; i < N_ACKS; i++) g_free(tones->ack[i].samples);
    *tones = (struct tones){0};
}
