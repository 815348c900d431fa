#include "portaudio.h"
#include "alsa_config.h"
#include "fill.h"
#include "sink_watch.h"
#include "base/diag.h"

#include <glib.h>
#include <math.h>
#include <pa_linux_alsa.h>
#include <poll.h>
#include <portaudio.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    /* A server takes its frames at moments of its own. We look a little too early, and then again, and so
     * stay close behind these moments, though its clock is not ours. */
    EARLY_US = 100,
    AWAIT_MS = 50, /* for the first frames, before a device starts at the beginning of a session */
    /* Silence after the last frame, beside what is known to lie between the ring and the ear. A server that
     * plays on wireless headphones holds more than it reports, and drops it with its client. */
    MARGIN_MS = 250,
    LEAVE_S = 1, /* that a server may take to let a client go */
};

struct player {
    struct ring *ring;
    PaStream *stream;
    bool is_pulled;          /* by JACK, through a callback; other devices are fed with Pa_WriteStream() */
    atomic_bool over;        /* nothing more is to be read */
    struct fill fill;        /* full: also of those that pull */
    long tail;               /* frames of silence until the last frame has surely been heard */
    int16_t *block;          /* to be fed with, of `most` frames */
    struct sink_watch *sink; /* of a fed device */
    struct packet_reader reader;
};

/* --- what the main program says --- */

enum word { WORD_NONE, WORD_WAKE, WORD_END };

static enum word read_word(struct player *player, int control)
{
    enum packet_state state = packet_read(&player->reader, control, MSG_DONTWAIT);
    if (state == PACKET_PARTIAL) return WORD_NONE;
    return state == PACKET_WHOLE && player->reader.packet.kind == SOUND_WAKE ? WORD_WAKE : WORD_END;
}

/* --- feeding ---
 *
 * All devices but JACK's are fed from a timer with Pa_WriteStream() rather than through a callback. The
 * buffer is then kept no fuller than is needed (fill.h), which makes a pause heard 30 ms earlier, and
 * PortAudio starts no thread: a third less of CPU. */

/* How many frames the device may be given now; negative if it has ended. */
static long room(const struct player *player)
{
    long space = Pa_GetStreamWriteAvailable(player->stream);
    return space < 0 ? space : MAX(space - (player->fill.most - player->fill.full), 0);
}

/* There is room for them: so it never waits. */
static bool feed(struct player *player, long frames)
{
    ring_read(player->ring, player->block, (uint32_t)frames);
    PaError error = Pa_WriteStream(player->stream, player->block, (unsigned long)frames);
    return error == paNoError || error == paOutputUnderflowed;
}

static enum word wait_until(struct player *player, int64_t due, int control)
{
    struct pollfd fd = {.fd = control, .events = POLLIN};
    enum word word = WORD_NONE;
    while (word == WORD_NONE && g_get_monotonic_time() < due)
        if (sink_watch_poll(player->sink, &fd, 1, due) > 0) word = read_word(player, control);
    return word;
}

/* The control socket, and the connections of the libraries in this program to their servers. */
static nfds_t find_sockets(int control, struct pollfd fds[SINK_WATCH_FDS])
{
    nfds_t n = 1;
    fds[0] = (struct pollfd){.fd = control, .events = POLLIN};
    for (int fd = 0; fd < SINK_WATCH_FDS - 1; fd++) {
        int type;
        socklen_t size = sizeof type;
        bool is_stream = getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
        if (is_stream && fd != control) fds[n++] = (struct pollfd){.fd = fd, .events = POLLRDHUP};
    }
    return n;
}

enum outcome { GOES_ON, ENDED, GONE };

/* A stream that plays silence wakes this program 130 times a second, and the server as often. So it is
 * stopped while the ring is idle. PortAudio would not notice then that the server ends: its connection is
 * watched instead. */
static enum outcome rest(struct player *player, int control)
{
    struct pollfd fds[SINK_WATCH_FDS];
    uint64_t unused;
    if (Pa_AbortStream(player->stream) != paNoError) return GONE;
    nfds_t n = find_sockets(control, fds);
    while (ring_queued(player->ring) == 0 && !ring_drained(player->ring, &unused)) {
        if (sink_watch_poll(player->sink, fds, n, INT64_MAX) == 0) continue;
        for (nfds_t i = 1; i < n; i++)
            if (fds[i].revents) return GONE;
        if (read_word(player, control) == WORD_END) return ENDED;
        ring_read(player->ring, player->block, 0); /* answers a flush */
    }
    fill_calm(&player->fill);
    bool again = Pa_StartStream(player->stream) == paNoError && feed(player, player->fill.full);
    return again ? GOES_ON : GONE;
}

