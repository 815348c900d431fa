#include "mix/mixer.h"
#include "noise.h"
#include "mix/clip.h"
#include <glib.h>
#include <math.h>
#include <string.h>

/* Everything is summed as floats in steps of 16 bits, one sum for the middle and one for each side, in the
 * order of the timeline, and rounded once. A frame's sum does not depend on where a block begins. */
enum {
    CHUNK = 4096,
    N_SIDES = SIDE_LEFT + 1,
    FADE_PART = 4, /* of a shortened tone */
    FULL_SCALE = 32768,
    NOISE_SEED = 0x57726574,
};

/* Evenly spread noise of this height is -80 dBFS RMS: 10^(-80/20) × full scale × √3. */
static const float NOISE_HEIGHT = 5.6756f;

/* What the ears get of a sound from one side: mixer.h says why. */
static const float NEAR = 1.3328047f, FAR = 0.4728970f;

double mixer_gain(double db)
{
    return pow(10, db / 20);
}

/* ---- what sounds ---- */

/* A clip, a tone, a breath, or, with none of them, the noise. */
struct sound {
    int64_t frames;
    int64_t fade; /* frames at its end, of a tone that is not played to its end */
    const int16_t *clip;
    float louder; /* than others, of a clip */
    const float *tone;
    float scale; /* of a tone, and of a breath, */
    const struct breath *breath;
    enum occasion occasion; /* which says what that is */
    float noise;            /* its height */
};

/* Headphones fall asleep however low the master level is, so the noise is made louder by as much. */
static struct sound noise_sound(const struct mixer *mixer, int64_t frames)
{
    if (mixer->no_noise) return (struct sound){0};
    return (struct sound){.frames = frames, .noise = NOISE_HEIGHT / (float)mixer->gain};
}

static struct sound tone_sound(const struct tone *tone, enum side side, int64_t frames)
{
    bool whole = frames >= tone->frames;
    return (struct sound){.frames = whole ? tone->frames : frames,
                          .fade = whole ? 0 : frames / FADE_PART,
                          .tone = tone->samples,
                          .scale = side == SIDE_NONE ? FULL_SCALE : FULL_SCALE * tone->aside};
}

/* Silent things have no frames. */
static struct sound cue_sound(const struct mixer *mixer, const struct cue *cue, enum side side)
{
    const struct clip *clip = cue->type == CUE_SPEECH ? cue->clip : NULL;
    if (cue->type == SPAN_WAKE) return noise_sound(mixer, cue->frames);
    if (clip) return (struct sound){.frames = clip->frames, .clip = clip->samples};
    if (cue->type == CUE_CHIME && cue->text) return tone_sound(&mixer->tones->sentence, side, cue->frames);
    if (cue->type == CUE_SPEECH || !cue_sounds(cue->type)) return (struct sound){0};
    enum occasion occasion = cue_occasion(cue);
    const struct tone *tone = &mixer->tones->tone[occasion];
    if (tone->frames != TONE_FILLS) return tone_sound(tone, side, cue->frames);
    return (struct sound){
        .frames = cue->frames, .breath = &mixer->tones->breath, .occasion = occasion, .scale = FULL_SCALE};
}

/* What the end of a shortened tone is multiplied with: a smooth step from 1 to 0. */
static float faded(const struct sound *sound, int64_t frame)
{
    int64_t left = sound->frames - frame;
    if (left >= sound->fade) return 1;
    float part = (float)left / (float)sound->fade;
    return part * part * (3 - 2 * part);
}

static void add(float *sum, const struct sound *sound, int64_t from, int64_t frames)
{
    int64_t n = MIN(frames, sound->frames - from);
    if (sound->clip && sound->louder > 1)
        for (int64_t i = 0; i < n; i++) sum[i] += sound->clip[from + i] * sound->louder;
    else if (sound->clip)
        for (int64_t i = 0; i < n; i++) sum[i] += sound->clip[from + i];
    else if (sound->tone)
        for (int64_t i = 0; i < n; i++)
            sum[i] += sound->tone[from + i] * sound->scale * faded(sound, from + i);
    else if (sound->breath)
        breath_add(sound->breath, sound->occasion, sound->frames, from, n, sound->scale, sum);
    else
        for (int64_t i = 0; i < n; i++) sum[i] += noise_at((uint32_t)(from + i) + NOISE_SEED) * sound->noise;
}

/* ---- to 16 bits ---- */

static int16_t saturate(long value)
{
    return (int16_t)CLAMP(value, INT16_MIN, INT16_MAX);
}

