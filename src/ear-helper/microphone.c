#include "microphone.h"

#include <glib.h>
#include <math.h>
#include <pa_linux_alsa.h>
#include <portaudio.h>
#include <stdio.h>
#include <string.h>

enum { RATE = 48000, LOOKS_HELD = 12 };

struct microphone {
    PaStream *stream;
    int rate;
};

static bool hears(PaDeviceIndex device)
{
    const PaDeviceInfo *info = Pa_GetDeviceInfo(device);
    return info->maxInputChannels > 0 && Pa_GetHostApiInfo(info->hostApi)->type == paALSA;
}

static PaDeviceIndex find(const char *name)
{
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++)
        if (hears(i) && strcmp(Pa_GetDeviceInfo(i)->name, name) == 0) return i;
    return paNoDevice;
}

/* The sound server's, or else ALSA's own. */
static PaDeviceIndex find_default(void)
{
    const PaDeviceIndex server = find("pulse"), usual = find("default");
    return server != paNoDevice ? server : usual != paNoDevice ? usual : Pa_GetDefaultInputDevice();
}

static PaError start(struct microphone *microphone, PaDeviceIndex device)
{
    const PaStreamParameters parameters = {
        .device = device,
        .channelCount = 1,
        .sampleFormat = paInt16,
        .suggestedLatency =
            (LOOKS_HELD - 1) * MICROPHONE_LOOK_MS / 1000.0, /* held where this program is late */
    };
    const bool usual = Pa_IsFormatSupported(&parameters, NULL, RATE) == paNoError;
    microphone->rate = usual ? RATE : (int)lround(Pa_GetDeviceInfo(device)->defaultSampleRate);
    PaAlsa_SetNumPeriods(LOOKS_HELD);
    PaError error =
        Pa_OpenStream(&microphone->stream, &parameters, NULL, microphone->rate,
                      (unsigned long)microphone->rate * MICROPHONE_LOOK_MS / 1000, paDitherOff, NULL, NULL);
    if (error != paNoError) return error;
    error = Pa_StartStream(microphone->stream);
    if (error != paNoError) Pa_CloseStream(microphone->stream);
    return error;
}

struct microphone *microphone_open(const char *wanted, char name[MICROPHONE_NAME])
{
    if (Pa_Initialize() != paNoError) {
        g_strlcpy(name, "the sound system cannot be used", MICROPHONE_NAME);
        return NULL;
    }
    const PaDeviceIndex device = *wanted ? find(wanted) : find_default();
    struct microphone *microphone = g_new0(struct microphone, 1);
    const PaError error = device != paNoDevice ? start(microphone, device) : paInvalidDevice;
    if (error == paNoError) {
        g_strlcpy(name, Pa_GetDeviceInfo(device)->name, MICROPHONE_NAME);
        return microphone;
    }
    if (device == paNoDevice && !*wanted)
        g_strlcpy(name, "no microphone was found", MICROPHONE_NAME);
    else
        snprintf(name, MICROPHONE_NAME, "the microphone '%.200s' %s",
                 device == paNoDevice ? wanted : Pa_GetDeviceInfo(device)->name,
                 device == paNoDevice           ? "was not found"
                 : error == paDeviceUnavailable ? "is in use by another program"
                                                : "cannot be opened");
    g_free(microphone);
    Pa_Terminate();
    return NULL;
}

/* A later call looks for devices anew. */
void microphone_close(struct microphone *microphone)
{
    if (!microphone) return;
    Pa_AbortStream(microphone->stream);
    Pa_CloseStream(microphone->stream);
    Pa_Terminate();
    g_free(microphone);
}

int microphone_rate(const struct microphone *microphone)
{
    return microphone->rate;
}

int microphone_read(struct microphone *microphone, int16_t *samples, int frames)
{
    const long there = Pa_GetStreamReadAvailable(microphone->stream);
    if (there < 0) return there == paInputOverflowed ? 0 : -1;
    const long n = MIN(there, frames);
    if (n == 0) return 0;
    const PaError error = Pa_ReadStream(microphone->stream, samples, (unsigned long)n);
    return error == paNoError || error == paInputOverflowed ? (int)n : -1;
}