static bool keep_fed(struct player *player, int control)
{
    const int64_t rate = ring_rate(player->ring);
    const int64_t period = player->fill.period * G_USEC_PER_SEC / rate - EARLY_US;
    const int64_t again = player->fill.again * G_USEC_PER_SEC / rate;
    long silence = 0;
    for (int64_t due = g_get_monotonic_time();;) {
        enum word word = wait_until(player, due, control);
        if (word == WORD_END) return true;
        if (word == WORD_WAKE) continue;
        long late = (long)((g_get_monotonic_time() - due) * rate / G_USEC_PER_SEC), frames = room(player);
        if (fill_is_low(&player->fill, frames, late)) {
            fill_more(&player->fill);
            frames = room(player);
        }
        frames = MIN(frames, player->fill.full);
        bool enough = frames >= player->fill.least;
        if (frames < 0 || (enough && !feed(player, frames))) return false;
        int64_t now = g_get_monotonic_time();
        due = enough ? MAX(due, now - period) + period : now + again;

        silence = !ring_rested(player->ring) ? 0 : enough ? silence + frames : silence;
        if (silence < player->tail) continue;
        enum outcome outcome = rest(player, control);
        if (outcome != GOES_ON) return outcome == ENDED;
        due = g_get_monotonic_time() + period;
        silence = 0;
    }
}

/* --- being pulled --- */

static int on_pull(const void *in, void *out, unsigned long frames, const PaStreamCallbackTimeInfo *times,
                   PaStreamCallbackFlags flags, void *data)
{
    const struct player *player = data;
    (void)in, (void)times, (void)flags;
    if (atomic_load_explicit(&player->over, memory_order_relaxed))
        memset(out, 0, frames * RING_CHANNELS * sizeof(int16_t));
    else
        ring_read(player->ring, out, (uint32_t)frames);
    return paContinue;
}

bool portaudio_play(struct player *player, int control, void (*tell)(const struct answer *sink))
{
    if (!player->is_pulled) {
        player->sink = sink_watch_new(tell);
        return keep_fed(player, control);
    }
    /* PortAudio does not report that JACK has ended: the main program notices that no more frames are taken.
     * The end of the main program is seen here, and must not kill this one before it has taken leave. JACK
     * calls its clients all the time, at rest too. */
    struct pollfd fd = {.fd = control, .events = POLLIN};
    prctl(PR_SET_PDEATHSIG, 0);
    while (poll(&fd, 1, -1) < 0 || read_word(player, control) != WORD_END) continue;
    atomic_store_explicit(&player->over, true, memory_order_relaxed);
    return true;
}

/* A client of JACK that merely vanishes is an error for all others, and a JACK that waits for its clients
 * (jackd --sync) stalls for ten seconds. PortAudio is such a client as soon as it has looked for outputs. So
 * this program takes leave, which costs up to a second, and the main program lets it (`leaves` in
 * SOUND_STARTED) instead of killing it. */
void portaudio_leave(void)
{
    if (Pa_HostApiTypeIdToHostApiIndex(paJACK) < 0) return;
    sigset_t alarms;
    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    signal(SIGALRM, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &alarms, NULL);
    alarm(LEAVE_S);
    Pa_Terminate();
    alarm(0);
}

/* --- which device --- */

static bool goes(PaDeviceIndex device, enum direction direction)
{
    const PaDeviceInfo *info = Pa_GetDeviceInfo(device);
    return (direction == DIRECTION_IN ? info->maxInputChannels : info->maxOutputChannels) > 0;
}

static PaDeviceIndex find(const char *name, enum direction direction)
{
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++)
        if (goes(i, direction) && strcmp(Pa_GetDeviceInfo(i)->name, name) == 0) return i;
    return paNoDevice;
}

static PaDeviceIndex of_server(enum direction direction)
{
    PaDeviceIndex pulse = find("pulse", direction);
    PaHostApiIndex jack = Pa_HostApiTypeIdToHostApiIndex(paJACK);
    if (pulse != paNoDevice || jack < 0) return pulse;
    const PaHostApiInfo *info = Pa_GetHostApiInfo(jack);
    return direction == DIRECTION_IN ? info->defaultInputDevice : info->defaultOutputDevice;
}

