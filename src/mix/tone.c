#include "mix/tone.h"
#include "mix/clip.h"
#include "mix/mixer.h"
#include <float.h>
#include <glib.h>
#include <math.h>

enum {
    N_NOTES = 9,
    FADE_PART = 4, /* of a tone, at its end, so that it does not end in a click */
    TOP_DBFS = -16,
    ANSWER_UNDER_DB =
        -8, /* the loudest 100 ms of a sound file that answers, from voice.level: 15 under speech */
    ANSWER_WINDOW_MS = 100,
};

/* A struck string: a decaying sine. */
struct note {
    double start; /* seconds from the tone's begin */
    double hz;
    double level; /* relative to the tone's other notes */
    double decay; /* seconds to 1/e */
};

/* Told apart by rhythm, timbre and register, and not by pitch alone (S. A. Brewster, P. C. Wright, A. D. N.
 * Edwards: Guidelines for the creation of earcons, 1995). So that all are equally loud at the same peak, the
 * stroke of those that ring stands above what rings. */
struct recipe {
    double seconds;
    double swell;               /* seconds in which it grows, where it is not struck */
    struct note notes[N_NOTES]; /* up to the first of level 0 */
};

/* For every occasion. Bells are the first partials of a bar: 1, 2.76 and 5.40 times its lowest. */
static const struct recipe named[] = {
    [SOUND_SOFT] = {0.160, 0, {{0, 330, 1, 0.050}, {0, 660, 0.2, 0.012}}},
    [SOUND_WOOD] = {0.140, 0, {{0, 880, 1, 0.052}, {0, 1420, 0.2, 0.014}, {0, 2390, 0.06, 0.008}}},
    /* Down and up. */
    [SOUND_CLICK] = {0.075, 0, {{0, 2200, 1, 0.012}, {0, 3700, 0.15, 0.003}, {0.035, 2200, 1, 0.012}}},
    [SOUND_BELL] = {1.2,
                    0,
                    {{0, 880, 1, 0.3}, {0, 2429, 0.4, 0.1}, {0, 4752, 0.1, 0.04}, {0, 1760, 1.7, 0.005}}},
    [SOUND_BOWL] = {2.4,
                    0.01,
                    {{0, 262, 1, 0.8}, {0, 264, 0.6, 0.8}, {0, 710, 0.35, 0.4}, {0, 524, 2.5, 0.04}}},
};

