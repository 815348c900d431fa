#include "engine.h"
#include <glib.h>
#include <math.h>
#include <stdlib.h>

enum { BEGIN_MS = 40, LETTER_MS = 20, LONG_S = SPEECH_SECONDS + 1, SILENT = 154 };

static const double AMPLITUDE = 0.3;

uint32_t tone_samples(const char *text)
{
    uint32_t letters = 0;
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        letters += g_unichar_isalnum(g_utf8_get_char(at));
    return (BEGIN_MS + LETTER_MS * letters) * TONE_RATE / 1000;
}

static bool say_tone(struct recording *recording, const char *text, uint32_t samples)
{
    double hertz = 200 + g_str_hash(text) % 800;
    for (uint32_t i = 0; i < samples; i++) {
        double phase = 2 * G_PI * fmod(hertz * i, TONE_RATE) / TONE_RATE;
        int16_t sample = (int16_t)lrint(AMPLITUDE * INT16_MAX * sin(phase));
        if (!recording_add(recording, &sample, 1)) break;
    }
    return true;
}

static bool say(const char *text, struct recording *recording)
{
    if (strstr(text, "crash-now")) abort();
    if (strstr(text, "hang-now"))
        for (;;) __asm__ volatile("");
    if (strstr(text, "silent-now")) return recording_add(recording, (const int16_t[SILENT]){0}, SILENT);
    if (strstr(text, "long-now")) return say_tone(recording, text, LONG_S * TONE_RATE);
    return say_tone(recording, text, tone_samples(text));
}

static int start(void)
{
    return TONE_RATE;
}

static char *set_voice(const struct voice_parameters *voice)
{
    (void)voice;
    return NULL;
}

static const char *directory(void)
{
    return NULL;
}

const struct engine engine_tone = {"tone", start, set_voice, directory, say};