static PaDeviceIndex of_system(enum direction direction)
{
    return direction == DIRECTION_IN ? Pa_GetDefaultInputDevice() : Pa_GetDefaultOutputDevice();
}

/* ALSA's "default" may lead to PipeWire's own plugin, in which PortAudio 19.6 turns for ever when PipeWire is
 * restarted. "pulse" ends cleanly, and PipeWire serves it as well. If JACK runs, it has the card. */
static PaDeviceIndex preferred(enum direction direction)
{
    PaDeviceIndex server = of_server(direction);
    return server == paNoDevice ? of_system(direction) : server;
}

/* The nearest name; the silent outputs exist on every machine. */
static void suggest(struct answer *answer, const char *name, enum direction direction)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++)
        if (goes(i, direction)) g_ptr_array_add(names, (gpointer)Pa_GetDeviceInfo(i)->name);
    if (direction == DIRECTION_OUT) {
        g_ptr_array_add(names, (gpointer) "null");
        g_ptr_array_add(names, (gpointer) "null:fast");
    }
    g_ptr_array_add(names, NULL);
    const char *nearest = diag_nearest(name, (const char *const *)names->pdata);
    answer->kind = SOUND_UNKNOWN;
    g_strlcpy(answer->text, nearest ? nearest : "", sizeof answer->text);
}

/* --- starting --- */

/* What is missing when the device starts would be a silence. */
static void await_frames(const struct ring *ring)
{
    if (ring_taken(ring) > 0) return;
    for (int ms = 0; ms < AWAIT_MS && ring_queued(ring) == 0; ms++) poll(NULL, 0, 1);
}

/* In frames. */
static long latency(const struct player *player)
{
    return lround(Pa_GetStreamInfo(player->stream)->outputLatency * ring_rate(player->ring));
}

/* A fed device begins to play with what it is given first. */
static PaError feed_first(struct player *player)
{
    long buffer = room(player);
    if (buffer <= 0) return paUnanticipatedHostError;
    /* PortAudio's latency for ALSA is the buffer less one period. */
    player->fill = fill_for(ring_rate(player->ring), buffer, buffer - latency(player));
    player->block = g_new(int16_t, player->fill.most * RING_CHANNELS);
    await_frames(player->ring);
    return feed(player, player->fill.full) ? paNoError : paUnanticipatedHostError;
}

static PaError begin(struct player *player)
{
    int rate = ring_rate(player->ring);
    if (player->is_pulled) await_frames(player->ring);
    PaError error = Pa_StartStream(player->stream);
    if (error == paNoError && !player->is_pulled) error = feed_first(player);
    if (player->is_pulled) player->fill.full = latency(player);
    player->tail = player->fill.full + fill_wanted(rate) + (long)MARGIN_MS * rate / 1000;
    return error;
}

static PaError start(PaDeviceIndex device, struct player *player)
{
    int rate = ring_rate(player->ring);
    unsigned long period = (unsigned long)fill_wanted(rate);
    const PaDeviceInfo *info = Pa_GetDeviceInfo(device);
    /* PortAudio's blocking calls take the samples for JACK to be floats, whatever was asked for. */
    bool is_pulled = Pa_GetHostApiInfo(info->hostApi)->type == paJACK;
    const PaStreamParameters parameters = {
        .device = device,
        .channelCount = RING_CHANNELS,
        .sampleFormat = paInt16,
        .suggestedLatency = (double)(FILL_PERIODS - 1) * (double)period / rate,
    };
    *player = (struct player){.ring = player->ring, .is_pulled = is_pulled};
    PaAlsa_SetNumPeriods(FILL_PERIODS);
    PaError error = Pa_OpenStream(&player->stream, NULL, &parameters, rate,
                                  is_pulled ? paFramesPerBufferUnspecified : period, paClipOff | paDitherOff,
                                  is_pulled ? on_pull : NULL, player);
    if (error != paNoError) return error;
    error = begin(player);
    if (error != paNoError) Pa_CloseStream(player->stream);
    return error;
}

static void refuse(struct answer *answer, PaDeviceIndex device, PaError error)
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
    answer->kind = SOUND_REFUSED;
    snprintf(answer->text, sizeof answer->text, "the output '%.200s' %s", Pa_GetDeviceInfo(device)->name,
             why);
}

