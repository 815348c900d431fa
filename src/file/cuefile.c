#include "file/cuefile.h"
#include "file/soundfile.h"
#include "mix/clip.h"
#include "mix/resample.h"
#include <math.h>

enum { FULL_SCALE = INT16_MAX };

static float peak_of(const float *samples, int64_t frames)
{
    float peak = 0;
    for (int64_t i = 0; i < frames; i++) peak = fmaxf(peak, fabsf(samples[i]));
    return peak;
}

/* Brought to full scale, so that a faint file loses nothing to 16 bits. NULL if it is silent. */
static int16_t *to_full_scale(const float *samples, int64_t frames)
{
    float peak = peak_of(samples, frames);
    if (peak == 0) return NULL;
    int16_t *out = g_new(int16_t, frames + 1);
    for (int64_t i = 0; i < frames; i++) out[i] = (int16_t)lrintf(samples[i] / peak * FULL_SCALE);
    return out;
}

/* From the first sample that is heard on; as clip_make() cuts speech. */
static void from_onset(float *samples, int64_t *frames)
{
    float threshold = peak_of(samples, *frames) * (float)pow(10, CLIP_ONSET_DB / 20.0);
    int64_t begin = 0;
    while (begin < *frames && fabsf(samples[begin]) <= threshold) begin++;
    *frames -= begin;
    memmove(samples, samples + begin, (gsize)*frames * sizeof *samples);
}

static char *read_recording(const char *path, int rate, struct cue_file *recording)
{
    char *problem = NULL;
    int own_rate;
    int64_t frames;
    g_autofree float *samples = soundfile_read(path, CUE_FILE_SECONDS, &own_rate, &frames, &problem);
    g_autofree int16_t *exact = samples ? to_full_scale(samples, frames) : NULL;
    if (!samples) return problem;
    if (!exact) return g_strdup("silent");
    g_autofree float *sound = resample(exact, frames, own_rate, rate, &recording->frames);
    from_onset(sound, &recording->frames);
    recording->samples = to_full_scale(sound, recording->frames);
    return recording->samples ? NULL : g_strdup("silent");
}

void cuefiles_read(struct settings *settings, struct diags *diags)
{
    for (enum occasion occasion = 0; occasion < N_OCCASIONS; occasion++) {
        const char *path = settings->cues.sound[occasion];
        if (cue_sound_of(path) != SOUND_FILE) continue;
        g_autofree char *problem = read_recording(path, settings->sound.rate, &settings->cues.file[occasion]);
        if (!problem) continue;
        const struct diag_location location = settings_location(settings, "cues", occasion_name(occasion));
        g_autofree char *what = g_strdup_printf("no sound for a cue: %s", problem);
        diag_wrong(diags, &location, what, path,
                   "a sound file of at most 5 s, or the name of a built-in sound");
    }
}