static const struct recipe own[N_OCCASIONS] = {
    /* A marimba rises, short and long. */
    [OCCASION_GO] =
        {0.35,
         0,
         {{0, 523, 1, 0.025}, {0, 2092, 0.3, 0.008}, {0.15, 784, 1, 0.045}, {0.15, 3136, 0.3, 0.01}}},
    /* One low bell, long. */
    [OCCASION_END] = {0.60,
                      0,
                      {{0, 311, 1, 0.18}, {0, 622, 0.35, 0.10}, {0, 859, 0.30, 0.05}, {0, 1244, 1, 0.006}}},
    /* Wood knocks three times, quickly. */
    [OCCASION_CHANGE] = {0.40,
                         0,
                         {{0, 620, 1, 0.024},
                          {0, 1680, 0.6, 0.008},
                          {0.12, 620, 1, 0.024},
                          {0.12, 1680, 0.6, 0.008},
                          {0.24, 830, 1, 0.03},
                          {0.24, 2250, 0.6, 0.01}}},
    /* A low, soft horn: harmonics, and no stroke. */
    [OCCASION_REST] = {1.2,
                       0.08,
                       {{0, 196, 1, 0.25},
                        {0, 392, 0.9, 0.22},
                        {0, 588, 0.8, 0.2},
                        {0, 784, 0.7, 0.17},
                        {0, 980, 0.6, 0.14}}},
    /* A high bell rings once; at the end of the session three, ever longer. */
    [OCCASION_STEP] = {1.2,
                       0,
                       {{0, 659, 1, 0.32},
                        {0, 1319, 0.15, 0.2},
                        {0, 1820, 0.3, 0.14},
                        {0, 3560, 0.2, 0.05},
                        {0, 2637, 1.9, 0.005}}},
    [OCCASION_DONE] = {2.0,
                       0,
                       {{0, 659, 1, 0.12},
                        {0, 1820, 0.4, 0.05},
                        {0, 2637, 2.2, 0.005},
                        {0.25, 784, 1, 0.12},
                        {0.25, 2164, 0.4, 0.05},
                        {0.25, 3136, 2.2, 0.005},
                        {0.6, 988, 1, 0.4},
                        {0.6, 2727, 0.4, 0.15},
                        {0.6, 3952, 2.2, 0.005}}},
    /* The same soft note twice, slowly. */
    [OCCASION_ATTENTION] =
        {0.65, 0, {{0, 440, 1, 0.028}, {0, 880, 0.3, 0.015}, {0.24, 440, 1, 0.04}, {0.24, 880, 0.3, 0.015}}},
    /* Taken: one note. Paused falls, going on rises. Refused: a low second, twice. Stopped falls by three
     * steps. Waiting is a note and its echo. Listening opens with four steps up, and closes with them
     * down, the last one late. */
    [OCCASION_ACK] = {0.12, 0, {{0, 1175, 1, 0.05}}},
    [OCCASION_PAUSED] = {0.20, 0, {{0, 988, 1, 0.05}, {0.09, 659, 1, 0.06}}},
    [OCCASION_GOING_ON] = {0.20, 0, {{0, 740, 1, 0.05}, {0.09, 1109, 1, 0.06}}},
    [OCCASION_REFUSED] = {0.24,
                          0,
                          {{0, 370, 1, 0.05}, {0, 392, 1, 0.05}, {0.12, 370, 1, 0.05}, {0.12, 392, 1, 0.05}}},
    [OCCASION_STOPPED] = {0.40, 0, {{0, 698, 1, 0.06}, {0.12, 466, 1, 0.06}, {0.24, 349, 1, 0.08}}},
    [OCCASION_LISTEN] =
        {0.42, 0, {{0, 523, 1, 0.03}, {0.10, 659, 1, 0.03}, {0.20, 784, 1, 0.03}, {0.30, 1047, 1, 0.05}}},
    [OCCASION_LISTENED] =
        {0.50, 0, {{0, 1047, 1, 0.03}, {0.10, 784, 1, 0.03}, {0.20, 659, 1, 0.03}, {0.38, 523, 1, 0.05}}},
    [OCCASION_WAIT] = {0.80, 0, {{0, 554, 1, 0.2}, {0, 1108, 0.15, 0.1}, {0.35, 554, 0.6, 0.12}}},
};

/* Peaks in dB above voice.level of those that answer. */
static const double answer_db[N_OCCASIONS] = {
    [OCCASION_ACK] = -1.4,    [OCCASION_PAUSED] = -1.9,   [OCCASION_GOING_ON] = -2.1,
    [OCCASION_REFUSED] = 0.3, [OCCASION_STOPPED] = -4.1,  [OCCASION_WAIT] = -5.8,
    [OCCASION_LISTEN] = -3.4, [OCCASION_LISTENED] = -2.8,
};

static void tone_alloc(struct tone *tone, double seconds, int rate)
{
    tone->frames = llround(seconds * rate);
    tone->samples = g_new0(float, tone->frames);
}

/* A damped phasor: multiplied by a decaying rotation for each sample; the imaginary part is the sine. It
 * starts one step ahead, so that the first sample is not 0; one that grows starts at its height. */
static void strike(struct tone *tone, const struct note *note, bool grows, int rate)
{
    double turn = 2 * G_PI * note->hz / rate, shrink = exp(-1 / (note->decay * rate));
    double c = cos(turn) * shrink, s = sin(turn) * shrink;
    double x = grows ? 0 : note->level * c, y = note->level * (grows ? 1 : s);
    for (int64_t i = llround(note->start * rate); i < tone->frames; i++) {
        tone->samples[i] += (float)y;
        double turned = x * c - y * s;
        y = x * s + y * c;
        x = turned;
    }
}

/* Grows from 3 % on, in `swell` seconds. */
static void grow(struct tone *tone, int rate, double swell)
{
    int64_t frames = MIN(llround(swell * rate), tone->frames);
    for (int64_t i = 0; i < frames; i++)
        tone->samples[i] *= (float)(0.03 + 0.97 * 0.5 * (1 - cos(G_PI * i / frames)));
}

/* Fades its end, and brings its peak to a level that is rounded down to a whole step of 16 bits, so that
 * rounding never exceeds it. */
static void finish(struct tone *tone, double dbfs)
{
    int64_t fade = tone->frames / FADE_PART;
    for (int64_t i = 0; i < fade; i++)
        tone->samples[tone->frames - 1 - i] *= (float)(0.5 * (1 - cos(G_PI * i / fade)));
    float peak = 0, wanted = (float)(floor(pow(10, dbfs / 20) * 32768) / 32768);
    for (int64_t i = 0; i < tone->frames; i++) peak = MAX(peak, fabsf(tone->samples[i]));
    for (int64_t i = 0; i < tone->frames; i++) tone->samples[i] *= wanted / peak;
}