static bool try(PaDeviceIndex device, struct player *player, struct answer *answer)
{
    PaError error = start(device, player);
    if (error != paNoError) {
        refuse(answer, device, error);
        return false;
    }
    *answer = (struct answer){
        .kind = SOUND_STARTED,
        .value = {[STARTED_LATENCY] = (int32_t)player->fill.full,
                  [STARTED_TAIL] = (int32_t)player->tail,
                  [STARTED_LEAVES] = player->is_pulled},
    };
    g_strlcpy(answer->text, Pa_GetDeviceInfo(device)->name, sizeof answer->text);
    return true;
}

static void play_default(struct player *player, struct answer *answer)
{
    PaDeviceIndex first = preferred(DIRECTION_OUT), second = of_system(DIRECTION_OUT);
    if (first == paNoDevice)
        *answer = (struct answer){.kind = SOUND_REFUSED, .text = "no sound output was found"};
    else if (!try(first, player, answer) && second != paNoDevice && second != first)
        try(second, player, answer);
}

static void play_named(struct player *player, const char *name, struct answer *answer)
{
    PaDeviceIndex device = find(name, DIRECTION_OUT);
    if (device == paNoDevice)
        suggest(answer, name, DIRECTION_OUT);
    else
        try(device, player, answer);
}

static bool play_on_server(struct player *player, struct answer *answer)
{
    if (!alsa_config_shorten()) return false;
    bool ready = Pa_Initialize() == paNoError;
    PaDeviceIndex server = ready ? of_server(DIRECTION_OUT) : paNoDevice;
    if (server != paNoDevice && try(server, player, answer)) return true;
    if (ready) Pa_Terminate();
    alsa_config_restore();
    return false;
}

static void refuse_all(struct answer *answer)
{
    *answer = (struct answer){.kind = SOUND_REFUSED, .text = "the sound system cannot be used"};
}

struct player *portaudio_start(struct ring *ring, const char *name, struct answer *answer)
{
    struct player *player = g_new0(struct player, 1);
    player->ring = ring;
    memset(answer, 0, sizeof *answer);
    if (!name[0] && play_on_server(player, answer)) return player;
    if (Pa_Initialize() != paNoError)
        refuse_all(answer);
    else if (name[0])
        play_named(player, name, answer);
    else
        play_default(player, answer);
    return player;
}

/* --- recording ---
 *
 * Through a callback, since PortAudio's blocking calls crash with an input of JACK. It is handed on through a
 * ring, of which both sides lie in this process. */

enum { RECORDED_RATE = 48000, LOOK_MS = 20, LOOKS_HELD = 12, PIECE = 512 };

struct recorder {
    PaStream *stream;
    int rate;
    struct ring *in, *out; /* the callback's side, and ours */
    atomic_bool lost;      /* some frames since the last look */
};

static int on_heard(const void *in, void *out, unsigned long frames, const PaStreamCallbackTimeInfo *times,
                    PaStreamCallbackFlags flags, void *data)
{
    struct recorder *recorder = data;
    const int16_t *samples = in, *end = samples + frames;
    int16_t stereo[RING_CHANNELS * PIECE];
    (void)out, (void)times;
    bool lost = flags & paInputOverflow;
    while (samples < end) {
        uint32_t n = (uint32_t)MIN(PIECE, end - samples);
        for (uint32_t i = 0; i < RING_CHANNELS * n; i++) stereo[i] = samples[i / RING_CHANNELS];
        lost |= ring_write(recorder->in, stereo, n) < n;
        samples += n;
    }
    if (lost) atomic_store_explicit(&recorder->lost, true, memory_order_relaxed);
    return paContinue;
}

/* A second of frames. */
static bool make_ring(struct recorder *recorder)
{
    recorder->in = ring_new(recorder->rate, (uint32_t)recorder->rate);
    int fd = recorder->in ? dup(ring_fd(recorder->in)) : -1;
    recorder->out = fd >= 0 ? ring_open(fd) : NULL;
    return recorder->out != NULL;
}

/* Most devices can have the rate that sessions usually have. JACK has only its own. */
static int rate_of(const PaStreamParameters *parameters)
{
    double own = Pa_GetDeviceInfo(parameters->device)->defaultSampleRate;
    return Pa_IsFormatSupported(parameters, NULL, RECORDED_RATE) == paNoError ? RECORDED_RATE
                                                                              : (int)lround(own);
}