/* ---- the timeline ---- */

/* Of a chunk; what is not used is not filled. */
struct sums {
    float side[N_SIDES][CHUNK];
    bool used[N_SIDES];
};

static float *sum_of(struct sums *sums, enum side side)
{
    if (!sums->used[side]) memset(sums->side[side], 0, sizeof sums->side[side]);
    sums->used[side] = true;
    return sums->side[side];
}

static void write_out(struct sums *sums, float gain, int frames, int16_t *out)
{
    const float *middle = sum_of(sums, SIDE_NONE);
    if (!sums->used[SIDE_RIGHT] && !sums->used[SIDE_LEFT]) {
        for (int i = 0; i < frames; i++) out[2 * i] = out[2 * i + 1] = saturate(lrintf(middle[i] * gain));
        return;
    }
    const float *right = sum_of(sums, SIDE_RIGHT), *left = sum_of(sums, SIDE_LEFT);
    for (int i = 0; i < frames; i++) {
        out[2 * i] = saturate(lrintf((middle[i] + NEAR * left[i] + FAR * right[i]) * gain));
        out[2 * i + 1] = saturate(lrintf((middle[i] + FAR * left[i] + NEAR * right[i]) * gain));
    }
}

static enum side side_of(const struct mixer *mixer, const struct cue *cue)
{
    return mixer->sides && cue->type != SPAN_WAKE ? cue->place.side : SIDE_NONE;
}

static void mix_chunk(const struct mixer *mixer, const struct timeline *timeline, int64_t from, int frames,
                      int16_t *out)
{
    struct sums sums;
    bool any = false;
    memset(sums.used, 0, sizeof sums.used);
    const GArray *cues = timeline_cues(timeline);
    for (guint i = timeline_first(timeline, from); i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->frame >= from + frames) break;
        enum side side = side_of(mixer, cue);
        struct sound sound = cue_sound(mixer, cue, side);
        if (cue->role == ROLE_PHRASE) sound.louder = (float)(mixer->least / mixer->gain);
        int64_t begin = MAX(from, cue->frame);
        int64_t end = MIN(from + frames, cue->frame + MIN(cue->frames, sound.frames));
        if (begin >= end) continue;
        any = true;
        add(sum_of(&sums, side) + (begin - from), &sound, begin - cue->frame, end - begin);
    }
    if (any)
        write_out(&sums, (float)mixer->gain, frames, out);
    else /* most of a session is silence */
        memset(out, 0, 2 * frames * sizeof *out);
}

void mixer_mix(const struct mixer *mixer, const struct timeline *timeline, int64_t from, int frames,
               int16_t *out)
{
    for (int done = 0; done < frames; done += CHUNK)
        mix_chunk(mixer, timeline, from + done, MIN(CHUNK, frames - done), out + 2 * done);
}

/* ---- outside the timeline ---- */

/* The gain of an ear for a sound from one side. */
static float ear(enum side ear_side, enum side side)
{
    return side == SIDE_NONE ? 1 : side == ear_side ? NEAR : FAR;
}

static void add_onto(const struct mixer *mixer, const struct sound *sound, enum side side, int64_t from,
                     int frames, int16_t *out)
{
    float left = ear(SIDE_LEFT, side), right = ear(SIDE_RIGHT, side), gain = (float)mixer->gain;
    for (int done = 0; done < frames && from + done < sound->frames; done += CHUNK) {
        float sum[CHUNK] = {0};
        int n = MIN(CHUNK, frames - done);
        int16_t *chunk = out + 2 * done;
        add(sum, sound, from + done, n);
        for (int i = 0; i < n; i++) {
            chunk[2 * i] = saturate(chunk[2 * i] + lrintf(left * sum[i] * gain));
            chunk[2 * i + 1] = saturate(chunk[2 * i + 1] + lrintf(right * sum[i] * gain));
        }
    }
}

void mixer_add(const struct mixer *mixer, const struct tone *tone, enum side side, int64_t from, int frames,
               int16_t *out)
{
    if (!mixer->sides) side = SIDE_NONE;
    struct sound sound = tone_sound(tone, side, tone->frames);
    add_onto(mixer, &sound, side, from, frames, out);
}

void mixer_add_noise(const struct mixer *mixer, int64_t from, int frames, int16_t *out)
{
    struct sound noise = noise_sound(mixer, INT64_MAX);
    add_onto(mixer, &noise, SIDE_NONE, from, frames, out);
}
