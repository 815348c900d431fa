#include "mix/breath.h"
#include "noise.h"
#include <glib.h>
#include <math.h>

static const double LOW_HZ = 262, HIGH_HZ = 392, KEPT_HZ = 330;

static const double UNDER_DB = -12.1; /* the tone's height, from the peak of the cues */
static const float OCTAVE = 0.3F,     /* over the tone, for loudspeakers that have no lower one */
    BREATHING = 0.5F,                 /* height of the noise beside the tone's, */
    KEPT = 0.25F;                     /* and of a kept breath beside the others */

/* The level falls by so many dB, slowly where it is loudest. */
enum { RANGE_DB = 30 };

enum {
    EDGE_MS = 40,  /* in which a sound that is loud at once grows, and each fades */
    EDGE_PART = 4, /* of a sound that is short */
    WIDE = 48,     /* samples of a mean that leaves only what is too low for breath, */
    NARROW = 6,    /* and of one that leaves out what is too high */
    SEED = 0x42726561,
};

/* ---- noise ---- */

/* The mean of so many samples, in a ring. */
static void smooth(const float *in, int width, float *out)
{
    double sum = 0;
    for (int i = 0; i < width; i++) sum += in[i];
    for (int i = 0; i < BREATH_NOISE; i++) {
        out[i] = (float)(sum / width);
        sum += in[(i + width) % BREATH_NOISE] - in[i];
    }
}

/* White noise without what is low and what is high: a ring, so that it has no seam. */
static float *make_noise(void)
{
    g_autofree float *white = g_new(float, BREATH_NOISE), *low = g_new(float, BREATH_NOISE);
    float *noise = g_new(float, BREATH_NOISE), peak = 0;
    for (int i = 0; i < BREATH_NOISE; i++) white[i] = noise_at((uint32_t)i + SEED);
    smooth(white, NARROW, noise);
    smooth(noise, NARROW, white);
    smooth(white, WIDE, low);
    for (int i = 0; i < BREATH_NOISE; i++) {
        noise[i] = white[i] - low[(i + BREATH_NOISE - WIDE / 2) % BREATH_NOISE];
        peak = MAX(peak, fabsf(noise[i]));
    }
    for (int i = 0; i < BREATH_NOISE; i++) noise[i] /= peak;
    return noise;
}

void breath_init(struct breath *breath, int rate, double dbfs)
{
    *breath = (struct breath){rate, (float)pow(10, (dbfs + UNDER_DB) / 20), make_noise()};
}

void breath_finish(struct breath *breath)
{
    g_clear_pointer(&breath->noise, g_free);
}

/* ---- shape ---- */

/* From 0.03 up to 1 in so many frames. */
static double edge(int64_t frame, int64_t edge_frames)
{
    return frame >= edge_frames ? 1
                                : 0.03 + 0.97 * 0.5 * (1 - cos(G_PI * (double)frame / (double)edge_frames));
}

/* `part` is how far the sound has come, 0 to 1. */
static double level(const struct breath *breath, enum occasion occasion, int64_t length, int64_t frame,
                    double part)
{
    int64_t edge_frames = MIN((int64_t)breath->rate * EDGE_MS / 1000, length / EDGE_PART);
    double away = occasion == OCCASION_IN ? 1 - part : part;
    double fade = frame >= length - edge_frames
                      ? 0.5 * (1 - cos(G_PI * (double)(length - 1 - frame) / (double)edge_frames))
                      : 1;
    if (occasion == OCCASION_KEEP) return KEPT * fade * edge(frame, edge_frames);
    double grown = occasion == OCCASION_IN ? 1 : edge(frame, edge_frames);
    return pow(10, -RANGE_DB * away * away / 20) * grown * fade;
}

/* The pitch glides in a straight line, so its phase is a parabola. */
static double phase(enum occasion occasion, double seconds, double part)
{
    double from = occasion == OCCASION_IN    ? LOW_HZ
                  : occasion == OCCASION_OUT ? HIGH_HZ
                                             : KEPT_HZ,
           to = occasion == OCCASION_IN    ? HIGH_HZ
                : occasion == OCCASION_OUT ? LOW_HZ
                                           : KEPT_HZ;
    return 2 * G_PI * seconds * (from + (to - from) * part / 2);
}

void breath_add(const struct breath *breath, enum occasion occasion, int64_t length, int64_t from,
                int64_t frames, float scale, float *sum)
{
    for (int64_t i = 0; i < frames; i++) {
        int64_t frame = from + i;
        double part = (double)frame / (double)length,
               turned = phase(occasion, (double)frame / breath->rate, part), tone = cos(turned),
               octave = 2 * tone * tone - 1;
        float sound = (float)tone + OCTAVE * (float)octave + BREATHING * breath->noise[frame % BREATH_NOISE];
        sum[i] += scale * breath->height * (float)level(breath, occasion, length, frame, part) * sound;
    }
}