static PaError open_microphone(struct recorder *recorder, PaDeviceIndex device)
{
    const PaStreamParameters parameters = {
        .device = device,
        .channelCount = 1,
        .sampleFormat = paInt16,
        .suggestedLatency = (LOOKS_HELD - 1) * LOOK_MS / 1000.0, /* it holds what a busy machine reads late */
    };
    recorder->rate = rate_of(&parameters);
    bool is_jack = Pa_GetHostApiInfo(Pa_GetDeviceInfo(device)->hostApi)->type == paJACK;
    unsigned long period =
        is_jack ? paFramesPerBufferUnspecified : (unsigned long)recorder->rate * LOOK_MS / 1000;
    if (!make_ring(recorder)) return paInsufficientMemory;
    PaAlsa_SetNumPeriods(LOOKS_HELD);
    PaError error = Pa_OpenStream(&recorder->stream, &parameters, NULL, recorder->rate, period, paDitherOff,
                                  on_heard, recorder);
    if (error != paNoError) return error;
    error = Pa_StartStream(recorder->stream);
    if (error != paNoError) Pa_CloseStream(recorder->stream);
    return error;
}

static bool try_microphone(struct recorder *recorder, PaDeviceIndex device, struct answer *answer)
{
    const char *name = Pa_GetDeviceInfo(device)->name;
    PaError error = open_microphone(recorder, device);
    *answer = (struct answer){
        .kind = error == paNoError ? SOUND_RECORDING : SOUND_REFUSED,
        .value = {[RECORDING_RATE] = recorder->rate,
                  [RECORDING_LEAVES] = Pa_HostApiTypeIdToHostApiIndex(paJACK) >= 0},
    };
    if (error == paNoError)
        g_strlcpy(answer->text, name, sizeof answer->text);
    else
        snprintf(answer->text, sizeof answer->text, "the microphone '%.200s' %s", name,
                 error == paDeviceUnavailable ? "is in use by another program" : "cannot be opened");
    return error == paNoError;
}

static void listen_default(struct recorder *recorder, struct answer *answer)
{
    PaDeviceIndex first = preferred(DIRECTION_IN), second = of_system(DIRECTION_IN);
    if (first == paNoDevice)
        *answer = (struct answer){.kind = SOUND_REFUSED, .text = "no microphone was found"};
    else if (!try_microphone(recorder, first, answer) && second != paNoDevice && second != first)
        try_microphone(recorder, second, answer);
}

struct recorder *portaudio_listen(const char *name, struct answer *answer)
{
    struct recorder *recorder = g_new0(struct recorder, 1);
    PaDeviceIndex device = paNoDevice;
    memset(answer, 0, sizeof *answer);
    if (Pa_Initialize() != paNoError)
        refuse_all(answer);
    else if (!name[0])
        listen_default(recorder, answer);
    else if ((device = find(name, DIRECTION_IN)) == paNoDevice)
        suggest(answer, name, DIRECTION_IN);
    else
        try_microphone(recorder, device, answer);
    return recorder;
}

/* False if `take` wants no more. */
static bool hand_on(struct recorder *recorder, bool (*take)(const int16_t *samples, int frames, bool lost))
{
    int16_t stereo[RING_CHANNELS * PIECE], samples[PIECE];
    for (uint32_t n; (n = MIN(ring_queued(recorder->out), PIECE)) > 0;) {
        bool lost = atomic_exchange_explicit(&recorder->lost, false, memory_order_relaxed);
        ring_read(recorder->out, stereo, n);
        for (uint32_t i = 0; i < n; i++) samples[i] = stereo[RING_CHANNELS * i];
        if (!take(samples, (int)n, lost)) return false;
    }
    return true;
}

bool portaudio_record(struct recorder *recorder, int control,
                      bool (*take)(const int16_t *samples, int frames, bool lost))
{
    struct pollfd fd = {.fd = control, .events = POLLIN};
    if (Pa_HostApiTypeIdToHostApiIndex(paJACK) >= 0) prctl(PR_SET_PDEATHSIG, 0); /* it has to take leave */
    while (poll(&fd, 1, LOOK_MS) <= 0) {
        bool active = Pa_IsStreamActive(recorder->stream) == 1;
        if (!hand_on(recorder, take)) break;
        if (!active) return false;
    }
    return true;
}

/* --- the list --- */

void portaudio_list(enum direction direction, void (*found)(const struct answer *device))
{
    if (Pa_Initialize() != paNoError) return;
    PaDeviceIndex chosen = preferred(direction);
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++) {
        if (!goes(i, direction)) continue;
        struct answer device = {.kind = i == chosen ? SOUND_DEFAULT : SOUND_DEVICE};
        snprintf(device.text, sizeof device.text, "%s", Pa_GetDeviceInfo(i)->name);
        found(&device);
    }
}