static void make_struck(struct tone *tone, const struct recipe *recipe, int rate, double dbfs)
{
    tone_alloc(tone, recipe->seconds, rate);
    for (int i = 0; i < N_NOTES && recipe->notes[i].level > 0; i++)
        strike(tone, &recipe->notes[i], recipe->swell > 0, rate);
    grow(tone, rate, recipe->swell);
    finish(tone, dbfs);
}

/* ---- a session's sounds ---- */

/* The peak of an occasion's sound. What answers the hand has the level of speech. */
static double peak_dbfs(const struct settings *settings, enum occasion occasion)
{
    double above = occasion_answers(occasion) ? 0 : settings->sound.cue_level;
    return MIN(settings->voice.level + above, TOP_DBFS);
}

/* By its peak, as all cues; one that answers, by its loudest 100 ms. */
static void make_recorded(struct tone *tone, const struct cue_file *file, const struct settings *settings,
                          enum occasion occasion)
{
    double dbfs = peak_dbfs(settings, occasion);
    if (occasion_answers(occasion)) {
        double loudest = loudness_most(file->samples, file->frames, settings->sound.rate, ANSWER_WINDOW_MS);
        dbfs = MIN(settings->voice.level + ANSWER_UNDER_DB - loudest, TOP_DBFS);
    }
    float level = (float)(pow(10, dbfs / 20) / 32768);
    tone->frames = file->frames;
    tone->samples = g_new(float, tone->frames + 1);
    for (int64_t i = 0; i < tone->frames; i++) tone->samples[i] = (float)file->samples[i] * level;
}

static void make_own(struct tone *tone, enum occasion occasion, const struct settings *settings)
{
    int rate = settings->sound.rate;
    double dbfs = peak_dbfs(settings, occasion);
    bool breathes = occasion == OCCASION_IN || occasion == OCCASION_OUT || occasion == OCCASION_KEEP;
    if (breathes) {
        tone->frames = TONE_FILLS;
        return;
    }
    if (occasion_answers(occasion)) dbfs = MIN(settings->voice.level + answer_db[occasion], TOP_DBFS);
    make_struck(tone, &own[occasion], rate, dbfs);
}

static void make(struct tone *tone, enum occasion occasion, const struct settings *settings)
{
    enum cue_sound sound = cue_sound_of(settings->cues.sound[occasion]);
    if (sound == SOUND_OWN && occasion == OCCASION_TICK) sound = SOUND_SOFT;
    const struct cue_file *file = &settings->cues.file[occasion];
    if (sound == SOUND_OWN)
        make_own(tone, occasion, settings);
    else if (sound == SOUND_FILE && file->samples)
        make_recorded(tone, file, settings, occasion);
    else if (sound != SOUND_OFF && sound != SOUND_FILE)
        make_struck(tone, &named[sound], settings->sound.rate, peak_dbfs(settings, occasion));
}

static void limit_aside(struct tone *tone)
{
    float peak = 0;
    for (int64_t i = 0; tone->samples && i < tone->frames; i++) peak = MAX(peak, fabsf(tone->samples[i]));
    tone->aside = (float)MIN(1, mixer_gain(TOP_DBFS - MIXER_NEAR_DB) / MAX(peak, FLT_MIN));
}

int64_t tones_sentence_frames(int rate)
{
    return llround(own[OCCASION_STEP].seconds * rate);
}

void tones_init(struct tones *tones, const struct settings *settings)
{
    *tones = (struct tones){0};
    breath_init(&tones->breath, settings->sound.rate, peak_dbfs(settings, OCCASION_IN));
    for (enum occasion occasion = 0; occasion < N_OCCASIONS; occasion++)
        make(&tones->tone[occasion], occasion, settings);
    make_struck(&tones->sentence, &own[OCCASION_STEP], settings->sound.rate,
                peak_dbfs(settings, OCCASION_STEP));
    for (int i = 0; i < N_OCCASIONS; i++) limit_aside(&tones->tone[i]);
    limit_aside(&tones->sentence);
}

void tones_finish(struct tones *tones)
{
    for (int i = 0; i < N_OCCASIONS; i++) g_free(tones->tone[i].samples);
    g_free(tones->sentence.samples);
    breath_finish(&tones->breath);
    *tones = (struct tones){0};
}
