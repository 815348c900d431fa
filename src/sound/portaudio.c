#include "sound/portaudio.h"
#include "sound/refusal.h"

#include <glib.h>
#include <pa_linux_alsa.h>
#include <poll.h>
#include <portaudio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* In frames; 21 ms, and a buffer of 64. A session costs one wake-up a period, and a pause takes the buffer:
 * that is what the device holds when the order comes, and the fade is played behind it. So the fewest periods
 * are best that ALSA's pulse plugin takes, and longer ones would be heard (measured on PulseAudio's silent
 * sink, from the order to silence: 65 ms; with periods of 30 ms, 80). */
enum { PERIOD = 1024, PERIODS = 3, LATENCY = (PERIODS - 1) * PERIOD };

/* Milliseconds that the start of the device waits for the first frames, at the beginning of a session. */
enum { PATIENCE_MS = 50 };

/* Milliseconds of silence after the last frame, beside what is known to lie between the ring and the ear. */
enum { MARGIN_MS = 50 };

/* --- the audio thread --- */

static int fill(const void *in, void *out, unsigned long frames, const PaStreamCallbackTimeInfo *times,
                PaStreamCallbackFlags flags, void *data)
{
    const struct player *player = data;
    (void)in, (void)times, (void)flags;
    ring_read(player->ring, out, (uint32_t)frames);
    return paContinue;
}

static void finished(void *data)
{
    const struct player *player = data;
    static const uint64_t one = 1;
    ssize_t written = write(player->ended, &one, sizeof one);
    (void)written;
}

/* --- which output --- */

static bool plays(PaDeviceIndex device)
{
    return Pa_GetDeviceInfo(device)->maxOutputChannels > 0;
}

static PaDeviceIndex find(const char *name)
{
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++)
        if (plays(i) && strcmp(Pa_GetDeviceInfo(i)->name, name) == 0) return i;
    return paNoDevice;
}

/* ALSA's "default" may lead to PipeWire's own plugin, in which PortAudio 19.6 turns for ever when PipeWire is
 * restarted. "pulse" ends cleanly, and PipeWire serves it as well. */
static PaDeviceIndex preferred(void)
{
    PaDeviceIndex pulse = find("pulse");
    return pulse == paNoDevice ? Pa_GetDefaultOutputDevice() : pulse;
}

/* --- playing --- */

/* The first callback comes with the start, and the next one a period later: what is missed then is late. */
static void await_frames(const struct ring *ring)
{
    if (ring_taken(ring) > 0) return;
    for (int ms = 0; ms < PATIENCE_MS && ring_queued(ring) == 0; ms++) poll(NULL, 0, 1);
}

static PaError start(PaDeviceIndex device, struct player *player, PaStream **stream)
{
    const PaStreamParameters parameters = {
        .device = device,
        .channelCount = RING_CHANNELS,
        .sampleFormat = paInt16,
        .suggestedLatency = (double)LATENCY / ring_rate(player->ring),
    };
    PaAlsa_SetNumPeriods(PERIODS);
    PaError error = Pa_OpenStream(stream, NULL, &parameters, ring_rate(player->ring), PERIOD,
                                  paClipOff | paDitherOff, fill, player);
    if (error != paNoError) return error;
    Pa_SetStreamFinishedCallback(*stream, finished);
    await_frames(player->ring);
    error = Pa_StartStream(*stream);
    if (error != paNoError) Pa_CloseStream(*stream);
    return error;
}

static void tell_started(struct message *answer, PaDeviceIndex device, PaStream *stream, int rate)
{
    answer->kind = MESSAGE_STARTED;
    answer->latency = (int)(Pa_GetStreamInfo(stream)->outputLatency * rate);
    answer->tail = answer->latency + PERIOD + MARGIN_MS * rate / 1000;
    snprintf(answer->text, sizeof answer->text, "%s", Pa_GetDeviceInfo(device)->name);
}

static void refuse(struct message *answer, PaDeviceIndex device, PaError error)
{
    static const struct {
        PaError error;
        const char *why;
    } known[] = {
        {paDeviceUnavailable, "is in use by another program"},
        {paInvalidSampleRate, "does not play at this rate (sound.rate)"},
        {paInvalidChannelCount, "does not play in stereo"},
    };
    const char *why = "cannot be opened";
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].error == error) why = known[i].why;
    answer->kind = MESSAGE_REFUSED;
    snprintf(answer->text, sizeof answer->text, "the output '%.200s' %s", Pa_GetDeviceInfo(device)->name,
             why);
}

static bool try(PaDeviceIndex device, struct player *player, struct message *answer)
{
    PaStream *stream;
    PaError error = start(device, player, &stream);
    if (error == paNoError)
        tell_started(answer, device, stream, ring_rate(player->ring));
    else
        refuse(answer, device, error);
    return error == paNoError;
}

static void play_default(struct player *player, struct message *answer)
{
    PaDeviceIndex first = preferred(), second = Pa_GetDefaultOutputDevice();
    if (first == paNoDevice)
        *answer = (struct message){.kind = MESSAGE_REFUSED, .text = "no sound output was found"};
    else if (!try(first, player, answer) && second != paNoDevice && second != first)
        try(second, player, answer);
}

/* Names that are nearly right are compared with these; the silent ones exist everywhere. */
static void refuse_name(struct message *answer, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++)
        if (plays(i)) g_ptr_array_add(names, (gpointer)Pa_GetDeviceInfo(i)->name);
    g_ptr_array_add(names, (gpointer) "null");
    g_ptr_array_add(names, (gpointer) "null:fast");
    g_ptr_array_add(names, NULL);
    g_autofree char *why = refusal_no_such(name, (const char *const *)names->pdata);
    answer->kind = MESSAGE_REFUSED;
    g_strlcpy(answer->text, why, sizeof answer->text);
}

static void play_named(struct player *player, const char *name, struct message *answer)
{
    PaDeviceIndex device = find(name);
    if (device != paNoDevice)
        try(device, player, answer);
    else
        refuse_name(answer, name);
}

void portaudio_play(struct player *player, const char *name, struct message *answer)
{
    memset(answer, 0, sizeof *answer);
    if (Pa_Initialize() != paNoError)
        *answer = (struct message){.kind = MESSAGE_REFUSED, .text = "the sound system cannot be used"};
    else if (name[0])
        play_named(player, name, answer);
    else
        play_default(player, answer);
}

/* --- the list --- */

void portaudio_list(void (*tell)(void *data, const struct message *output), void *data)
{
    if (Pa_Initialize() != paNoError) return;
    PaDeviceIndex chosen = preferred();
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++) {
        if (!plays(i)) continue;
        struct message output = {.kind = i == chosen ? MESSAGE_DEFAULT : MESSAGE_OUTPUT};
        snprintf(output.text, sizeof output.text, "%s", Pa_GetDeviceInfo(i)->name);
        tell(data, &output);
    }
}
