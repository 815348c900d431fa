/* stretchvoice-sound: plays the ring of the program that started it, or records for it. Everything that may
 * hang, crash or chatter on the way to the sound server does so in here, and is killed. */
#include "ipc/helper.h"
#include "ipc/ring.h"
#include "portaudio.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* CHILD_EXTRA_FD of ipc/child.h, which is the main program's. */
enum { RING_FD = 3 };

enum {
    BUSY_US = 2000000, /* without a wait, at real-time priority */
    NICE = -11,        /* as PulseAudio has */
    PATIENCE_S = 1,    /* with a main program that takes no frames */
};

static void set_environment(void)
{
    setenv("JACK_NO_START_SERVER", "1", true);
    setenv("PA_ALSA_PLUGHW", "1", false); /* lets ALSA convert if a card has no 16-bit stereo at this rate */
    unsetenv("PULSE_LATENCY_MSEC");       /* changes the buffer behind the back of ALSA's plugin */
    setenv("PULSE_PROP_OVERRIDE_application.name", "stretchvoice", false);
}

/* On a busy machine what plays late is not heard. Where the user may not do that, it is one program among
 * others. A library that turns for ever would take the processor from all others: it is killed by the limit.
 */
static void go_before_others(void)
{
    const struct rlimit limit = {BUSY_US, BUSY_US};
    const struct sched_param lowest = {.sched_priority = sched_get_priority_min(SCHED_RR)};
    setrlimit(RLIMIT_RTTIME, &limit);
    if (sched_setscheduler(0, SCHED_RR, &lowest) != 0) setpriority(PRIO_PROCESS, 0, NICE);
}

/* The main program may have ended: the next look at the connection says so. */
static void send_answer(const struct answer *answer)
{
    struct packet packet = {.kind = answer->kind, .size = (uint32_t)strlen(answer->text)};
    memcpy(packet.value, answer->value, sizeof packet.value);
    packet_send(STDIN_FILENO, &packet, answer->text, 0);
}

static void play(const char *name)
{
    struct ring *ring = ring_open(RING_FD);
    if (!ring) return;
    go_before_others();
    struct answer answer;
    struct player *player = portaudio_start(ring, name, &answer);
    if (answer.kind != SOUND_STARTED) portaudio_leave();
    send_answer(&answer);
    if (answer.kind != SOUND_STARTED) return;
    if (portaudio_play(player, STDIN_FILENO, send_answer))
        portaudio_leave();
    else
        send_answer(&(struct answer){.kind = SOUND_STOPPED});
}

static bool send_frames(const int16_t *samples, int frames, bool lost)
{
    const struct packet packet = {
        .kind = SOUND_FRAMES, .size = (uint32_t)frames * sizeof *samples, .value = {[FRAMES_LOST] = lost}};
    return packet_send(STDIN_FILENO, &packet, samples, 0);
}

/* A main program that has been stopped (Ctrl-Z) takes nothing: the microphone does not stay open then. */
static void record(const char *name)
{
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    struct answer answer;
    setsockopt(STDIN_FILENO, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    go_before_others();
    struct recorder *recorder = portaudio_listen(name, &answer);
    if (answer.kind != SOUND_RECORDING) portaudio_leave();
    send_answer(&answer);
    if (answer.kind != SOUND_RECORDING) return;
    if (portaudio_record(recorder, STDIN_FILENO, send_frames))
        portaudio_leave();
    else
        send_answer(&(struct answer){.kind = SOUND_STOPPED});
}

static void list(enum direction direction)
{
    portaudio_list(direction, send_answer);
    portaudio_leave();
    send_answer(&(struct answer){.kind = SOUND_LISTED});
}

int main(int argc, char **argv)
{
    helper_begin(argc, argv, "stretchvoice-sound");
    set_environment();
    struct packet_reader reader = {.limit = SOUND_TEXT_MAX};
    if (packet_read(&reader, STDIN_FILENO, 0) != PACKET_WHOLE) helper_end();
    if (reader.packet.kind == SOUND_LIST)
        list(reader.packet.value[LIST_INPUTS] ? DIRECTION_IN : DIRECTION_OUT);
    if (reader.packet.kind == SOUND_RECORD) record(reader.payload);
    if (reader.packet.kind == SOUND_PLAY) play(reader.payload);
    helper_end();
}
